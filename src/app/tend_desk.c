/* What time alone brings about at the desk.
 *
 * Invariant: a second in which nothing is due costs one read and no write. */
#include "src/app/internal.h"
#include "src/app/offers.h"
#include "src/store/seat_store.h"

typedef struct {
    KcApp *app;
    gint64 now_us;
    gboolean due; /* the read found something to do */
} Tend;

/* ---- offers that nobody answered ---- */

/* How an offer ends that nobody has answered; NULL in `*ret_outcome`: it stands. A case that was drawn or assigned and does
 * not wait any more was taken, or is gone: that is nobody's fault. */
static gboolean
end_of(const Tend *self, KcTx *tx, const KcOffer *offer, const char **ret_outcome, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    *ret_outcome = self->now_us >= offer->expires_us ? "lapsed" : NULL;
    if (offer->holder != NULL)
        return TRUE;
    if (!kc_case_store_get(tx, offer->case_id, &row, error))
        return FALSE;
    if (row == NULL || row->officer_id != NULL ||
        (strcmp(row->state, "waiting") != 0 && strcmp(row->state, "reopened") != 0))
        *ret_outcome = "withdrawn";
    return TRUE;
}

static gboolean
end_offers(Tend *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) standing = kc_offer_store_standing(tx, error);
    for (guint i = 0; standing != NULL && i < standing->len; i++) {
        const char *outcome;
        if (!end_of(self, tx, standing->pdata[i], &outcome, error) ||
            (outcome != NULL && !kc_app_end_offer(tx, NULL, standing->pdata[i], outcome, self->now_us, error)))
            return FALSE;
    }
    return standing != NULL;
}

/* ---- cases whose holder is gone ---- */

static gboolean
party_is_in_call(KcApp *app, const char *case_id)
{
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, case_id);
    for (guint i = 0; i < legs->len; i++) {
        const KcLeg *leg = legs->pdata[i];
        if (strcmp(leg->kind, "party") == 0 && leg->connected)
            return TRUE;
    }
    return FALSE;
}

/* Somebody is in the call and nobody serves them: the holder's connection and page have been silent for long. */
static gboolean
is_deserted(const Tend *self, const KcHeldCase *held)
{
    KcApp *app = self->app;
    g_autoptr(KcLeg) leg = kc_call_table_find_participant(app->calls, held->case_id, held->user_id);
    gint64 heard_us = MAX(MAX(kc_app_seen_us(app, held->user_id), held->claimed_us), app->opened_us);
    return leg == NULL && self->now_us - heard_us > kc_rules_desk(kc_app_rules(app))->gone_after_s * G_USEC_PER_SEC &&
           party_is_in_call(app, held->case_id);
}

static gboolean
return_case(Tend *self, KcTx *tx, const KcHeldCase *held, GError **error)
{
    g_auto(KcResult) result = {0};
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, held->case_id, &row, error))
        return FALSE;
    if (row == NULL || !kc_app_apply(row, KC_CASE_RELEASE, NULL, self->now_us, &result))
        return TRUE;
    g_clear_pointer(&row->officer_id, g_free);
    json_t *entry = json_pack("{s:s, s:s}", "from", held->user_id, "reason", "seat-deserted");
    return kc_app_log(tx, NULL, row->id, "case.returned", self->now_us, entry, error) &&
           kc_app_save_case(tx, row, self->now_us, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, self->now_us, NULL, error);
}

static gboolean
return_deserted(Tend *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) held = kc_seat_store_held(tx, error);
    for (guint i = 0; held != NULL && i < held->len; i++) {
        if (is_deserted(self, held->pdata[i]) && !return_case(self, tx, held->pdata[i], error))
            return FALSE;
    }
    return held != NULL;
}

/* ---- is anything due? ---- */

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Tend *self = data;
    g_autoptr(GPtrArray) standing = kc_offer_store_standing(tx, error);
    g_autoptr(GPtrArray) held = standing != NULL ? kc_seat_store_held(tx, error) : NULL;
    if (held == NULL)
        return FALSE;
    for (guint i = 0; i < standing->len && !self->due; i++) {
        const char *outcome;
        if (!end_of(self, tx, standing->pdata[i], &outcome, error))
            return FALSE;
        self->due = outcome != NULL;
    }
    for (guint i = 0; i < held->len; i++)
        self->due = self->due || is_deserted(self, held->pdata[i]);
    return TRUE;
}

static gboolean
tend(KcTx *tx, gpointer data, GError **error)
{
    return end_offers(data, tx, error) && return_deserted(data, tx, error);
}

gboolean
kc_app_tend_desk(KcApp *app, GError **error)
{
    Tend self = {.app = app, .now_us = kc_app_now(app)};
    return kc_app_watch_rules(app, error) && kc_store_read(app->store, look, &self, error) &&
           (!self.due || kc_store_write(app->store, tend, &self, error)) && kc_app_draw_cases(app, error);
}
