/* The HTTP service: one listening socket, MHD's epoll threads, and a pool of our own for slow work.
 *
 * The only user of libmicrohttpd. What MHD leaves to its users is done here and in connection.h: limits of header and
 * body, deadlines for both, a limit for each address, and the refusal of two body lengths in one request (RFC 9112,
 * 6.1). Routes call the use cases of src/app; outcomes become problem+json in problem.c alone.
 *
 * Life: kc_http_server_new starts it, kc_http_server_stop ends every stream and waits for the work under way. The app
 * must outlive the server. Thread: new, stop and free from one thread; the service itself is thread-safe. */
#pragma once

#include <gio/gio.h>

typedef struct KcApp KcApp;
typedef struct KcHttpServer KcHttpServer;

#define KC_HTTP_ERROR (kc_http_error_quark())
GQuark kc_http_error_quark(void);
typedef enum { KC_HTTP_ERROR_ADDRESS, KC_HTTP_ERROR_LISTEN, KC_HTTP_ERROR_TLS, KC_HTTP_ERROR_START } KcHttpError;

typedef struct {
    const char *listen;        /* "127.0.0.1:8080", "[::]:8443"; port 0 takes a free one */
    const char *tls_cert_path; /* PEM; both or neither */
    const char *tls_key_path;
    const char *map_tiles;       /* URL with {z}, {x} and {y}; NULL: maps have none */
    const char *map_attribution; /* what the maker of the tiles wants said; may be NULL */
    gboolean behind_proxy;   /* the client's address is the last entry of X-Forwarded-For; no limit an address */
    guint threads;           /* of MHD; 0: two, at least */
    guint workers;           /* of the pool for slow work; 0: eight */
    guint header_deadline_s; /* 0: the value of src/base/limits.h, as for those below */
    guint body_deadline_s;   /* grows by a second for each 32 KiB that arrive */
    guint idle_s;            /* a kept-alive connection without a request; 0: 75 */
    guint heartbeat_s;       /* of event streams; 0: 15 */
    guint connections_per_address;
    guint cases_per_address_per_hour;
    guint sign_in_failures_per_15_min;
    guint checks_per_address_per_minute;
} KcHttpConfig;

/* Listens and serves at once. `app` is borrowed. NULL with a KC_HTTP_ERROR: an address that can't be parsed or bound,
 * a certificate that can't be read. */
KcHttpServer *kc_http_server_new(const KcHttpConfig *config, KcApp *app, GError **error);

/* "http://127.0.0.1:8080", with the port that was given by the system. */
const char *kc_http_server_url(const KcHttpServer *server);
guint16 kc_http_server_port(const KcHttpServer *server);

/* Now and then, by any thread: ends the streams of sessions of staff that another process has ended, as the command line
 * does with those of an account that is disabled. */
void kc_http_server_tend(KcHttpServer *server);

/* New requests are refused (503, "stopping"), event streams end, running requests are finished (five seconds at most for
 * the slowest reader), then the sockets close. May be called twice. */
void kc_http_server_stop(KcHttpServer *server);

/* Stops if need be. Takes NULL. */
void kc_http_server_free(KcHttpServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcHttpServer, kc_http_server_free)
