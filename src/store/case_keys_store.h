/* The wrapped keys of cases: how they are made, wrapped anew under another tree, and taken out for good.
 *
 * A key is destroyed in two steps, since the safe (src/evidence/keys.h) is no part of the database: the transaction of
 * the erasure takes it out of its row and writes down which leaf and files are to go; once that is committed,
 * kc_case_keys_pending says so, and they go. Whatever is cut off is taken up again at the next turn. */
#pragma once

#include "src/store/db.h"

/* The next place in the tree that no case has or had; 0 with an error. Write transactions only. */
guint32 kc_case_keys_next_slot(KcTx *tx, GError **error);
KcCaseKey *kc_case_keys_make(KcTx *tx, KcKeyClass class, guint32 slot, const char *case_id, GBytes **ret_wrapped,
                             GError **error);

/* Wraps the keys of at most `limit` cases anew that are under another tree than kc_keyring_tree; `*ret_done` of them, 0
 * when none is left. A case from before there were trees gets its key for recordings, for those to come. */
gboolean kc_case_keys_rewrap(KcTx *tx, guint limit, guint *ret_done, GError **error);

/* What committed erasures still have to destroy: of guint32, and of char * (paths within the vault). */
typedef struct {
    GArray *leaves;
    GPtrArray *paths;
} KcKeysPending;
void kc_keys_pending_clear(KcKeysPending *pending);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcKeysPending, kc_keys_pending_clear)
gboolean kc_case_keys_pending(KcTx *tx, guint limit, KcKeysPending *ret_pending, GError **error);
/* They are gone. `destroyed`: kc_keyring_destroyed. */
gboolean kc_case_keys_settled(KcTx *tx, const KcKeysPending *pending, guint64 destroyed, GError **error);

/* What the database knows of the safe: how many keys it had destroyed; -1: it knows of none. */
gboolean kc_case_keys_known(KcTx *tx, gint64 *ret_destroyed, GError **error);
gboolean kc_case_keys_set_known(KcTx *tx, guint64 destroyed, GError **error);

/* After one of the two was put back from a copy. Queues the leaves of erased cases that the safe still has, and lists
 * the cases (char *, at most `limit`) whose key of that class is in the database and was destroyed in the safe. */
gboolean kc_case_keys_requeue(KcTx *tx, GError **error);
GPtrArray *kc_case_keys_lost(KcTx *tx, KcKeyClass class, guint limit, GError **error);
