#include "src/http/precondition.h"

#include <string.h>

#define MAX_KEY_CHARS 100

char *
kc_etag_of_version(gint64 version)
{
    return g_strdup_printf("\"v%" G_GINT64_FORMAT "\"", version);
}

KcHttpReply *
kc_precondition_if_match(KcHttpRequest *request, gint64 *ret_version)
{
    const char *header = kc_http_request_header(request, "If-Match");
    *ret_version = 0;
    if (header == NULL || strcmp(header, "*") == 0)
        return NULL;
    char *end = NULL;
    if (g_str_has_prefix(header, "\"v") && g_ascii_isdigit(header[2])) {
        guint64 version = g_ascii_strtoull(header + 2, &end, 10);
        if (strcmp(end, "\"") == 0 && version > 0 && version < G_MAXINT64) {
            *ret_version = (gint64)version;
            return NULL;
        }
    }
    return kc_problem(MHD_HTTP_PRECONDITION_FAILED, "stale", "If-Match is not an ETag of this case.");
}

gboolean
kc_precondition_is_fresh(KcHttpRequest *request, const char *etag)
{
    const char *header = kc_http_request_header(request, "If-None-Match");
    return header != NULL && (strcmp(header, "*") == 0 || strstr(header, etag) != NULL);
}

KcHttpReply *
kc_precondition_not_modified(const char *etag)
{
    KcHttpReply *reply = kc_http_reply_new(MHD_HTTP_NOT_MODIFIED);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

static char *
hash_of(const KcHttpRequest *request)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)request->method, (gssize)strlen(request->method) + 1);
    g_checksum_update(sum, (const guchar *)request->path, (gssize)strlen(request->path) + 1);
    g_checksum_update(sum, request->body->data, (gssize)request->body->len);
    return g_strdup(g_checksum_get_string(sum));
}

static gboolean
is_key(const char *text)
{
    gsize length = strlen(text);
    for (const char *c = text; *c != '\0'; c++) {
        if (!g_ascii_isgraph(*c))
            return FALSE;
    }
    return length >= 1 && length <= MAX_KEY_CHARS;
}

KcHttpReply *
kc_precondition_key(KcHttpRequest *request, KcRequestKey *ret_key)
{
    const char *header = kc_http_request_header(request, "Idempotency-Key");
    if (header == NULL)
        return NULL;
    if (!is_key(header))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "idempotency-key",
                          "Idempotency-Key takes 1 to 100 visible ASCII characters.");
    ret_key->hash = hash_of(request);
    ret_key->value = (KcIdempotency){.key = header, .request_hash = ret_key->hash};
    ret_key->use = &ret_key->value;
    return NULL;
}

void
kc_request_key_clear(KcRequestKey *key)
{
    g_clear_pointer(&key->hash, g_free);
    key->use = NULL;
}
