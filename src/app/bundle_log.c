/* Invariant: the checkpoint is read first, and only entries that it covers are taken, so that each has its proof. */
#include "src/app/bundle_draft.h"

#include "src/app/public_log.h"
#include "src/base/hex.h"
#include "src/evidence/checkpoint.h"
#include "src/store/log_tree.h"

#define PAGE 500

static json_t *
hashes_of(const KcMerkleProof *proof)
{
    json_t *list = json_array();
    for (guint i = 0; i < proof->count; i++) {
        g_autofree char *base64 = g_base64_encode(proof->hashes[i].bytes, KC_MERKLE_HASH_LEN);
        json_array_append_new(list, json_string(base64));
    }
    return list;
}

static json_t *
entry_of(KcTx *tx, const KcLogEntry *entry, guint64 size, GError **error)
{
    guint8 salt[KC_KEY_LEN];
    KcMerkleHash commitment;
    KcMerkleProof proof;
    KcMerkleRows rows = kc_log_tree_rows(tx);
    guint64 index = (guint64)entry->seq - 1;
    g_autofree char *canonical = kc_log_entry_canonical(entry);
    if (!kc_log_tree_commitment(tx, entry, canonical, salt, &commitment, error) ||
        !kc_merkle_prove_leaf(&rows, index, size, &proof, error))
        return NULL;
    g_autofree char *hex = kc_hex_encode(salt, sizeof salt);
    return json_pack("{s:I, s:s, s:s, s:o}", "index", (json_int_t)index, "entry", canonical, "salt", hex, "proof",
                     hashes_of(&proof));
}

static gboolean
add_entries(KcBundleDraft *draft, KcTx *tx, json_t *entries, guint64 size, GError **error)
{
    gint64 after = 0;
    for (gboolean more = TRUE; more;) {
        g_autoptr(GPtrArray) page = kc_log_store_list(tx, draft->case_id, after, PAGE, error);
        if (page == NULL)
            return FALSE;
        for (guint i = 0; i < page->len; i++) {
            const KcLogEntry *entry = page->pdata[i];
            after = entry->seq;
            if ((guint64)entry->seq > size)
                return TRUE; /* of the moments since: in the next bundle */
            if (!kc_bundle_has_entry(draft, entry)) {
                draft->entries_left_out++;
                continue;
            }
            json_t *item = entry_of(tx, entry, size, error);
            if (item == NULL)
                return FALSE;
            json_array_append_new(entries, item);
        }
        more = page->len == PAGE;
    }
    return TRUE;
}

static json_t *
keys_of(const GPtrArray *keys)
{
    json_t *list = json_array();
    for (guint i = 0; i < keys->len; i++) {
        const KcLogKey *key = keys->pdata[i];
        g_autofree char *from = kc_timestamp_format(key->from_us);
        g_autofree char *until = kc_timestamp_format(key->until_us);
        json_array_append_new(list, json_pack("{s:s, s:s?, s:o}", "public", key->public, "from", from, "until",
                                              until != NULL ? json_string(until) : json_null()));
    }
    return list;
}

/* As it is served: with the lines of its witnesses. */
static char *
note_of(KcTx *tx, const KcCheckpointRow *row, GError **error)
{
    g_autoptr(GPtrArray) lines = kc_checkpoint_store_cosignatures(tx, row->size, error);
    if (lines == NULL)
        return NULL;
    GString *note = g_string_new(row->note);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(note, lines->pdata[i]);
    return g_string_free(note, FALSE);
}

/* The newest one that witnesses have cosigned, and that the log has grown from it to the one of the bundle, which is
 * too young for them to have seen it. null: there is none. */
static json_t *
cosigned_of(const KcBundleDraft *draft, KcTx *tx, guint64 size, GError **error)
{
    KcMerkleProof growth = {0};
    KcMerkleRows rows = kc_log_tree_rows(tx);
    g_autoptr(KcCheckpointRow) row = NULL;
    if (!kc_checkpoint_store_newest_cosigned(tx, MAX(1, draft->app->witness.quorum), &row, error))
        return NULL;
    if (row == NULL)
        return json_null();
    g_autofree char *note = note_of(tx, row, error);
    if (note == NULL || !kc_merkle_prove_growth(&rows, row->size, size, &growth, error))
        return NULL;
    return json_pack("{s:s, s:o}", "checkpoint", note, "growth", hashes_of(&growth));
}

gboolean
kc_bundle_load_log(KcBundleDraft *draft, KcTx *tx, GError **error)
{
    g_autoptr(KcCheckpointRow) newest = NULL;
    if (!kc_checkpoint_store_newest(tx, &newest, error))
        return FALSE;
    if (newest == NULL)
        return kc_refuse(draft->result, KC_RESULT_NOT_FOUND, "no-checkpoint",
                         "No checkpoint has been published yet; ask again in some seconds.");
    g_autofree char *note = note_of(tx, newest, error);
    g_autoptr(GPtrArray) keys = note != NULL ? kc_log_key_list(tx, error) : NULL;
    if (keys == NULL)
        return FALSE;
    json_t *cosigned = cosigned_of(draft, tx, newest->size, error);
    if (cosigned == NULL)
        return FALSE;
    json_t *entries = json_array();
    draft->log = json_pack("{s:s, s:o, s:o, s:o}", "checkpoint", note, "cosigned", cosigned, "keys", keys_of(keys),
                           "entries", entries);
    return add_entries(draft, tx, entries, newest->size, error);
}
