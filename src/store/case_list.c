/* Lists of cases: by state, the queue, counts. */
#include "src/store/case_row.h"
#include "src/store/case_store.h"
#include "src/store/search_store.h"

GPtrArray *
kc_case_store_list(KcTx *tx, const KcCaseFilter *filter, char **ret_cursor, GError **error)
{
    const KcSearch search = {
        .states = filter->states,
        .counties = filter->counties,
        .officer_id = filter->officer_id,
        .from_us = filter->from_us,
        .to_us = filter->to_us,
        .limit = filter->limit,
        .cursor = filter->cursor,
    };
    KcFound found;
    *ret_cursor = NULL;
    if (!kc_search_store_find(tx, &search, &found, error))
        return NULL;
    *ret_cursor = g_steal_pointer(&found.cursor);
    return found.rows;
}

GPtrArray *
kc_case_store_queue(KcTx *tx, const char *const *counties, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT " KC_CASE_COLUMNS " FROM cases WHERE state = 'waiting' AND "
                     "(?1 IS NULL OR county IS NULL OR county IN (SELECT value FROM json_each(?1))) "
                     "ORDER BY queued_us, id",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_strv(query, counties);
    return kc_query_all(tx, query, kc_case_row_read, (GDestroyNotify)kc_case_row_free, error);
}

gboolean
kc_case_store_queue_position(KcTx *tx, const char *case_id, gint64 *ret_position, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT count(*) FROM cases c JOIN cases own ON own.id = ? "
                                            "WHERE own.state = 'waiting' AND c.state = 'waiting' AND "
                                            "(c.queued_us, c.id) <= (own.queued_us, own.id)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_number(query, ret_position, error);
}

gboolean
kc_case_store_mean_wait(KcTx *tx, guint count, gint64 *ret_wait_us, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT CAST(coalesce(avg(wait), 0) AS INTEGER) FROM (SELECT max(claimed_us - queued_us, 0) AS "
                     "wait FROM cases WHERE claimed_us > 0 AND queued_us > 0 ORDER BY claimed_us DESC LIMIT ?)",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, count);
    return kc_query_number(query, ret_wait_us, error);
}

gboolean
kc_case_store_count_by_state(KcTx *tx, GHashTable **ret_counts, GError **error)
{
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT state, count(*) FROM cases GROUP BY state", error);
    *ret_counts = NULL;
    if (query == NULL)
        return FALSE;
    for (;;) {
        KcStep step = kc_query_step(query, error);
        if (step == KC_STEP_ERROR)
            return FALSE;
        if (step == KC_STEP_DONE)
            break;
        char *state = kc_take_text(query);
        g_hash_table_insert(counts, state, GINT_TO_POINTER((int)kc_take_int(query)));
    }
    *ret_counts = g_steal_pointer(&counts);
    return TRUE;
}
