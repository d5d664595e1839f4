#include "src/store/seat_store.h"
#include "src/store/sql.h"

void
kc_seat_row_free(KcSeatRow *row)
{
    if (row == NULL)
        return;
    g_free(row->user_id);
    g_free(row->said);
    g_free(row);
}

static gpointer
read_seat(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcSeatRow *row = g_new0(KcSeatRow, 1);
    row->user_id = kc_take_text(query);
    row->said = kc_take_text(query);
    row->said_us = kc_take_int(query);
    return row;
}

gboolean
kc_seat_store_put(KcTx *tx, const KcSeatRow *row, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO seats (user_id, said, said_us) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET "
                     "said = excluded.said, said_us = excluded.said_us",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, row->user_id);
    kc_bind_text(query, row->said);
    kc_bind_int(query, row->said_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_seat_store_delete(KcTx *tx, const char *user_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM seats WHERE user_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, user_id);
    return kc_query_run(query, NULL, error);
}

GPtrArray *
kc_seat_store_list(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT user_id, said, said_us FROM seats", error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_seat, (GDestroyNotify)kc_seat_row_free, error);
}

void
kc_held_case_free(KcHeldCase *held)
{
    if (held == NULL)
        return;
    g_free(held->user_id);
    g_free(held->case_id);
    g_free(held->number);
    g_free(held->state);
    g_free(held);
}

static gpointer
read_held(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcHeldCase *held = g_new0(KcHeldCase, 1);
    held->user_id = kc_take_text(query);
    held->case_id = kc_take_text(query);
    held->number = kc_take_text(query);
    held->state = kc_take_text(query);
    held->claimed_us = kc_take_int(query);
    return held;
}

GPtrArray *
kc_seat_store_held(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT officer_id, id, number, state, claimed_us FROM cases WHERE state IN ('in_call', "
                     "'evidence_fixed') AND officer_id IS NOT NULL ORDER BY claimed_us DESC, id DESC",
                     error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_held, (GDestroyNotify)kc_held_case_free, error);
}

GArray *
kc_seat_store_times(KcTx *tx, gint64 since_us, const char *const *counties, GError **error)
{
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(KcCaseTimes));
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT created_us, queued_us, claimed_us, evacuated_us, closed_us FROM cases WHERE created_us >= "
                     "?1 AND (?2 IS NULL OR county IS NULL OR county IN (SELECT value FROM json_each(?2)))",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, since_us);
    kc_bind_strv(query, counties);
    KcStep step;
    while ((step = kc_query_step(query, error)) == KC_STEP_ROW) {
        KcCaseTimes times;
        times.created_us = kc_take_int(query);
        times.queued_us = kc_take_int(query);
        times.claimed_us = kc_take_int(query);
        times.evacuated_us = kc_take_int(query);
        times.closed_us = kc_take_int(query);
        g_array_append_val(list, times);
    }
    return step == KC_STEP_DONE ? g_steal_pointer(&list) : NULL;
}
