/* RFC 9162: an entry is in the log if its leaf, which only its text and its salt give, leads by its proof to the root
 * that the checkpoint signs (src/store/log_tree.h). */
#include "src/app/bundle_check_log.h"

#include "src/base/hex.h"
#include "src/evidence/digest.h"
#include "src/evidence/keys.h"
#include "src/store/log_tree.h"

#include <string.h>

static const json_t *
log_of(const KcBundleCheck *self)
{
    return json_object_get(self->manifest, "log");
}

/* ---- Keys and checkpoint ---- */

static void
load_keys(KcBundleCheck *self)
{
    size_t i;
    const json_t *key;
    self->log_keys = g_ptr_array_new_with_free_func((GDestroyNotify)kc_note_verifier_free);
    json_array_foreach(json_object_get(log_of(self), "keys"), i, key)
    {
        const char *public = kc_bundle_text(key, "public");
        KcNoteVerifier *verifier = public != NULL ? kc_note_verifier_new(public, NULL) : NULL;
        if (verifier != NULL)
            g_ptr_array_add(self->log_keys, verifier);
    }
}

/* The text of `note` if one of the log's keys signed it: of those that are trusted, where one was given. Owned. */
static char *
open_note(const KcBundleCheck *self, const char *note)
{
    if (self->trusted_log != NULL)
        return kc_note_open(note, self->trusted_log, NULL, NULL);
    for (guint i = 0; i < self->log_keys->len; i++) {
        char *text = kc_note_open(note, self->log_keys->pdata[i], NULL, NULL);
        if (text != NULL)
            return text;
    }
    return NULL;
}

void
kc_bundle_check_load_log(KcBundleCheck *self)
{
    const char *note = kc_bundle_text(log_of(self), "checkpoint");
    self->entries = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
    load_keys(self);
    g_autofree char *text = note != NULL ? open_note(self, note) : NULL;
    self->verdict->looked_at[KC_BUNDLE_CHECKPOINT] = 1;
    if (text == NULL || !kc_checkpoint_parse(text, &self->head, NULL)) {
        kc_checkpoint_clear(&self->head);
        self->head.size = 0;
        kc_bundle_wrong(self->verdict, KC_BUNDLE_CHECKPOINT, "the checkpoint is not signed by %s",
                        self->trusted_log != NULL ? "the key that was given" : "a key of the log");
        return;
    }
    self->verdict->origin = g_strdup(self->head.origin);
    self->verdict->tree_size = (gint64)self->head.size;
}

/* ---- Proofs ---- */

static gboolean
read_proof(const json_t *hashes, KcMerkleProof *ret_proof)
{
    size_t i;
    const json_t *hash;
    *ret_proof = (KcMerkleProof){0};
    if (!json_is_array(hashes) || json_array_size(hashes) > KC_MERKLE_MAX_PROOF)
        return FALSE;
    json_array_foreach(hashes, i, hash)
    {
        gsize len = 0;
        g_autofree guint8 *bytes = json_is_string(hash) ? g_base64_decode(json_string_value(hash), &len) : NULL;
        if (len != KC_MERKLE_HASH_LEN)
            return FALSE;
        memcpy(ret_proof->hashes[ret_proof->count++].bytes, bytes, len);
    }
    return TRUE;
}

/* What witnesses have seen is a part of this log. */
static void
check_cosigned(KcBundleCheck *self)
{
    g_auto(KcCheckpoint) seen = {0};
    KcMerkleProof growth;
    const json_t *cosigned = json_object_get(log_of(self), "cosigned");
    const char *note = kc_bundle_text(cosigned, "checkpoint");
    g_autofree char *text = note != NULL ? open_note(self, note) : NULL;
    if (!json_is_object(cosigned))
        return;
    self->verdict->looked_at[KC_BUNDLE_CHECKPOINT]++;
    if (text == NULL || !kc_checkpoint_parse(text, &seen, NULL) ||
        !read_proof(json_object_get(cosigned, "growth"), &growth) ||
        !kc_merkle_check_growth(seen.size, &seen.root, self->head.size, &self->head.root, &growth))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_CHECKPOINT,
                        "the log has not grown from the checkpoint that witnesses cosigned");
}

static KcMerkleHash
leaf_of(const char *text, const json_t *entry, const guint8 salt[KC_KEY_LEN])
{
    guint8 commitment[KC_SHA256_LEN];
    g_autoptr(KcSha256) hash = kc_sha256_new();
    kc_sha256_update(hash, salt, KC_KEY_LEN);
    kc_sha256_update(hash, text, strlen(text));
    kc_sha256_peek(hash, commitment);
    g_autofree char *leaf = kc_log_leaf_text(json_integer_value(json_object_get(entry, "seq")),
                                             json_integer_value(json_object_get(entry, "at_us")),
                                             kc_bundle_text(entry, "kind"), commitment);
    return kc_merkle_leaf(leaf, strlen(leaf));
}

/* Why it is not in the log; NULL: it is. Owned. */
static char *
find_fault(const KcBundleCheck *self, const json_t *item, const json_t *entry)
{
    KcMerkleProof proof;
    guint8 salt[KC_KEY_LEN];
    const char *text = kc_bundle_text(item, "entry"), *hex = kc_bundle_text(item, "salt");
    json_int_t index = json_integer_value(json_object_get(item, "index"));
    const char *case_id = kc_bundle_text(json_object_get(self->manifest, "case"), "id");
    if (kc_bundle_text(entry, "kind") == NULL || hex == NULL || !kc_hex_decode(hex, salt, sizeof salt) ||
        !read_proof(json_object_get(item, "proof"), &proof))
        return g_strdup("it can't be read");
    if (index < 0 || json_integer_value(json_object_get(entry, "seq")) != index + 1)
        return g_strdup("its number is not that of its leaf");
    if (g_strcmp0(kc_bundle_text(entry, "case_id"), case_id) != 0)
        return g_strdup("it is of another case");
    KcMerkleHash leaf = leaf_of(text, entry, salt);
    if (!kc_merkle_check_leaf(&leaf, (guint64)index, self->head.size, &proof, &self->head.root))
        return g_strdup("it is not in the log: entry, salt or proof was changed");
    return NULL;
}

void
kc_bundle_check_log(KcBundleCheck *self)
{
    size_t i;
    const json_t *item;
    json_int_t before = -1;
    check_cosigned(self);
    json_array_foreach(json_object_get(log_of(self), "entries"), i, item)
    {
        const char *text = kc_bundle_text(item, "entry");
        json_int_t index = json_integer_value(json_object_get(item, "index"));
        g_autoptr(json_t) entry = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
        g_autofree char *fault = find_fault(self, item, entry);
        self->verdict->looked_at[KC_BUNDLE_ENTRIES]++;
        if (fault == NULL && index <= before)
            fault = g_strdup("it stands out of its order, or twice");
        if (fault == NULL)
            g_ptr_array_add(self->entries, json_incref(entry));
        else
            kc_bundle_wrong(self->verdict, KC_BUNDLE_ENTRIES, "log entry at index %" JSON_INTEGER_FORMAT ": %s", index,
                            fault);
        before = index;
    }
}

/* ---- A checkpoint that somebody kept ---- */

static gboolean
fail_trust(GError **error, const char *what)
{
    g_set_error(error, KC_BUNDLE_ERROR, KC_BUNDLE_ERROR_TRUST, "%s", what);
    return FALSE;
}

/* From the smaller to the larger one, whichever is which. */
static void
compare(KcBundleCheck *self, const KcCheckpoint *held, const KcMerkleProof *proof)
{
    const KcCheckpoint *old = held->size <= self->head.size ? held : &self->head;
    const KcCheckpoint *new = old == held ? &self->head : held;
    if (strcmp(held->origin, self->head.origin) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_HELD, "the checkpoint that was given is of another log, %s",
                        held->origin);
    else if (old->size == new->size && memcmp(&old->root, &new->root, sizeof old->root) == 0)
        return;
    else if (old->size != new->size && proof == NULL)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_HELD,
                        "to compare both checkpoints a proof is needed: GET /api/v1/log/proof?from=%" G_GUINT64_FORMAT
                        "&size=%" G_GUINT64_FORMAT,
                        old->size, new->size);
    else if (old->size == new->size || !kc_merkle_check_growth(old->size, &old->root, new->size, &new->root, proof))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_HELD,
                        "the log has not grown from one checkpoint to the other: it was written anew");
}

gboolean
kc_bundle_check_held(KcBundleCheck *self, const KcBundleTrust *trust, GError **error)
{
    g_auto(KcCheckpoint) held = {0};
    KcMerkleProof proof;
    if (trust->checkpoint == NULL)
        return TRUE;
    g_autofree char *unsigned_text = kc_note_text(trust->checkpoint, NULL);
    if (unsigned_text == NULL || !kc_checkpoint_parse(unsigned_text, &held, NULL))
        return fail_trust(error, "what was given as checkpoint is none");
    g_autoptr(json_t) root = trust->proof != NULL ? json_loads(trust->proof, 0, NULL) : NULL;
    if (trust->proof != NULL && !read_proof(json_object_get(root, "hashes"), &proof))
        return fail_trust(error, "what was given as proof is none");
    self->verdict->looked_at[KC_BUNDLE_HELD] = 1;
    g_autofree char *text = open_note(self, trust->checkpoint);
    if (text == NULL)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_HELD,
                        "the checkpoint that was given is not signed by a key of the log");
    else if (self->head.size > 0)
        compare(self, &held, root != NULL ? &proof : NULL);
    return TRUE;
}
