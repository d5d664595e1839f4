#include "src/app/recusals.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
recusal_of(gconstpointer item)
{
    const KcRecusalView *view = item;
    const KcRecusal *recusal = view->recusal;
    return json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id", recusal->id, "case_id",
                     recusal->case_id, "case_number", view->case_number, "user", "id", recusal->user_id, "name",
                     view->user_name != NULL ? view->user_name : "", "asked_by",
                     kc_json_text_or_null(view->party_label), "reason", recusal->reason, "asked_at",
                     kc_json_time_or_null(recusal->asked_us), "decision", kc_json_text_or_null(recusal->decision),
                     "note", kc_json_text_or_null(recusal->note), "decided_by",
                     kc_json_text_or_null(view->decider_name), "decided_at", kc_json_time_or_null(recusal->decided_us));
}

static KcHttpReply *
reply(unsigned status, const KcRecusalView *view)
{
    return kc_http_reply_json(status, json_pack("{s:o}", "recusal", recusal_of(view)));
}

typedef struct {
    const char *reason;
} NewRecusal;

static const KcBindField new_recusal_fields[] = {
    {"reason", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewRecusal, reason), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_recusal(KcHttpRequest *request)
{
    NewRecusal body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcRecusalView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_recusal_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_ask_recusal(request->app, request->caller.principal, kc_http_request_id(request, 0), body.reason, &view,
                            &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_CREATED, view);
}

static KcHttpReply *
list(KcHttpRequest *request, const char *case_id)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_recusals(request->app, request->caller.principal, case_id, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, recusal_of));
}

KcHttpReply *
kc_get_case_recusals(KcHttpRequest *request)
{
    return list(request, kc_http_request_id(request, 0));
}

KcHttpReply *
kc_get_recusals(KcHttpRequest *request)
{
    return list(request, NULL);
}

typedef struct {
    int decision;
    const char *note;
} Decision;

enum { UPHELD };
static const char *const decisions[] = {"upheld", "rejected", NULL};

static const KcBindField decision_fields[] = {
    {"decision", KC_BIND_CHOICE, G_STRUCT_OFFSET(Decision, decision), KC_BIND_REQUIRED, .choices = decisions},
    {"note", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Decision, note), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_recusal_decision(KcHttpRequest *request)
{
    Decision body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcRecusalView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, decision_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_decide_recusal(request->app, request->caller.principal, kc_http_request_id(request, 0),
                               body.decision == UPHELD, body.note, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}
