#include "src/app/seats.h"
#include "src/domain/local_time.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
case_of(const KcSeatView *view)
{
    if (view->case_id == NULL)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:o}", "id", view->case_id, "number", view->case_number, "state",
                     view->case_state, "claimed_at", kc_json_time_or_null(view->claimed_us));
}

static json_t *
seat_of(gconstpointer item)
{
    const KcSeatView *view = item;
    json_t *counties = json_array();
    for (gsize i = 0; view->counties != NULL && view->counties[i] != NULL; i++)
        json_array_append_new(counties, json_string(view->counties[i]));
    return json_pack("{s:{s:s, s:s, s:o}, s:s, s:o, s:s, s:o, s:o, s:o, s:b, s:o}", "user", "id", view->user_id, "name",
                     view->name, "badge_number", kc_json_text_or_null(view->badge_number), "role",
                     kc_role_to_string(view->role), "counties", counties, "status",
                     kc_seat_status_to_string(view->status), "said",
                     view->has_said ? json_string(kc_seat_status_to_string(view->said)) : json_null(), "since",
                     kc_json_time_or_null(view->since_us), "last_seen_at", kc_json_time_or_null(view->seen_us),
                     "in_call", view->in_call, "case", case_of(view));
}

KcHttpReply *
kc_get_seats(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_seats(request->app, request->caller.principal, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, seat_of));
}

typedef struct {
    int status;
} NewStatus;

/* In the order of KcSeatStatus. */
static const char *const statuses[] = {"away", "free", "busy", NULL};

static const KcBindField status_fields[] = {
    {"status", KC_BIND_CHOICE, G_STRUCT_OFFSET(NewStatus, status), KC_BIND_REQUIRED, .choices = statuses},
    {NULL},
};

KcHttpReply *
kc_put_own_seat(KcHttpRequest *request)
{
    NewStatus body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcSeatView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, status_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_set_seat(request->app, request->caller.principal, (KcSeatStatus)body.status, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:o}", "seat", seat_of(view)));
}

static json_t *
spread_of(const KcSpread *spread, gint64 target_s)
{
    gboolean any = spread->count > 0;
    return json_pack("{s:I, s:I, s:I, s:o, s:o}", "target_s", (json_int_t)target_s, "count", (json_int_t)spread->count,
                     "within_target", (json_int_t)spread->within, "median_s",
                     any ? json_integer(spread->median_s) : json_null(), "p90_s",
                     any ? json_integer(spread->p90_s) : json_null());
}

KcHttpReply *
kc_get_desk_day(KcHttpRequest *request)
{
    g_auto(KcDeskDay) day = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_desk_today(request->app, request->caller.principal, &day, &result, &error))
        return kc_outcome_reply(request, &result, error);
    const KcDeskPolicy *policy = kc_rules_desk(kc_app_rules(request->app));
    return kc_http_reply_json(
        MHD_HTTP_OK,
        json_pack("{s:s, s:I, s:I, s:o, s:o, s:o}", "day", day.day, "waiting", (json_int_t)day.waiting,
                  "longest_wait_s", (json_int_t)day.longest_wait_s, "answer", spread_of(&day.answer, policy->answer_s),
                  "clear", spread_of(&day.clear, policy->clear_s), "close", spread_of(&day.close, policy->close_s)));
}
