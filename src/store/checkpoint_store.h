/* What was published of the log: keys, checkpoints and the cosignatures of witnesses. */
#pragma once

#include "src/store/db.h"

typedef struct {
    guint64 size;
    gint64 at_us;
    char *note; /* as signed by the service */
} KcCheckpointRow;

void kc_checkpoint_row_free(KcCheckpointRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCheckpointRow, kc_checkpoint_row_free)

gboolean kc_checkpoint_store_insert(KcTx *tx, const KcCheckpointRow *row, GError **error);
gboolean kc_checkpoint_store_newest(KcTx *tx, KcCheckpointRow **ret_row, GError **error);
GPtrArray *kc_checkpoint_store_list(KcTx *tx, GError **error); /* smallest first */

/* The newest one that so many witnesses have cosigned; 0: the newest. */
gboolean kc_checkpoint_store_newest_cosigned(KcTx *tx, guint witnesses, KcCheckpointRow **ret_row, GError **error);
/* NULL: there is none of that size. */
gboolean kc_checkpoint_store_get(KcTx *tx, guint64 size, KcCheckpointRow **ret_row, GError **error);

/* One line a witness; a later one of the same size takes its place. */
gboolean kc_checkpoint_store_cosign(KcTx *tx, guint64 size, const char *witness, const char *line, gint64 at_us,
                                    GError **error);
/* What that witness has cosigned last, and when; 0: nothing. */
gboolean kc_checkpoint_store_cosigned(KcTx *tx, const char *witness, guint64 *ret_size, gint64 *ret_at_us,
                                      GError **error);
/* Of char *, by the names of the witnesses. */
GPtrArray *kc_checkpoint_store_cosignatures(KcTx *tx, guint64 size, GError **error);

/* The key of a witness whose cosignatures are kept. CONFLICT if that name had another key. */
gboolean kc_witness_store_keep(KcTx *tx, const char *name, const char *public, gint64 at_us, GError **error);
/* Owned; NULL: no witness of that name has cosigned anything. */
gboolean kc_witness_store_get(KcTx *tx, const char *name, char **ret_public, GError **error);

typedef struct {
    char *public; /* as published (src/evidence/note.h) */
    gint64 from_us, until_us; /* until 0: in force */
} KcLogKey;

void kc_log_key_free(KcLogKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcLogKey, kc_log_key_free)

/* Every key, oldest first. */
GPtrArray *kc_log_key_list(KcTx *tx, GError **error);
/* `public` is in force from `at_us` on; the one before no longer. */
gboolean kc_log_key_begin(KcTx *tx, const char *public, gint64 at_us, GError **error);
