#include "src/store/state_bind.h"
#include "src/store/log_store.h"
#include "src/store/state_digest.h"
#include "src/store/state_tables.h"
#include "src/store/state_watch.h"

#include <string.h>

#define ROWS_A_TURN 20000
#define CASES_A_TURN 500

void
kc_state_binding_clear(KcStateBinding *binding)
{
    g_clear_pointer(&binding->after_case, g_free);
}

gboolean
kc_state_is_bound(KcTx *tx, gboolean *ret_bound, GError **error)
{
    gint64 count = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM state_bindings WHERE schema = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, kc_store_schema_version());
    if (!kc_query_number(query, &count, error))
        return FALSE;
    *ret_bound = count > 0;
    return TRUE;
}

/* ---- Rows ---- */

static gboolean
forget_all(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM row_states", error);
    return query != NULL && kc_query_run(query, NULL, error);
}

static gboolean
store_table(KcTx *tx, const KcStateTable *table, gint64 *ret_rows, GError **error)
{
    g_autofree char *scope = kc_state_sql(table->scope, "t");
    g_autofree char *key = kc_state_key(table, "t");
    g_autofree char *digest = kc_state_digest_call(table, "t");
    g_autofree char *sql = g_strdup_printf("INSERT INTO row_states (scope, tbl, key, digest) SELECT %s, '%s', %s, %s FROM "
                                           "%s t WHERE %s IS NOT NULL",
                                           scope, table->name, key, digest, table->name, scope);
    g_autoptr(KcQuery) query = kc_query_new(tx, g_intern_string(sql), error);
    return query != NULL && kc_query_run(query, ret_rows, error);
}

static gboolean
store_rows(KcTx *tx, KcStateBinding *binding, GError **error)
{
    gint64 done = 0;
    if (binding->next_table == 0 && !forget_all(tx, error))
        return FALSE;
    while (binding->next_table < kc_n_state_tables && done < ROWS_A_TURN) {
        gint64 rows = 0;
        if (!store_table(tx, &kc_state_tables[binding->next_table++], &rows, error))
            return FALSE;
        done += rows;
    }
    return TRUE;
}

/* ---- Cases ---- */

static gboolean
tell_case(KcTx *tx, KcStateBinding *binding, const char *case_id, GError **error)
{
    guint8 state[KC_SHA256_LEN], logged[KC_SHA256_LEN];
    gboolean any;
    guint rows;
    if (!kc_state_of(tx, case_id, state, &rows, error) || !kc_state_logged(tx, case_id, logged, &any, error))
        return FALSE;
    if (any && memcmp(state, logged, sizeof state) == 0)
        return TRUE;
    binding->cases++;
    return kc_state_append(tx, case_id, KC_LOG_CASE_STATE, error);
}

static gboolean
tell_cases(KcTx *tx, KcStateBinding *binding, gboolean *ret_more, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT DISTINCT scope FROM row_states WHERE scope > ? ORDER BY scope LIMIT ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, binding->after_case != NULL ? binding->after_case : "");
    kc_bind_int(query, CASES_A_TURN);
    g_autoptr(GPtrArray) cases = kc_query_all(tx, query, kc_read_text, g_free, error);
    for (guint i = 0; cases != NULL && i < cases->len; i++)
        if (!tell_case(tx, binding, cases->pdata[i], error))
            return FALSE;
    if (cases == NULL)
        return FALSE;
    *ret_more = cases->len > 0;
    g_free(binding->after_case);
    binding->after_case = cases->len > 0 ? g_strdup(cases->pdata[cases->len - 1]) : NULL;
    return TRUE;
}

/* ---- The end ---- */

static gboolean
mark(KcTx *tx, const KcStateBinding *binding, gint64 now_us, GError **error)
{
    int schema = kc_store_schema_version();
    json_t *data = json_pack("{s:i, s:I}", "schema", schema, "cases", (json_int_t)binding->cases);
    KcLogEntry entry = {
        .at_us = now_us, .kind = (char *)KC_LOG_STATE_BOUND, .actor_kind = (char *)"system", .data = data};
    gboolean told = kc_log_store_append(tx, &entry, error);
    json_decref(data);
    g_autoptr(KcQuery) query =
        told ? kc_query_new(tx, "INSERT INTO state_bindings (schema, bound_us) VALUES (?, ?)", error) : NULL;
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, schema);
    kc_bind_int(query, now_us);
    return kc_query_run(query, NULL, error) && kc_state_watch_sum_up(tx, error);
}

gboolean
kc_state_bind_turn(KcTx *tx, KcStateBinding *binding, gint64 now_us, gboolean *ret_done, GError **error)
{
    gboolean more = TRUE;
    if (!kc_state_is_bound(tx, ret_done, error))
        return FALSE;
    if (*ret_done)
        return TRUE;
    if (binding->next_table < kc_n_state_tables)
        return store_rows(tx, binding, error);
    if (!tell_cases(tx, binding, &more, error))
        return FALSE;
    if (!more && !mark(tx, binding, now_us, error))
        return FALSE;
    *ret_done = !more;
    return TRUE;
}
