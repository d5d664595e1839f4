#include "src/app/pauses.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/json_pause.h"
#include "src/http/routes.h"

static KcHttpReply *
reply(unsigned status, const KcPauseView *view)
{
    return kc_http_reply_json(status, json_pack("{s:o}", "pause", kc_json_pause(view)));
}

typedef struct {
    const char *reason, *words;
} NewPause;

static const KcBindField new_pause_fields[] = {
    {"reason", KC_BIND_TEXT, G_STRUCT_OFFSET(NewPause, reason), KC_BIND_NULLABLE},
    {"words", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewPause, words), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_pause(KcHttpRequest *request)
{
    NewPause body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcPauseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_pause_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_pause_signing(request->app, request->caller.principal, kc_http_request_id(request, 0),
                              kc_http_request_id(request, 1), body.reason, body.words, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_CREATED, view);
}

KcHttpReply *
kc_delete_pause(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_take_back_pause(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                kc_http_request_id(request, 1), &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

typedef struct {
    const char *outcome, *note;
} Resolution;

static const KcBindField resolution_fields[] = {
    {"outcome", KC_BIND_TEXT, G_STRUCT_OFFSET(Resolution, outcome), KC_BIND_REQUIRED},
    {"note", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Resolution, note), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_pause_resolution(KcHttpRequest *request)
{
    Resolution body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcPauseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, resolution_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_resolve_pause(request->app, request->caller.principal, kc_http_request_id(request, 0),
                              kc_http_request_id(request, 1), body.outcome, body.note, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}

KcHttpReply *
kc_get_pauses(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_pauses(request->app, request->caller.principal, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, kc_json_pause));
}
