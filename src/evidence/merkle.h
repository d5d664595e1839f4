/* The Merkle tree of a transparency log: RFC 9162, section 2.1, with SHA-256.
 *
 * A tree is never in memory whole. Its owner stores, and lends by a function, the hashes of the leaves and of each
 * complete subtree of 256, 65,536 … leaves (the rows of C2SP tlog-tiles); every other hash is computed from at most 255
 * of those a level. Roots, proofs and their checks follow the definitions of the RFC word by word: MTH, PATH, SUBPROOF.
 *
 * Pure but for the lender; thread-safe as far as the lender is. Sizes and indexes count leaves, from 0. */
#pragma once

#include <glib.h>

#define KC_MERKLE_HASH_LEN 32
#define KC_MERKLE_ROW_LEVELS 8  /* stored rows stand so many levels apart: the height of a tile */
#define KC_MERKLE_ROW_WIDTH 256 /* hashes of one row under one of the row above */
#define KC_MERKLE_MAX_PROOF 64

typedef struct {
    guint8 bytes[KC_MERKLE_HASH_LEN];
} KcMerkleHash;

/* Fills `ret_hashes` with `count` (1 to 256) hashes of row `row` (0: leaves, 1: of 256 leaves each …) from `first`. All
 * of them exist in the tree that is asked about. FALSE with an error if they can't be read. */
typedef gboolean (*KcMerkleReadFn)(gpointer data, guint row, guint64 first, guint count, KcMerkleHash *ret_hashes,
                                   GError **error);

typedef struct {
    KcMerkleReadFn read;
    gpointer data;
} KcMerkleRows;

/* SHA-256(0x00 || data) and SHA-256(0x01 || left || right). */
KcMerkleHash kc_merkle_leaf(const void *data, gsize len);
KcMerkleHash kc_merkle_node(const KcMerkleHash *left, const KcMerkleHash *right);

/* The hash over one complete subtree of `count` hashes, a power of two. Overwrites `hashes`. */
KcMerkleHash kc_merkle_fold(KcMerkleHash *hashes, guint count);

/* The root of the first `size` leaves; of none, SHA-256 of nothing. */
gboolean kc_merkle_root(const KcMerkleRows *rows, guint64 size, KcMerkleHash *ret_root, GError **error);

typedef struct {
    KcMerkleHash hashes[KC_MERKLE_MAX_PROOF];
    guint count;
} KcMerkleProof;

/* That leaf `index` is in the tree of `size` leaves; index < size. */
gboolean kc_merkle_prove_leaf(const KcMerkleRows *rows, guint64 index, guint64 size, KcMerkleProof *ret_proof,
                              GError **error);

/* That the tree of `size` leaves begins with that of `old_size`; 0 < old_size <= size. Empty if they are equal. */
gboolean kc_merkle_prove_growth(const KcMerkleRows *rows, guint64 old_size, guint64 size, KcMerkleProof *ret_proof,
                                GError **error);

/* RFC 9162, 2.1.3.2 and 2.1.4.2. Any input; FALSE means not proven. */
gboolean kc_merkle_check_leaf(const KcMerkleHash *leaf, guint64 index, guint64 size, const KcMerkleProof *proof,
                              const KcMerkleHash *root);
gboolean kc_merkle_check_growth(guint64 old_size, const KcMerkleHash *old_root, guint64 size, const KcMerkleHash *root,
                                const KcMerkleProof *proof);
