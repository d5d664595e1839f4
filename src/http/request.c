/* What is decided before the body is read: sizes, route, caller, type of the body. What needs the body waits for it,
 * and so does a refusal if the body is short: a client that still writes when the connection closes would not see it.
 */
#include <arpa/inet.h>
#include <string.h>

#include "src/base/id.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/http/routes.h"
#include "src/http/server_request.h"

#define DISCARD_BYTES (1024 * 1024) /* of the body of a refused request */
#define BODIES_KIB (512 * 1024)     /* in memory at the same time, of all requests */
#define IGNORED_BODY_BYTES 1024     /* where no body is wanted */

const char *
kc_http_request_header(KcHttpRequest *request, const char *name)
{
    return MHD_lookup_connection_value(request->mhd, MHD_HEADER_KIND, name);
}

const char *
kc_http_request_query(KcHttpRequest *request, const char *name)
{
    return MHD_lookup_connection_value(request->mhd, MHD_GET_ARGUMENT_KIND, name);
}

const char *
kc_http_request_id(const KcHttpRequest *request, guint number)
{
    g_assert(number < KC_ROUTE_MAX_PARAMS);
    return request->match.params[number];
}

char *
kc_http_request_origin(KcHttpRequest *request)
{
    const char *host = kc_http_request_header(request, "Host");
    if (host == NULL || *host == '\0' ||
        host[strspn(host, "0123456789abcdefghijklmnopqrstuvwxyz"
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-:[]")] != '\0')
        return g_strdup("");
    const char *proto = request->context->behind_proxy ? kc_http_request_header(request, "X-Forwarded-Proto") : NULL;
    gboolean secure = request->context->tls || g_strcmp0(proto, "https") == 0;
    return g_strconcat(secure ? "https://" : "http://", host, NULL);
}

static char *
peer_address(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info != NULL && info->client_addr != NULL && info->client_addr->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((struct sockaddr_in *)info->client_addr)->sin_addr, text, sizeof text);
    } else if (info != NULL && info->client_addr != NULL && info->client_addr->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)info->client_addr)->sin6_addr, text, sizeof text);
    }
    return g_strdup(g_str_has_prefix(text, "::ffff:") ? text + 7 : text);
}

/* Behind a proxy, what the proxy itself saw: the last entry. */
static char *
address_of(KcHttpRequest *request)
{
    const char *list = request->context->behind_proxy ? kc_http_request_header(request, "X-Forwarded-For") : NULL;
    if (list == NULL)
        return peer_address(request->mhd);
    const char *comma = strrchr(list, ',');
    g_autofree char *last = g_strstrip(g_strdup(comma != NULL ? comma + 1 : list));
    struct in6_addr parsed;
    if (inet_pton(AF_INET, last, &parsed) == 1 || inet_pton(AF_INET6, last, &parsed) == 1)
        return g_steal_pointer(&last);
    return peer_address(request->mhd);
}

/* The client's own id if it is harmless in a log, else a new one. */
static void
set_request_id(KcHttpRequest *request)
{
    const char *given = kc_http_request_header(request, "X-Request-Id");
    gsize length = given != NULL ? strlen(given) : 0;
    if (length >= 8 && length < sizeof request->request_id &&
        strspn(given, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == length) {
        g_strlcpy(request->request_id, given, sizeof request->request_id);
        return;
    }
    KcId id = kc_id_now(kc_timestamp_now_us());
    g_strlcpy(request->request_id, id.text, sizeof request->request_id);
}

static KcHttpReply *
refuse_and_close(unsigned status, const char *code, const char *detail)
{
    KcHttpReply *reply = kc_problem(status, code, detail);
    reply->close = TRUE;
    return reply;
}

static KcHttpReply *
check_header(KcHttpRequest *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (info != NULL && info->header_size > KC_LIMIT_REQUEST_HEADER_BYTES)
        return refuse_and_close(MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "header-too-large",
                                "The header of the request is too long.");
    if (kc_http_request_header(request, "Transfer-Encoding") != NULL &&
        kc_http_request_header(request, "Content-Length") != NULL)
        return refuse_and_close(MHD_HTTP_BAD_REQUEST, "two-lengths",
                                "A request has either Content-Length or Transfer-Encoding, not both.");
    return NULL;
}

static KcHttpReply *
find_route(KcHttpRequest *request)
{
    request->match = kc_router_match(kc_routes, kc_routes_count, request->method, request->path);
    if (request->match.route != NULL)
        return NULL;
    if (request->match.allow[0] == '\0')
        return kc_problem(MHD_HTTP_NOT_FOUND, "not-found", "There is nothing at this address.");
    KcHttpReply *reply = kc_problem(MHD_HTTP_METHOD_NOT_ALLOWED, "method", "This method is not for this address.");
    kc_http_reply_header(reply, "Allow", request->match.allow);
    return reply;
}

static gboolean
is_of_type(const char *type, const char *wanted)
{
    gsize length = strlen(wanted);
    if (g_ascii_strncasecmp(type, wanted, length) != 0)
        return FALSE;
    return wanted[length - 1] == '/' || strchr("; \t", type[length]) != NULL; /* or its end */
}

static const char *const body_types[] = {
    [KC_BODY_NONE] = NULL,
    [KC_BODY_JSON] = "application/json",
    [KC_BODY_OPTIONAL_JSON] = "application/json",
    [KC_BODY_SDP] = "application/sdp",
    [KC_BODY_SDP_FRAGMENT] = "application/trickle-ice-sdpfrag",
    [KC_BODY_IMAGE] = "image/",
};

/* -1: chunked. */
static gint64
declared_length(KcHttpRequest *request)
{
    const char *length = kc_http_request_header(request, "Content-Length");
    if (length != NULL)
        return (gint64)MIN(g_ascii_strtoull(length, NULL, 10), (guint64)G_MAXINT64);
    return kc_http_request_header(request, "Transfer-Encoding") != NULL ? -1 : 0;
}

static KcHttpReply *
check_body_type(KcHttpRequest *request)
{
    const char *wanted = body_types[request->match.route->body];
    const char *type = kc_http_request_header(request, "Content-Type");
    if (wanted == NULL || (request->match.route->body == KC_BODY_OPTIONAL_JSON && declared_length(request) == 0))
        return NULL;
    if (type != NULL && is_of_type(type, wanted))
        return NULL;
    if (type != NULL && request->match.route->body == KC_BODY_SDP_FRAGMENT && is_of_type(type, "application/sdp"))
        return NULL;
    g_autofree char *detail = g_strdup_printf("The body must be of type %s%s.", wanted,
                                              request->match.route->body == KC_BODY_IMAGE ? "…" : "");
    return kc_problem(MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "media-type", detail);
}

static gsize
body_limit(const KcHttpRequest *request)
{
    const KcRoute *route = request->match.route;
    return route->body == KC_BODY_NONE ? IGNORED_BODY_BYTES : route->body_limit;
}

static KcHttpReply *
too_large(const KcHttpRequest *request)
{
    g_autofree char *detail =
        g_strdup_printf("The body may have at most %" G_GSIZE_FORMAT " bytes.", body_limit(request));
    return kc_problem(MHD_HTTP_CONTENT_TOO_LARGE, "too-large", detail);
}

static KcHttpReply *
check_body_length(KcHttpRequest *request)
{
    gint64 length = declared_length(request);
    gsize limit = body_limit(request);
    if (length > 0 && (guint64)length > limit)
        return too_large(request);
    gint wanted_kib = (gint)((length < 0 ? limit : (gsize)length) / 1024 + 1);
    if (g_atomic_int_add(&request->context->bodies_kib, wanted_kib) + wanted_kib > BODIES_KIB) {
        g_atomic_int_add(&request->context->bodies_kib, -wanted_kib);
        return kc_problem_retry(MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "Too much is being uploaded just now.", 5);
    }
    request->budgeted_kib = wanted_kib;
    return NULL;
}

KcHttpRequest *
kc_http_request_new(KcHttpContext *context, struct MHD_Connection *mhd, const char *method, const char *path)
{
    KcHttpRequest *request = g_new0(KcHttpRequest, 1);
    request->context = context;
    request->app = context->app;
    request->mhd = mhd;
    request->connection = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    request->began_mono_us = g_get_monotonic_time();
    request->method = g_strndup(method, 16);
    request->path = g_strdup(path);
    request->body = g_byte_array_new();
    request->address = address_of(request);
    set_request_id(request);
    KcHttpReply *(*const checks[])(KcHttpRequest *) = {check_header, find_route, kc_auth_check, check_body_type,
                                                       check_body_length};
    for (gsize i = 0; i < G_N_ELEMENTS(checks) && request->reply == NULL; i++)
        request->reply = checks[i](request);
    return request;
}

void
kc_http_request_free(KcHttpRequest *request)
{
    g_atomic_int_add(&request->context->bodies_kib, -request->budgeted_kib);
    kc_http_reply_free(request->reply);
    kc_principal_free(request->caller.principal);
    json_decref(request->json);
    g_byte_array_unref(request->body);
    g_free(request->method);
    g_free(request->path);
    g_free(request->address);
    g_free(request);
}

gboolean
kc_http_request_refuses_early(KcHttpRequest *request)
{
    if (request->reply == NULL)
        return FALSE;
    gint64 length = declared_length(request);
    if (request->reply->close || length > DISCARD_BYTES || kc_http_request_header(request, "Expect") != NULL) {
        request->reply->close = TRUE;
        return TRUE;
    }
    return FALSE;
}

gboolean
kc_http_request_take(KcHttpRequest *request, const char *bytes, gsize size)
{
    request->received += size;
    if (request->reply == NULL && request->received > body_limit(request)) {
        request->reply = too_large(request);
        request->reply->close = TRUE;
        request->phase = KC_REQUEST_DISCARDING;
        g_byte_array_set_size(request->body, 0);
    }
    if (request->phase == KC_REQUEST_READING) {
        g_byte_array_append(request->body, (const guint8 *)bytes, (guint)size);
        return TRUE;
    }
    gsize limit = request->match.route != NULL ? body_limit(request) : 0;
    return request->received <= limit + DISCARD_BYTES;
}

static KcHttpReply *
parse_json(KcHttpRequest *request)
{
    json_error_t error;
    if (request->match.route->body == KC_BODY_OPTIONAL_JSON && request->body->len == 0) {
        request->json = json_object();
        return NULL;
    }
    request->json = json_loadb((const char *)request->body->data, request->body->len, JSON_REJECT_DUPLICATES, &error);
    if (request->json == NULL) {
        g_autofree char *detail =
            g_strdup_printf("The body is not JSON: line %d, column %d.", error.line, error.column);
        return kc_problem(MHD_HTTP_BAD_REQUEST, "malformed", detail);
    }
    if (!json_is_object(request->json))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "malformed", "The body must be a JSON object.");
    return NULL;
}

static gboolean
wants_json(const KcHttpRequest *request)
{
    KcBodyKind kind = request->match.route->body;
    return kind == KC_BODY_JSON || kind == KC_BODY_OPTIONAL_JSON;
}

void
kc_http_request_run(KcHttpRequest *request)
{
    if (wants_json(request))
        request->reply = parse_json(request);
    if (request->reply == NULL)
        request->reply = request->match.route->handler(request);
}
