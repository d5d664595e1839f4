/* What somebody with the database's file and sqlite3 can do, who knows the schema: triggers are out of the way while
 * rows change and back afterwards, and so is what the schema says of a table. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

/* Fails the test if it can't be done. */
void tamper_run(sqlite3 *db, const char *sql);
/* The first column of every row. */
GPtrArray *tamper_texts(sqlite3 *db, const char *sql);
/* The names of the tables, but SQLite's own. */
GPtrArray *tamper_tables(sqlite3 *db);

/* Begins a transaction without triggers. To be given to tamper_end. */
GPtrArray *tamper_begin(sqlite3 *db);
/* Ends it, with the triggers as they were. */
void tamper_end(sqlite3 *db, GPtrArray *triggers);
/* Ends it, with the database as it was. */
void tamper_undo(sqlite3 *db, GPtrArray *triggers);

/* Lets the columns of a table be NULL, so far as SQLite can: not those that a row is found by. To be given to
 * tamper_tighten; both within a transaction. */
char *tamper_loosen(sqlite3 *db, const char *table);
/* The schema is again what it was, to the letter; the rows stay. */
void tamper_tighten(sqlite3 *db, const char *table, char *schema);
