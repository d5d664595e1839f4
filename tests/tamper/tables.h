/* The tables that are tampered with, and some rows of each. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct {
    char *name;
    GPtrArray *columns;
    GPtrArray *types;
    GPtrArray *keys;  /* columns of the primary key */
    GPtrArray *rows;  /* SQL conditions, each of one row */
    GPtrArray *cases; /* of the rows; "" where the table has no case_id */
} Table;

/* Every one, of Table. */
GPtrArray *tables_read(sqlite3 *db);

gboolean table_has_key(const Table *table, const char *column);
