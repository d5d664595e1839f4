/* Invariants:
 *  - nodes are sorted by the first leaf under them, and no leaf is under two of them;
 *  - a node of depth d at prefix p (its first leaf) covers the 2^(32-d) leaves from p on. */
#include "src/evidence/key_tree.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

#define DEPTH 32
#define CONTEXT "kc tree1"
#define NODE_BYTES (1 + 4 + KC_KEY_LEN)
#define HEAD_BYTES (4 + 4)
#define NODES_MAX (1u << 26)

G_STATIC_ASSERT(KC_KEY_LEN == crypto_kdf_KEYBYTES);
G_STATIC_ASSERT(sizeof CONTEXT - 1 == crypto_kdf_CONTEXTBYTES);

typedef struct {
    guint32 first;
    guint8 depth;
    guint8 key[KC_KEY_LEN];
} Node;

struct KcKeyTree {
    guint32 id;
    guint n, room;
    Node *nodes; /* sodium_malloc */
};

/* ---- Nodes in locked memory ---- */

static Node *
nodes_new(guint room)
{
    Node *nodes = sodium_allocarray(MAX(room, 1), sizeof(Node));
    if (nodes == NULL)
        g_error("no locked memory for keys");
    return nodes;
}

static void
make_room(KcKeyTree *tree, guint more)
{
    if (tree->n + more <= tree->room)
        return;
    guint room = MAX(tree->n + more, tree->room * 2);
    Node *nodes = nodes_new(room);
    memcpy(nodes, tree->nodes, tree->n * sizeof(Node));
    sodium_free(tree->nodes);
    tree->nodes = nodes;
    tree->room = room;
}

KcKeyTree *
kc_key_tree_new(guint32 id)
{
    kc_sodium_ready();
    KcKeyTree *tree = g_new0(KcKeyTree, 1);
    tree->id = id;
    tree->n = 1;
    tree->room = DEPTH + 1;
    tree->nodes = nodes_new(tree->room);
    tree->nodes[0] = (Node){.first = 0, .depth = 0};
    randombytes_buf(tree->nodes[0].key, KC_KEY_LEN);
    return tree;
}

KcKeyTree *
kc_key_tree_copy(const KcKeyTree *tree)
{
    KcKeyTree *copy = g_new0(KcKeyTree, 1);
    copy->id = tree->id;
    copy->n = tree->n;
    copy->room = tree->n;
    copy->nodes = nodes_new(copy->room);
    memcpy(copy->nodes, tree->nodes, tree->n * sizeof(Node));
    return copy;
}

KcKeyTree *
kc_key_tree_successor(const KcKeyTree *tree, guint32 id)
{
    KcKeyTree *other = kc_key_tree_copy(tree);
    other->id = id;
    for (guint i = 0; i < other->n; i++)
        randombytes_buf(other->nodes[i].key, KC_KEY_LEN);
    return other;
}

void
kc_key_tree_free(KcKeyTree *tree)
{
    if (tree == NULL)
        return;
    sodium_free(tree->nodes);
    g_free(tree);
}

guint32
kc_key_tree_id(const KcKeyTree *tree)
{
    return tree->id;
}

guint
kc_key_tree_nodes(const KcKeyTree *tree)
{
    return tree->n;
}

/* ---- Leaves ---- */

static gboolean
covers(const Node *node, guint32 leaf)
{
    return node->depth == 0 || (node->first ^ leaf) >> (DEPTH - node->depth) == 0;
}

/* The number of the node over `leaf`; tree->n: there is none. */
static guint
find(const KcKeyTree *tree, guint32 leaf)
{
    guint low = 0, high = tree->n; /* the last node that begins at or before the leaf is below `high` */
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (tree->nodes[middle].first <= leaf)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && covers(&tree->nodes[low - 1], leaf) ? low - 1 : tree->n;
}

static guint32
bit_of(guint32 leaf, guint depth)
{
    return leaf >> (DEPTH - 1 - depth) & 1;
}

static void
child(const guint8 key[KC_KEY_LEN], guint32 side, guint8 ret_key[KC_KEY_LEN])
{
    crypto_kdf_derive_from_key(ret_key, KC_KEY_LEN, side, CONTEXT, key);
}

gboolean
kc_key_tree_leaf(const KcKeyTree *tree, guint32 leaf, guint8 ret_key[KC_KEY_LEN])
{
    guint i = find(tree, leaf);
    if (i == tree->n)
        return FALSE;
    guint8 above[KC_KEY_LEN];
    memcpy(ret_key, tree->nodes[i].key, KC_KEY_LEN);
    for (guint depth = tree->nodes[i].depth; depth < DEPTH; depth++) {
        memcpy(above, ret_key, KC_KEY_LEN);
        child(above, bit_of(leaf, depth), ret_key);
    }
    sodium_memzero(above, sizeof above);
    return TRUE;
}

gboolean
kc_key_tree_has(const KcKeyTree *tree, guint32 leaf)
{
    return find(tree, leaf) < tree->n;
}

/* The siblings along the path from `over` to `leaf`, in the order of their leaves; returns how many. */
static guint
siblings(const Node *over, guint32 leaf, Node ret_nodes[DEPTH])
{
    guint left = 0, right = DEPTH; /* those before the leaf, and from the end those after it */
    Node at = *over;
    while (at.depth < DEPTH) {
        guint32 side = bit_of(leaf, at.depth);
        guint32 half = 1u << (DEPTH - 1 - at.depth);
        Node *sibling = side == 1 ? &ret_nodes[left++] : &ret_nodes[--right];
        sibling->depth = at.depth + 1;
        sibling->first = side == 1 ? at.first : at.first + half;
        child(at.key, 1 - side, sibling->key);
        guint8 next[KC_KEY_LEN];
        child(at.key, side, next);
        memcpy(at.key, next, KC_KEY_LEN);
        sodium_memzero(next, sizeof next);
        at.first += side == 1 ? half : 0;
        at.depth++;
    }
    sodium_memzero(&at, sizeof at);
    memmove(&ret_nodes[left], &ret_nodes[right], (DEPTH - right) * sizeof(Node));
    return left + (DEPTH - right);
}

gboolean
kc_key_tree_destroy(KcKeyTree *tree, guint32 leaf)
{
    guint i = find(tree, leaf);
    if (i == tree->n)
        return FALSE;
    Node others[DEPTH];
    guint n = siblings(&tree->nodes[i], leaf, others);
    make_room(tree, n);
    memmove(&tree->nodes[i + n], &tree->nodes[i + 1], (tree->n - i - 1) * sizeof(Node));
    memcpy(&tree->nodes[i], others, n * sizeof(Node));
    tree->n += n - 1; /* one less where it was held as itself */
    sodium_memzero(others, sizeof others);
    if (n == 0) /* what moved down leaves a copy behind */
        sodium_memzero(&tree->nodes[tree->n], sizeof(Node));
    return TRUE;
}

/* ---- As bytes ---- */

static void
put_u32(guint8 *bytes, guint32 value)
{
    guint32 big = GUINT32_TO_BE(value);
    memcpy(bytes, &big, sizeof big);
}

static guint32
get_u32(const guint8 *bytes)
{
    guint32 big;
    memcpy(&big, bytes, sizeof big);
    return GUINT32_FROM_BE(big);
}

gsize
kc_key_tree_size(const KcKeyTree *tree)
{
    return HEAD_BYTES + (gsize)tree->n * NODE_BYTES;
}

void
kc_key_tree_write(const KcKeyTree *tree, guint8 *ret_bytes)
{
    put_u32(ret_bytes, tree->id);
    put_u32(ret_bytes + 4, tree->n);
    guint8 *at = ret_bytes + HEAD_BYTES;
    for (guint i = 0; i < tree->n; i++, at += NODE_BYTES) {
        at[0] = tree->nodes[i].depth;
        put_u32(at + 1, tree->nodes[i].first);
        memcpy(at + 5, tree->nodes[i].key, KC_KEY_LEN);
    }
}

static gboolean
follows(const KcKeyTree *tree, const Node *node)
{
    if (node->depth > DEPTH || (node->depth < DEPTH && node->first << node->depth != 0))
        return FALSE;
    const Node *before = tree->n > 0 ? &tree->nodes[tree->n - 1] : NULL;
    return before == NULL || (node->first > before->first && !covers(before, node->first));
}

KcKeyTree *
kc_key_tree_read(const guint8 *bytes, gsize len, gsize *ret_used)
{
    kc_sodium_ready();
    guint32 n = len >= HEAD_BYTES ? get_u32(bytes + 4) : G_MAXUINT32;
    if (n > NODES_MAX || (len - HEAD_BYTES) / NODE_BYTES < n || get_u32(bytes) == 0)
        return NULL;
    g_autoptr(KcKeyTree) tree = g_new0(KcKeyTree, 1);
    tree->id = get_u32(bytes);
    tree->room = MAX(n, 1);
    tree->nodes = nodes_new(tree->room);
    const guint8 *at = bytes + HEAD_BYTES;
    for (guint i = 0; i < n; i++, at += NODE_BYTES) {
        Node *node = &tree->nodes[i];
        *node = (Node){.first = get_u32(at + 1), .depth = at[0]};
        memcpy(node->key, at + 5, KC_KEY_LEN);
        if (!follows(tree, node))
            return NULL;
        tree->n++;
    }
    *ret_used = kc_key_tree_size(tree);
    return g_steal_pointer(&tree);
}
