#include "src/evidence/merkle.h"
#include "src/evidence/digest.h"

#include <string.h>

G_STATIC_ASSERT(KC_MERKLE_HASH_LEN == KC_SHA256_LEN);
G_STATIC_ASSERT(1 << KC_MERKLE_ROW_LEVELS == KC_MERKLE_ROW_WIDTH);

/* ---- Hashes ---- */

KcMerkleHash
kc_merkle_leaf(const void *data, gsize len)
{
    static const guint8 leaf = 0x00;
    KcMerkleHash result;
    g_autoptr(KcSha256) hash = kc_sha256_new();
    kc_sha256_update(hash, &leaf, 1);
    kc_sha256_update(hash, data, len);
    kc_sha256_peek(hash, result.bytes);
    return result;
}

KcMerkleHash
kc_merkle_node(const KcMerkleHash *left, const KcMerkleHash *right)
{
    guint8 both[1 + 2 * KC_MERKLE_HASH_LEN] = {0x01};
    KcMerkleHash result;
    memcpy(both + 1, left->bytes, KC_MERKLE_HASH_LEN);
    memcpy(both + 1 + KC_MERKLE_HASH_LEN, right->bytes, KC_MERKLE_HASH_LEN);
    kc_sha256(both, sizeof both, result.bytes);
    return result;
}

KcMerkleHash
kc_merkle_fold(KcMerkleHash *hashes, guint count)
{
    for (; count > 1; count /= 2)
        for (guint i = 0; i < count / 2; i++)
            hashes[i] = kc_merkle_node(&hashes[2 * i], &hashes[2 * i + 1]);
    return hashes[0];
}

static gboolean
equal(const KcMerkleHash *a, const KcMerkleHash *b)
{
    return memcmp(a->bytes, b->bytes, KC_MERKLE_HASH_LEN) == 0;
}

/* ---- The tree ---- */

/* The largest power of two below `count`, which is at least 2. */
static guint64
split(guint64 count)
{
    return G_GUINT64_CONSTANT(1) << (63 - __builtin_clzll(count - 1));
}

/* MTH of the complete subtree of 2^level leaves that begins at `first`. */
static gboolean
complete_hash(const KcMerkleRows *rows, guint64 first, guint level, KcMerkleHash *ret_hash, GError **error)
{
    guint row = level / KC_MERKLE_ROW_LEVELS;
    guint count = 1u << level % KC_MERKLE_ROW_LEVELS;
    KcMerkleHash hashes[KC_MERKLE_ROW_WIDTH];
    if (!rows->read(rows->data, row, first >> row * KC_MERKLE_ROW_LEVELS, count, hashes, error))
        return FALSE;
    *ret_hash = kc_merkle_fold(hashes, count);
    return TRUE;
}

/* MTH(D[first : first + count]). Everything left of a split is complete, so that this goes down one side only. */
static gboolean
range_hash(const KcMerkleRows *rows, guint64 first, guint64 count, KcMerkleHash *ret_hash, GError **error)
{
    if ((count & (count - 1)) == 0)
        return complete_hash(rows, first, (guint)__builtin_ctzll(count), ret_hash, error);
    guint64 left_count = split(count);
    KcMerkleHash left, right;
    if (!range_hash(rows, first, left_count, &left, error) ||
        !range_hash(rows, first + left_count, count - left_count, &right, error))
        return FALSE;
    *ret_hash = kc_merkle_node(&left, &right);
    return TRUE;
}

gboolean
kc_merkle_root(const KcMerkleRows *rows, guint64 size, KcMerkleHash *ret_root, GError **error)
{
    if (size > 0)
        return range_hash(rows, 0, size, ret_root, error);
    kc_sha256("", 0, ret_root->bytes);
    return TRUE;
}

/* ---- Proofs ---- */

static gboolean
add_range(const KcMerkleRows *rows, guint64 first, guint64 count, KcMerkleProof *proof, GError **error)
{
    g_assert(proof->count < KC_MERKLE_MAX_PROOF);
    return range_hash(rows, first, count, &proof->hashes[proof->count++], error);
}

/* PATH(index, D[first : first + count]); `index` counts from `first`. */
static gboolean
add_path(const KcMerkleRows *rows, guint64 index, guint64 first, guint64 count, KcMerkleProof *proof, GError **error)
{
    if (count == 1)
        return TRUE;
    guint64 left_count = split(count);
    if (index < left_count)
        return add_path(rows, index, first, left_count, proof, error) &&
               add_range(rows, first + left_count, count - left_count, proof, error);
    return add_path(rows, index - left_count, first + left_count, count - left_count, proof, error) &&
           add_range(rows, first, left_count, proof, error);
}

gboolean
kc_merkle_prove_leaf(const KcMerkleRows *rows, guint64 index, guint64 size, KcMerkleProof *ret_proof, GError **error)
{
    g_assert(index < size);
    ret_proof->count = 0;
    return add_path(rows, index, 0, size, ret_proof, error);
}

/* SUBPROOF(old_count, D[first : first + count], whole): `whole` while the old tree itself is the left edge. */
static gboolean
add_subproof(const KcMerkleRows *rows, guint64 old_count, guint64 first, guint64 count, gboolean whole,
             KcMerkleProof *proof, GError **error)
{
    if (old_count == count)
        return whole || add_range(rows, first, count, proof, error);
    guint64 left_count = split(count);
    if (old_count <= left_count)
        return add_subproof(rows, old_count, first, left_count, whole, proof, error) &&
               add_range(rows, first + left_count, count - left_count, proof, error);
    return add_subproof(rows, old_count - left_count, first + left_count, count - left_count, FALSE, proof, error) &&
           add_range(rows, first, left_count, proof, error);
}

gboolean
kc_merkle_prove_growth(const KcMerkleRows *rows, guint64 old_size, guint64 size, KcMerkleProof *ret_proof,
                       GError **error)
{
    g_assert(old_size > 0 && old_size <= size);
    ret_proof->count = 0;
    return add_subproof(rows, old_size, 0, size, TRUE, ret_proof, error);
}

/* ---- Checks ---- */

gboolean
kc_merkle_check_leaf(const KcMerkleHash *leaf, guint64 index, guint64 size, const KcMerkleProof *proof,
                     const KcMerkleHash *root)
{
    if (index >= size)
        return FALSE;
    guint64 fn = index, sn = size - 1;
    KcMerkleHash r = *leaf;
    for (guint i = 0; i < proof->count; i++) {
        const KcMerkleHash *p = &proof->hashes[i];
        if (sn == 0)
            return FALSE;
        if ((fn & 1) != 0 || fn == sn) {
            r = kc_merkle_node(p, &r);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            r = kc_merkle_node(&r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && equal(&r, root);
}

/* 2.1.4.2, from its step 3 on: fr must come to the old root, sr to the new one. */
static gboolean
climb(guint64 fn, guint64 sn, const KcMerkleHash *start, const KcMerkleProof *proof, guint next,
      const KcMerkleHash *old_root, const KcMerkleHash *root)
{
    KcMerkleHash fr = *start, sr = *start;
    for (; (fn & 1) != 0; fn >>= 1)
        sn >>= 1;
    for (; next < proof->count; next++) {
        const KcMerkleHash *c = &proof->hashes[next];
        if (sn == 0)
            return FALSE;
        if ((fn & 1) != 0 || fn == sn) {
            fr = kc_merkle_node(c, &fr);
            sr = kc_merkle_node(c, &sr);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            sr = kc_merkle_node(&sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && equal(&fr, old_root) && equal(&sr, root);
}

gboolean
kc_merkle_check_growth(guint64 old_size, const KcMerkleHash *old_root, guint64 size, const KcMerkleHash *root,
                       const KcMerkleProof *proof)
{
    if (old_size == 0 || old_size > size)
        return FALSE;
    if (old_size == size)
        return proof->count == 0 && equal(old_root, root);
    /* The root of a complete old tree is the first hash of the path itself, and is left out. */
    if ((old_size & (old_size - 1)) == 0)
        return climb(old_size - 1, size - 1, old_root, proof, 0, old_root, root);
    return proof->count > 0 && climb(old_size - 1, size - 1, &proof->hashes[0], proof, 1, old_root, root);
}
