/* One thread polls all connections, so a request's state needs no lock. */
#include "src/witness/witness_server.h"
#include "src/base/endpoint.h"
#include "src/evidence/witness_request.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <string.h>

#define TIMEOUT_S 10
#define MAX_CONNECTIONS 64
#define MEMORY_PER_CONNECTION (16 * 1024)

struct KcWitnessServer {
    KcWitness *witness;
    struct MHD_Daemon *daemon;
    char *url;
};

static enum MHD_Result
reply(struct MHD_Connection *connection, guint status, const char *type, const char *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), (char *)text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result
say(struct MHD_Connection *connection, guint status, const char *text)
{
    return reply(connection, status, "text/plain; charset=utf-8", text);
}

static enum MHD_Result
describe(KcWitnessServer *server, struct MHD_Connection *connection)
{
    g_autofree char *text = kc_witness_describe(server->witness);
    return say(connection, MHD_HTTP_OK, text);
}

static enum MHD_Result
add_checkpoint(KcWitnessServer *server, struct MHD_Connection *connection, const GString *body)
{
    if (body->len > KC_WITNESS_MAX_REQUEST)
        return say(connection, MHD_HTTP_CONTENT_TOO_LARGE, "a request has at most 64 KiB\n");
    if (memchr(body->str, '\0', body->len) != NULL)
        return say(connection, MHD_HTTP_BAD_REQUEST, "a request is text\n");
    g_auto(KcWitnessReply) said =
        kc_witness_add_checkpoint(server->witness, body->str, g_get_real_time() / G_USEC_PER_SEC);
    return reply(connection, said.status, said.type, said.body);
}

static enum MHD_Result
on_request(void *data, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version G_GNUC_UNUSED, const char *upload, size_t *upload_len, void **request)
{
    KcWitnessServer *server = data;
    GString *body = *request;
    if (body == NULL) {
        *request = g_string_new(NULL);
        return MHD_YES;
    }
    if (*upload_len > 0) {
        if (body->len <= KC_WITNESS_MAX_REQUEST)
            g_string_append_len(body, upload, (gssize)MIN(*upload_len, KC_WITNESS_MAX_REQUEST + 1 - body->len));
        *upload_len = 0;
        return MHD_YES;
    }
    if (strcmp(url, "/add-checkpoint") == 0)
        return strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? add_checkpoint(server, connection, body)
                                                         : say(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "POST only\n");
    if (strcmp(url, "/") == 0 && strcmp(method, MHD_HTTP_METHOD_GET) == 0)
        return describe(server, connection);
    return say(connection, MHD_HTTP_NOT_FOUND, "POST /add-checkpoint, or GET /\n");
}

static void
on_completed(void *data G_GNUC_UNUSED, struct MHD_Connection *connection G_GNUC_UNUSED, void **request,
             enum MHD_RequestTerminationCode code G_GNUC_UNUSED)
{
    if (*request != NULL)
        g_string_free(*request, TRUE);
}

/* ---- Life ---- */

static gboolean
parse_address(const char *listen, struct sockaddr_storage *ret_address, gboolean *ret_ipv6)
{
    g_autofree char *host = NULL;
    guint16 port;
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    const char *zero = g_str_has_suffix(listen, ":0") ? strrchr(listen, ':') : NULL;
    g_autofree char *given = zero != NULL ? g_strndup(listen, (gsize)(zero - listen)) : g_strdup(listen);
    if (!kc_endpoint_parse(given, &host, &port) || (port == 0) != (zero != NULL))
        return FALSE;
    *ret_ipv6 = inet_pton(AF_INET6, host, &v6->sin6_addr) == 1;
    if (*ret_ipv6) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = g_htons(port);
        return TRUE;
    }
    v4->sin_family = AF_INET;
    v4->sin_port = g_htons(port);
    return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
}

static char *
url_of(const char *listen, guint16 port)
{
    return g_strdup_printf("http://%.*s:%u", (int)(strrchr(listen, ':') - listen), listen, port);
}

KcWitnessServer *
kc_witness_server_new(KcWitness *witness, const char *listen, GError **error)
{
    g_autoptr(KcWitnessServer) server = g_new0(KcWitnessServer, 1);
    struct sockaddr_storage address = {0};
    gboolean ipv6;
    server->witness = witness;
    if (!parse_address(listen, &address, &ipv6)) {
        g_set_error(error, KC_WITNESS_ERROR, KC_WITNESS_ERROR_STATE, "%s is not ADDRESS:PORT", listen);
        return NULL;
    }
    server->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | (ipv6 ? MHD_USE_IPv6 : 0), 0, NULL, NULL,
                                      on_request, server, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED,
                                      on_completed, NULL, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S,
                                      MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS,
                                      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION,
                                      MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (server->daemon == NULL) {
        g_set_error(error, KC_WITNESS_ERROR, KC_WITNESS_ERROR_STATE, "can't listen on %s: is the port taken?", listen);
        return NULL;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->url = url_of(listen, info->port);
    return g_steal_pointer(&server);
}

const char *
kc_witness_server_url(const KcWitnessServer *server)
{
    return server->url;
}

void
kc_witness_server_free(KcWitnessServer *server)
{
    if (server == NULL)
        return;
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    g_free(server->url);
    g_free(server);
}
