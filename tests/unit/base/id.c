#include "src/base/id.h"
#include "tests/support/kc_test.h"

#include <string.h>

/* The example of RFC 9562, appendix A.6: its time, its random bits. */
START_TEST(the_example_of_the_rfc)
{
    static const guint8 random[10] = {0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f};
    KcId id = kc_id_make(G_GINT64_CONSTANT(0x017F22E279B0) * 1000, random);
    ck_assert_str_eq(id.text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    ck_assert(kc_id_is_valid(id.text));
}
END_TEST

START_TEST(version_and_variant_beat_the_random_bits)
{
    guint8 random[10];
    memset(random, 0xff, sizeof random);
    ck_assert_str_eq(kc_id_make(0, random).text, "00000000-0000-7fff-bfff-ffffffffffff");
    memset(random, 0, sizeof random);
    ck_assert_str_eq(kc_id_make(999, random).text, "00000000-0000-7000-8000-000000000000");
    ck_assert_str_eq(kc_id_make(1000, random).text, "00000000-0001-7000-8000-000000000000");
}
END_TEST

START_TEST(later_ids_sort_later)
{
    KcId before = kc_id_now(G_GINT64_CONSTANT(1795435200000000));
    KcId after = kc_id_now(G_GINT64_CONSTANT(1795435200001000));
    ck_assert(strcmp(before.text, after.text) < 0);
    KcId other = kc_id_now(G_GINT64_CONSTANT(1795435200000000));
    ck_assert_str_ne(before.text, other.text);
}
END_TEST

START_TEST(only_the_canonical_form)
{
    static const char *const bad[] = {NULL,
                                      "",
                                      "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                                      "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
                                      "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
                                      "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
                                      "017f22e2_79b0_7cc3_98c4_dc0c0c07398f",
                                      "g17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                                      "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_msg(!kc_id_is_valid(bad[i]), "\"%s\" is taken", bad[i]);
    ck_assert(kc_id_is_valid("00000000-0000-0000-0000-000000000000"));
}
END_TEST

static Suite *
id_suite(void)
{
    Suite *suite = suite_create("base/id");
    TCase *tcase = tcase_create("id");
    tcase_add_test(tcase, the_example_of_the_rfc);
    tcase_add_test(tcase, version_and_variant_beat_the_random_bits);
    tcase_add_test(tcase, later_ids_sort_later);
    tcase_add_test(tcase, only_the_canonical_form);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(id_suite())
