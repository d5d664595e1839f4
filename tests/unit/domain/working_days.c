#include "src/domain/working_days.h"
#include "tests/support/kc_test.h"

#include <stdlib.h>

/* The notices for 2025 and 2026, written down a second time: from, to. */
static const char *const HOLIDAYS[][2] = {
    {"2025-01-01", "2025-01-01"}, {"2025-01-28", "2025-02-04"}, {"2025-04-04", "2025-04-06"},
    {"2025-05-01", "2025-05-05"}, {"2025-05-31", "2025-06-02"}, {"2025-10-01", "2025-10-08"},
    {"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"}, {"2026-04-04", "2026-04-06"},
    {"2026-05-01", "2026-05-05"}, {"2026-06-19", "2026-06-21"}, {"2026-09-25", "2026-09-27"},
    {"2026-10-01", "2026-10-07"},
};
static const char *const MAKE_UP[] = {
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04",
    "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
};

static KcDay
day(const char *text)
{
    KcDay result = 0;
    ck_assert_msg(kc_day_from_text(text, &result), "%s", text);
    return result;
}

static KcCalendar *
calendar_new(void)
{
    KcCalendar *calendar = kc_calendar_new();
    for (int number = 2025; number <= 2026; number++) {
        KcCalendarYear *year = kc_calendar_year_new(number);
        for (guint i = 0; i < G_N_ELEMENTS(HOLIDAYS); i++)
            for (KcDay off = day(HOLIDAYS[i][0]); atoi(HOLIDAYS[i][0]) == number && off <= day(HOLIDAYS[i][1]); off++)
                g_array_append_val(year->holidays, off);
        for (guint i = 0; i < G_N_ELEMENTS(MAKE_UP); i++) {
            KcDay worked = day(MAKE_UP[i]);
            if (atoi(MAKE_UP[i]) == number)
                g_array_append_val(year->make_up, worked);
        }
        kc_calendar_add_year(calendar, year);
    }
    return calendar;
}

#define WD KC_UNIT_WORKING_DAY
#define CD KC_UNIT_CALENDAR_DAY

static const struct {
    const char *start;
    KcPeriodUnit unit;
    guint count;
    const char *due;
    gboolean provisional;
} PERIODS[] = {
    /* An ordinary week; over a weekend; begun on one. */
    {"2026-11-23", WD, 3, "2026-11-26", FALSE},
    {"2026-11-26", WD, 3, "2026-12-01", FALSE},
    {"2026-11-28", WD, 3, "2026-12-02", FALSE},
    {"2026-11-27", WD, 1, "2026-11-30", FALSE},
    /* Spring Festival 2026: off 15 to 23 February, worked on Saturday the 14th and the 28th. */
    {"2026-02-12", WD, 3, "2026-02-24", FALSE},
    {"2026-02-13", WD, 1, "2026-02-14", FALSE},
    {"2026-02-13", WD, 2, "2026-02-24", FALSE},
    {"2026-02-13", WD, 3, "2026-02-25", FALSE},
    {"2026-02-14", WD, 3, "2026-02-26", FALSE},
    {"2026-02-18", WD, 3, "2026-02-26", FALSE},
    {"2026-02-23", WD, 3, "2026-02-26", FALSE},
    {"2026-02-25", WD, 3, "2026-02-28", FALSE},
    {"2026-02-26", WD, 3, "2026-03-02", FALSE},
    {"2026-02-28", WD, 1, "2026-03-02", FALSE},
    {"2026-02-12", WD, 10, "2026-03-04", FALSE},
    /* Mid-Autumn and National Day 2026: off 25 to 27 September and 1 to 7 October, worked on Sunday 20 September and
     * Saturday 10 October. */
    {"2026-09-17", WD, 3, "2026-09-21", FALSE},
    {"2026-09-18", WD, 3, "2026-09-22", FALSE},
    {"2026-09-23", WD, 3, "2026-09-29", FALSE},
    {"2026-09-29", WD, 3, "2026-10-09", FALSE},
    {"2026-09-30", WD, 3, "2026-10-10", FALSE},
    {"2026-10-03", WD, 3, "2026-10-10", FALSE},
    {"2026-10-08", WD, 3, "2026-10-12", FALSE},
    {"2026-09-18", WD, 10, "2026-10-09", FALSE},
    {"2026-09-30", WD, 10, "2026-10-20", FALSE},
    {"2026-09-30", WD, 2, "2026-10-09", FALSE},
    {"2026-09-30", WD, 5, "2026-10-13", FALSE},
    /* 2025: Spring Festival, and eight days in October. */
    {"2025-01-24", WD, 3, "2025-02-05", FALSE},
    {"2025-09-26", WD, 3, "2025-09-30", FALSE},
    {"2025-09-30", WD, 3, "2025-10-11", FALSE},
    /* A holiday alone, a make-up day alone. */
    {"2026-06-17", WD, 3, "2026-06-23", FALSE},
    {"2026-05-06", WD, 3, "2026-05-09", FALSE},
    /* Over a New Year that is known. */
    {"2025-12-30", WD, 3, "2026-01-05", FALSE},
    {"2025-12-31", WD, 1, "2026-01-04", FALSE},
    {"2024-12-31", WD, 3, "2025-01-06", FALSE},
    /* What isn't known is said: the next year, its say about the last week of December, a year before the first. */
    {"2026-12-21", WD, 3, "2026-12-24", FALSE},
    {"2026-12-22", WD, 3, "2026-12-25", TRUE},
    {"2026-12-29", WD, 3, "2027-01-01", TRUE},
    {"2027-02-01", WD, 10, "2027-02-15", TRUE},
    {"2024-12-30", WD, 3, "2025-01-03", TRUE},
    {"2024-06-03", WD, 3, "2024-06-06", TRUE},
    /* Calendar days: the last one rolls over, but not off a make-up day. */
    {"2026-03-05", CD, 1, "2026-03-06", FALSE},
    {"2026-03-06", CD, 1, "2026-03-09", FALSE},
    {"2026-01-24", CD, 30, "2026-02-24", FALSE},
    {"2026-01-15", CD, 30, "2026-02-14", FALSE},
    {"2026-01-16", CD, 30, "2026-02-24", FALSE},
    {"2026-09-01", CD, 30, "2026-10-08", FALSE},
    {"2026-09-10", CD, 30, "2026-10-10", FALSE},
    {"2026-09-11", CD, 30, "2026-10-12", FALSE},
    {"2026-12-10", CD, 30, "2027-01-11", TRUE},
    /* Months and years end on the day of the same number, or the month's last. */
    {"2026-01-31", KC_UNIT_MONTH, 1, "2026-02-28", FALSE},
    {"2026-08-31", KC_UNIT_MONTH, 1, "2026-09-30", FALSE},
    {"2026-03-15", KC_UNIT_MONTH, 2, "2026-05-15", FALSE},
    {"2025-10-03", KC_UNIT_YEAR, 1, "2026-10-08", FALSE},
    {"2024-02-29", KC_UNIT_YEAR, 1, "2025-02-28", FALSE},
    {"2026-11-23", KC_UNIT_YEAR, 3, "2029-11-23", TRUE},
    {"2026-02-18", KC_UNIT_AT_ONCE, 0, "2026-02-18", FALSE},
};

START_TEST(periods_end_where_the_law_has_them_end)
{
    g_autoptr(KcCalendar) calendar = calendar_new();
    KcDue due = kc_calendar_due(calendar, day(PERIODS[_i].start), (KcPeriod){PERIODS[_i].unit, PERIODS[_i].count});
    g_autofree char *text = kc_day_to_text(due.day);
    ck_assert_msg(g_str_equal(text, PERIODS[_i].due), "%s + %u %s: %s, not %s", PERIODS[_i].start, PERIODS[_i].count,
                  kc_period_unit_to_string(PERIODS[_i].unit), text, PERIODS[_i].due);
    ck_assert_int_eq(due.provisional, PERIODS[_i].provisional);
}
END_TEST

START_TEST(the_days_left_count_back_to_the_period)
{
    g_autoptr(KcCalendar) calendar = calendar_new();
    for (KcDay start = day("2026-01-01"); start < day("2026-11-30"); start++) {
        KcDue due = kc_calendar_due(calendar, start, (KcPeriod){WD, 10});
        ck_assert_int_eq(kc_calendar_working_days(calendar, start, due.day), 10);
        ck_assert_int_eq(kc_calendar_working_days(calendar, due.day, start), -10);
        ck_assert(kc_calendar_is_working(calendar, due.day));
    }
    ck_assert_int_eq(kc_calendar_working_days(calendar, day("2024-12-31"), day("2025-12-31")), 248);
    ck_assert_int_eq(kc_calendar_working_days(calendar, day("2025-12-31"), day("2026-12-31")), 248);
}
END_TEST

START_TEST(a_day_begins_at_midnight_in_beijing)
{
    static const struct {
        gint64 unix_s;
        const char *day;
    } times[] = {
        {0, "1970-01-01"},          {-8 * 3600, "1970-01-01"}, {-8 * 3600 - 1, "1969-12-31"},
        {1790783999, "2026-09-30"}, /* 15:59:59 UTC: 23:59:59 there */
        {1790784000, "2026-10-01"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
        KcDay at = kc_day_of_time(times[i].unix_s * G_USEC_PER_SEC);
        g_autofree char *text = kc_day_to_text(at);
        ck_assert_str_eq(text, times[i].day);
        ck_assert_int_eq(kc_day_of_time(kc_day_start_us(at)), at);
        ck_assert_int_eq(kc_day_of_time(kc_day_start_us(at) - 1), at - 1);
    }
}
END_TEST

START_TEST(what_is_no_day_is_refused)
{
    static const char *const bad[] = {NULL, "", "2026-02-29", "2026-13-01", "2026-1-1", "20260101", "2026-01-01x"};
    KcDay any;
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert(!kc_day_from_text(bad[i], &any));
    ck_assert_int_eq(day("2028-02-29") + 1, day("2028-03-01"));
    KcPeriodUnit unit;
    for (guint i = 0; i < KC_UNIT_COUNT; i++)
        ck_assert(kc_period_unit_from_string(kc_period_unit_to_string(i), &unit) && unit == i);
    ck_assert(!kc_period_unit_from_string("fortnight", &unit) && !kc_period_unit_from_string(NULL, &unit));
    kc_calendar_free(NULL);
    kc_calendar_year_free(NULL);
}
END_TEST

static Suite *
working_days_suite(void)
{
    Suite *suite = suite_create("domain/working_days");
    TCase *tcase = tcase_create("days");
    tcase_add_loop_test(tcase, periods_end_where_the_law_has_them_end, 0, (int)G_N_ELEMENTS(PERIODS));
    tcase_add_test(tcase, the_days_left_count_back_to_the_period);
    tcase_add_test(tcase, a_day_begins_at_midnight_in_beijing);
    tcase_add_test(tcase, what_is_no_day_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(working_days_suite())
