/* What time alone brings about. */
#include "src/app/internal.h"
#include "src/app/reader_shelf.h"
#include "src/app/reports.h"
#include "src/app/retention.h"
#include "src/app/reindex.h"
#include "src/app/samples.h"
#include "src/store/session_store.h"

#define IDEMPOTENCY_US (24 * G_TIME_SPAN_HOUR)
#define EVENTS_US (48 * G_TIME_SPAN_HOUR)
#define LOOKS_US (72 * G_TIME_SPAN_HOUR)
#define CASES_A_TURN 200
#define INDEXING_US (5 * G_TIME_SPAN_SECOND) /* of a minute, while cases of an earlier version lack an index */

static gboolean
prune(KcTx *tx, gpointer data, GError **error)
{
    gint64 now = kc_app_now(data);
    return kc_idempotency_store_prune(tx, now - IDEMPOTENCY_US, error) &&
           kc_event_store_prune(tx, now - EVENTS_US, error) && kc_session_store_prune(tx, now, error);
}

/* When anything was last heard of anybody in the case. */
static gboolean
last_sign(KcApp *app, KcTx *tx, const KcCaseRow *row, gint64 *ret_us, GError **error)
{
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    if (parties == NULL)
        return FALSE;
    *ret_us = row->updated_us;
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        *ret_us = MAX(*ret_us, MAX(party->last_seen_us, kc_app_seen_us(app, party->id)));
    }
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, row->id);
    if (legs->len > 0)
        *ret_us = kc_app_now(app);
    return TRUE;
}

static gboolean
age_case(KcApp *app, KcTx *tx, KcCaseRow *row, gint64 now, GError **error)
{
    const KcAbortedRule *rule = kc_rules_aborted(kc_app_rules_of(app, row));
    gboolean abandoned = strcmp(row->state, "abandoned") == 0;
    gint64 heard_us;
    if (!last_sign(app, tx, row, &heard_us, error))
        return FALSE;
    if (now - heard_us < (abandoned ? rule->expires_after_us : rule->abandoned_after_us))
        return TRUE;
    if (abandoned && kc_app_is_late_report(row)) /* it waits for the police, not for the party */
        return TRUE;
    g_auto(KcResult) result = {0};
    if (!kc_app_apply(row, abandoned ? KC_CASE_EXPIRE : KC_CASE_ABANDON, NULL, now, &result))
        return TRUE;
    return kc_app_log(tx, NULL, row->id, abandoned ? "case.expired" : "case.abandoned", now, NULL, error) &&
           kc_app_save_case(tx, row, now, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, now, NULL, error);
}

static gboolean
age_cases(KcTx *tx, gpointer data, GError **error)
{
    static const char *const states[] = {"triaged", "waiting", "in_call", "evidence_fixed", "abandoned", NULL};
    KcApp *app = data;
    gint64 now = kc_app_now(app);
    const KcAbortedRule *rule = kc_rules_aborted(kc_app_rules(app)); /* only to look at no more than must be */
    gint64 quiet_us = MIN(rule->abandoned_after_us, rule->expires_after_us);
    KcCaseFilter filter = {.states = states, .limit = CASES_A_TURN, .to_us = now - quiet_us};
    g_autofree char *cursor = NULL;
    g_autoptr(GPtrArray) rows = kc_case_store_list(tx, &filter, &cursor, error);
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        if (!age_case(app, tx, rows->pdata[i], now, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_old(gpointer key, gpointer value, gpointer data)
{
    return *(gint64 *)value < *(gint64 *)data;
}

/* ---- What is to be done ---- */

typedef gboolean (*Chore)(KcApp *app, GError **error);

static gboolean
forget_old(KcApp *app, GError **error)
{
    return kc_store_write(app->store, prune, app, error);
}

static gboolean
end_old_cases(KcApp *app, GError **error)
{
    return kc_store_write(app->store, age_cases, app, error);
}

static gboolean
minimise(KcApp *app, GError **error)
{
    return kc_store_write(app->store, kc_app_minimise_expired, app, error);
}

static gboolean
retain(KcApp *app, GError **error)
{
    return kc_app_run_retention(app, NULL, error);
}

static gboolean
index_lacking(KcApp *app, GError **error)
{
    return kc_app_reindex(app, g_get_monotonic_time() + INDEXING_US, NULL, NULL, error);
}

static void
forget_looks(KcApp *app)
{
    gint64 old = kc_app_now(app) - LOOKS_US;
    g_mutex_lock(&app->lock);
    g_hash_table_foreach_remove(app->recent_looks, is_old, &old);
    g_hash_table_foreach_remove(app->seen, is_old, &old);
    g_mutex_unlock(&app->lock);
}

/* A chore that fails, say on a damaged row, keeps no other from being done. */
gboolean
kc_app_housekeep(KcApp *app, GError **error)
{
    static const Chore chores[] = {forget_old, end_old_cases, minimise,      kc_app_tend_reports, kc_app_draw_samples,
                                   retain,     index_lacking};
    GError *first = NULL;
    forget_looks(app);
    kc_app_sweep_readers(app, FALSE);
    kc_app_recover_again(app);
    for (guint i = 0; i < G_N_ELEMENTS(chores); i++) {
        g_autoptr(GError) local = NULL;
        if (chores[i](app, &local))
            continue;
        if (first != NULL)
            g_warning("housekeeping: %s", local->message);
        else
            first = g_steal_pointer(&local);
    }
    if (first != NULL)
        g_propagate_error(error, first);
    return first == NULL;
}
