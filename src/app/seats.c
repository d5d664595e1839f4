/* Invariant: a seat's status is worked out when it is looked at, from what was said, what was seen and what is in hand,
 * so that no crash leaves anybody "free" or "busy". */
#include "src/app/seats.h"

#include "src/app/internal.h"
#include "src/domain/local_time.h"
#include "src/store/case_store.h"
#include "src/store/seat_store.h"
#include "src/store/user_store.h"

void
kc_seat_view_free(KcSeatView *view)
{
    if (view == NULL)
        return;
    g_free(view->user_id);
    g_free(view->name);
    g_free(view->badge_number);
    g_strfreev(view->counties);
    g_free(view->case_id);
    g_free(view->case_number);
    g_free(view->case_state);
    g_free(view);
}

/* ---- a seat as it is now ---- */

static const KcSeatRow *
said_by(const GPtrArray *said, const char *user_id)
{
    for (guint i = 0; i < said->len; i++) {
        const KcSeatRow *row = said->pdata[i];
        if (strcmp(row->user_id, user_id) == 0)
            return row;
    }
    return NULL;
}

static const KcHeldCase *
held_by(const GPtrArray *held, const char *user_id)
{
    for (guint i = 0; i < held->len; i++) {
        const KcHeldCase *one = held->pdata[i];
        if (strcmp(one->user_id, user_id) == 0)
            return one;
    }
    return NULL;
}

static const KcLeg *
leg_of(const GPtrArray *legs, const char *user_id)
{
    for (guint i = 0; i < legs->len; i++) {
        const KcLeg *leg = legs->pdata[i];
        if (strcmp(leg->kind, "user") == 0 && strcmp(leg->participant_id, user_id) == 0)
            return leg;
    }
    return NULL;
}

static void
take_case(KcSeatView *view, const KcHeldCase *held)
{
    if (held == NULL)
        return;
    view->case_id = g_strdup(held->case_id);
    view->case_number = g_strdup(held->number);
    view->case_state = g_strdup(held->state);
    view->claimed_us = held->claimed_us;
}

static gint64
since_us(const KcSeatView *view, const KcSeatRow *row, const KcLeg *leg)
{
    if (view->claimed_us > 0)
        return view->claimed_us;
    if (leg != NULL)
        return leg->joined_us;
    return row != NULL && view->status == view->said ? row->said_us : view->seen_us;
}

typedef struct {
    KcApp *app;
    GPtrArray *said, *held, *legs;
} Desk;

static KcSeatView *
seat_of(const Desk *desk, const KcUser *user, KcRole role)
{
    KcApp *app = desk->app;
    const KcSeatRow *row = said_by(desk->said, user->id);
    const KcLeg *leg = leg_of(desk->legs, user->id);
    KcSeatView *view = g_new0(KcSeatView, 1);
    view->user_id = g_strdup(user->id);
    view->name = g_strdup(user->name);
    view->badge_number = g_strdup(user->badge_number);
    view->role = role;
    view->counties = g_strdupv(user->counties);
    view->has_said = row != NULL && kc_seat_status_from_string(row->said, &view->said);
    view->seen_us = kc_app_seen_us(app, user->id);
    view->in_call = leg != NULL;
    take_case(view, held_by(desk->held, user->id));
    KcSeatFacts facts = {view->has_said, view->said, view->seen_us, view->in_call || view->case_id != NULL};
    view->status = kc_seat_status(&facts, kc_rules_desk(kc_app_rules(app)), kc_app_now(app));
    view->since_us = since_us(view, row, leg);
    return view;
}

static gboolean
is_seat(const KcUser *user, KcRole *ret_role)
{
    return !user->disabled && kc_role_from_string(user->role, ret_role) && kc_role_may(*ret_role, KC_ACTION_CLAIM);
}

static gboolean
is_limited(const GStrv counties)
{
    return counties != NULL && counties[0] != NULL;
}

/* Whoever is not limited to counties has all of them. */
static gboolean
share_county(const GStrv left, const GStrv right)
{
    if (!is_limited(left) || !is_limited(right))
        return TRUE;
    for (guint i = 0; left[i] != NULL; i++) {
        if (g_strv_contains((const char *const *)right, left[i]))
            return TRUE;
    }
    return FALSE;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
    const KcSeatView *left = *(KcSeatView *const *)a, *right = *(KcSeatView *const *)b;
    int order = g_utf8_collate(left->name, right->name);
    return order != 0 ? order : strcmp(left->user_id, right->user_id);
}

GPtrArray *
kc_app_seats(KcApp *app, KcTx *tx, const GStrv counties, GError **error)
{
    g_autoptr(GPtrArray) users = kc_user_store_list(tx, error);
    g_autoptr(GPtrArray) said = users != NULL ? kc_seat_store_list(tx, error) : NULL;
    g_autoptr(GPtrArray) held = said != NULL ? kc_seat_store_held(tx, error) : NULL;
    if (held == NULL)
        return NULL;
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, NULL);
    const Desk desk = {app, said, held, legs};
    GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_seat_view_free);
    for (guint i = 0; i < users->len; i++) {
        const KcUser *user = users->pdata[i];
        KcRole role;
        if (is_seat(user, &role) && share_county(user->counties, counties))
            g_ptr_array_add(views, seat_of(&desk, user, role));
    }
    g_ptr_array_sort(views, by_name);
    return views;
}

/* ---- say, and look ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *said;
    KcSeatView *view;
    GPtrArray *views;
} Seats;

static gboolean
find_own(Seats *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) views = kc_app_seats(self->app, tx, NULL, error);
    for (guint i = 0; views != NULL && i < views->len; i++) {
        if (strcmp(((KcSeatView *)views->pdata[i])->user_id, self->who->user_id) == 0)
            self->view = g_ptr_array_steal_index(views, i--);
    }
    return views != NULL;
}

static gboolean
put_seat(KcTx *tx, gpointer data, GError **error)
{
    Seats *self = data;
    KcSeatRow row = {self->who->user_id, (char *)self->said, kc_app_now(self->app)};
    json_t *event = json_pack("{s:s, s:s}", "user_id", row.user_id, "status", row.said);
    g_clear_pointer(&self->view, kc_seat_view_free);
    return kc_seat_store_put(tx, &row, error) &&
           kc_app_emit(tx, "seat.changed", NULL, "desk", NULL, row.said_us, event, error) && find_own(self, tx, error);
}

gboolean
kc_app_set_away(KcTx *tx, const char *user_id, const char *case_id, gint64 now_us, GError **error)
{
    const KcSeatRow row = {(char *)user_id, (char *)kc_seat_status_to_string(KC_SEAT_AWAY), now_us};
    return kc_seat_store_put(tx, &row, error) &&
           kc_app_log(tx, NULL, case_id, "seat.set_away", now_us, json_pack("{s:s}", "user_id", user_id), error) &&
           kc_app_emit(tx, "seat.changed", NULL, "desk", NULL, now_us,
                       json_pack("{s:s, s:s}", "user_id", user_id, "status", row.said), error);
}

gboolean
kc_app_set_seat(KcApp *app, const KcPrincipal *who, KcSeatStatus said, KcSeatView **ret_view, KcResult *result,
                GError **error)
{
    Seats self = {.app = app, .who = who, .said = kc_seat_status_to_string(said)};
    if (!kc_app_check_role(who, KC_ACTION_SET_SEAT, result))
        return FALSE;
    if (!kc_app_write(app, put_seat, &self, result, error)) {
        kc_seat_view_free(self.view);
        return FALSE;
    }
    *ret_view = self.view;
    if (said == KC_SEAT_FREE)
        kc_app_draw_at_once(app);
    return TRUE;
}

static gboolean
list_seats(KcTx *tx, gpointer data, GError **error)
{
    Seats *self = data;
    self->views = kc_app_seats(self->app, tx, self->who->counties, error);
    return self->views != NULL;
}

gboolean
kc_app_list_seats(KcApp *app, const KcPrincipal *who, GPtrArray **ret_views, KcResult *result, GError **error)
{
    Seats self = {.app = app, .who = who};
    if (!kc_app_check_role(who, KC_ACTION_READ_SEATS, result) || !kc_app_read(app, list_seats, &self, result, error))
        return FALSE;
    *ret_views = self.views;
    return TRUE;
}

/* ---- today ---- */

void
kc_desk_day_clear(KcDeskDay *day)
{
    g_free(day->day);
    *day = (KcDeskDay){0};
}

static void
add_duration(GArray *durations, gint64 from_us, gint64 to_us)
{
    gint64 duration_us = to_us - from_us;
    if (from_us > 0 && to_us > 0 && duration_us >= 0)
        g_array_append_val(durations, duration_us);
}

static void
count_day(KcDeskDay *day, const GArray *times, const KcDeskPolicy *policy)
{
    g_autoptr(GArray) answer = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) clear = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) close = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < times->len; i++) {
        const KcCaseTimes *one = &g_array_index(times, KcCaseTimes, i);
        add_duration(answer, one->queued_us, one->claimed_us);
        add_duration(clear, one->claimed_us, one->evacuated_us);
        add_duration(close, one->queued_us > 0 ? one->queued_us : one->created_us, one->closed_us);
    }
    day->answer = kc_spread_of(answer, policy->answer_s);
    day->clear = kc_spread_of(clear, policy->clear_s);
    day->close = kc_spread_of(close, policy->close_s);
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    KcDeskDay *day;
} Today;

static gboolean
read_today(KcTx *tx, gpointer data, GError **error)
{
    Today *self = data;
    KcApp *app = self->app;
    gint64 now = kc_app_now(app);
    const char *const *counties = is_limited(self->who->counties) ? (const char *const *)self->who->counties : NULL;
    g_autoptr(GArray) times = kc_seat_store_times(tx, kc_local_midnight(now), counties, error);
    g_autoptr(GPtrArray) waiting = times != NULL ? kc_case_store_queue(tx, counties, error) : NULL;
    if (waiting == NULL)
        return FALSE;
    self->day->day = kc_local_date(now);
    self->day->waiting = waiting->len;
    if (waiting->len > 0)
        self->day->longest_wait_s = MAX(0, now - ((KcCaseRow *)waiting->pdata[0])->queued_us) / G_USEC_PER_SEC;
    count_day(self->day, times, kc_rules_desk(kc_app_rules(app)));
    return TRUE;
}

gboolean
kc_app_desk_today(KcApp *app, const KcPrincipal *who, KcDeskDay *ret_day, KcResult *result, GError **error)
{
    Today self = {app, who, ret_day};
    return kc_app_check_role(who, KC_ACTION_READ_DESK_DAY, result) &&
           kc_app_read(app, read_today, &self, result, error);
}
