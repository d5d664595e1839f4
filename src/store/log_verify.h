/* Whether the audit log and its tree are what was written: every entry follows from the one before, every leaf from its
 * entry, every row from its leaves, and every published checkpoint is the head of the tree at its size. */
#pragma once

#include "src/store/db.h"

typedef struct {
    gint64 entries;     /* that were found right */
    gint64 checkpoints; /* the same */
    gint64 bad_seq;     /* the first entry that is not; 0: all are, or something else is wrong */
    char *problem;      /* owned, names the place; NULL: nothing is wrong */
    guint8 newest_hash[32];
} KcLogCheck;

void kc_log_check_clear(KcLogCheck *check);

/* FALSE only if the log cannot be read; what is wrong with it is in `ret_check`. Signatures of checkpoints are the
 * caller's to check (src/evidence/note.h). */
gboolean kc_log_store_verify(KcTx *tx, KcLogCheck *ret_check, GError **error);
