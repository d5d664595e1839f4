#include "src/app/agreements.h"
#include "src/base/limits.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static KcHttpReply *
put_draft(KcHttpRequest *request, const KcAgreement *draft)
{
    gint64 version = 0;
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_put_agreement(request->app, request->caller.principal, kc_http_request_id(request, 0), version, draft,
                              &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = json_pack("{s:o, s:o}", "agreement", kc_agreement_to_json(view->settlement->draft), "missing",
                             kc_json_missing(view->settlement->missing));
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, root);
    g_autofree char *etag = kc_etag_of_version(view->row->version);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

KcHttpReply *
kc_put_agreement(KcHttpRequest *request)
{
    g_auto(KcFieldErrors) errors = {NULL};
    g_autofree char *pointer = NULL;
    if (!kc_bind_check_texts(request->json, KC_LIMIT_TEXT_CHARS, &errors))
        return kc_problem_fields(&errors);
    g_autoptr(KcAgreement) draft = kc_agreement_from_json(request->json, &pointer);
    if (draft == NULL)
        return kc_problem_field(pointer != NULL ? pointer : "", "is of the wrong type, or not known here");
    return put_draft(request, draft);
}

KcHttpReply *
kc_post_proposal(KcHttpRequest *request)
{
    gint64 version = 0;
    g_autoptr(KcDocumentView) document = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    const char *case_id = kc_http_request_id(request, 0);
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_propose_agreement(request->app, request->caller.principal, case_id, version, &document, &result,
                                  &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply =
        kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "document", kc_json_document(document)));
    kc_http_reply_headerf(reply, "Location", "/api/v1/cases/%s/documents/%s", case_id, document->document->id);
    return reply;
}
