#include "src/base/redact.h"
#include "tests/support/kc_test.h"

START_TEST(only_the_ends_are_shown)
{
    static const struct {
        const char *value;
        const char *shown;
    } cases[] = {
        {"13800000000", "138…00"},
        {"12345678", "123…78"},
        {"1234567", "…"},
        {"张三", "…"},
        {"陕西省商洛市商州区", "陕西省…州区"},
        {"", "…"},
        {NULL, "…"},
        {"\xff\xff\xff\xff\xff\xff\xff\xff", "…"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = kc_redact(cases[i].value);
        ck_assert_str_eq(shown, cases[i].shown);
    }
}
END_TEST

START_TEST(a_secret_is_kept_and_cleared)
{
    KcSecret secret = kc_secret_new("13800000000");
    ck_assert_str_eq(kc_secret_reveal(&secret), "13800000000");
    kc_secret_clear(&secret);
    ck_assert_ptr_null(kc_secret_reveal(&secret));
    kc_secret_clear(&secret);
    KcSecret unknown = kc_secret_new(NULL);
    ck_assert_ptr_null(kc_secret_reveal(&unknown));
    kc_secret_clear(&unknown);
}
END_TEST

static Suite *
redact_suite(void)
{
    Suite *suite = suite_create("base/redact");
    TCase *tcase = tcase_create("redact");
    tcase_add_test(tcase, only_the_ends_are_shown);
    tcase_add_test(tcase, a_secret_is_kept_and_cleared);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(redact_suite())
