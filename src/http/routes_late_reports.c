/* Reports made after the scene was cleared (Order 146, art. 18). */
#include "src/app/late_reports.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
item(gconstpointer view)
{
    return kc_json_case(view);
}

KcHttpReply *
kc_get_late_reports(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_late_reports(request->app, request->caller.principal, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, item));
}

typedef struct {
    gboolean accepted;
    int ground;
    gboolean has_ground;
    const char *reason;
} Decision;

static const char *const grounds[] = {"unproven", "not_ours", NULL};

static const KcBindField decision_fields[] = {
    {"accepted", KC_BIND_BOOL, G_STRUCT_OFFSET(Decision, accepted), KC_BIND_REQUIRED},
    {"ground", KC_BIND_CHOICE, G_STRUCT_OFFSET(Decision, ground), KC_BIND_NULLABLE,
     .present = G_STRUCT_OFFSET(Decision, has_ground), .choices = grounds},
    {"reason", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Decision, reason), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_acceptance(KcHttpRequest *request)
{
    Decision body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, decision_fields, &body, &errors))
        return kc_problem_fields(&errors);
    const KcDecideReport wanted = {body.accepted, body.has_ground ? grounds[body.ground] : NULL, body.reason};
    if (!kc_app_decide_report(request->app, request->caller.principal, kc_http_request_id(request, 0), &wanted, &view,
                              &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}
