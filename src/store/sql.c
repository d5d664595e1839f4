/* Invariants:
 *  - a statement is in the connection's cache or in exactly one KcQuery, never both: a query that runs while another of
 *    the same text is open simply prepares a second statement;
 *  - a statement in the cache is reset and holds no bindings;
 *  - a text that could not be read for want of memory is an empty one, and its transaction fails. */
#include "src/store/sql.h"
#include "src/store/state_digest.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct KcConnection {
    sqlite3 *db;
    GHashTable *statements; /* sql (static) -> sqlite3_stmt */
    gboolean starved;       /* a text was not read for want of memory */
};

struct KcQuery {
    KcConnection *connection;
    sqlite3_stmt *stmt;
    const char *sql;
    int bound;
    int taken;
    GPtrArray *kept; /* texts made for bindings */
};

/* The errno that SQLite keeps is of the last call that failed, which may have been long before this error. */
static gboolean
is_full(sqlite3 *db, int code)
{
    gboolean of_the_disk = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    int reason = of_the_disk ? sqlite3_system_errno(db) : 0;
    return reason == ENOSPC || reason == EDQUOT;
}

gboolean
kc_sql_set_error(sqlite3 *db, GError **error)
{
    int code = sqlite3_extended_errcode(db);
    KcStoreError meaning = KC_STORE_ERROR_FAILED;
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID)
        meaning = KC_STORE_ERROR_CONFLICT;
    else if ((code & 0xff) == SQLITE_CONSTRAINT)
        meaning = KC_STORE_ERROR_REFUSED;
    else if ((code & 0xff) == SQLITE_FULL || is_full(db, code))
        meaning = KC_STORE_ERROR_FULL;
    else if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
        meaning = KC_STORE_ERROR_CORRUPT;
    g_set_error(error, KC_STORE_ERROR, meaning, "database: %s", sqlite3_errmsg(db));
    return FALSE;
}

/* ---- Connections ---- */

static void
finalize(gpointer stmt)
{
    sqlite3_finalize(stmt);
}

gboolean
kc_connection_exec(KcConnection *connection, const char *sql, GError **error)
{
    if (sqlite3_exec(connection->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return kc_sql_set_error(connection->db, error);
}

KcConnection *
kc_connection_open(const char *path, gboolean writable, GError **error)
{
    g_autoptr(KcConnection) connection = g_new0(KcConnection, 1);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writable ? SQLITE_OPEN_CREATE : 0);
    connection->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, finalize);
    if (sqlite3_open_v2(path, &connection->db, flags, NULL) != SQLITE_OK) {
        kc_sql_set_error(connection->db, error);
        return NULL;
    }
    sqlite3_busy_timeout(connection->db, 5000); /* another program, such as the command line's */
    sqlite3_extended_result_codes(connection->db, 1);
    kc_state_register(connection->db);
    if (!kc_connection_exec(connection,
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                            "PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;",
                            error) ||
        (!writable && !kc_connection_exec(connection, "PRAGMA query_only = ON", error)))
        return NULL;
    return g_steal_pointer(&connection);
}

/* Whoever uses a database in WAL mode has its -wal there: where there is none nobody does, and it is as good as immutable;
 * otherwise it would need a -shm to be read. */
KcConnection *
kc_connection_open_for_check(const char *path, GError **error)
{
    g_autoptr(KcConnection) connection = g_new0(KcConnection, 1);
    g_autofree char *wal = g_strconcat(path, "-wal", NULL);
    g_autofree char *escaped = g_uri_escape_string(path, "/", TRUE);
    g_autofree char *uri =
        g_strdup_printf("file:%s?%s", escaped, g_file_test(wal, G_FILE_TEST_EXISTS) ? "mode=ro" : "immutable=1");
    connection->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, finalize);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    if (sqlite3_open_v2(uri, &connection->db, flags, NULL) != SQLITE_OK) {
        kc_sql_set_error(connection->db, error);
        return NULL;
    }
    sqlite3_busy_timeout(connection->db, 5000);
    sqlite3_extended_result_codes(connection->db, 1);
    kc_state_register(connection->db);
    if (!kc_connection_exec(connection, "PRAGMA cell_size_check = ON; PRAGMA schema_version", error))
        return NULL;
    return g_steal_pointer(&connection);
}

void
kc_connection_free(KcConnection *connection)
{
    if (connection == NULL)
        return;
    g_clear_pointer(&connection->statements, g_hash_table_unref);
    sqlite3_close(connection->db);
    g_free(connection);
}

gboolean
kc_connection_check_memory(KcConnection *connection, GError **error)
{
    gboolean starved = connection->starved;
    connection->starved = FALSE;
    if (starved)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_FAILED, "database: no memory to read a text");
    return !starved;
}

sqlite3 *
kc_connection_db(KcConnection *connection)
{
    return connection->db;
}

void
kc_tx_clear(KcTx *tx)
{
    g_clear_pointer(&tx->key, kc_case_key_free);
    g_clear_pointer(&tx->key_case_id, g_free);
    g_clear_pointer(&tx->pending, g_ptr_array_unref);
}

/* ---- Queries ---- */

static sqlite3_stmt *
take_statement(KcConnection *connection, const char *sql, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    gpointer key, cached;
    if (g_hash_table_steal_extended(connection->statements, sql, &key, &cached))
        return cached;
    if (sqlite3_prepare_v3(connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
        kc_sql_set_error(connection->db, error);
    return stmt;
}

static void
give_back_statement(KcConnection *connection, const char *sql, sqlite3_stmt *stmt)
{
    if (g_hash_table_contains(connection->statements, sql))
        sqlite3_finalize(stmt);
    else
        g_hash_table_insert(connection->statements, (char *)sql, stmt);
}

gboolean
kc_connection_command(KcConnection *connection, const char *sql, GError **error)
{
    sqlite3_stmt *stmt = take_statement(connection, sql, error);
    if (stmt == NULL)
        return FALSE;
    gboolean done = sqlite3_step(stmt) == SQLITE_DONE || kc_sql_set_error(connection->db, error);
    sqlite3_reset(stmt);
    give_back_statement(connection, sql, stmt);
    return done;
}

KcQuery *
kc_query_new(KcTx *tx, const char *sql, GError **error)
{
    sqlite3_stmt *stmt = take_statement(tx->connection, sql, error);
    if (stmt == NULL)
        return NULL;
    KcQuery *query = g_new0(KcQuery, 1);
    query->connection = tx->connection;
    query->stmt = stmt;
    query->sql = sql;
    return query;
}

void
kc_query_free(KcQuery *query)
{
    if (query == NULL)
        return;
    sqlite3_reset(query->stmt);
    sqlite3_clear_bindings(query->stmt);
    give_back_statement(query->connection, query->sql, query->stmt);
    g_clear_pointer(&query->kept, g_ptr_array_unref);
    g_free(query);
}

void
kc_bind_text(KcQuery *query, const char *text)
{
    sqlite3_bind_text(query->stmt, ++query->bound, text, -1, SQLITE_STATIC);
}

void
kc_bind_int(KcQuery *query, gint64 value)
{
    sqlite3_bind_int64(query->stmt, ++query->bound, value);
}

void
kc_bind_bytes(KcQuery *query, GBytes *bytes)
{
    gsize len = 0;
    const void *data = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    sqlite3_bind_blob64(query->stmt, ++query->bound, data, len, SQLITE_STATIC);
}

void
kc_bind_strv(KcQuery *query, const char *const *strings)
{
    if (strings == NULL) {
        kc_bind_text(query, NULL);
        return;
    }
    json_t *array = json_array();
    for (; *strings != NULL; strings++)
        json_array_append_new(array, json_string(*strings));
    char *text = json_dumps(array, JSON_COMPACT);
    json_decref(array);
    if (query->kept == NULL)
        query->kept = g_ptr_array_new_with_free_func(free);
    g_ptr_array_add(query->kept, text);
    kc_bind_text(query, text);
}

KcStep
kc_query_step(KcQuery *query, GError **error)
{
    query->taken = 0;
    switch (sqlite3_step(query->stmt)) {
    case SQLITE_ROW:
        return KC_STEP_ROW;
    case SQLITE_DONE:
        return KC_STEP_DONE;
    default:
        kc_sql_set_error(query->connection->db, error);
        return KC_STEP_ERROR;
    }
}

gboolean
kc_query_run(KcQuery *query, gint64 *ret_changes, GError **error)
{
    KcStep step;
    do {
        step = kc_query_step(query, error);
    } while (step == KC_STEP_ROW);
    if (ret_changes != NULL)
        *ret_changes = step == KC_STEP_DONE ? sqlite3_changes64(query->connection->db) : 0;
    return step == KC_STEP_DONE;
}

char *
kc_take_text(KcQuery *query)
{
    int column = query->taken++;
    gboolean is_null = sqlite3_column_type(query->stmt, column) == SQLITE_NULL;
    const char *text = (const char *)sqlite3_column_text(query->stmt, column);
    if (text != NULL || is_null)
        return g_strdup(text);
    query->connection->starved = TRUE;
    return g_strdup("");
}

const char *
kc_peek_text(KcQuery *query)
{
    return (const char *)sqlite3_column_text(query->stmt, query->taken++);
}

void
kc_copy_text(KcQuery *query, char *buffer, gsize size)
{
    const char *text = kc_peek_text(query);
    g_strlcpy(buffer, text != NULL ? text : "", size);
}

gint64
kc_take_int(KcQuery *query)
{
    return sqlite3_column_int64(query->stmt, query->taken++);
}

GBytes *
kc_take_bytes(KcQuery *query)
{
    int column = query->taken++;
    if (sqlite3_column_type(query->stmt, column) == SQLITE_NULL)
        return NULL;
    const void *data = sqlite3_column_blob(query->stmt, column);
    return g_bytes_new(data, (gsize)sqlite3_column_bytes(query->stmt, column));
}

char *
kc_take_present(KcQuery *query, GError **error)
{
    int column = query->taken;
    char *text = kc_take_text(query);
    if (text == NULL)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "%s is missing in a row of the database",
                    sqlite3_column_name(query->stmt, column));
    return text;
}

gboolean
kc_take_exactly(KcQuery *query, void *ret_bytes, gsize len, GError **error)
{
    int column = query->taken++;
    const void *data = sqlite3_column_blob(query->stmt, column);
    if (data == NULL || (gsize)sqlite3_column_bytes(query->stmt, column) != len) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "%s is not %" G_GSIZE_FORMAT " bytes in a row of the database",
                    sqlite3_column_name(query->stmt, column), len);
        return FALSE;
    }
    memcpy(ret_bytes, data, len);
    return TRUE;
}

GStrv
kc_take_strv(KcQuery *query)
{
    g_autofree char *text = kc_take_text(query);
    json_t *array = text == NULL ? NULL : json_loads(text, 0, NULL);
    g_autoptr(GStrvBuilder) strings = g_strv_builder_new();
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item)
    {
        if (json_is_string(item))
            g_strv_builder_add(strings, json_string_value(item));
    }
    json_decref(array);
    return g_strv_builder_end(strings);
}

/* A reader that gave no record and no reason found none of the columns that it needs. */
static gpointer
read_record(KcTx *tx, KcQuery *query, KcReadFn read, GError **error)
{
    g_autoptr(GError) local = NULL;
    gpointer record = read(tx, query, &local);
    if (record == NULL && local == NULL)
        g_set_error_literal(&local, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT,
                            "a row of the database lacks what every row has");
    if (local != NULL)
        g_propagate_error(error, g_steal_pointer(&local));
    return record;
}

gpointer
kc_read_text(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    return kc_take_text(query);
}

gboolean
kc_query_one(KcTx *tx, KcQuery *query, KcReadFn read, gpointer *ret_record, GError **error)
{
    *ret_record = NULL;
    KcStep step = kc_query_step(query, error);
    if (step == KC_STEP_ROW)
        *ret_record = read_record(tx, query, read, error);
    return step == KC_STEP_DONE || (step == KC_STEP_ROW && *ret_record != NULL);
}

GPtrArray *
kc_query_all(KcTx *tx, KcQuery *query, KcReadFn read, GDestroyNotify free_record, GError **error)
{
    g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func(free_record);
    for (;;) {
        KcStep step = kc_query_step(query, error);
        if (step == KC_STEP_DONE)
            return g_steal_pointer(&records);
        gpointer record = step == KC_STEP_ROW ? read_record(tx, query, read, error) : NULL;
        if (record == NULL)
            return NULL;
        g_ptr_array_add(records, record);
    }
}

gboolean
kc_query_number(KcQuery *query, gint64 *ret_number, GError **error)
{
    KcStep step = kc_query_step(query, error);
    *ret_number = step == KC_STEP_ROW ? kc_take_int(query) : 0;
    return step != KC_STEP_ERROR;
}

KcUpdate
kc_query_update(KcQuery *query, GError **error)
{
    gint64 changes = 0;
    if (!kc_query_run(query, &changes, error))
        return KC_UPDATE_FAILED;
    return changes > 0 ? KC_UPDATE_DONE : KC_UPDATE_ABSENT;
}
