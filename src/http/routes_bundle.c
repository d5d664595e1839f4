/* A case as a ZIP that is made while it is sent. Its length is known beforehand below 4 GiB; above,
 * Kuaichu-Content-Bytes says what the files in it come to, and the last chunk that it is whole. A client that goes away
 * frees the bundle, and with it everything that was open. */
#include "src/app/bundles.h"
#include "src/app/public_log.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#define PAGE KC_ASSETS_PREFIX "/bundle/verify.html"
#define PLAIN "text/plain; charset=utf-8"

KcHttpReply *
kc_get_service_key(KcHttpRequest *request)
{
    g_autofree char *public = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_service_key(request->app, &public, &result, &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply = kc_http_reply_text(MHD_HTTP_OK, PLAIN, public);
    kc_http_reply_header(reply, "Cache-Control", "no-cache");
    return reply;
}

typedef struct {
    KcBundle *bundle;
    char request_id[65];
} Export;

static gint64
export_read(gpointer data, guint64 at G_GNUC_UNUSED, guint8 *buffer, gsize len)
{
    Export *self = data;
    g_autoptr(GError) error = NULL;
    gint64 got = kc_bundle_read(self->bundle, buffer, len, &error);
    if (got < 0)
        g_log_structured("kuaichu-http", G_LOG_LEVEL_WARNING, "KC_REQUEST_ID", self->request_id, "MESSAGE",
                         "request %s: bundle: %s", self->request_id, error->message);
    return got;
}

static void
export_free(gpointer data)
{
    Export *self = data;
    kc_bundle_free(self->bundle);
    g_free(self);
}

/* Takes `bundle`. */
static KcHttpReply *
reply_bundle(const KcHttpRequest *request, KcBundle *bundle)
{
    gint64 size = kc_bundle_size(bundle);
    Export *self = g_new0(Export, 1);
    self->bundle = bundle;
    g_strlcpy(self->request_id, request->request_id, sizeof self->request_id);
    KcHttpReply *reply = kc_http_reply_new(MHD_HTTP_OK);
    reply->content_type = "application/zip";
    reply->source = (KcHttpSource){.read = export_read,
                                   .free = export_free,
                                   .data = self,
                                   .size = size >= 0 ? (guint64)size : KC_HTTP_SIZE_UNKNOWN};
    kc_http_reply_headerf(reply, "Content-Disposition", "attachment; filename=\"%s.zip\"", kc_bundle_name(bundle));
    kc_http_reply_headerf(reply, "Kuaichu-Content-Bytes", "%" G_GINT64_FORMAT, kc_bundle_content_bytes(bundle));
    return reply;
}

KcHttpReply *
kc_post_bundle(KcHttpRequest *request)
{
    g_autoptr(GBytes) page = g_resources_lookup_data(PAGE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcBundle *bundle = NULL;
    if (!kc_app_make_bundle(request->app, request->caller.principal, kc_http_request_id(request, 0), page, &bundle,
                            &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_bundle(request, bundle);
}
