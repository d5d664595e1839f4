#include "src/app/queue.h"
#include "src/http/bind.h"
#include "src/http/bind_triage.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
queue_item(gconstpointer data)
{
    const KcQueueItem *item = data;
    return json_pack("{s:o, s:I, s:I}", "case", kc_json_case(item->view), "waiting_s", (json_int_t)item->waiting_s,
                     "position", (json_int_t)item->view->queue_position);
}

KcHttpReply *
kc_get_queue(KcHttpRequest *request)
{
    g_auto(KcQueue) queue = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_queue(request->app, request->caller.principal, &queue, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(queue.items, queue_item);
    json_object_set_new(
        root, "seats", json_pack("{s:I, s:I}", "total", (json_int_t)queue.seats, "busy", (json_int_t)queue.seats_busy));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

KcHttpReply *
kc_post_queue(KcHttpRequest *request)
{
    KcQueuePlace place = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_join_queue(request->app, request->caller.principal, kc_http_request_id(request, 0), &place, &result,
                           &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_queue_place(place.position, place.expected_wait_s));
}

KcHttpReply *
kc_delete_queue(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_leave_queue(request->app, request->caller.principal, kc_http_request_id(request, 0), &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

/* Use cases that change a case of the expected version and give it back. */
typedef gboolean (*ChangeFn)(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                             KcCaseView **ret_case, KcResult *result, GError **error);

static KcHttpReply *
change(KcHttpRequest *request, ChangeFn fn)
{
    gint64 version = 0;
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!fn(request->app, request->caller.principal, kc_http_request_id(request, 0), version, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}

KcHttpReply *
kc_post_claim(KcHttpRequest *request)
{
    return change(request, kc_app_claim_case);
}

KcHttpReply *
kc_post_release(KcHttpRequest *request)
{
    return change(request, kc_app_release_case);
}

static const KcBindField no_fields[] = {{NULL}};

KcHttpReply *
kc_post_reopen(KcHttpRequest *request)
{
    g_auto(KcFieldErrors) errors = {NULL};
    if (!kc_bind(request->json, no_fields, NULL, &errors))
        return kc_problem_fields(&errors);
    return change(request, kc_app_reopen_case);
}

typedef struct {
    const char *text;
} OneText;

static const KcBindField on_scene_fields[] = {
    {"reason", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(OneText, text), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_on_scene(KcHttpRequest *request)
{
    OneText body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, on_scene_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_send_on_scene(request->app, request->caller.principal, kc_http_request_id(request, 0), body.text, &view,
                              &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}

static const KcBindField evacuate_fields[] = {
    {"reason", KC_BIND_TEXT, G_STRUCT_OFFSET(OneText, text), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_evacuate(KcHttpRequest *request)
{
    OneText body = {NULL};
    gint64 version = 0;
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, evacuate_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_evacuate(request->app, request->caller.principal, kc_http_request_id(request, 0), version, body.text,
                         &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}

KcHttpReply *
kc_post_eligibility(KcHttpRequest *request)
{
    KcLearned learned = {0};
    gint64 version = 0;
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, kc_bind_learned_fields, &learned, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_assess_case(request->app, request->caller.principal, kc_http_request_id(request, 0), version, &learned,
                            &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}

static const KcBindField close_fields[] = {
    {"closing_code", KC_BIND_TEXT, G_STRUCT_OFFSET(KcCloseCase, closing_code), KC_BIND_REQUIRED},
    {"mediation_method", KC_BIND_TEXT, G_STRUCT_OFFSET(KcCloseCase, mediation_method), KC_BIND_NULLABLE},
    {"mediation_result", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(KcCloseCase, mediation_result), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_close(KcHttpRequest *request)
{
    KcCloseCase body = {NULL};
    gint64 version = 0;
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, close_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_close_case(request->app, request->caller.principal, kc_http_request_id(request, 0), version, &body,
                           &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}
