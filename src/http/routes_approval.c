#include "src/app/approvals.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
approval_of(gconstpointer data)
{
    const KcApprovalView *view = data;
    json_t *grounds = json_array();
    for (guint i = 0; i < view->grounds->len; i++) {
        const KcApprovalRule *rule = view->grounds->pdata[i];
        json_array_append_new(grounds, json_pack("{s:s, s:s, s:s}", "code", rule->code, "title_zh", rule->title_zh,
                                                 "title_en", rule->title_en));
    }
    json_t *approver = view->approver_id == NULL
                           ? json_null()
                           : json_pack("{s:s, s:s, s:o}", "id", view->approver_id, "name", view->approver_name,
                                       "badge_number", kc_json_text_or_null(view->approver_badge));
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "case_id", view->case_id, "case_number",
                     view->case_number, "needed", view->grounds->len > 0, "grounds", grounds, "draft_sha256",
                     kc_json_text_or_null(view->draft_sha256), "requested_at", kc_json_time_or_null(view->requested_us),
                     "requested_by", kc_json_text_or_null(view->officer_name), "approved_at",
                     kc_json_time_or_null(view->approved_us), "approved_by", approver);
}

static KcHttpReply *
reply(unsigned status, const KcApprovalView *view)
{
    return kc_http_reply_json(status, json_pack("{s:o}", "approval", approval_of(view)));
}

KcHttpReply *
kc_get_approval(KcHttpRequest *request)
{
    g_autoptr(KcApprovalView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_approval(request->app, request->caller.principal, kc_http_request_id(request, 0), &view, &result,
                             &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}

KcHttpReply *
kc_post_approval_request(KcHttpRequest *request)
{
    g_autoptr(KcApprovalView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_request_approval(request->app, request->caller.principal, kc_http_request_id(request, 0), &view,
                                 &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_CREATED, view);
}

typedef struct {
    const char *draft_sha256;
} NewApproval;

static const KcBindField new_approval_fields[] = {
    {"draft_sha256", KC_BIND_TEXT, G_STRUCT_OFFSET(NewApproval, draft_sha256), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_approval(KcHttpRequest *request)
{
    NewApproval body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcApprovalView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_approval_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_approve_determination(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                      body.draft_sha256, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_CREATED, view);
}

KcHttpReply *
kc_get_approvals(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_approvals(request->app, request->caller.principal, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, approval_of));
}
