/* Private to src/store: which tables and columns the log binds (state_watch.h), which are summed up instead (row_sums.h), and
 * which are neither, each with its reason. A table or column of the schema stands in one of the lists (tests/store/states.c).
 *
 * The digest of a row is SHA-256 over its table's name and, in the order of its list, name, type and value of each column
 * that is not NULL. So a digest stays what it was when a later schema adds a column, as long as the column is NULL: one that
 * is added with a default is listed as name=nullif(@.name, default). */
#pragma once

#include <glib.h>

typedef struct {
    const char *name;
    /* SQL: the id of the row's case, '' of the installation's, NULL of one that is not bound (yet). `@.` is the row. */
    const char *scope;
    const char *key[6];         /* columns of the primary key, up to NULL */
    const char *const *columns; /* those beside it, up to NULL: name, or name=SQL */
} KcStateTable;

/* In the order of their names. */
extern const KcStateTable kc_state_tables[];
extern const guint kc_n_state_tables;

/* Keys are listed with the other columns. That a row's digest stays when a column is added holds of these as well. */
typedef struct {
    const char *name;
    const char *const *columns; /* up to NULL */
} KcSummedTable;

#define KC_SUMMED_TABLES 10

/* In the order of their names. */
extern const KcSummedTable kc_summed_tables[KC_SUMMED_TABLES];

typedef struct {
    const char *table;
    const char *reason;
} KcUnbound;

extern const KcUnbound kc_unbound[];
extern const guint kc_n_unbound;

/* Owned SQL, with `row` ("new", "old", an alias) for `@`. */
char *kc_state_sql(const char *sql, const char *row);
/* Texts of the list's columns: the name alone, and the SQL of the value; owned. */
char *kc_state_column_name(const char *column);
char *kc_state_column_value(const char *column, const char *row);
/* The primary key as one text. */
char *kc_state_key(const KcStateTable *table, const char *row);
/* kc_row_digest(…) of a row; see state_digest.h. */
char *kc_state_digest_call(const KcStateTable *table, const char *row);
