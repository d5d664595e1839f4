#include "src/base/names.h"
#include "tests/support/kc_test.h"

static const char *const names[] = {NULL, "one", "two", "two"};

START_TEST(a_name_has_its_place)
{
    ck_assert_int_eq(kc_names_find(names, G_N_ELEMENTS(names), "one"), 1);
    ck_assert_int_eq(kc_names_find(names, G_N_ELEMENTS(names), "two"), 2);
}
END_TEST

START_TEST(what_is_no_name_has_none)
{
    ck_assert_int_eq(kc_names_find(names, G_N_ELEMENTS(names), "One"), -1);
    ck_assert_int_eq(kc_names_find(names, G_N_ELEMENTS(names), ""), -1);
    ck_assert_int_eq(kc_names_find(names, G_N_ELEMENTS(names), NULL), -1);
    ck_assert_int_eq(kc_names_find(names, 1, "one"), -1);
}
END_TEST

static Suite *
names_suite(void)
{
    Suite *suite = suite_create("base/names");
    TCase *tc = tcase_create("names");
    tcase_add_test(tc, a_name_has_its_place);
    tcase_add_test(tc, what_is_no_name_has_none);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(names_suite())
