#include "src/base/timestamp.h"
#include "tests/support/kc_test.h"

#define NOON (G_GINT64_CONSTANT(1795435200) * G_USEC_PER_SEC) /* 2026-11-23T12:00:00Z */

START_TEST(formatted)
{
    g_autofree char *whole = kc_timestamp_format(NOON);
    g_autofree char *part = kc_timestamp_format(NOON + 7999);
    ck_assert_str_eq(whole, "2026-11-23T12:00:00.000Z");
    ck_assert_str_eq(part, "2026-11-23T12:00:00.007Z");
    ck_assert_ptr_null(kc_timestamp_format(0));
    ck_assert_ptr_null(kc_timestamp_format(G_MAXINT64));
}
END_TEST

START_TEST(parsed)
{
    static const struct {
        const char *text;
        gint64 offset_us;
    } cases[] = {
        {"2026-11-23T12:00:00Z", 0},      {"2026-11-23T12:00:00.000Z", 0},         {"2026-11-23T12:00:00.250Z", 250000},
        {"2026-11-23T20:00:00+08:00", 0}, {"2026-11-23T06:30:00.5-05:30", 500000},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 at_us = 0;
        ck_assert_msg(kc_timestamp_parse(cases[i].text, &at_us), "%s is refused", cases[i].text);
        ck_assert_int_eq(at_us, NOON + cases[i].offset_us);
    }
}
END_TEST

START_TEST(other_texts_are_refused)
{
    static const char *const bad[] = {NULL,
                                      "",
                                      "T",
                                      "2026-11-23",
                                      "2026-11-23T12:00:00", /* no offset: whose noon? */
                                      "2026-11-23 12:00:00Z",
                                      "2026-13-23T12:00:00Z",
                                      "2026-02-30T12:00:00Z",
                                      "2026-11-23T25:00:00Z",
                                      "2026-11-23T12:60:00Z",
                                      "2026-11-23T12:00:00Zx"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        gint64 at_us = 42;
        ck_assert_msg(!kc_timestamp_parse(bad[i], &at_us), "\"%s\" is taken", bad[i]);
        ck_assert_int_eq(at_us, 42);
    }
}
END_TEST

START_TEST(every_time_reads_back_to_the_millisecond)
{
    for (gint64 at_us = NOON; at_us < NOON + 20 * G_USEC_PER_SEC; at_us += 333333) {
        gint64 back = 0;
        g_autofree char *text = kc_timestamp_format(at_us);
        ck_assert(kc_timestamp_parse(text, &back));
        ck_assert_int_eq(back, at_us / 1000 * 1000);
    }
}
END_TEST

static Suite *
timestamp_suite(void)
{
    Suite *suite = suite_create("base/timestamp");
    TCase *tcase = tcase_create("timestamp");
    tcase_add_test(tcase, formatted);
    tcase_add_test(tcase, parsed);
    tcase_add_test(tcase, other_texts_are_refused);
    tcase_add_test(tcase, every_time_reads_back_to_the_millisecond);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(timestamp_suite())
