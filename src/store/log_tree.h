/* The tree over the audit log: RFC 9162, its rows stored as C2SP tlog-tiles serves them.
 *
 * The leaf of entry n (index n - 1) is, in canonical JSON,
 *
 *     {"at_us":…,"commitment":hex,"kind":…,"seq":n}       commitment = SHA-256(salt || the entry's canonical JSON)
 *
 * so that what is published names no case, no person and no place. The salt is derived from the case's key (of entries
 * of no case, from the installation's): who holds an entry and its salt can show that the leaf means it, and when the
 * key is destroyed nobody can guess at it any more. What is logged of a case from its erasure on (which rule it went by, who
 * asked for it since) has the installation's salt again, so that this can still be shown. */
#pragma once

#include "src/evidence/merkle.h"
#include "src/store/log_store.h"

/* The leaf of an entry that was just inserted; `canonical` is its text. */
gboolean kc_log_tree_add(KcTx *tx, const KcLogEntry *entry, const char *canonical, GError **error);

/* Leaves for at most `limit` entries that were written before there was a tree; *ret_added of them, 0 when none is
 * left. Before the first append. */
gboolean kc_log_tree_complete(KcTx *tx, guint limit, guint *ret_added, GError **error);

gboolean kc_log_tree_size(KcTx *tx, guint64 *ret_size, GError **error);

/* Lends the stored rows to the functions of merkle.h, as long as the transaction lasts. */
KcMerkleRows kc_log_tree_rows(KcTx *tx);

/* The texts of `count` leaves from index `first`; of char *. CORRUPT if one is missing. */
GPtrArray *kc_log_tree_leaves(KcTx *tx, guint64 first, guint count, GError **error);

/* The commitment to an entry and the salt that opens it; wipe the salt (kc_key_wipe) unless it is to be shown. */
gboolean kc_log_tree_commitment(KcTx *tx, const KcLogEntry *entry, const char *canonical, guint8 ret_salt[KC_KEY_LEN],
                                KcMerkleHash *ret_commitment, GError **error);

/* Owned text of a leaf. */
char *kc_log_leaf_text(gint64 seq, gint64 at_us, const char *kind, const guint8 commitment[KC_MERKLE_HASH_LEN]);
