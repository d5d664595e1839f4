/* Three witnesses of what a case's rows must be: the log's newest state of it, row_states, and the rows themselves. The log is
 * checked by itself (log_verify.h) and rules; where row_states is what the log says, it tells which rows are not.
 *
 *   log = row_states          each row that differs from row_states is named
 *   log = rows <> row_states  row_states was changed
 *   log <> both               the case is named, and each row in which the two differ */
#include "src/store/check.h"
#include "src/store/state_digest.h"
#include "src/store/state_tables.h"
#include "src/store/state_watch.h"

#include <string.h>

static gboolean
run(KcTx *tx, const char *sql, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    return query != NULL && kc_query_run(query, NULL, error);
}

/* ---- Gathering ---- */

/* A row without a key has an empty one here, so that it is found too; without a case it is missing from its own. */
static gboolean
find_rows(KcTx *tx, const KcStateTable *table, KcStoreCheck *check, GError **error)
{
    gint64 rows = 0;
    g_autofree char *scope = kc_state_sql(table->scope, "t");
    g_autofree char *key = kc_state_key(table, "t");
    g_autofree char *digest = kc_state_digest_call(table, "t");
    g_autofree char *sql =
        g_strdup_printf("INSERT OR REPLACE INTO temp.found (scope, tbl, key, digest) SELECT %s, '%s', coalesce(%s, ''), %s "
                        "FROM %s t WHERE " KC_IS_THERE("%s"),
                        scope, table->name, key, digest, table->name, scope);
    g_autoptr(KcQuery) query = kc_query_new(tx, g_intern_string(sql), error);
    if (query == NULL || !kc_query_run(query, &rows, error))
        return FALSE;
    check->count.rows += rows;
    return TRUE;
}

static gboolean
gather(KcTx *tx, KcStoreCheck *check, GError **error)
{
    static const char *const steps[] = {
        "DROP TABLE IF EXISTS temp.found",
        "DROP TABLE IF EXISTS temp.logged",
        "CREATE TEMP TABLE found (scope TEXT, tbl TEXT, key TEXT, digest BLOB, PRIMARY KEY (scope, tbl, key)) WITHOUT ROWID",
        "CREATE TEMP TABLE logged (scope TEXT PRIMARY KEY, seq INTEGER, state BLOB) WITHOUT ROWID",
        ("INSERT OR REPLACE INTO temp.logged SELECT coalesce(case_id, ''), max(seq), state FROM audit_log "
         "WHERE state IS NOT NULL GROUP BY case_id"),
    };
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        if (!run(tx, steps[i], error))
            return FALSE;
    for (guint i = 0; i < kc_n_state_tables; i++)
        if (!find_rows(tx, &kc_state_tables[i], check, error))
            return FALSE;
    return TRUE;
}

/* ---- One case ---- */

typedef struct {
    guint8 state[KC_SHA256_LEN];
    guint rows;
} Side;

static gboolean
hash_side(KcTx *tx, const char *sql, const char *scope, Side *ret_side, GError **error)
{
    *ret_side = (Side){0};
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    if (query == NULL)
        return FALSE;
    KcStateHash *hash = kc_state_hash_new();
    KcStep step;
    kc_bind_text(query, scope);
    for (; (step = kc_query_step(query, error)) == KC_STEP_ROW; ret_side->rows++) {
        g_autofree char *table = kc_take_text(query);
        g_autofree char *key = kc_take_text(query);
        g_autoptr(GBytes) digest = kc_take_bytes(query);
        if (table != NULL && key != NULL && digest != NULL && g_bytes_get_size(digest) == KC_SHA256_LEN)
            kc_state_hash_add(hash, table, key, g_bytes_get_data(digest, NULL));
    }
    kc_state_hash_end(hash, ret_side->state);
    return step == KC_STEP_DONE;
}

static const char *
case_of(const char *scope)
{
    return *scope != '\0' ? scope : NULL;
}

/* "a row of case …" or "of the installation" */
static char *
name_of(const char *scope)
{
    return case_of(scope) != NULL ? g_strdup_printf("case %s", scope) : g_strdup("the installation");
}

static void
report_row(KcStoreCheck *check, const char *scope, KcQuery *query)
{
    g_autofree char *table = kc_take_text(query);
    g_autofree char *key = kc_take_text(query);
    gint64 stored = kc_take_int(query), now = kc_take_int(query);
    g_autofree char *whose = name_of(scope);
    kc_check_found(check,
                   (KcDamage){.kind = "row", .table = table, .row = key, .case_id = case_of(scope), .chunk = -1},
                   "%s%s of %s, of %s, %s", *key != '\0' ? "row " : "a row without a key", key, table, whose,
                   stored == 0 ? "was put there past the service"
                   : now == 0  ? "is missing"
                               : "was changed past the service");
}

static gboolean
report_rows(KcTx *tx, KcStoreCheck *check, const char *scope, guint *ret_rows, GError **error)
{
    static const char sql[] =
        "SELECT r.tbl, r.key, 1, f.digest IS NOT NULL FROM row_states r LEFT JOIN temp.found f USING (scope, tbl, key) "
        "WHERE r.scope = ?1 AND f.digest IS NOT r.digest UNION ALL "
        "SELECT f.tbl, f.key, 0, 1 FROM temp.found f WHERE f.scope = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM row_states r WHERE r.scope = f.scope AND r.tbl = f.tbl AND r.key = f.key)";
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    KcStep step = KC_STEP_ERROR;
    *ret_rows = 0;
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, scope);
    for (; (step = kc_query_step(query, error)) == KC_STEP_ROW; (*ret_rows)++)
        report_row(check, scope, query);
    return step == KC_STEP_DONE;
}

static void
report_case(KcStoreCheck *check, const char *scope, gint64 seq, guint rows)
{
    g_autofree char *whose = name_of(scope);
    const KcDamage finding = {.kind = "state", .case_id = case_of(scope), .entry = seq, .chunk = -1};
    if (seq == 0)
        kc_check_found(check, finding, "%s has rows, and the log knows of none: they were put there past the service", whose);
    else if (rows == 0)
        kc_check_found(check, finding, "%s is gone: the log knows its rows (entry %" G_GINT64_FORMAT "), and there are none",
                       whose, seq);
    else
        kc_check_found(check, finding,
                       "the rows of %s are not those that entry %" G_GINT64_FORMAT " of the log binds, nor is row_states",
                       whose, seq);
}

static gboolean
check_scope(KcTx *tx, KcStoreCheck *check, const char *scope, gint64 seq, GBytes *logged, GError **error)
{
    Side stored, now;
    guint differing;
    const guint8 *state = logged != NULL && g_bytes_get_size(logged) == KC_SHA256_LEN ? g_bytes_get_data(logged, NULL) : NULL;
    if (!hash_side(tx, "SELECT tbl, key, digest FROM row_states WHERE scope = ? ORDER BY tbl, key", scope, &stored, error) ||
        !hash_side(tx, "SELECT tbl, key, digest FROM temp.found WHERE scope = ? ORDER BY tbl, key", scope, &now, error))
        return FALSE;
    gboolean stored_right = state != NULL && memcmp(stored.state, state, KC_SHA256_LEN) == 0;
    gboolean now_right = state != NULL && memcmp(now.state, state, KC_SHA256_LEN) == 0;
    check->count.cases += case_of(scope) != NULL;
    if (stored_right && now_right)
        return TRUE;
    if (now_right) {
        g_autofree char *whose = name_of(scope);
        kc_check_found(check, (KcDamage){.kind = "row", .table = "row_states", .case_id = case_of(scope), .chunk = -1},
                       "row_states of %s was changed past the service", whose);
        return TRUE;
    }
    if (seq == 0 && now.rows == 0) {
        kc_check_found(check, (KcDamage){.kind = "row", .table = "row_states", .chunk = -1},
                       "row_states tells of rows of '%s', of which neither the log nor any table knows", scope);
        return TRUE;
    }
    if (!report_rows(tx, check, scope, &differing, error))
        return FALSE;
    if (!stored_right)
        report_case(check, scope, state != NULL ? seq : 0, now.rows);
    return TRUE;
}

static gboolean
check_scopes(KcTx *tx, KcStoreCheck *check, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT s.scope, coalesce(l.seq, 0), l.state FROM (SELECT scope FROM temp.logged UNION SELECT scope FROM "
                     "row_states UNION SELECT scope FROM temp.found) s LEFT JOIN temp.logged l USING (scope) ORDER BY 1",
                     error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *scope = kc_take_text(query);
        gint64 seq = kc_take_int(query);
        g_autoptr(GBytes) state = kc_take_bytes(query);
        if (scope != NULL && !check_scope(tx, check, scope, seq, state, error))
            return FALSE;
    }
    return step == KC_STEP_DONE;
}

/* ---- What the service itself found, and whether it was made to bind what was there ---- */

static gboolean
check_mismatches(KcTx *tx, KcStoreCheck *check, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT seq, case_id, data_json ->> '$.table', data_json ->> '$.row' FROM "
                                            "audit_log WHERE kind = '" KC_LOG_STATE_MISMATCH "' ORDER BY seq",
                                            error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        gint64 seq = kc_take_int(query);
        g_autofree char *case_id = kc_take_text(query);
        g_autofree char *table = kc_take_text(query);
        g_autofree char *row = kc_take_text(query);
        const KcDamage mismatch = {
            .kind = "mismatch", .table = table, .row = row, .case_id = case_id, .entry = seq, .chunk = -1};
        if (table != NULL && row == NULL) {
            kc_check_found(check, mismatch,
                           "entry %" G_GINT64_FORMAT " of the log: when %s was summed up under a new schema, it was not what "
                           "the service had left",
                           seq, table);
            continue;
        }
        kc_check_found(
            check, mismatch,
            "entry %" G_GINT64_FORMAT " of the log: when %s%s%s%s was written, it was not what it had been bound as", seq,
            row != NULL ? "row " : "a row of ", row != NULL ? row : case_id != NULL ? case_id : "the installation",
            table != NULL ? " of " : "", table != NULL ? table : "");
    }
    return step == KC_STEP_DONE;
}

static gboolean
check_bindings(KcTx *tx, KcStoreCheck *check, gboolean *ret_bound, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT seq, data_json ->> '$.schema' FROM audit_log WHERE kind = '" KC_LOG_STATE_BOUND "' ORDER BY seq", error);
    gint64 last = 0, version = 0;
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        gint64 seq = kc_take_int(query), schema = kc_take_int(query);
        if (schema <= last)
            kc_check_found(check, (KcDamage){.kind = "state", .entry = seq, .chunk = -1},
                           "entry %" G_GINT64_FORMAT " of the log: all rows were bound anew, though they had been under schema "
                           "%" G_GINT64_FORMAT " already",
                           seq, last);
        last = MAX(last, schema);
    }
    g_autoptr(KcQuery) pragma = step == KC_STEP_DONE ? kc_query_new(tx, "PRAGMA user_version", error) : NULL;
    if (pragma == NULL || !kc_query_number(pragma, &version, error))
        return FALSE;
    *ret_bound = last > 0 && last >= version;
    return TRUE;
}

gboolean
kc_check_states(KcTx *tx, gpointer data, GError **error)
{
    KcStoreCheck *check = data;
    gboolean bound = FALSE;
    if (!check_bindings(tx, check, &bound, error))
        return FALSE;
    check->count.unbound = !bound;
    return !bound || (check_mismatches(tx, check, error) && gather(tx, check, error) && check_scopes(tx, check, error));
}
