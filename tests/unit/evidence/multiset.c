/* Sets by their sum: order does not matter, everything else does. */
#include "src/evidence/multiset.h"
#include "tests/support/kc_test.h"

#include <string.h>

static char *dir;
static KcKeyring *keyring;

static void
setup(void)
{
    g_autoptr(GError) error = NULL;
    dir = kc_test_dir_new();
    g_autofree char *path = g_build_filename(dir, "master.key", NULL);
    keyring = kc_keyring_open(path, TRUE, &error);
    kc_assert_no_error(error);
    ck_assert(kc_keyring_make_safe(keyring, &error));
}

static void
teardown(void)
{
    kc_keyring_free(keyring);
    kc_test_dir_remove(dir);
}

static void
change(KcMultiset *set, const char *elements, void (*how)(KcMultiset *, const guint8 *))
{
    for (const char *element = elements; *element != '\0'; element++) {
        guint8 hash[KC_KEY_LEN];
        kc_multiset_hash(keyring, element, 1, hash);
        how(set, hash);
    }
}

static KcMultiset
set_of(const char *elements)
{
    KcMultiset set = KC_MULTISET_EMPTY;
    change(&set, elements, kc_multiset_add);
    return set;
}

static gboolean
are_equal(const char *one, const char *other)
{
    KcMultiset a = set_of(one), b = set_of(other);
    return kc_multiset_equal(&a, &b);
}

START_TEST(only_what_is_in_it_counts)
{
    ck_assert(are_equal("", ""));
    ck_assert(are_equal("abc", "cab"));
    ck_assert(are_equal("aab", "aba"));
    ck_assert(!are_equal("a", ""));
    ck_assert(!are_equal("aab", "abb"));
    ck_assert(!are_equal("aab", "ab"));
    ck_assert(!are_equal("ab", "ac"));
}
END_TEST

START_TEST(what_is_removed_was_never_there)
{
    KcMultiset set = set_of("abcd"), wanted = set_of("db"), empty = KC_MULTISET_EMPTY;
    change(&set, "ca", kc_multiset_remove);
    ck_assert(kc_multiset_equal(&set, &wanted));
    change(&set, "bd", kc_multiset_remove);
    ck_assert(kc_multiset_equal(&set, &empty));
    change(&set, "x", kc_multiset_remove); /* below nothing, and back */
    ck_assert_int_eq(set.count, -1);
    change(&set, "x", kc_multiset_add);
    ck_assert(kc_multiset_equal(&set, &empty));
}
END_TEST

START_TEST(changes_come_to_the_same)
{
    KcMultiset set = set_of("abc"), changes = KC_MULTISET_EMPTY, wanted = set_of("bde");
    change(&changes, "ac", kc_multiset_remove);
    change(&changes, "ed", kc_multiset_add);
    kc_multiset_apply(&set, &changes);
    ck_assert(kc_multiset_equal(&set, &wanted));
}
END_TEST

START_TEST(another_key_gives_other_hashes)
{
    guint8 here[KC_KEY_LEN], there[KC_KEY_LEN];
    kc_multiset_hash(keyring, "a", 1, here);
    teardown();
    setup();
    kc_multiset_hash(keyring, "a", 1, there);
    ck_assert_int_ne(memcmp(here, there, sizeof here), 0);
}
END_TEST

static Suite *
multiset_suite(void)
{
    Suite *suite = suite_create("evidence/multiset");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, only_what_is_in_it_counts);
    tcase_add_test(all, what_is_removed_was_never_there);
    tcase_add_test(all, changes_come_to_the_same);
    tcase_add_test(all, another_key_gives_other_hashes);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(multiset_suite())
