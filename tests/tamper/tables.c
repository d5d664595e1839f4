#include "tests/tamper/tables.h"

#include <string.h>

#include "tests/tamper/sql.h"

#define ROWS_A_TABLE 6

/* Of each row, from both ends, so that rows of both cases are among them. */
static GPtrArray *
of_rows(sqlite3 *db, const Table *table, const char *value)
{
    g_autoptr(GString) order = g_string_new(NULL);
    for (guint i = 0; i < table->keys->len; i++)
        g_string_append_printf(order, "%s%s", i > 0 ? ", " : "", (const char *)table->keys->pdata[i]);
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM (SELECT *, row_number() OVER (ORDER BY %s) AS n, count(*) OVER () AS of FROM "
                        "%s) WHERE n <= %d OR n > of - %d ORDER BY n",
                        value, order->str, table->name, ROWS_A_TABLE / 2, ROWS_A_TABLE / 2);
    return tamper_texts(db, sql);
}

static GPtrArray *
of_columns(sqlite3 *db, const char *table, const char *value, const char *which)
{
    g_autofree char *sql = g_strdup_printf("SELECT %s FROM pragma_table_info('%s') %s", value, table, which);
    return tamper_texts(db, sql);
}

static GPtrArray *
conditions(sqlite3 *db, const Table *table)
{
    g_autoptr(GString) where = g_string_new("'");
    for (guint i = 0; i < table->keys->len; i++) {
        const char *key = table->keys->pdata[i];
        g_string_append_printf(where, "%s%s = ' || quote(%s) || '", i > 0 ? " AND " : "", key, key);
    }
    g_string_append_c(where, '\'');
    return of_rows(db, table, where->str);
}

static const char *
owner_of(const Table *table)
{
    if (strcmp(table->name, "cases") == 0)
        return "id";
    gboolean of_case = g_ptr_array_find_with_equal_func(table->columns, "case_id", g_str_equal, NULL);
    return of_case ? "coalesce(case_id, '')" : "''";
}

static Table *
table_new(sqlite3 *db, const char *name)
{
    Table *table = g_new0(Table, 1);
    table->name = g_strdup(name);
    table->columns = of_columns(db, name, "name", "ORDER BY cid");
    table->types = of_columns(db, name, "type", "ORDER BY cid");
    table->keys = of_columns(db, name, "name", "WHERE pk > 0 ORDER BY pk");
    table->rows = conditions(db, table);
    table->cases = of_rows(db, table, owner_of(table));
    return table;
}

static void
table_free(gpointer data)
{
    Table *table = data;
    g_ptr_array_unref(table->columns);
    g_ptr_array_unref(table->types);
    g_ptr_array_unref(table->keys);
    g_ptr_array_unref(table->rows);
    g_ptr_array_unref(table->cases);
    g_free(table->name);
    g_free(table);
}

gboolean
table_has_key(const Table *table, const char *column)
{
    return g_ptr_array_find_with_equal_func(table->keys, column, g_str_equal, NULL);
}

GPtrArray *
tables_read(sqlite3 *db)
{
    GPtrArray *tables = g_ptr_array_new_with_free_func(table_free);
    g_autoptr(GPtrArray) names = tamper_tables(db);
    for (guint i = 0; i < names->len; i++)
        g_ptr_array_add(tables, table_new(db, names->pdata[i]));
    return tables;
}
