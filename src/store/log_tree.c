/* Invariant: log_leaves counts as audit_log does, and log_rows holds the hash of every complete subtree of 256, 65,536 …
 * leaves; each is written in the transaction that completes it, and never again. */
#include "src/store/log_tree.h"
#include "src/base/hex.h"
#include "src/base/json.h"
#include "src/evidence/digest.h"
#include "src/store/sealed.h"

#include <string.h>

/* ---- Leaves ---- */

char *
kc_log_leaf_text(gint64 seq, gint64 at_us, const char *kind, const guint8 commitment[KC_MERKLE_HASH_LEN])
{
    g_autofree char *hex = kc_hex_encode(commitment, KC_MERKLE_HASH_LEN);
    g_autoptr(json_t) leaf =
        json_pack("{s:I, s:s, s:s, s:I}", "at_us", (json_int_t)at_us, "commitment", hex, "kind", kind, "seq",
                  (json_int_t)seq);
    return kc_json_canonical(leaf);
}

static gboolean
read_salt(KcTx *tx, const KcLogEntry *entry, guint8 ret_salt[KC_KEY_LEN], GError **error)
{
    if (entry->case_id == NULL) {
        kc_keyring_log_salt(tx->keyring, entry->seq, ret_salt);
        return TRUE;
    }
    g_autoptr(GError) local = NULL;
    const KcCaseKey *key = kc_sealed_key(tx, entry->case_id, &local);
    if (key != NULL)
        kc_case_key_log_salt(key, entry->seq, ret_salt);
    else if (g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_ERASED))
        kc_keyring_log_salt(tx->keyring, entry->seq, ret_salt); /* of the erasure itself, and of all after it */
    else
        g_propagate_error(error, g_steal_pointer(&local));
    return key != NULL || local != NULL;
}

gboolean
kc_log_tree_commitment(KcTx *tx, const KcLogEntry *entry, const char *canonical,
                       guint8 ret_salt[KC_KEY_LEN], KcMerkleHash *ret_commitment, GError **error)
{
    if (!read_salt(tx, entry, ret_salt, error))
        return FALSE;
    g_autoptr(KcSha256) hash = kc_sha256_new();
    kc_sha256_update(hash, ret_salt, KC_KEY_LEN);
    kc_sha256_update(hash, canonical, strlen(canonical));
    kc_sha256_peek(hash, ret_commitment->bytes);
    return TRUE;
}

static gboolean
insert_leaf(KcTx *tx, gint64 seq, const KcMerkleHash *commitment, const KcMerkleHash *hash, GError **error)
{
    g_autoptr(GBytes) commitment_bytes = g_bytes_new(commitment->bytes, KC_MERKLE_HASH_LEN);
    g_autoptr(GBytes) hash_bytes = g_bytes_new(hash->bytes, KC_MERKLE_HASH_LEN);
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO log_leaves (seq, commitment, hash) VALUES (?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, seq);
    kc_bind_bytes(query, commitment_bytes);
    kc_bind_bytes(query, hash_bytes);
    return kc_query_run(query, NULL, error);
}

static gboolean
insert_row_hash(KcTx *tx, guint row, guint64 number, const KcMerkleHash *hash, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(hash->bytes, KC_MERKLE_HASH_LEN);
    g_autoptr(KcQuery) query = kc_query_new(tx, "INSERT INTO log_rows (row, number, hash) VALUES (?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, row);
    kc_bind_int(query, (gint64)number);
    kc_bind_bytes(query, bytes);
    return kc_query_run(query, NULL, error);
}

/* ---- Rows ---- */

static KcQuery *
row_query(KcTx *tx, guint row, guint64 first, guint count, GError **error)
{
    if (row == 0) {
        KcQuery *leaves =
            kc_query_new(tx, "SELECT hash FROM log_leaves WHERE seq > ? AND seq <= ? ORDER BY seq", error);
        if (leaves != NULL) {
            kc_bind_int(leaves, (gint64)first);
            kc_bind_int(leaves, (gint64)first + count);
        }
        return leaves;
    }
    KcQuery *query = kc_query_new(
        tx, "SELECT hash FROM log_rows WHERE row = ? AND number >= ? AND number < ? ORDER BY number", error);
    if (query != NULL) {
        kc_bind_int(query, row);
        kc_bind_int(query, (gint64)first);
        kc_bind_int(query, (gint64)first + count);
    }
    return query;
}

static gboolean
read_rows(gpointer data, guint row, guint64 first, guint count, KcMerkleHash *ret_hashes, GError **error)
{
    g_autoptr(KcQuery) query = row_query(data, row, first, count, error);
    if (query == NULL)
        return FALSE;
    for (guint i = 0; i < count; i++) {
        KcStep step = kc_query_step(query, error);
        if (step == KC_STEP_ERROR)
            return FALSE;
        if (step == KC_STEP_DONE) {
            g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT,
                        "the log's tree lacks hash %" G_GUINT64_FORMAT " of row %u", first + i, row);
            return FALSE;
        }
        if (!kc_take_exactly(query, ret_hashes[i].bytes, KC_MERKLE_HASH_LEN, error))
            return FALSE;
    }
    return TRUE;
}

KcMerkleRows
kc_log_tree_rows(KcTx *tx)
{
    return (KcMerkleRows){read_rows, tx};
}

/* Hash `number` of `row` is there: each 256th completes one of the row above. */
static gboolean
complete_rows(KcTx *tx, guint row, guint64 number, GError **error)
{
    KcMerkleHash under[KC_MERKLE_ROW_WIDTH];
    for (; (number + 1) % KC_MERKLE_ROW_WIDTH == 0; row++, number /= KC_MERKLE_ROW_WIDTH) {
        if (!read_rows(tx, row, number + 1 - KC_MERKLE_ROW_WIDTH, KC_MERKLE_ROW_WIDTH, under, error))
            return FALSE;
        KcMerkleHash folded = kc_merkle_fold(under, KC_MERKLE_ROW_WIDTH);
        if (!insert_row_hash(tx, row + 1, number / KC_MERKLE_ROW_WIDTH, &folded, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_log_tree_add(KcTx *tx, const KcLogEntry *entry, const char *canonical, GError **error)
{
    guint8 salt[KC_KEY_LEN];
    KcMerkleHash commitment;
    if (!kc_log_tree_commitment(tx, entry, canonical, salt, &commitment, error))
        return FALSE;
    kc_key_wipe(salt, sizeof salt);
    g_autofree char *text = kc_log_leaf_text(entry->seq, entry->at_us, entry->kind, commitment.bytes);
    KcMerkleHash hash = kc_merkle_leaf(text, strlen(text));
    return insert_leaf(tx, entry->seq, &commitment, &hash, error) &&
           complete_rows(tx, 0, (guint64)entry->seq - 1, error);
}

gboolean
kc_log_tree_size(KcTx *tx, guint64 *ret_size, GError **error)
{
    gint64 size = 0;
    if (!kc_log_store_flush(tx, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT coalesce(max(seq), 0) FROM log_leaves", error);
    if (query == NULL || !kc_query_number(query, &size, error))
        return FALSE;
    *ret_size = (guint64)size;
    return TRUE;
}

gboolean
kc_log_tree_complete(KcTx *tx, guint limit, guint *ret_added, GError **error)
{
    guint64 size;
    *ret_added = 0;
    if (!kc_log_tree_size(tx, &size, error))
        return FALSE;
    g_autoptr(GPtrArray) entries = kc_log_store_list(tx, NULL, (gint64)size, limit, error);
    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const KcLogEntry *entry = entries->pdata[i];
        g_autofree char *canonical = kc_log_entry_canonical(entry);
        if (!kc_log_tree_add(tx, entry, canonical, error))
            return FALSE;
    }
    *ret_added = entries != NULL ? entries->len : 0;
    return entries != NULL;
}

/* ---- What is published ---- */

static gpointer
read_leaf(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error)
{
    guint8 commitment[KC_MERKLE_HASH_LEN];
    gint64 seq = kc_take_int(query), at_us = kc_take_int(query);
    g_autofree char *kind = kc_take_text(query);
    if (!kc_take_exactly(query, commitment, sizeof commitment, error))
        return NULL;
    return kc_log_leaf_text(seq, at_us, kind, commitment);
}

GPtrArray *
kc_log_tree_leaves(KcTx *tx, guint64 first, guint count, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT seq, at_us, kind, commitment FROM log_leaves JOIN audit_log USING "
                                            "(seq) WHERE seq > ? AND seq <= ? ORDER BY seq",
                                            error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, (gint64)first);
    kc_bind_int(query, (gint64)first + count);
    g_autoptr(GPtrArray) leaves = kc_query_all(tx, query, read_leaf, g_free, error);
    if (leaves != NULL && leaves->len != count) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT,
                    "of the log's leaves from %" G_GUINT64_FORMAT " there are %u, not %u", first, leaves->len, count);
        return NULL;
    }
    return g_steal_pointer(&leaves);
}
