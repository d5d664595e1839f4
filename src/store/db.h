/* The database of a service: one SQLite file, one writer thread, a pool of readers.
 *
 * Writes: kc_store_write hands a function to the writer thread. Each runs in a savepoint of its own; functions that
 * wait at the same time share one COMMIT (WAL, synchronous=FULL), and every caller returns when that COMMIT is on the
 * disk. A function that fails takes back only what it did itself. Reads: kc_store_read runs on the calling thread in a
 * read transaction, on a connection of its own: a snapshot that no writer disturbs.
 *
 * Personal columns are sealed with the key of their case (src/evidence/keys.h) before they reach SQLite, and opened by
 * the functions that read them: records hold plain text, the file never does.
 *
 * Conventions of every *_store.h: records are transparent structs whose texts they own (`kc_x_free`, NULL allowed;
 * zeroed memory is an empty record); a time of 0 is "never"; `get` functions return TRUE with NULL for "no such row";
 * lists are GPtrArrays that own their records; FALSE or NULL always comes with an error. A KcTx is valid only inside
 * the function it was given to. Time, ids and randomness (but for nonces and case keys) come in as values. */
#pragma once

#include "src/evidence/keys.h"

#define KC_STORE_ERROR (kc_store_error_quark())
GQuark kc_store_error_quark(void);
typedef enum {
    KC_STORE_ERROR_FAILED,   /* what SQLite says; a bug or a broken disk */
    KC_STORE_ERROR_FULL,     /* no space: nothing of this write was kept */
    KC_STORE_ERROR_CONFLICT, /* a uniqueness rule: somebody was faster */
    KC_STORE_ERROR_REFUSED,  /* a CHECK, foreign key or append-only rule */
    KC_STORE_ERROR_TOO_NEW,  /* the file was written by a newer version */
    KC_STORE_ERROR_CORRUPT,  /* a row that cannot have been written by this program, or a sealed value that was changed
                              */
    KC_STORE_ERROR_CLOSED,   /* the store is being closed */
    KC_STORE_ERROR_ERASED,   /* of an erased case: its key was destroyed */
} KcStoreError;

typedef struct KcStore KcStore;
typedef struct KcTx KcTx;

typedef gboolean (*KcTxFn)(KcTx *tx, gpointer user_data, GError **error);

/* Opens or makes the file of `path`, and brings it to the newest schema. Before a file that already holds a schema is
 * migrated, it is copied to PATH.before-NNNN (NNNN: the schema it had, not the new one). `keyring` must outlive the
 * store. */
KcStore *kc_store_open(const char *path, const KcKeyring *keyring, GError **error);

/* Ends the writer after what is queued, checkpoints, closes. No other call may be running. */
void kc_store_close(KcStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcStore, kc_store_close)

/* Any thread but the writer's; blocks until the write is durable (TRUE) or taken back (FALSE). `fn` runs on the writer
 * thread: it must be quick, and returns FALSE with an error to take everything back. A refusal that is no error is a
 * TRUE that wrote nothing, with the outcome in `user_data`. If the shared COMMIT itself fails, all that shared it
 * return FALSE. */
gboolean kc_store_write(KcStore *store, KcTxFn fn, gpointer user_data, GError **error);

/* A number that grows whenever something is committed, by this process or by another: while it is the same, whatever is
 * read is the same. Any thread. */
gboolean kc_store_version(KcStore *store, gint64 *ret_version, GError **error);

/* Any thread. */
gboolean kc_store_read(KcStore *store, KcTxFn fn, gpointer user_data, GError **error);

/* Called on the writer thread after each COMMIT that added events (event_store.h), with the newest sequence number:
 * the moment to wake event streams. Set once, before the first write; must not block. */
typedef void (*KcStoreEventsFn)(gint64 newest_seq, gpointer user_data);
void kc_store_set_events_fn(KcStore *store, KcStoreEventsFn fn, gpointer user_data);

/* The newest schema that this program knows, and a consistent copy of the database while it is in use. */
int kc_store_schema_version(void);
gboolean kc_store_backup(KcStore *store, const char *target_path, GError **error);
/* What was deleted leaves the write-ahead log too, unless a reader still needs it (then at the next call). */
gboolean kc_store_flush(KcStore *store, GError **error);

/* Bytes that SQLite holds now for all connections of this process: prepared statements, and a cache of pages for each
 * connection (the writer and at most eight readers), which fills up to 2 MB as the database grows. */
gint64 kc_store_memory_bytes(void);

/* The keys of the transaction's store, e.g. for kc_keyring_blind_index. */
const KcKeyring *kc_tx_keyring(const KcTx *tx);

/* 1, 2, 3 … of a named counter, e.g. one a day; write transactions only. 0 with an error on failure. */
gint64 kc_tx_counter_next(KcTx *tx, const char *name, GError **error);

/* What an update that names a version may come to. */
typedef enum {
    KC_UPDATE_FAILED, /* with an error */
    KC_UPDATE_DONE,
    KC_UPDATE_STALE, /* somebody else changed the row since it was read: nothing was written */
    KC_UPDATE_ABSENT,
} KcUpdate;
