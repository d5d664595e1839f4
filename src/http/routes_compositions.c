/* One video of a case's recordings: asked for, followed, watched, taken away. */
#include "src/app/compositions.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
composition_of(gconstpointer item)
{
    const KcCompositionView *view = item;
    const KcComposition *composition = view->composition;
    gboolean done = g_str_equal(view->state, "done"), making = g_str_equal(view->state, "making");
    g_autofree char *url =
        g_strdup_printf("/api/v1/cases/%s/compositions/%s/media", composition->case_id, composition->id);
    json_t *root = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", composition->id, "state", view->state, "reason",
        kc_json_text_or_null(composition->reason), "asked_by", kc_json_text_or_null(view->asked_by), "asked_at",
        kc_json_time_or_null(composition->asked_us), "started_at", kc_json_time_or_null(composition->started_us),
        "ended_at", kc_json_time_or_null(composition->ended_us));
    json_object_set_new(root, "permille", making ? json_integer(view->permille) : json_null());
    json_object_set_new(root, "ahead", g_str_equal(view->state, "queued") ? json_integer(view->ahead) : json_null());
    json_object_set_new(root, "duration_ms", done ? json_integer(view->duration_ms) : json_null());
    json_object_set_new(root, "bytes", done ? json_integer(view->bytes) : json_null());
    json_object_set_new(root, "sha256", kc_json_text_or_null(view->sha256));
    json_object_set_new(root, "sources", done ? json_integer(view->sources) : json_null());
    json_object_set_new(root, "url", done ? json_string(url) : json_null());
    return root;
}

/* Nothing can be chosen. */
static const KcBindField no_fields[] = {{NULL}};

KcHttpReply *
kc_post_composition(KcHttpRequest *request)
{
    const char *case_id = kc_http_request_id(request, 0);
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCompositionView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, no_fields, NULL, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_ask_composition(request->app, request->caller.principal, case_id, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_ACCEPTED, json_pack("{s:o}", "composition", composition_of(view)));
}

KcHttpReply *
kc_get_compositions(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_compositions(request->app, request->caller.principal, kc_http_request_id(request, 0), &views,
                                  &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, composition_of));
}

KcHttpReply *
kc_delete_composition(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_remove_composition(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                   kc_http_request_id(request, 1), &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

KcHttpReply *
kc_get_composition_media(KcHttpRequest *request)
{
    KcObjectReader *reader = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_open_composition(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                 kc_http_request_id(request, 1), &reader, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_object(request, reader);
}
