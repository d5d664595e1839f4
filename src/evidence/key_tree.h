/* Keys of which any single one can be destroyed: a puncturable pseudorandom function.
 *
 * The leaves of a binary tree of depth 32 are keys; each node's key gives those of its two children, one way
 * (crypto_kdf). That is the construction of Goldreich, Goldwasser and Micali (How to Construct Random Functions, 1986),
 * and puncturing it is Boneh and Waters (2013): to destroy a leaf, the one node above it that is held is replaced by
 * the siblings along the path, from which every other leaf still follows and that one no longer does.
 *
 * What is held begins as one root, so a copy of it made early opens leaves that are used years later. It grows by at
 * most 32 nodes for each leaf that is destroyed, and shrinks again as neighbours go: leaves that were numbered in order
 * and destroyed roughly in order cost little.
 *
 * Keys are in locked memory. Not thread-safe: the keyring guards it (keys.h). */
#pragma once

#include "src/evidence/keys.h"

typedef struct KcKeyTree KcKeyTree;

/* A tree of a random root. `id` names it in what is wrapped under its leaves; not 0. */
KcKeyTree *kc_key_tree_new(guint32 id);
/* Other keys, of which the same ones are destroyed. */
KcKeyTree *kc_key_tree_successor(const KcKeyTree *tree, guint32 id);
KcKeyTree *kc_key_tree_copy(const KcKeyTree *tree);
void kc_key_tree_free(KcKeyTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcKeyTree, kc_key_tree_free)

guint32 kc_key_tree_id(const KcKeyTree *tree);
guint kc_key_tree_nodes(const KcKeyTree *tree);

/* FALSE: it was destroyed. Wipe the key (kc_key_wipe) after use. */
gboolean kc_key_tree_leaf(const KcKeyTree *tree, guint32 leaf, guint8 ret_key[KC_KEY_LEN]);
gboolean kc_key_tree_has(const KcKeyTree *tree, guint32 leaf);
/* FALSE: it was before. */
gboolean kc_key_tree_destroy(KcKeyTree *tree, guint32 leaf);

/* The bytes in which it is kept: id, number of nodes, and each node's depth, place and key. */
gsize kc_key_tree_size(const KcKeyTree *tree);
void kc_key_tree_write(const KcKeyTree *tree, guint8 *ret_bytes);
/* `*ret_used` of `len` bytes are the tree; NULL: they are none. */
KcKeyTree *kc_key_tree_read(const guint8 *bytes, gsize len, gsize *ret_used);
