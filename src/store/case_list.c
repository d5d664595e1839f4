/* Lists of cases: search, the queue, counts. Every filter is a parameter that may be NULL, so that the SQL is fixed. */
#include "src/store/case_row.h"
#include "src/store/case_store.h"

#include <string.h>

#define MAX_PAGE 200

#define SEARCH_SQL                                                                                                     \
    "SELECT " KC_CASE_COLUMNS " FROM cases WHERE "                                                                     \
    "(?1 IS NULL OR state IN (SELECT value FROM json_each(?1))) AND "                                                  \
    "(?2 IS NULL OR county IN (SELECT value FROM json_each(?2))) AND "                                                 \
    "(?3 IS NULL OR officer_id = ?3) AND "                                                                             \
    "created_us >= ?4 AND created_us < ?5 AND "                                                                        \
    "(created_us, id) < (?6, ?7) AND "                                                                                 \
    "(?8 IS NULL OR number LIKE ?8 ESCAPE '\\' OR "                                                                    \
    " id IN (SELECT case_id FROM parties WHERE plate_index = ?9 OR phone_index = ?10)) "                               \
    "ORDER BY created_us DESC, id DESC LIMIT ?11"

/* A cursor is "created_us.id" of the last row of a page. */
static char *
cursor_of(const KcCaseRow *row)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ".%s", row->created_us, row->id);
}

/* A malformed cursor stands before every row: an empty page. */
static void
bind_cursor(KcQuery *query, const char *cursor)
{
    char *rest = NULL;
    if (cursor == NULL) {
        kc_bind_int(query, G_MAXINT64);
        kc_bind_text(query, "");
        return;
    }
    gint64 at_us = g_ascii_strtoll(cursor, &rest, 10);
    gboolean good = rest != cursor && *rest == '.';
    kc_bind_int(query, good ? at_us : G_MININT64);
    kc_bind_text(query, good ? rest + 1 : "");
}

/* "%q%" with LIKE's own characters taken literally. */
static char *
like_pattern(const char *q)
{
    GString *pattern = g_string_new("%");
    for (const char *p = q; *p != '\0'; p++) {
        if (strchr("%_\\", *p) != NULL)
            g_string_append_c(pattern, '\\');
        g_string_append_c(pattern, *p);
    }
    return g_string_free(g_string_append_c(pattern, '%'), FALSE);
}

GPtrArray *
kc_case_store_list(KcTx *tx, const KcCaseFilter *filter, char **ret_cursor, GError **error)
{
    gboolean any_q = filter->q == NULL || *filter->q == '\0';
    guint limit = CLAMP(filter->limit, 1, MAX_PAGE);
    g_autofree char *pattern = any_q ? NULL : like_pattern(filter->q);
    g_autofree char *plate = any_q ? NULL : kc_keyring_blind_index(tx->keyring, "plate", filter->q);
    g_autofree char *phone = any_q ? NULL : kc_keyring_blind_index(tx->keyring, "phone", filter->q);
    *ret_cursor = NULL;

    g_autoptr(KcQuery) query = kc_query_new(tx, SEARCH_SQL, error);
    if (query == NULL)
        return NULL;
    kc_bind_strv(query, filter->states);
    kc_bind_strv(query, filter->counties);
    kc_bind_text(query, filter->officer_id);
    kc_bind_int(query, filter->from_us);
    kc_bind_int(query, filter->to_us == 0 ? G_MAXINT64 : filter->to_us);
    bind_cursor(query, filter->cursor);
    kc_bind_text(query, pattern);
    kc_bind_text(query, plate);
    kc_bind_text(query, phone);
    kc_bind_int(query, (gint64)limit + 1); /* one more tells whether there is a next page */
    g_autoptr(GPtrArray) rows = kc_query_all(tx, query, kc_case_row_read, (GDestroyNotify)kc_case_row_free, error);
    if (rows == NULL)
        return NULL;
    if (rows->len > limit) {
        g_ptr_array_set_size(rows, (gint)limit);
        *ret_cursor = cursor_of(g_ptr_array_index(rows, limit - 1));
    }
    return g_steal_pointer(&rows);
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
