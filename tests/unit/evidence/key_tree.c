/* The tree of keys: every leaf is a key of its own, and destroying one leaves the others as they were. */
#include "src/evidence/key_tree.h"
#include "tests/support/kc_test.h"

#include <string.h>

static void
leaf(const KcKeyTree *tree, guint32 number, guint8 ret_key[KC_KEY_LEN])
{
    ck_assert_msg(kc_key_tree_leaf(tree, number, ret_key), "leaf %u", number);
}

START_TEST(every_leaf_is_a_key_of_its_own_and_always_the_same)
{
    static const guint32 numbers[] = {0, 1, 2, 3, 0x40000000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    g_autoptr(KcKeyTree) tree = kc_key_tree_new(1);
    g_autoptr(KcKeyTree) other = kc_key_tree_new(1);
    guint8 keys[G_N_ELEMENTS(numbers)][KC_KEY_LEN], again[KC_KEY_LEN];
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        leaf(tree, numbers[i], keys[i]);
        leaf(tree, numbers[i], again);
        ck_assert_mem_eq(keys[i], again, KC_KEY_LEN);
        leaf(other, numbers[i], again);
        ck_assert_mem_ne(keys[i], again, KC_KEY_LEN);
        for (guint j = 0; j < i; j++)
            ck_assert_mem_ne(keys[i], keys[j], KC_KEY_LEN);
    }
}
END_TEST

START_TEST(a_destroyed_leaf_is_gone_and_no_other_is)
{
    static const guint32 gone[] = {5, 4, 0, 0xffffffff, 0x80000000, 7, 6};
    g_autoptr(KcKeyTree) tree = kc_key_tree_new(1);
    g_autoptr(KcKeyTree) whole = kc_key_tree_copy(tree);
    guint8 expected[KC_KEY_LEN], key[KC_KEY_LEN];
    for (guint i = 0; i < G_N_ELEMENTS(gone); i++) {
        ck_assert(kc_key_tree_destroy(tree, gone[i]));
        ck_assert(!kc_key_tree_destroy(tree, gone[i]));
        ck_assert(!kc_key_tree_leaf(tree, gone[i], key));
        ck_assert(!kc_key_tree_has(tree, gone[i]));
    }
    for (guint32 number = 0; number < 64; number++) {
        if (number == 0 || (number >= 4 && number <= 7))
            continue;
        leaf(whole, number, expected);
        leaf(tree, number, key);
        ck_assert_mem_eq(key, expected, KC_KEY_LEN);
    }
    leaf(tree, 0xfffffffe, key);
    leaf(whole, 0xfffffffe, expected);
    ck_assert_mem_eq(key, expected, KC_KEY_LEN);
}
END_TEST

/* Numbered in order and destroyed in any order: what is held stays small. */
START_TEST(neighbours_that_go_cost_little)
{
    g_autoptr(KcKeyTree) tree = kc_key_tree_new(1);
    for (guint32 i = 0; i < 1000; i++)
        ck_assert(kc_key_tree_destroy(tree, 1 + (i * 7) % 1000));
    ck_assert_uint_le(kc_key_tree_nodes(tree), 64);
    for (guint32 i = 1; i <= 1000; i++)
        ck_assert(!kc_key_tree_has(tree, i));
    ck_assert(kc_key_tree_has(tree, 0) && kc_key_tree_has(tree, 1001));
}
END_TEST

START_TEST(what_is_read_is_what_was_written)
{
    g_autoptr(KcKeyTree) tree = kc_key_tree_new(7);
    for (guint32 i = 0; i < 20; i++)
        kc_key_tree_destroy(tree, i * i * 1000003);
    gsize len = kc_key_tree_size(tree), used = 0;
    g_autofree guint8 *bytes = g_malloc(len + 1);
    kc_key_tree_write(tree, bytes);
    g_autoptr(KcKeyTree) again = kc_key_tree_read(bytes, len + 1, &used);
    guint8 a[KC_KEY_LEN], b[KC_KEY_LEN];
    ck_assert_ptr_nonnull(again);
    ck_assert_uint_eq(used, len);
    ck_assert_uint_eq(kc_key_tree_id(again), 7);
    ck_assert(!kc_key_tree_has(again, 1000003));
    leaf(tree, 77, a);
    leaf(again, 77, b);
    ck_assert_mem_eq(a, b, KC_KEY_LEN);
    ck_assert_ptr_null(kc_key_tree_read(bytes, len - 1, &used));
    bytes[8] = 33; /* a depth that no node has */
    ck_assert_ptr_null(kc_key_tree_read(bytes, len, &used));
}
END_TEST

START_TEST(the_tree_after_it_has_other_keys_and_the_same_gaps)
{
    g_autoptr(KcKeyTree) tree = kc_key_tree_new(1);
    kc_key_tree_destroy(tree, 9);
    g_autoptr(KcKeyTree) next = kc_key_tree_successor(tree, 2);
    guint8 a[KC_KEY_LEN], b[KC_KEY_LEN];
    ck_assert_uint_eq(kc_key_tree_id(next), 2);
    ck_assert(!kc_key_tree_has(next, 9));
    for (guint32 i = 0; i < 9; i++) {
        leaf(tree, i, a);
        leaf(next, i, b);
        ck_assert_mem_ne(a, b, KC_KEY_LEN);
    }
}
END_TEST

static Suite *
key_tree_suite(void)
{
    Suite *suite = suite_create("evidence/key_tree");
    TCase *tc = tcase_create("key_tree");
    tcase_add_test(tc, every_leaf_is_a_key_of_its_own_and_always_the_same);
    tcase_add_test(tc, a_destroyed_leaf_is_gone_and_no_other_is);
    tcase_add_test(tc, neighbours_that_go_cost_little);
    tcase_add_test(tc, what_is_read_is_what_was_written);
    tcase_add_test(tc, the_tree_after_it_has_other_keys_and_the_same_gaps);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(key_tree_suite())
