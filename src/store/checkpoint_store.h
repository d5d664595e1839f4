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

/* One line a witness; a later one of the same size takes its place. */
gboolean kc_checkpoint_store_cosign(KcTx *tx, guint64 size, const char *witness, const char *line, gint64 at_us,
                                    GError **error);
/* Of char *, by the names of the witnesses. */
GPtrArray *kc_checkpoint_store_cosignatures(KcTx *tx, guint64 size, GError **error);

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
