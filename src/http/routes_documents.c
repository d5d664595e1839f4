#include <string.h>

#include "src/app/determinations.h"
#include "src/app/services.h"
#include "src/base/limits.h"
#include "src/http/accept.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#define TEXT_TYPE "text/plain; charset=utf-8"
#define PDF_TYPE "application/pdf"

/* ---- The draft ---- */

static KcHttpReply *
put_draft(KcHttpRequest *request, const KcDetermination *draft)
{
    gint64 version = 0;
    g_autoptr(KcCaseView) view = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_put_determination(request->app, request->caller.principal, kc_http_request_id(request, 0), version,
                                  draft, &view, &missing, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root =
        json_pack("{s:o, s:o}", "determination", kc_determination_to_json(draft), "missing", kc_json_missing(missing));
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, root);
    g_autofree char *etag = kc_etag_of_version(view->row->version);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

KcHttpReply *
kc_put_determination(KcHttpRequest *request)
{
    g_auto(KcFieldErrors) errors = {NULL};
    g_autofree char *pointer = NULL;
    if (!kc_bind_check_texts(request->json, KC_LIMIT_TEXT_CHARS, &errors))
        return kc_problem_fields(&errors);
    g_autoptr(KcDetermination) draft = kc_determination_from_json(request->json, &pointer);
    if (draft == NULL)
        return kc_problem_field(pointer != NULL ? pointer : "", "is of the wrong type, or not known here");
    return put_draft(request, draft);
}

KcHttpReply *
kc_post_issue(KcHttpRequest *request)
{
    gint64 version = 0;
    g_autoptr(KcDocumentView) document = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    const char *case_id = kc_http_request_id(request, 0);
    if (!kc_app_issue_determination(request->app, request->caller.principal, case_id, version, &document, &result,
                                    &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply =
        kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "document", kc_json_document(document)));
    kc_http_reply_headerf(reply, "Location", "/api/v1/cases/%s/documents/%s", case_id, document->document->id);
    return reply;
}

/* ---- The document ---- */

static KcHttpReply *
not_acceptable(void)
{
    return kc_problem(MHD_HTTP_NOT_ACCEPTABLE, "not-acceptable",
                      "The document is there as application/pdf and as text/plain.");
}

static KcHttpReply *
get_text(KcHttpRequest *request)
{
    g_autoptr(KcDocumentView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_document(request->app, request->caller.principal, kc_http_request_id(request, 0),
                             kc_http_request_id(request, 1), &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    g_autofree char *etag = g_strdup_printf("\"%s\"", view->document->sha256);
    if (kc_precondition_is_fresh(request, etag))
        return kc_precondition_not_modified(etag);
    KcHttpReply *reply = kc_http_reply_text(MHD_HTTP_OK, TEXT_TYPE, view->document->text);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

static KcHttpReply *
get_pdf(KcHttpRequest *request, gboolean original, gboolean text_will_do)
{
    g_auto(KcDocumentPdf) pdf = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_document_pdf(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                 kc_http_request_id(request, 1), original, &pdf, &result, &error)) {
        if (g_strcmp0(result.code, "no-pdf") != 0)
            return kc_outcome_reply(request, &result, error);
        return text_will_do ? get_text(request) : not_acceptable();
    }
    g_autofree char *etag = g_strdup_printf("\"%s\"", pdf.sha256);
    if (kc_precondition_is_fresh(request, etag))
        return kc_precondition_not_modified(etag);
    KcHttpReply *reply = kc_http_reply_bytes(MHD_HTTP_OK, PDF_TYPE, g_bytes_ref(pdf.bytes));
    kc_http_reply_header(reply, "ETag", etag);
    kc_http_reply_headerf(reply, "Content-Disposition", "inline; filename=\"%s%s.pdf\"", pdf.number,
                          pdf.is_copy ? "-signed" : "");
    return reply;
}

KcHttpReply *
kc_get_document(KcHttpRequest *request)
{
    static const char *const types[] = {PDF_TYPE, "text/plain", NULL};
    static const char *const text[] = {"text/plain", NULL};
    const char *accept = kc_http_request_header(request, "Accept"), *form = kc_http_request_query(request, "form");
    KcHttpReply *reply;
    if (form != NULL && strcmp(form, "original") != 0 && strcmp(form, "signed") != 0)
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "The query parameter form is not understood.");
    int type = kc_accept_choose(accept, types);
    if (type < 0)
        return not_acceptable();
    reply = type == 0 ? get_pdf(request, g_strcmp0(form, "original") == 0, kc_accept_choose(accept, text) == 0)
                      : get_text(request);
    kc_http_reply_header(reply, "Vary", "Accept");
    return reply;
}

typedef struct {
    int decision;
    const char *image_png, *statement, *document_sha256, *party_id, *refusal;
} NewSignature;

static const char *const decisions[] = {"signed", "refused", "objected", NULL};
static const KcDecision decision_values[] = {KC_DECISION_SIGNED, KC_DECISION_REFUSED, KC_DECISION_OBJECTED};

static const KcBindField new_signature_fields[] = {
    {"decision", KC_BIND_CHOICE, G_STRUCT_OFFSET(NewSignature, decision), KC_BIND_REQUIRED, .choices = decisions},
    {"image_png", KC_BIND_BLOB_TEXT, G_STRUCT_OFFSET(NewSignature, image_png), KC_BIND_NULLABLE,
     .max = KC_LIMIT_SIGNATURE_BYTES / 3.0 * 4 + 4},
    {"statement", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewSignature, statement), KC_BIND_NULLABLE},
    {"document_sha256", KC_BIND_TEXT, G_STRUCT_OFFSET(NewSignature, document_sha256), KC_BIND_REQUIRED},
    {"party_id", KC_BIND_ID, G_STRUCT_OFFSET(NewSignature, party_id), KC_BIND_NULLABLE},
    {"refusal", KC_BIND_TEXT, G_STRUCT_OFFSET(NewSignature, refusal), KC_BIND_NULLABLE},
    {NULL},
};

/* RFC 4648, 4, with its padding and nothing else; GLib's decoder skips what it does not know. */
static gboolean
is_base64(const char *text)
{
    gsize length = strlen(text);
    gsize digits = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    return length > 0 && length % 4 == 0 && length - digits <= 2 && strspn(text + digits, "=") == length - digits;
}

/* NULL if it is no base64. */
static GBytes *
bytes_of_base64(const char *text)
{
    gsize length = 0;
    if (!is_base64(text))
        return NULL;
    guchar *bytes = g_base64_decode(text, &length);
    return g_bytes_new_take(bytes, length);
}

KcHttpReply *
kc_post_signature(KcHttpRequest *request)
{
    NewSignature body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(GBytes) image = NULL;
    g_autoptr(KcSignatureView) signature = NULL;
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_signature_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (body.image_png != NULL && (image = bytes_of_base64(body.image_png)) == NULL)
        return kc_problem_field("/image_png", "must be base64");
    if (body.refusal != NULL && strcmp(body.refusal, "signature") != 0 && strcmp(body.refusal, "receipt") != 0)
        return kc_problem_field("/refusal", "must be signature or receipt");
    const KcSignDocument wanted = {.decision = decision_values[body.decision],
                                   .image_png = image,
                                   .statement = body.statement,
                                   .document_sha256 = body.document_sha256,
                                   .party_id = body.party_id,
                                   .refused = body.refusal};
    if (!kc_app_sign_document(request->app, request->caller.principal, kc_http_request_id(request, 0),
                              kc_http_request_id(request, 1), &wanted, &signature, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = json_pack("{s:o, s:o}", "signature", kc_json_signature(signature), "case", kc_json_case(view));
    return kc_http_reply_json(MHD_HTTP_CREATED, root);
}

/* ---- Service ---- */

typedef struct {
    const char *document_sha256, *party_id, *way, *delivery, *note;
    gint64 served_us;
} NewService;

static const KcBindField new_service_fields[] = {
    {"document_sha256", KC_BIND_TEXT, G_STRUCT_OFFSET(NewService, document_sha256), KC_BIND_NULLABLE},
    {"party_id", KC_BIND_ID, G_STRUCT_OFFSET(NewService, party_id), KC_BIND_NULLABLE},
    {"way", KC_BIND_TEXT, G_STRUCT_OFFSET(NewService, way), KC_BIND_NULLABLE},
    {"delivery", KC_BIND_TEXT, G_STRUCT_OFFSET(NewService, delivery), KC_BIND_NULLABLE},
    {"served_at", KC_BIND_TIME, G_STRUCT_OFFSET(NewService, served_us), KC_BIND_NULLABLE},
    {"note", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewService, note), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_service(KcHttpRequest *request)
{
    NewService body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_service_fields, &body, &errors))
        return kc_problem_fields(&errors);
    const KcServeDocument wanted = {.document_sha256 = body.document_sha256,
                                    .party_id = body.party_id,
                                    .way = body.way,
                                    .delivery = body.delivery,
                                    .note = body.note,
                                    .served_us = body.served_us};
    if (!kc_app_serve_document(request->app, request->caller.principal, kc_http_request_id(request, 0),
                               kc_http_request_id(request, 1), &wanted, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_CREATED, view);
}
