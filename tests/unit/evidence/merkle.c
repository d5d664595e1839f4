/* The Merkle tree against the published vectors of RFC 6962's reference implementation, and every proof of every small
 * tree against the definition. */
#include "src/evidence/merkle.h"
#include "src/base/hex.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define BIG 70000 /* beyond the second row of 65,536 */

/* A tree in memory that lends its rows. */
typedef struct {
    GArray *rows[4];
} Tree;

static void
grow(Tree *tree, KcMerkleHash hash, guint row)
{
    if (tree->rows[row] == NULL)
        tree->rows[row] = g_array_new(FALSE, FALSE, sizeof(KcMerkleHash));
    g_array_append_val(tree->rows[row], hash);
    guint len = tree->rows[row]->len;
    if (len % KC_MERKLE_ROW_WIDTH != 0)
        return;
    KcMerkleHash under[KC_MERKLE_ROW_WIDTH];
    memcpy(under, &g_array_index(tree->rows[row], KcMerkleHash, len - KC_MERKLE_ROW_WIDTH), sizeof under);
    grow(tree, kc_merkle_fold(under, KC_MERKLE_ROW_WIDTH), row + 1);
}

static void
tree_clear(Tree *tree)
{
    for (guint i = 0; i < G_N_ELEMENTS(tree->rows); i++)
        if (tree->rows[i] != NULL)
            g_array_unref(tree->rows[i]);
}

static gboolean
lend(gpointer data, guint row, guint64 first, guint count, KcMerkleHash *ret_hashes, GError **error G_GNUC_UNUSED)
{
    const Tree *tree = data;
    ck_assert(tree->rows[row] != NULL && first + count <= tree->rows[row]->len);
    memcpy(ret_hashes, &g_array_index(tree->rows[row], KcMerkleHash, first), count * sizeof(KcMerkleHash));
    return TRUE;
}

static KcMerkleHash
root_of(Tree *tree, guint64 size)
{
    KcMerkleRows rows = {lend, tree};
    KcMerkleHash root;
    ck_assert(kc_merkle_root(&rows, size, &root, NULL));
    return root;
}

/* The leaves and roots of the reference implementation (certificate-transparency, merkle_tree_test). */
static const char *const vector_leaves[] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
static const char *const vector_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void
grow_vectors(Tree *tree)
{
    for (guint i = 0; i < G_N_ELEMENTS(vector_leaves); i++) {
        guint8 bytes[16];
        gsize len = strlen(vector_leaves[i]) / 2;
        ck_assert(kc_hex_decode(vector_leaves[i], bytes, len));
        grow(tree, kc_merkle_leaf(bytes, len), 0);
    }
}

START_TEST(roots_are_those_of_the_reference)
{
    Tree tree = {0};
    grow_vectors(&tree);
    for (guint size = 0; size < G_N_ELEMENTS(vector_roots); size++) {
        KcMerkleHash root = root_of(&tree, size);
        g_autofree char *hex = kc_hex_encode(root.bytes, sizeof root.bytes);
        ck_assert_str_eq(hex, vector_roots[size]);
    }
    tree_clear(&tree);
}
END_TEST

/* Of the same source: the path to leaf 5 of 8, and the growth from 6 to 8 leaves. */
static const char *const path_5_of_8[] = {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
static const char *const growth_6_to_8[] = {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};

static void
assert_hashes(const KcMerkleProof *proof, const char *const *expected, guint count)
{
    ck_assert_uint_eq(proof->count, count);
    for (guint i = 0; i < count; i++) {
        g_autofree char *hex = kc_hex_encode(proof->hashes[i].bytes, KC_MERKLE_HASH_LEN);
        ck_assert_str_eq(hex, expected[i]);
    }
}

START_TEST(proofs_are_those_of_the_reference)
{
    Tree tree = {0};
    KcMerkleRows rows = {lend, &tree};
    KcMerkleProof proof;
    grow_vectors(&tree);
    ck_assert(kc_merkle_prove_leaf(&rows, 5, 8, &proof, NULL));
    assert_hashes(&proof, path_5_of_8, G_N_ELEMENTS(path_5_of_8));
    ck_assert(kc_merkle_prove_growth(&rows, 6, 8, &proof, NULL));
    assert_hashes(&proof, growth_6_to_8, G_N_ELEMENTS(growth_6_to_8));
    tree_clear(&tree);
}
END_TEST

static void
grow_numbers(Tree *tree, guint count)
{
    for (guint i = 0; i < count; i++)
        grow(tree, kc_merkle_leaf(&i, sizeof i), 0);
}

/* A wrong leaf, index, size, root, one hash more, less or changed: none is proven. */
static void
assert_only_this_leaf(const KcMerkleHash *leaf, guint64 index, guint64 size, const KcMerkleProof *proof,
                      const KcMerkleHash *root)
{
    KcMerkleProof other = *proof;
    KcMerkleHash wrong = *leaf;
    ck_assert(kc_merkle_check_leaf(leaf, index, size, proof, root));
    wrong.bytes[31] ^= 1;
    ck_assert(!kc_merkle_check_leaf(&wrong, index, size, proof, root));
    ck_assert(!kc_merkle_check_leaf(leaf, index, size, proof, &wrong));
    ck_assert(!kc_merkle_check_leaf(leaf, size, size, proof, root));
    if (size > 1)
        ck_assert(!kc_merkle_check_leaf(leaf, index ^ 1, size, proof, root));
    other.hashes[other.count++] = wrong;
    ck_assert(!kc_merkle_check_leaf(leaf, index, size, &other, root));
    for (guint i = 0; i < proof->count; i++) {
        other = *proof;
        other.hashes[i].bytes[0] ^= 0x80;
        ck_assert(!kc_merkle_check_leaf(leaf, index, size, &other, root));
        other.count = i;
        ck_assert(!kc_merkle_check_leaf(leaf, index, size, &other, root));
    }
}

START_TEST(every_leaf_of_every_small_tree_is_proven)
{
    Tree tree = {0};
    KcMerkleRows rows = {lend, &tree};
    grow_numbers(&tree, 70);
    for (guint size = 1; size <= 70; size++) {
        KcMerkleHash root = root_of(&tree, size);
        for (guint index = 0; index < size; index++) {
            KcMerkleHash leaf = kc_merkle_leaf(&index, sizeof index);
            KcMerkleProof proof;
            ck_assert(kc_merkle_prove_leaf(&rows, index, size, &proof, NULL));
            assert_only_this_leaf(&leaf, index, size, &proof, &root);
        }
    }
    tree_clear(&tree);
}
END_TEST

static void
assert_only_this_growth(guint64 old_size, const KcMerkleHash *old_root, guint64 size, const KcMerkleHash *root,
                        const KcMerkleProof *proof)
{
    KcMerkleProof other = *proof;
    KcMerkleHash wrong = *root;
    ck_assert(kc_merkle_check_growth(old_size, old_root, size, root, proof));
    wrong.bytes[0] ^= 1;
    ck_assert(!kc_merkle_check_growth(old_size, old_root, size, &wrong, proof));
    ck_assert(!kc_merkle_check_growth(old_size, &wrong, size, root, proof));
    ck_assert(!kc_merkle_check_growth(0, old_root, size, root, proof));
    ck_assert(!kc_merkle_check_growth(size + 1, old_root, size, root, proof));
    other.hashes[other.count++] = wrong;
    ck_assert(!kc_merkle_check_growth(old_size, old_root, size, root, &other));
    for (guint i = 0; i < proof->count; i++) {
        other = *proof;
        other.hashes[i].bytes[5] ^= 4;
        ck_assert(!kc_merkle_check_growth(old_size, old_root, size, root, &other));
        other.count = i;
        ck_assert(!kc_merkle_check_growth(old_size, old_root, size, root, &other));
    }
}

START_TEST(every_growth_of_every_small_tree_is_proven)
{
    Tree tree = {0};
    KcMerkleRows rows = {lend, &tree};
    grow_numbers(&tree, 70);
    for (guint size = 1; size <= 70; size++)
        for (guint old_size = 1; old_size <= size; old_size++) {
            KcMerkleHash old_root = root_of(&tree, old_size), root = root_of(&tree, size);
            KcMerkleProof proof;
            ck_assert(kc_merkle_prove_growth(&rows, old_size, size, &proof, NULL));
            assert_only_this_growth(old_size, &old_root, size, &root, &proof);
        }
    tree_clear(&tree);
}
END_TEST

/* Where the rows above the leaves begin and end. */
static const guint edges[] = {1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 65792, BIG};

START_TEST(the_rows_above_are_used_right)
{
    Tree tree = {0};
    KcMerkleRows rows = {lend, &tree};
    KcMerkleProof proof;
    grow_numbers(&tree, BIG);
    for (guint i = 0; i < G_N_ELEMENTS(edges); i++) {
        KcMerkleHash root = root_of(&tree, edges[i]), all = root_of(&tree, BIG);
        guint last = edges[i] - 1;
        KcMerkleHash leaf = kc_merkle_leaf(&last, sizeof last);
        ck_assert(kc_merkle_prove_leaf(&rows, last, edges[i], &proof, NULL));
        ck_assert(kc_merkle_check_leaf(&leaf, last, edges[i], &proof, &root));
        ck_assert(kc_merkle_prove_leaf(&rows, last, BIG, &proof, NULL));
        ck_assert(kc_merkle_check_leaf(&leaf, last, BIG, &proof, &all));
        ck_assert(kc_merkle_prove_growth(&rows, edges[i], BIG, &proof, NULL));
        ck_assert(kc_merkle_check_growth(edges[i], &root, BIG, &all, &proof));
    }
    tree_clear(&tree);
}
END_TEST

static Suite *
merkle_suite(void)
{
    Suite *suite = suite_create("evidence/merkle");
    TCase *tc = tcase_create("merkle");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, roots_are_those_of_the_reference);
    tcase_add_test(tc, proofs_are_those_of_the_reference);
    tcase_add_test(tc, every_leaf_of_every_small_tree_is_proven);
    tcase_add_test(tc, every_growth_of_every_small_tree_is_proven);
    tcase_add_test(tc, the_rows_above_are_used_right);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(merkle_suite())
