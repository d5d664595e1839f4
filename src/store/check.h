/* Is the database what the service wrote? Everything that can be told without the vault's files.
 *
 * The checks only read, and change nothing; they hold beside a running service (a snapshot), on a stopped one, and on a copy.
 * Each looks on after what it finds, and names the place. A check that can't go on, since the file is too damaged for it,
 * says so as a finding too. */
#pragma once

#include "src/store/db.h"

typedef struct {
    const char *kind;    /* a name for programs: file schema log state row sealed sum document counter object key derived */
    const char *table;   /* and the rest NULL, or 0, where it says nothing */
    const char *row;
    const char *case_id, *case_number;
    const char *file;    /* in the vault */
    gint64 entry;        /* of the log */
    gint64 chunk;        /* of the file, from 0; -1: none in particular */
    const char *text;    /* a whole sentence */
} KcDamage;

typedef void (*KcDamageFn)(const KcDamage *finding, gpointer user_data);

/* How much was looked at. */
typedef struct {
    gint64 rows, cases, sealed, documents;
    gboolean unbound; /* nothing says yet what the rows must be: a database that no newer version has opened */
} KcCheckCount;

typedef struct {
    KcDamageFn found;
    gpointer user_data;
    KcCheckCount count;
} KcStoreCheck;

/* For reading, and nothing else: no schema is brought up, no file is made or written. */
KcStore *kc_store_open_for_check(const char *path, const KcKeyring *keyring, GError **error);

/* KcTxFn, with a KcStoreCheck. FALSE: with an error, the check could not be made or ended. */
gboolean kc_check_file(KcTx *tx, gpointer check, GError **error);      /* pages, indexes, constraints, references */
gboolean kc_check_schema(KcTx *tx, gpointer check, GError **error);    /* against what the migrations make */
gboolean kc_check_states(KcTx *tx, gpointer check, GError **error);    /* rows against what the log says of them */
gboolean kc_check_sums(KcTx *tx, gpointer check, GError **error);      /* rows that the log does not bind (row_sums.h) */
gboolean kc_check_sealed(KcTx *tx, gpointer check, GError **error);    /* every sealed value opens where it stands */
gboolean kc_check_documents(KcTx *tx, gpointer check, GError **error); /* hashes, signatures, numbers */
gboolean kc_check_keys(KcTx *tx, gpointer check, GError **error);      /* database and safe are of one moment */
gboolean kc_check_derived(KcTx *tx, gpointer check, GError **error);   /* what is made from other tables, made again */

/* SQL: it is not NULL. SQLite does not look where it believes a column's NOT NULL, and who wrote the file past it need
 * not have kept to that. */
#define KC_IS_THERE(sql) "typeof(" sql ") <> 'null'"

/* FALSE in `*ret_has`: it was removed, as kc_check_schema says. */
gboolean kc_check_has_table(KcTx *tx, const char *name, gboolean *ret_has, GError **error);

/* Rows that must agree with others: `sql` gives the key and the case of each that does not. */
typedef struct {
    const char *kind, *table, *words, *sql;
} KcCheckRule;
gboolean kc_check_rules(KcTx *tx, KcStoreCheck *check, const KcCheckRule *rules, guint count, GError **error);

/* Of kc_check_sealed: rows that are sealed as a whole. */
gboolean kc_check_sessions(KcTx *tx, gpointer check, GError **error);
gboolean kc_check_checkpoints(KcTx *tx, gpointer check, GError **error);
gboolean kc_check_replies(KcTx *tx, gpointer check, GError **error);
gboolean kc_check_events(KcTx *tx, gpointer check, GError **error);

/* `found` with these, for the checks. */
void kc_check_found(KcStoreCheck *check, KcDamage finding, const char *format, ...) G_GNUC_PRINTF(3, 4);
