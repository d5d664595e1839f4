#include "tests/tamper/sql.h"

#include "tests/support/kc_test.h"

void
tamper_run(sqlite3 *db, const char *sql)
{
    char *problem = NULL;
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &problem) == SQLITE_OK, "%s: %s", sql, problem);
}

GPtrArray *
tamper_texts(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
    ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(stmt) == SQLITE_ROW)
        g_ptr_array_add(rows, g_strdup((const char *)sqlite3_column_text(stmt, 0)));
    sqlite3_finalize(stmt);
    return rows;
}

GPtrArray *
tamper_tables(sqlite3 *db)
{
    return tamper_texts(
        db,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name");
}

/* ---- Triggers ---- */

GPtrArray *
tamper_begin(sqlite3 *db)
{
    GPtrArray *triggers = tamper_texts(db, "SELECT sql FROM main.sqlite_schema WHERE type = 'trigger' ORDER BY rowid");
    g_autoptr(GPtrArray) drops =
        tamper_texts(db, "SELECT 'DROP TRIGGER main.' || name FROM main.sqlite_schema WHERE type = 'trigger'");
    tamper_run(db, "BEGIN");
    for (guint i = 0; i < drops->len; i++)
        tamper_run(db, drops->pdata[i]);
    return triggers;
}

void
tamper_end(sqlite3 *db, GPtrArray *triggers)
{
    for (guint i = 0; i < triggers->len; i++)
        tamper_run(db, triggers->pdata[i]);
    tamper_run(db, "COMMIT");
    g_ptr_array_unref(triggers);
}

void
tamper_undo(sqlite3 *db, GPtrArray *triggers)
{
    tamper_run(db, "ROLLBACK");
    g_ptr_array_unref(triggers);
}

/* ---- Schema ---- */

/* RESET has the connection read it again, with what was written into it. */
static void
write_schema(sqlite3 *db, const char *table, const char *text)
{
    char *sql = sqlite3_mprintf("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = %s WHERE type = 'table' "
                                "AND name = %Q; PRAGMA writable_schema = RESET",
                                text, table);
    tamper_run(db, sql);
    sqlite3_free(sql);
}

/* Only behind a type: a CHECK says IS NOT NULL too. A table that is STRICT would have no key of NULL. */
#define LOOSENED                                                                                                       \
    "replace(replace(replace(replace(replace(sql, 'TEXT NOT NULL', 'TEXT'), 'INTEGER NOT NULL', 'INTEGER'), "          \
    "'BLOB NOT NULL', 'BLOB'), 'REAL NOT NULL', 'REAL'), ') STRICT', ') ')"

char *
tamper_loosen(sqlite3 *db, const char *table)
{
    g_autofree char *sql = g_strdup_printf("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = '%s'", table);
    g_autoptr(GPtrArray) schema = tamper_texts(db, sql);
    ck_assert_uint_eq(schema->len, 1);
    write_schema(db, table, LOOSENED);
    return g_strdup(schema->pdata[0]);
}

void
tamper_tighten(sqlite3 *db, const char *table, char *schema)
{
    char *quoted = sqlite3_mprintf("%Q", schema);
    write_schema(db, table, quoted);
    sqlite3_free(quoted);
    g_free(schema);
}
