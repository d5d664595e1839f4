/* Life of a request, and which thread has it:
 *
 *   MHD thread   header whole ─▶ kc_http_request_new ─▶ (body: kc_http_request_take)* ─▶ dispatch
 *                                                                                        │ may wait: suspend, then
 *   pool                                                                  kc_http_request_run, then resume
 *                                                                                        │
 *   MHD thread   answer: queue the response ─▶ completed: free the request ◀─────────────┘
 *
 * Invariants: a request in the pool has its connection suspended, and the pool's last act on it is to resume; after
 * `stopping` nothing enters the pool (push_lock), so that an empty pool stays empty and MHD may be stopped.
 *
 * Until then whoever comes is told that the service is stopping. MHD_quiesce_daemon would turn them away, but its threads and
 * itself take the listening socket out of epoll at the same time, and the second of them aborts (libmicrohttpd 0.9.75). */
#include "src/http/server.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/app/accounts.h"
#include "src/app/events.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/http/listen.h"
#include "src/http/server_request.h"

#define DEFAULT_THREADS 2
#define DEFAULT_WORKERS 8
#define DEFAULT_IDLE_S 75
#define DEFAULT_HEARTBEAT_S 15
#define CONNECTIONS 4096
#define WAITING_FOR_THE_POOL 1024
#define STOP_GRACE_US (5 * G_USEC_PER_SEC)
/* MHD keeps header, query and its own reply's header in this; room for the limit and a large reply. */
#define CONNECTION_MEMORY_BYTES (KC_LIMIT_REQUEST_HEADER_BYTES * 2)

G_DEFINE_QUARK(kc - http - error - quark, kc_http_error)

struct KcHttpServer {
    KcHttpContext context;
    struct MHD_Daemon *daemon;
    GThreadPool *pool;
    GMutex push_lock;
    gboolean stopping; /* atomic to read; written under push_lock */
    gint active;       /* requests alive; atomic */
    guint subscription;
    char *url;
    guint16 port;
    char *certificate;
    char *key;
};

static void
work(gpointer data, gpointer user_data G_GNUC_UNUSED)
{
    KcHttpRequest *request = data;
    struct MHD_Connection *mhd = request->mhd;
    kc_http_request_run(request);
    MHD_resume_connection(mhd);
}

static gboolean
push(KcHttpServer *server, KcHttpRequest *request)
{
    g_mutex_lock(&server->push_lock);
    gboolean taken = !server->stopping && g_thread_pool_unprocessed(server->pool) < WAITING_FOR_THE_POOL;
    if (taken) {
        MHD_suspend_connection(request->mhd);
        g_thread_pool_push(server->pool, request, NULL);
    }
    g_mutex_unlock(&server->push_lock);
    return taken;
}

static enum MHD_Result
answer(KcHttpRequest *request)
{
    if (request->phase == KC_REQUEST_ANSWERED)
        return MHD_NO;
    kc_http_connection_working(request->connection);
    request->phase = KC_REQUEST_ANSWERED;
    KcHttpReply *reply = request->reply;
    kc_http_reply_header(reply, "X-Request-Id", request->request_id);
    struct MHD_Response *response = kc_http_reply_to_mhd(reply, request->context->tls);
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(request->mhd, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static gboolean
may_wait(KcHttpRequest *request)
{
    const KcRoute *route = request->match.route;
    return (route->flags & KC_ROUTE_SLOW) && (route->at_hand == NULL || !route->at_hand(request));
}

static enum MHD_Result
dispatch(KcHttpServer *server, KcHttpRequest *request)
{
    kc_http_connection_working(request->connection);
    request->phase = KC_REQUEST_WORKING;
    if (!may_wait(request)) {
        kc_http_request_run(request);
        return answer(request);
    }
    if (push(server, request))
        return MHD_YES;
    request->reply = kc_problem_retry(MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "The service has too much to do.", 2);
    return answer(request);
}

static KcHttpRequest *
begin(KcHttpServer *server, struct MHD_Connection *mhd, const char *method, const char *path)
{
    KcHttpRequest *request = kc_http_request_new(&server->context, mhd, method, path);
    g_atomic_int_inc(&server->active);
    if (g_atomic_int_get(&server->stopping)) {
        g_clear_pointer(&request->reply, kc_http_reply_free);
        request->reply = kc_problem_retry(MHD_HTTP_SERVICE_UNAVAILABLE, "stopping", "The service is stopping.", 5);
        request->reply->close = TRUE;
    }
    if (request->reply != NULL)
        request->phase = KC_REQUEST_DISCARDING;
    kc_http_connection_expect_body(request->connection);
    return request;
}

static enum MHD_Result
handle(void *cls, struct MHD_Connection *mhd, const char *url, const char *method, const char *version G_GNUC_UNUSED,
       const char *upload_data, size_t *upload_data_size, void **con_cls)
{
    KcHttpServer *server = cls;
    KcHttpRequest *request = *con_cls;
    if (request == NULL) {
        request = *con_cls = begin(server, mhd, method, url);
        return kc_http_request_refuses_early(request) ? answer(request) : MHD_YES;
    }
    if (*upload_data_size > 0) {
        kc_http_connection_body_came(request->connection, *upload_data_size);
        gboolean going_on = kc_http_request_take(request, upload_data, *upload_data_size);
        *upload_data_size = 0;
        return going_on ? MHD_YES : MHD_NO;
    }
    if (request->reply != NULL)
        return answer(request);
    return dispatch(server, request);
}

/* One line for each request, with the route's pattern instead of the path, which may hold a token. */
static void
log_request(const KcHttpRequest *request)
{
    unsigned status = request->reply != NULL ? request->reply->status : 0;
    const char *pattern = request->match.route != NULL ? request->match.route->pattern : "-";
    gint64 took_us = g_get_monotonic_time() - request->began_mono_us;
    GLogLevelFlags level = status >= 500 ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_INFO;
    g_log_structured("kuaichu-http", level, "KC_REQUEST_ID", request->request_id, "KC_CASE_ID",
                     request->match.params[0], "MESSAGE", "%s %s %u in %" G_GINT64_FORMAT " us, request %s",
                     request->method, pattern, status, took_us, request->request_id);
}

static void
completed(void *cls, struct MHD_Connection *mhd G_GNUC_UNUSED, void **con_cls,
          enum MHD_RequestTerminationCode how G_GNUC_UNUSED)
{
    KcHttpServer *server = cls;
    KcHttpRequest *request = *con_cls;
    if (request == NULL)
        return;
    *con_cls = NULL;
    log_request(request);
    if (request->reply != NULL)
        g_atomic_int_inc(&server->context.requests[MIN(request->reply->status / 100, 5)]);
    kc_http_connection_idle(request->connection);
    kc_http_request_free(request);
    g_atomic_int_add(&server->active, -1);
}

static void
connection_changed(void *cls, struct MHD_Connection *mhd, void **socket_context,
                   enum MHD_ConnectionNotificationCode code)
{
    KcHttpServer *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_context = kc_http_connection_opened(server->context.connections, info->connect_fd);
    } else if (*socket_context != NULL) {
        kc_http_connection_closed(*socket_context);
        *socket_context = NULL;
    }
}

static void
mhd_log(void *cls G_GNUC_UNUSED, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf(format, args);
    g_log_structured("kuaichu-http", G_LOG_LEVEL_DEBUG, "MESSAGE", "%s", g_strchomp(text));
}

static void
publish(const KcEvent *event, gpointer data)
{
    KcHttpServer *server = data;
    kc_sse_hub_publish(server->context.hub, event);
}

static guint
or_default(guint value, guint otherwise)
{
    return value != 0 ? value : otherwise;
}

static gboolean
read_tls(KcHttpServer *server, const KcHttpConfig *config, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (config->tls_cert_path == NULL && config->tls_key_path == NULL)
        return TRUE;
    if (config->tls_cert_path == NULL || config->tls_key_path == NULL) {
        g_set_error(error, KC_HTTP_ERROR, KC_HTTP_ERROR_TLS, "TLS needs both a certificate and its key");
        return FALSE;
    }
    server->context.tls = TRUE;
    if (g_file_get_contents(config->tls_cert_path, &server->certificate, NULL, &cause) &&
        g_file_get_contents(config->tls_key_path, &server->key, NULL, &cause))
        return TRUE;
    g_set_error(error, KC_HTTP_ERROR, KC_HTTP_ERROR_TLS, "%s", cause->message);
    return FALSE;
}

static struct MHD_Daemon *
start_mhd(KcHttpServer *server, const KcHttpConfig *config, int fd)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    unsigned per_address = or_default(config->connections_per_address, KC_LIMIT_CONNECTIONS_PER_ADDRESS);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (server->context.tls)
        flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, mhd_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_THREAD_POOL_SIZE, MAX(2, or_default(config->threads, DEFAULT_THREADS)), MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, or_default(config->idle_s, DEFAULT_IDLE_S), MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        config->behind_proxy ? 0U : per_address, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED,
        completed, server, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server, MHD_OPTION_ARRAY,
        server->context.tls ? tls : none, MHD_OPTION_END);
}

static void
fill_context(KcHttpServer *server, const KcHttpConfig *config, KcApp *app)
{
    KcHttpContext *context = &server->context;
    context->app = app;
    context->behind_proxy = config->behind_proxy;
    context->map_tiles = g_strdup(config->map_tiles);
    context->map_attribution = g_strdup(config->map_attribution);
    context->desk_policy = config->map_tiles != NULL ? kc_http_policy_with_images(config->map_tiles) : NULL;
    context->started_us = kc_timestamp_now_us();
    context->assets = kc_assets_new();
    context->hub = kc_sse_hub_new(or_default(config->heartbeat_s, DEFAULT_HEARTBEAT_S));
    context->connections = kc_http_connections_new(or_default(config->header_deadline_s, KC_LIMIT_HEADER_SECONDS),
                                                   or_default(config->body_deadline_s, KC_LIMIT_BODY_SECONDS),
                                                   or_default(config->idle_s, DEFAULT_IDLE_S));
    context->open_case_limit = kc_rate_limit_new(
        or_default(config->cases_per_address_per_hour, KC_LIMIT_CASES_PER_ADDRESS_PER_HOUR), G_TIME_SPAN_HOUR);
    context->sign_in_limit = kc_rate_limit_new(
        or_default(config->sign_in_failures_per_15_min, KC_LIMIT_SIGN_IN_FAILURES_PER_15_MIN), 15 * G_TIME_SPAN_MINUTE);
    context->verify_limit = kc_rate_limit_new(
        or_default(config->checks_per_address_per_minute, KC_LIMIT_CHECKS_PER_ADDRESS_PER_MINUTE), G_TIME_SPAN_MINUTE);
    context->message_limit = kc_rate_limit_new(KC_LIMIT_MESSAGES_PER_MINUTE, G_TIME_SPAN_MINUTE);
}

KcHttpServer *
kc_http_server_new(const KcHttpConfig *config, KcApp *app, GError **error)
{
    g_autofree char *host = NULL;
    g_autoptr(KcHttpServer) server = g_new0(KcHttpServer, 1);
    g_mutex_init(&server->push_lock);
    if (!read_tls(server, config, error))
        return NULL;
    int fd = kc_http_listen(config->listen, &host, &server->port, error);
    if (fd < 0)
        return NULL;
    fill_context(server, config, app);
    server->url = g_strdup_printf("%s://%s:%u", server->context.tls ? "https" : "http", host, server->port);
    server->pool = g_thread_pool_new(work, server, (gint)or_default(config->workers, DEFAULT_WORKERS), FALSE, NULL);
    server->daemon = start_mhd(server, config, fd);
    if (server->daemon == NULL) {
        close(fd);
        g_set_error(error, KC_HTTP_ERROR, server->context.tls ? KC_HTTP_ERROR_TLS : KC_HTTP_ERROR_START, "%s",
                    server->context.tls ? "HTTPS does not start: is the key that of the certificate?"
                                        : "HTTP does not start");
        return NULL;
    }
    server->subscription = kc_app_subscribe(app, publish, server);
    return g_steal_pointer(&server);
}

const char *
kc_http_server_url(const KcHttpServer *server)
{
    return server->url;
}

guint16
kc_http_server_port(const KcHttpServer *server)
{
    return server->port;
}

void
kc_http_server_tend(KcHttpServer *server)
{
    g_auto(GStrv) sessions = kc_sse_hub_staff_sessions(server->context.hub), ended = NULL;
    g_autoptr(GError) error = NULL;
    if (sessions[0] == NULL)
        return;
    if (!kc_app_ended_sessions(server->context.app, (const char *const *)sessions, &ended, &error)) {
        g_warning("sessions can't be looked at: %s", error->message);
        return;
    }
    for (char **session = ended; *session != NULL; session++)
        kc_sse_hub_end_session(server->context.hub, *session);
}

static void
wait_until_answered(KcHttpServer *server)
{
    gint64 until = g_get_monotonic_time() + STOP_GRACE_US;
    while (g_atomic_int_get(&server->active) > 0 && g_get_monotonic_time() < until)
        g_usleep(10 * 1000);
}

void
kc_http_server_stop(KcHttpServer *server)
{
    if (server->daemon == NULL)
        return;
    g_mutex_lock(&server->push_lock);
    g_atomic_int_set(&server->stopping, TRUE);
    g_mutex_unlock(&server->push_lock);
    kc_app_unsubscribe(server->context.app, server->subscription);
    kc_sse_hub_stop(server->context.hub);
    g_thread_pool_free(g_steal_pointer(&server->pool), FALSE, TRUE);
    wait_until_answered(server);
    MHD_stop_daemon(g_steal_pointer(&server->daemon));
}

void
kc_http_server_free(KcHttpServer *server)
{
    if (server == NULL)
        return;
    kc_http_server_stop(server);
    if (server->pool != NULL)
        g_thread_pool_free(server->pool, TRUE, TRUE);
    kc_sse_hub_free(server->context.hub);
    kc_http_connections_free(server->context.connections);
    kc_assets_free(server->context.assets);
    kc_rate_limit_free(server->context.open_case_limit);
    kc_rate_limit_free(server->context.sign_in_limit);
    kc_rate_limit_free(server->context.verify_limit);
    kc_rate_limit_free(server->context.message_limit);
    g_free(server->context.map_tiles);
    g_free(server->context.map_attribution);
    g_free(server->context.desk_policy);
    g_mutex_clear(&server->push_lock);
    g_free(server->url);
    g_free(server->certificate);
    g_free(server->key);
    g_free(server);
}
