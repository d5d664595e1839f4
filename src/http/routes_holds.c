#include "src/app/holds.h"
#include "src/app/retention.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/precondition.h"
#include "src/http/routes.h"

#include <string.h>

#define DAYS_DEFAULT 30
#define DAYS_MAX 36500

static json_t *
hold_of(gconstpointer item)
{
    const KcHoldView *view = item;
    const KcHold *hold = view->hold;
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id", hold->id, "case_id", hold->case_id,
                     "case_number", view->case_number, "reason", kc_json_text_or_null(hold->reason), "legal_basis",
                     hold->legal_basis, "placed_by", kc_json_text_or_null(view->placer_name), "placed_at",
                     kc_json_time_or_null(hold->placed_us), "lifted_by", kc_json_text_or_null(view->lifter_name),
                     "lifted_at", kc_json_time_or_null(hold->lifted_us), "lift_reason",
                     kc_json_text_or_null(hold->lift_reason));
}

static KcHttpReply *
reply(unsigned status, const KcHoldView *view)
{
    KcHttpReply *reply = kc_http_reply_json(status, json_pack("{s:o}", "hold", hold_of(view)));
    g_autofree char *etag = kc_etag_of_version(view->case_version);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

typedef struct {
    const char *reason, *legal_basis;
} Words;

static const KcBindField new_fields[] = {
    {"reason", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Words, reason), KC_BIND_REQUIRED},
    {"legal_basis", KC_BIND_TEXT, G_STRUCT_OFFSET(Words, legal_basis), KC_BIND_REQUIRED},
    {NULL},
};
static const KcBindField lift_fields[] = {
    {"reason", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Words, reason), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_hold(KcHttpRequest *request)
{
    Words body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcHoldView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gint64 version;
    KcHttpReply *refused = kc_precondition_if_match(request, &version);
    if (refused != NULL)
        return refused;
    if (!kc_bind(request->json, new_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_place_hold(request->app, request->caller.principal, kc_http_request_id(request, 0), version,
                           body.reason, body.legal_basis, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_CREATED, view);
}

KcHttpReply *
kc_post_hold_lift(KcHttpRequest *request)
{
    Words body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcHoldView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gint64 version;
    KcHttpReply *refused = kc_precondition_if_match(request, &version);
    if (refused != NULL)
        return refused;
    if (!kc_bind(request->json, lift_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_lift_hold(request->app, request->caller.principal, kc_http_request_id(request, 0), version, body.reason,
                          &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}

static KcHttpReply *
list(KcHttpRequest *request, const char *case_id)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_holds(request->app, request->caller.principal, case_id, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, hold_of));
}

KcHttpReply *
kc_get_case_holds(KcHttpRequest *request)
{
    return list(request, kc_http_request_id(request, 0));
}

KcHttpReply *
kc_get_holds(KcHttpRequest *request)
{
    return list(request, NULL);
}

/* ---- Retention ---- */

static json_t *
item_of(gconstpointer data)
{
    const KcRetentionItem *item = data;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s}", "case_id", item->case_id, "case_number",
                     item->case_number, "case_state", item->case_state, "what", kc_retained_to_string(item->what),
                     "state", kc_retention_state_to_string(item->state), "at", kc_json_time_or_null(item->at_us),
                     "rule", item->rule, "legal_basis", item->legal_basis, "title_zh", item->title_zh, "title_en",
                     item->title_en);
}

static KcHttpReply *
as_csv(const GPtrArray *items)
{
    g_autofree char *csv = kc_retention_csv(items);
    KcHttpReply *reply = kc_http_reply_text(MHD_HTTP_OK, "text/csv; charset=utf-8", csv);
    kc_http_reply_header(reply, "Content-Disposition", "attachment; filename=\"retention.csv\"");
    return reply;
}

KcHttpReply *
kc_get_retention(KcHttpRequest *request)
{
    const char *days_text = kc_http_request_query(request, "days"), *format = kc_http_request_query(request, "format");
    guint64 days = DAYS_DEFAULT;
    gboolean more = FALSE, csv = g_strcmp0(format, "csv") == 0;
    g_autoptr(GPtrArray) items = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (days_text != NULL && !g_ascii_string_to_unsigned(days_text, 10, 0, DAYS_MAX, &days, NULL))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "malformed", "days is a whole number from 0 to 36500.");
    if (format != NULL && !csv && strcmp(format, "json") != 0)
        return kc_problem(MHD_HTTP_BAD_REQUEST, "malformed", "format is json or csv.");
    if (!kc_app_preview_retention(request->app, request->caller.principal, (guint)days, &items, &more, &result, &error))
        return kc_outcome_reply(request, &result, error);
    if (csv)
        return as_csv(items);
    json_t *root = kc_json_items(items, item_of);
    json_object_set_new(root, "more", json_boolean(more));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}
