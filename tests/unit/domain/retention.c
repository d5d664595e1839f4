/* How long what is kept of a case is kept: the longest rule, and what holds it back. */
#include "src/domain/retention.h"
#include "tests/support/kc_test.h"

#include <string.h>

static char *closed[] = {(char *)"closed", NULL}, *expired[] = {(char *)"expired", NULL},
            *settled[] = {(char *)"1", NULL};

static KcRetentionRule rules[] = {
    {.code = (char *)"R3",
     .covers = KC_RETAINED_RECORDINGS,
     .states = closed,
     .period = {KC_UNIT_YEAR, 3},
     .effective_from = (char *)"2021-11-01"},
    {.code = (char *)"R6M",
     .covers = KC_RETAINED_RECORDINGS,
     .states = expired,
     .period = {KC_UNIT_MONTH, 6},
     .effective_from = (char *)"2021-11-01"},
    {.code = (char *)"C5",
     .covers = KC_RETAINED_CASE,
     .states = closed,
     .period = {KC_UNIT_YEAR, 5},
     .effective_from = (char *)"2021-11-01"},
    {.code = (char *)"C20",
     .covers = KC_RETAINED_CASE,
     .states = closed,
     .injured_only = TRUE,
     .period = {KC_UNIT_YEAR, 20},
     .effective_from = (char *)"2021-01-01"},
    {.code = (char *)"C1",
     .covers = KC_RETAINED_CASE,
     .states = closed,
     .closing_codes = settled,
     .period = {KC_UNIT_YEAR, 1},
     .effective_from = (char *)"2021-11-01"},
    {.code = (char *)"OLD",
     .covers = KC_RETAINED_CASE,
     .states = closed,
     .period = {KC_UNIT_YEAR, 2},
     .effective_from = (char *)"2010-01-01",
     .effective_to = (char *)"2021-10-31"},
};

static gint64
day(const char *text)
{
    KcDay day;
    ck_assert(kc_day_from_text(text, &day));
    return kc_day_start_us(day);
}

static const struct {
    const char *name;
    KcRetained what;
    const char *state, *closing_code;
    gboolean injured;
    const char *ended; /* NULL: not yet */
    gboolean on_hold, under_review;
    const char *now;
    KcRetentionState expected;
    const char *rule; /* NULL: none */
    const char *at;   /* NULL: not known */
} table[] = {
    {"a day before", KC_RETAINED_RECORDINGS, "closed", "1", FALSE, "2024-06-03", FALSE, FALSE, "2027-06-03",
     KC_RETENTION_RUNS, "R3", "2027-06-04"},
    {"the day after the last", KC_RETAINED_RECORDINGS, "closed", "1", FALSE, "2024-06-03", FALSE, FALSE, "2027-06-04",
     KC_RETENTION_DUE, "R3", "2027-06-04"},
    {"a last day that is no working day moves", KC_RETAINED_RECORDINGS, "closed", "1", FALSE, "2024-06-05", FALSE,
     FALSE, "2027-06-06", KC_RETENTION_RUNS, "R3", "2027-06-08"},
    {"months", KC_RETAINED_RECORDINGS, "expired", NULL, FALSE, "2024-01-02", FALSE, FALSE, "2024-07-03",
     KC_RETENTION_DUE, "R6M", "2024-07-03"},
    {"the longest of two", KC_RETAINED_CASE, "closed", "1", FALSE, "2024-06-03", FALSE, FALSE, "2026-06-03",
     KC_RETENTION_RUNS, "C5", "2029-06-05"},
    {"the longest of three", KC_RETAINED_CASE, "closed", "1", TRUE, "2024-06-03", FALSE, FALSE, "2030-06-03",
     KC_RETENTION_RUNS, "C20", "2044-06-04"},
    {"injured only", KC_RETAINED_CASE, "closed", "1", FALSE, "2024-06-03", FALSE, FALSE, "2030-06-03", KC_RETENTION_DUE,
     "C5", "2029-06-05"},
    {"no rule of the time", KC_RETAINED_CASE, "closed", "1", FALSE, "2009-06-03", FALSE, FALSE, "2026-06-03",
     KC_RETENTION_NO_RULE, NULL, NULL},
    {"the rule of the time", KC_RETAINED_CASE, "closed", "1", FALSE, "2020-06-03", FALSE, FALSE, "2026-06-03",
     KC_RETENTION_DUE, "OLD", "2022-06-04"},
    {"no rule for what was left", KC_RETAINED_CASE, "expired", NULL, FALSE, "2024-06-03", FALSE, FALSE, "2050-01-01",
     KC_RETENTION_NO_RULE, NULL, NULL},
    {"open", KC_RETAINED_CASE, "served", NULL, FALSE, NULL, FALSE, FALSE, "2050-01-01", KC_RETENTION_OPEN, NULL, NULL},
    {"on hold", KC_RETAINED_CASE, "closed", "1", FALSE, "2024-06-03", TRUE, FALSE, "2050-01-01", KC_RETENTION_ON_HOLD,
     "C5", NULL},
    {"under review", KC_RETAINED_CASE, "closed", "1", FALSE, "2024-06-03", FALSE, TRUE, "2050-01-01",
     KC_RETENTION_UNDER_REVIEW, "C5", NULL},
    {"a hold beats a review", KC_RETAINED_CASE, "closed", "1", FALSE, "2024-06-03", TRUE, TRUE, "2050-01-01",
     KC_RETENTION_ON_HOLD, "C5", NULL},
};

static GPtrArray *
all_rules(void)
{
    GPtrArray *all = g_ptr_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
        g_ptr_array_add(all, &rules[i]);
    return all;
}

START_TEST(what_the_table_says)
{
    g_autoptr(GPtrArray) all = all_rules();
    g_autoptr(KcCalendar) calendar = kc_calendar_new();
    const KcRetentionFacts facts = {
        .state = table[_i].state,
        .closing_code = table[_i].closing_code,
        .injured = table[_i].injured,
        .ended_us = table[_i].ended != NULL ? day(table[_i].ended) : 0,
        .on_hold = table[_i].on_hold,
        .under_review = table[_i].under_review,
    };
    KcRetentionVerdict verdict = kc_retention_of(all, calendar, table[_i].what, &facts, day(table[_i].now));
    ck_assert_msg(verdict.state == table[_i].expected, "%s: %s", table[_i].name,
                  kc_retention_state_to_string(verdict.state));
    ck_assert_msg(g_strcmp0(verdict.rule != NULL ? verdict.rule->code : NULL, table[_i].rule) == 0, "%s",
                  table[_i].name);
    g_autofree char *at = verdict.at_us > 0 ? kc_day_to_text(kc_day_of_time(verdict.at_us)) : NULL;
    ck_assert_msg(g_strcmp0(at, table[_i].at) == 0, "%s: %s", table[_i].name, at);
}
END_TEST

/* A limit that runs on longer than the rule holds it; one that ran out holds it where the police owe what it asks for.
 */
static const struct {
    KcBound bound;
    KcDeadlineState state;
    const char *last, *now;
    KcRetentionState expected;
    const char *at;
} limits[] = {
    {KC_BOUND_PARTY, KC_DEADLINE_RUNNING, "2028-01-05", "2027-12-01", KC_RETENTION_DEADLINE, "2028-01-06"},
    {KC_BOUND_PARTY, KC_DEADLINE_RUNNING, "2026-01-05", "2025-12-01", KC_RETENTION_RUNS, "2027-06-04"},
    {KC_BOUND_PARTY, KC_DEADLINE_PAST, "2025-01-05", "2027-12-01", KC_RETENTION_DUE, "2027-06-04"},
    {KC_BOUND_UNIT, KC_DEADLINE_PAST, "2025-01-05", "2027-12-01", KC_RETENTION_DEADLINE, NULL},
    {KC_BOUND_UNIT, KC_DEADLINE_ENDED_LATE, "2025-01-05", "2027-12-01", KC_RETENTION_DUE, "2027-06-04"},
};

START_TEST(limits_hold_it_back)
{
    g_autoptr(GPtrArray) all = all_rules(), deadlines = g_ptr_array_new();
    g_autoptr(KcCalendar) calendar = kc_calendar_new();
    KcDeadlineRule rule = {.bound = limits[_i].bound};
    KcDeadline deadline = {
        .rule = &rule, .state = limits[_i].state, .due = {.day = kc_day_of_time(day(limits[_i].last))}};
    g_ptr_array_add(deadlines, &deadline);
    const KcRetentionFacts facts = {.state = "closed", .ended_us = day("2024-06-03"), .deadlines = deadlines};
    KcRetentionVerdict verdict = kc_retention_of(all, calendar, KC_RETAINED_RECORDINGS, &facts, day(limits[_i].now));
    g_autofree char *at = verdict.at_us > 0 ? kc_day_to_text(kc_day_of_time(verdict.at_us)) : NULL;
    ck_assert_int_eq(verdict.state, limits[_i].expected);
    ck_assert_msg(g_strcmp0(at, limits[_i].at) == 0, "%s", at);
}
END_TEST

static Suite *
retention_suite(void)
{
    Suite *suite = suite_create("domain/retention");
    TCase *tc = tcase_create("retention");
    tcase_add_loop_test(tc, what_the_table_says, 0, G_N_ELEMENTS(table));
    tcase_add_loop_test(tc, limits_hold_it_back, 0, G_N_ELEMENTS(limits));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(retention_suite())
