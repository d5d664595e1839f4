#include "src/domain/case_number.h"
#include "src/domain/local_time.h"
#include "tests/support/kc_test.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

/* 2026-11-23T15:59:59Z is 23:59:59 in Beijing; a second later it is the next day there. */
#define BEFORE_MIDNIGHT (G_GINT64_CONSTANT(1795449599) * SECOND)

START_TEST(the_day_is_that_of_beijing)
{
    g_autofree char *before = kc_case_number_format(BEFORE_MIDNIGHT, 42);
    g_autofree char *after = kc_case_number_format(BEFORE_MIDNIGHT + SECOND, 1);
    ck_assert_str_eq(before, "C-20261123-000042");
    ck_assert_str_eq(after, "C-20261124-000001");
    g_autofree char *document = kc_document_number_format(before, 1);
    ck_assert_str_eq(document, "C-20261123-000042-D1");
}
END_TEST

START_TEST(numbers_read_back)
{
    g_autofree char *date = NULL;
    guint sequence = 0;
    ck_assert(kc_case_number_parse("C-20261123-999999", &date, &sequence));
    ck_assert_str_eq(date, "2026-11-23");
    ck_assert_uint_eq(sequence, KC_CASE_NUMBER_MAX);
}
END_TEST

START_TEST(other_texts_are_no_numbers)
{
    static const char *const bad[] = {NULL,
                                      "",
                                      "C",
                                      "c-20261123-000042",
                                      "C-20261123-00042",
                                      "C-20261123-0000421",
                                      "C-20261123-000000",
                                      "C-20261323-000042",
                                      "C-20260229-000042",
                                      "C-00000101-000042",
                                      "C-2026112a-000042",
                                      "C_20261123-000042",
                                      "C-20261123-00004 "};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *date = NULL;
        guint sequence = 7;
        ck_assert_msg(!kc_case_number_parse(bad[i], &date, &sequence), "\"%s\" is taken", bad[i]);
        ck_assert_ptr_null(date);
        ck_assert_uint_eq(sequence, 7);
    }
}
END_TEST

START_TEST(local_times)
{
    g_autofree char *text = kc_local_time_zh(BEFORE_MIDNIGHT);
    ck_assert_str_eq(text, "2026年11月23日23时59分");
    g_autofree char *date = kc_local_date(BEFORE_MIDNIGHT + 1);
    ck_assert_str_eq(date, "2026-11-23");
    g_autofree char *before_1970 = kc_local_date(-1 - 8 * 3600 * SECOND);
    ck_assert_str_eq(before_1970, "1969-12-31");
}
END_TEST

START_TEST(dates)
{
    ck_assert(kc_local_date_is_valid("2028-02-29"));
    static const char *const bad[] = {NULL,          "",           "2026-2-01",  "2026-02-30",
                                      "2026-13-01",  "2026-00-01", "2026-01-00", "2026/01/01",
                                      "2026-01-01x", "0000-01-01", "-026-01-01"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_msg(!kc_local_date_is_valid(bad[i]), "\"%s\" is taken", bad[i]);

    ck_assert(kc_local_date_in("2026-11-23", "2026-11-23", "2026-11-23"));
    ck_assert(kc_local_date_in("2026-11-23", NULL, NULL));
    ck_assert(!kc_local_date_in("2026-11-23", "2026-11-24", NULL));
    ck_assert(!kc_local_date_in("2026-11-23", NULL, "2026-11-22"));
}
END_TEST

static Suite *
case_number_suite(void)
{
    Suite *suite = suite_create("domain/case_number");
    TCase *tcase = tcase_create("numbers and days");
    tcase_add_test(tcase, the_day_is_that_of_beijing);
    tcase_add_test(tcase, numbers_read_back);
    tcase_add_test(tcase, other_texts_are_no_numbers);
    tcase_add_test(tcase, local_times);
    tcase_add_test(tcase, dates);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(case_number_suite())
