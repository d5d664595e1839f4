/* Invariant: exactly one of body, source and stream makes the content of a reply. */
#include "src/http/reply.h"

#include <string.h>

#include "src/http/sse.h"

/* Read and sent at once: so much that the reader is not woken too often, so little that it need not wait for the first
 * (tests/bench/ranges.mjs). */
#define SOURCE_BLOCK_BYTES (256 * 1024)

G_STATIC_ASSERT(KC_HTTP_SIZE_UNKNOWN == MHD_SIZE_UNKNOWN);

KcHttpReply *
kc_http_reply_new(unsigned status)
{
    KcHttpReply *reply = g_new0(KcHttpReply, 1);
    reply->status = status;
    reply->headers = g_ptr_array_new_with_free_func(g_free);
    return reply;
}

KcHttpReply *
kc_http_reply_bytes(unsigned status, const char *content_type, GBytes *bytes)
{
    KcHttpReply *reply = kc_http_reply_new(status);
    reply->content_type = content_type;
    reply->body = bytes;
    return reply;
}

static void
free_json_text(gpointer text)
{
    free(text);
}

KcHttpReply *
kc_http_reply_json(unsigned status, json_t *root)
{
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    g_assert(text != NULL);
    GBytes *bytes = g_bytes_new_with_free_func(text, strlen(text), free_json_text, text);
    return kc_http_reply_bytes(status, "application/json", bytes);
}

KcHttpReply *
kc_http_reply_text(unsigned status, const char *content_type, const char *text)
{
    return kc_http_reply_bytes(status, content_type, g_bytes_new(text, strlen(text)));
}

static gboolean
is_clean(const char *value)
{
    for (const char *c = value; *c != '\0'; c++) {
        if ((guchar)*c < 0x20 || *c == 0x7f)
            return FALSE;
    }
    return TRUE;
}

void
kc_http_reply_header(KcHttpReply *reply, const char *name, const char *value)
{
    if (value == NULL || !is_clean(value))
        return;
    g_ptr_array_add(reply->headers, g_strdup(name));
    g_ptr_array_add(reply->headers, g_strdup(value));
}

void
kc_http_reply_headerf(KcHttpReply *reply, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *value = g_strdup_vprintf(format, args);
    va_end(args);
    kc_http_reply_header(reply, name, value);
}

static void
clear_source(KcHttpSource *source)
{
    if (source->free != NULL)
        source->free(source->data);
    *source = (KcHttpSource){0};
}

void
kc_http_reply_free(KcHttpReply *reply)
{
    if (reply == NULL)
        return;
    g_clear_pointer(&reply->body, g_bytes_unref);
    clear_source(&reply->source);
    g_clear_pointer(&reply->stream, kc_sse_client_free);
    g_ptr_array_unref(reply->headers);
    g_free(reply);
}

static ssize_t
source_read(void *cls, uint64_t at, char *buffer, size_t max)
{
    KcHttpSource *source = cls;
    gint64 got = source->read(source->data, at, (guint8 *)buffer, max);
    if (got == 0 && source->size == KC_HTTP_SIZE_UNKNOWN)
        return MHD_CONTENT_READER_END_OF_STREAM;
    return got > 0 ? (ssize_t)got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void
source_free(void *cls)
{
    KcHttpSource *source = cls;
    clear_source(source);
    g_free(source);
}

static void
body_free(void *cls)
{
    g_bytes_unref(cls);
}

static struct MHD_Response *
response_of_content(KcHttpReply *reply)
{
    if (reply->stream != NULL)
        return kc_sse_client_response(g_steal_pointer(&reply->stream));
    if (reply->source.read != NULL) {
        KcHttpSource *source = g_new(KcHttpSource, 1);
        *source = reply->source;
        reply->source = (KcHttpSource){0};
        return MHD_create_response_from_callback(source->size, (size_t)CLAMP(source->size, 1, SOURCE_BLOCK_BYTES), source_read, source, source_free);
    }
    if (reply->body == NULL)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    gsize size = 0;
    gconstpointer bytes = g_bytes_get_data(reply->body, &size);
    return MHD_create_response_from_buffer_with_free_callback_cls(size, (void *)bytes, body_free,
                                                                  g_steal_pointer(&reply->body));
}

#define POLICY(images)                                                                                                 \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:" images                      \
    "; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "         \
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

char *
kc_http_policy_with_images(const char *url)
{
    const char *host = strstr(url, "://") + strlen("://");
    g_autofree char *scheme = g_strndup(url, (gsize)(host - url));
    gboolean any = g_str_has_prefix(host, "{s}.");
    if (any)
        host += strlen("{s}.");
    g_autofree char *name = g_strndup(host, strcspn(host, "/"));
    g_autofree char *origin = g_strconcat(scheme, any ? "*." : "", name, NULL);
    return g_strdup_printf(POLICY(" %s"), origin);
}

static const char *const security_headers[] = {
    "Content-Security-Policy",
    POLICY(""),
    "X-Content-Type-Options",
    "nosniff",
    "Referrer-Policy",
    "no-referrer",
    "Cross-Origin-Opener-Policy",
    "same-origin",
    "Cross-Origin-Resource-Policy",
    "same-origin",
    "Permissions-Policy",
    "camera=(self), microphone=(self), geolocation=(self)",
};

static gboolean
has_header(const KcHttpReply *reply, const char *name)
{
    for (guint i = 0; i < reply->headers->len; i += 2) {
        if (g_ascii_strcasecmp(reply->headers->pdata[i], name) == 0)
            return TRUE;
    }
    return FALSE;
}

struct MHD_Response *
kc_http_reply_to_mhd(KcHttpReply *reply, gboolean secure)
{
    /* Whatever concerns a case may not stay in a cache; what may says so itself. */
    if (!has_header(reply, "Cache-Control"))
        kc_http_reply_header(reply, "Cache-Control", "no-store");
    struct MHD_Response *response = response_of_content(reply);
    if (response == NULL)
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(security_headers); i += 2)
        if (!has_header(reply, security_headers[i]))
            MHD_add_response_header(response, security_headers[i], security_headers[i + 1]);
    if (secure)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    if (reply->content_type != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    for (guint i = 0; i < reply->headers->len; i += 2)
        MHD_add_response_header(response, reply->headers->pdata[i], reply->headers->pdata[i + 1]);
    if (reply->close)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    return response;
}
