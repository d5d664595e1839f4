#include "src/store/row_counts.h"
#include "src/store/check.h"
#include "src/store/state_bind.h"

static const char *const counted[KC_COUNTED_TABLES] = {"events", "idempotency", "log_checkpoints", "sessions"};

/* ---- Noting ---- */

/* kc_count(table, rows more) */
static void
sql_count(sqlite3_context *context, int argc G_GNUC_UNUSED, sqlite3_value **argv)
{
    KcRowChanges *changes = sqlite3_user_data(context);
    changes->more[sqlite3_value_int(argv[0])] += sqlite3_value_int64(argv[1]);
    sqlite3_result_null(context);
}

gboolean
kc_row_counts_watch(KcConnection *connection, KcRowChanges *changes, GError **error)
{
    sqlite3_create_function_v2(kc_connection_db(connection), "kc_count", 2, SQLITE_UTF8 | SQLITE_INNOCUOUS, changes, sql_count,
                               NULL, NULL, NULL);
    for (guint i = 0; i < KC_COUNTED_TABLES; i++) {
        g_autofree char *sql = g_strdup_printf(
            "CREATE TEMP TRIGGER count_insert_%1$s AFTER INSERT ON main.%1$s BEGIN SELECT kc_count(%2$u, 1); END;"
            "CREATE TEMP TRIGGER count_delete_%1$s AFTER DELETE ON main.%1$s BEGIN SELECT kc_count(%2$u, -1); END;",
            counted[i], i);
        if (!kc_connection_exec(connection, sql, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- The counts ---- */

static char *
place_of(const char *table, gint64 rows)
{
    return g_strdup_printf("%s/%" G_GINT64_FORMAT, table, rows);
}

/* `*ret_rows` is -1 if there is none. */
static gboolean
read_count(KcTx *tx, const char *table, gint64 *ret_rows, GBytes **ret_seal, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT rows, seal FROM row_counts WHERE tbl = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, table);
    KcStep step = kc_query_step(query, error);
    *ret_rows = step == KC_STEP_ROW ? kc_take_int(query) : -1;
    *ret_seal = step == KC_STEP_ROW ? kc_take_bytes(query) : NULL;
    return step != KC_STEP_ERROR;
}

/* More were taken away than were counted, if it was tampered with before: the count ends at 0, and is not what there is. */
static gboolean
put_count(KcTx *tx, const char *table, gint64 rows, GError **error)
{
    gint64 kept = MAX(rows, 0);
    g_autofree char *place = place_of(table, kept);
    g_autoptr(GBytes) seal = kc_keyring_seal(tx->keyring, "row_counts", "seal", place, "", 0);
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO row_counts (tbl, rows, seal) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET rows = "
                     "excluded.rows, seal = excluded.seal",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, table);
    kc_bind_int(query, kept);
    kc_bind_bytes(query, seal);
    return kc_query_run(query, NULL, error);
}

static gboolean
is_sealed(KcTx *tx, const char *table, gint64 rows, GBytes *seal)
{
    g_autofree char *place = place_of(table, rows);
    g_autoptr(GBytes) nothing =
        seal != NULL ? kc_keyring_unseal(tx->keyring, "row_counts", "seal", place, seal, NULL) : NULL;
    return nothing != NULL;
}

/* What was changed past the service is not sealed anew. */
static gboolean
settle_table(KcTx *tx, const char *table, gint64 more, GError **error)
{
    gint64 rows;
    g_autoptr(GBytes) seal = NULL;
    if (!read_count(tx, table, &rows, &seal, error))
        return FALSE;
    return rows < 0 || !is_sealed(tx, table, rows, seal) || put_count(tx, table, rows + more, error);
}

gboolean
kc_row_counts_settle(KcTx *tx, const KcRowChanges *changes, GError **error)
{
    for (guint i = 0; i < KC_COUNTED_TABLES; i++)
        if (changes->more[i] != 0 && !settle_table(tx, counted[i], changes->more[i], error))
            return FALSE;
    return TRUE;
}

static gboolean
count_rows(KcTx *tx, const char *table, gint64 *ret_rows, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", table);
    g_autoptr(KcQuery) query = kc_query_new(tx, g_intern_string(sql), error);
    return query != NULL && kc_query_number(query, ret_rows, error);
}

gboolean
kc_row_counts_begin(KcTx *tx, GError **error)
{
    for (guint i = 0; i < KC_COUNTED_TABLES; i++) {
        gint64 rows;
        if (!count_rows(tx, counted[i], &rows, error) || !put_count(tx, counted[i], rows, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- The check ---- */

static gboolean
check_table(KcTx *tx, KcStoreCheck *check, const char *table, GError **error)
{
    gint64 kept, rows;
    g_autoptr(GBytes) seal = NULL;
    if (!read_count(tx, table, &kept, &seal, error) || !count_rows(tx, table, &rows, error))
        return FALSE;
    if (kept < 0 || !is_sealed(tx, table, kept, seal))
        kc_check_found(check, (KcDamage){.kind = "count", .table = "row_counts", .row = table, .chunk = -1},
                       "how many rows %s has %s", table, kept < 0 ? "is not kept any more" : "was changed past the service");
    else if (kept != rows)
        kc_check_found(check, (KcDamage){.kind = "count", .table = table, .chunk = -1},
                       "%s has %" G_GINT64_FORMAT " rows, and the service left it with %" G_GINT64_FORMAT
                       ": some were taken away or put there past it",
                       table, rows, kept);
    return TRUE;
}

static gboolean
check_others(KcTx *tx, KcStoreCheck *check, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT tbl FROM row_counts ORDER BY tbl", error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *table = kc_take_text(query);
        gboolean known = FALSE;
        for (guint i = 0; i < KC_COUNTED_TABLES; i++)
            known = known || g_strcmp0(table, counted[i]) == 0;
        if (!known)
            kc_check_found(check, (KcDamage){.kind = "count", .table = "row_counts", .row = table, .chunk = -1},
                           "row_counts has a row %s that the service did not put there", table);
    }
    return step == KC_STEP_DONE;
}

gboolean
kc_check_counts(KcTx *tx, gpointer check, GError **error)
{
    gboolean bound;
    if (!kc_state_is_bound(tx, &bound, error))
        return FALSE;
    for (guint i = 0; bound && i < KC_COUNTED_TABLES; i++)
        if (!check_table(tx, check, counted[i], error))
            return FALSE;
    return check_others(tx, check, error);
}
