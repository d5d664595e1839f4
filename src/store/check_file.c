/* What SQLite itself finds, and whether the schema is the one that the migrations make: a trigger that is gone is
 * damage. */
#include "src/store/check.h"
#include "src/store/migrations.h"
#include "src/store/sql.h"

#include <stdarg.h>
#include <string.h>

void
kc_check_found(KcStoreCheck *check, KcDamage finding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    finding.text = text;
    check->found(&finding, check->user_data);
}

/* ---- For the checks ---- */

gboolean
kc_check_has_table(KcTx *tx, const char *name, gboolean *ret_has, GError **error)
{
    gint64 count = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM main.sqlite_schema WHERE name = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, name);
    if (!kc_query_number(query, &count, error))
        return FALSE;
    *ret_has = count > 0;
    return TRUE;
}

static gboolean
check_rule(KcTx *tx, KcStoreCheck *check, const KcCheckRule *rule, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, rule->sql, error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *row = kc_take_text(query);
        g_autofree char *case_id = kc_take_text(query);
        kc_check_found(
            check, (KcDamage){.kind = rule->kind, .table = rule->table, .row = row, .case_id = case_id, .chunk = -1},
            "%s%s of %s %s", row != NULL ? "row " : "a row", row != NULL ? row : "", rule->table, rule->words);
    }
    return step == KC_STEP_DONE;
}

gboolean
kc_check_rules(KcTx *tx, KcStoreCheck *check, const KcCheckRule *rules, guint count, GError **error)
{
    for (guint i = 0; i < count; i++)
        if (!check_rule(tx, check, &rules[i], error))
            return FALSE;
    return TRUE;
}

/* ---- File ---- */

/* SQL that names a row of the table; "?" stands for what is not there of its key. */
static char *
key_sql(KcTx *tx, const char *table, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT coalesce(group_concat('coalesce(\"' || replace(name, '\"', '\"\"') || '\", ''?'')', "
                     "' || ''/'' || '), 'rowid') FROM (SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk)",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, table);
    return kc_query_step(query, error) == KC_STEP_ROW ? kc_take_text(query) : NULL;
}

static gboolean
report_lacking(KcTx *tx, KcStoreCheck *check, const char *table, const char *column, GError **error)
{
    g_autofree char *key = key_sql(tx, table, error);
    if (key == NULL)
        return FALSE;
    char *sql = sqlite3_mprintf("SELECT %s FROM main.\"%w\" WHERE NOT " KC_IS_THERE("\"%w\""), key, table, column);
    g_autoptr(KcQuery) query = kc_query_new(tx, g_intern_string(sql), error);
    sqlite3_free(sql);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *row = kc_take_text(query);
        kc_check_found(check, (KcDamage){.kind = "row", .table = table, .row = row, .chunk = -1},
                       "row %s of %s has no %s, which every row has", row, table, column);
    }
    return step == KC_STEP_DONE;
}

#define LACKING "NULL value in "

/* SQLite says of which table and column (each "table.column"), and not of which row. */
static gboolean
report_all_lacking(KcTx *tx, KcStoreCheck *check, const GPtrArray *columns, GError **error)
{
    for (guint i = 0; i < columns->len; i++) {
        const char *name = columns->pdata[i], *dot = strrchr(name, '.');
        g_autofree char *table = dot != NULL ? g_strndup(name, (gsize)(dot - name)) : NULL;
        if (table != NULL && !report_lacking(tx, check, table, dot + 1, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_integrity(KcTx *tx, KcStoreCheck *check, GError **error)
{
    g_autoptr(GPtrArray) lacking = g_ptr_array_new_with_free_func(g_free); /* each once */
    g_autoptr(KcQuery) query = kc_query_new(tx, "PRAGMA integrity_check(1000)", error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *text = kc_take_text(query);
        if (g_strcmp0(text, "ok") == 0)
            continue;
        kc_check_found(check, (KcDamage){.kind = "file", .chunk = -1}, "the database file is damaged: %s", text);
        const char *column = g_str_has_prefix(text, LACKING) ? text + strlen(LACKING) : NULL;
        if (column != NULL && !g_ptr_array_find_with_equal_func(lacking, column, g_str_equal, NULL))
            g_ptr_array_add(lacking, g_strdup(column));
    }
    return step == KC_STEP_DONE && report_all_lacking(tx, check, lacking, error);
}

static gboolean
check_references(KcTx *tx, KcStoreCheck *check, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT \"table\", coalesce(rowid, ''), parent FROM pragma_foreign_key_check", error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *table = kc_take_text(query);
        g_autofree char *row = kc_take_text(query);
        g_autofree char *parent = kc_take_text(query);
        kc_check_found(check, (KcDamage){.kind = "reference", .table = table, .row = row, .chunk = -1},
                       "a row of %s (rowid %s) refers to a row of %s that is not there", table, row, parent);
    }
    return step == KC_STEP_DONE;
}

gboolean
kc_check_file(KcTx *tx, gpointer check, GError **error)
{
    return check_integrity(tx, check, error) && check_references(tx, check, error);
}

/* ---- Schema ---- */

/* "type name" -> SQL, the table that it is of, and of which types these are, as a text is not what a BLOB of the same
 * bytes is; of everything but statistics. An index that a key brings along has no SQL. */
static GHashTable *
read_schema(sqlite3 *db, GError **error)
{
    g_autoptr(GHashTable) schema = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sqlite3_stmt *stmt = NULL;
    int step = SQLITE_ERROR;
    if (sqlite3_prepare_v2(
            db,
            "SELECT type || ' ' || name, coalesce(sql, '') || ' ON ' || tbl_name || ' ' || typeof(type) || ' ' || "
            "typeof(name) || ' ' || typeof(tbl_name) || ' ' || typeof(sql) FROM sqlite_schema "
            "WHERE name NOT GLOB 'sqlite_stat[0-9]'",
            -1, &stmt, NULL) == SQLITE_OK)
        while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
            g_hash_table_insert(schema, g_strdup((const char *)sqlite3_column_text(stmt, 0)),
                                g_strdup((const char *)sqlite3_column_text(stmt, 1)));
    if (step != SQLITE_DONE)
        kc_sql_set_error(db, error);
    sqlite3_finalize(stmt);
    return step == SQLITE_DONE ? g_steal_pointer(&schema) : NULL;
}

/* What a database has that was just made. */
static GHashTable *
expected_schema(GError **error)
{
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    sqlite3 *db = NULL;
    GHashTable *schema = NULL;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        kc_sql_set_error(db, error);
    else if (kc_migrations_run(db, ":memory:", migrations, error))
        schema = read_schema(db, error);
    sqlite3_close(db);
    return schema;
}

static void
compare_schemas(KcStoreCheck *check, GHashTable *expected, GHashTable *actual)
{
    GHashTableIter iter;
    gpointer name, sql;
    g_hash_table_iter_init(&iter, expected);
    while (g_hash_table_iter_next(&iter, &name, &sql)) {
        const KcDamage finding = {.kind = "schema", .table = name, .chunk = -1};
        if (!g_hash_table_contains(actual, name))
            kc_check_found(check, finding, "the %s of the database is missing", (char *)name);
        else if (g_strcmp0(sql, g_hash_table_lookup(actual, name)) != 0)
            kc_check_found(check, finding, "the %s of the database was changed", (char *)name);
    }
    g_hash_table_iter_init(&iter, actual);
    while (g_hash_table_iter_next(&iter, &name, &sql))
        if (!g_hash_table_contains(expected, name))
            kc_check_found(check, (KcDamage){.kind = "schema", .table = name, .chunk = -1},
                           "the %s does not belong into the database", (char *)name);
}

gboolean
kc_check_schema(KcTx *tx, gpointer check, GError **error)
{
    g_autoptr(GHashTable) expected = expected_schema(error);
    g_autoptr(GHashTable) actual = expected != NULL ? read_schema(kc_connection_db(tx->connection), error) : NULL;
    if (actual == NULL)
        return FALSE;
    compare_schemas(check, expected, actual);
    return TRUE;
}
