/* Private to src/store: statements. Parameters are bound and columns taken in order, so that the two functions of a
 * record (bind, read) list its fields the same way. */
#pragma once

#include "src/store/db.h"

#include <sqlite3.h>

typedef struct KcConnection KcConnection;

/* Opens with every pragma the service relies on. */
KcConnection *kc_connection_open(const char *path, gboolean writable, GError **error);
/* Reads a database as it is, and can make TEMP tables; neither it nor a file beside it is written. */
KcConnection *kc_connection_open_for_check(const char *path, GError **error);
void kc_connection_free(KcConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcConnection, kc_connection_free)
sqlite3 *kc_connection_db(KcConnection *connection);
/* Any number of statements. */
gboolean kc_connection_exec(KcConnection *connection, const char *sql, GError **error);
/* One statement without results, kept prepared: what every transaction begins and ends with. `sql` is static. */
gboolean kc_connection_command(KcConnection *connection, const char *sql, GError **error);

/* FALSE if a text could not be read since the last time: then the transaction has not seen what is there. */
gboolean kc_connection_check_memory(KcConnection *connection, GError **error);

/* What the last failed call on `db` means. Always FALSE. */
gboolean kc_sql_set_error(sqlite3 *db, GError **error);

typedef struct KcStateWatch KcStateWatch; /* state_watch.h */

struct KcTx {
    KcStore *store;
    KcConnection *connection;
    const KcKeyring *keyring;
    gint64 newest_event; /* appended in this transaction; 0: none */
    char *key_case_id;   /* the case of `key` */
    KcCaseKey *key;      /* of the case that was looked at last */
    KcStateWatch *watch; /* of a write; NULL of a read */
    GPtrArray *pending;  /* entries of the log that wait for the end of the job (log_store.h), or NULL */
};

void kc_tx_clear(KcTx *tx);

typedef struct KcQuery KcQuery;

/* `sql` must be a string that lives as long as the program: statements are kept. NULL on error. */
KcQuery *kc_query_new(KcTx *tx, const char *sql, GError **error);
void kc_query_free(KcQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcQuery, kc_query_free)

/* Texts and bytes must stay until the query is freed or reset. NULL binds NULL. */
void kc_bind_text(KcQuery *query, const char *text);
void kc_bind_int(KcQuery *query, gint64 value);
void kc_bind_bytes(KcQuery *query, GBytes *bytes);
/* A JSON array of the strings, for json_each; NULL binds NULL. */
void kc_bind_strv(KcQuery *query, const char *const *strings);

typedef enum { KC_STEP_ERROR, KC_STEP_ROW, KC_STEP_DONE } KcStep;
KcStep kc_query_step(KcQuery *query, GError **error);
/* Steps to the end. `ret_changes` may be NULL. */
gboolean kc_query_run(KcQuery *query, gint64 *ret_changes, GError **error);

/* The next column of the current row; owned. */
char *kc_take_text(KcQuery *query);
/* Of a column that is never NULL: NULL with CORRUPT if it is, in a file that was damaged. */
char *kc_take_present(KcQuery *query, GError **error);
/* Into a buffer of `size` bytes, cut to fit; "" for NULL. */
void kc_copy_text(KcQuery *query, char *buffer, gsize size);
/* Borrowed until the next step; NULL for NULL. */
const char *kc_peek_text(KcQuery *query);
gint64 kc_take_int(KcQuery *query);
GBytes *kc_take_bytes(KcQuery *query);
/* Of a column whose CHECK says that it has `len` bytes: FALSE with CORRUPT if it does not, in a file that was damaged. */
gboolean kc_take_exactly(KcQuery *query, void *ret_bytes, gsize len, GError **error);
GStrv kc_take_strv(KcQuery *query); /* of a JSON array of strings */

/* Reads rows: `read` takes a record off the current row; NULL with an error, or without one of a row that lacks it. */
typedef gpointer (*KcReadFn)(KcTx *tx, KcQuery *query, GError **error);
gpointer kc_read_text(KcTx *tx, KcQuery *query, GError **error); /* the first column; freed by g_free */

/* The first row, or NULL in *ret_record if there is none. */
gboolean kc_query_one(KcTx *tx, KcQuery *query, KcReadFn read, gpointer *ret_record, GError **error);
GPtrArray *kc_query_all(KcTx *tx, KcQuery *query, KcReadFn read, GDestroyNotify free_record, GError **error);
/* One number of one row, 0 if there is no row. */
gboolean kc_query_number(KcQuery *query, gint64 *ret_number, GError **error);

/* KC_UPDATE_DONE or _ABSENT, by whether a row was changed. */
KcUpdate kc_query_update(KcQuery *query, GError **error);
