#include "src/domain/deadlines.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define BIT(event) (G_GUINT64_CONSTANT(1) << (event))
#define FROM_2018 .effective_from = (char *)"2018-05-01"

static KcDeadlineRule REVIEW = {.code = (char *)"REVIEW",
                                .starts = KC_DEADLINE_SERVED,
                                .once = KC_DEADLINE_SERVED,
                                .ends = BIT(KC_DEADLINE_REVIEW_ASKED),
                                .unless = BIT(KC_DEADLINE_REVIEW_ASKED),
                                .period = {KC_UNIT_WORKING_DAY, 3},
                                .warn_days = 1,
                                .bound = KC_BOUND_PARTY,
                                .told_to_parties = TRUE,
                                FROM_2018};
static KcDeadlineRule DETERMINE = {.code = (char *)"DETERMINE",
                                   .starts = KC_DEADLINE_HANDLING_BEGAN,
                                   .once = KC_DEADLINE_HANDLING_BEGAN,
                                   .ends = BIT(KC_DEADLINE_DETERMINED) | BIT(KC_DEADLINE_HANDED_OVER),
                                   .period = {KC_UNIT_WORKING_DAY, 3},
                                   .warn_days = 1,
                                   .bound = KC_BOUND_UNIT,
                                   FROM_2018};
static KcDeadlineRule CONCLUDE = {.code = (char *)"CONCLUDE",
                                  .starts = KC_DEADLINE_REVIEW_ACCEPTED,
                                  .once = KC_DEADLINE_REVIEW_ACCEPTED,
                                  .ends = BIT(KC_DEADLINE_REVIEW_CONCLUDED),
                                  .period = {KC_UNIT_CALENDAR_DAY, 30},
                                  .warn_days = 5,
                                  .bound = KC_BOUND_HIGHER_UNIT,
                                  .told_to_parties = TRUE,
                                  FROM_2018};
static KcDeadlineRule SUIT = {.code = (char *)"SUIT",
                              .starts = KC_DEADLINE_OCCURRED,
                              .once = KC_DEADLINE_SERVED,
                              .ends = BIT(KC_DEADLINE_SUIT_FILED),
                              .period = {KC_UNIT_YEAR, 3},
                              .warn_days = 60,
                              .bound = KC_BOUND_PARTY,
                              .told_to_parties = TRUE,
                              FROM_2018};
static KcDeadlineRule OLD = {.code = (char *)"OLD",
                             .starts = KC_DEADLINE_SERVED,
                             .once = KC_DEADLINE_SERVED,
                             .ends = BIT(KC_DEADLINE_REVIEW_ASKED),
                             .period = {KC_UNIT_WORKING_DAY, 5},
                             .told_to_parties = TRUE,
                             .effective_from = (char *)"2009-01-01",
                             .effective_to = (char *)"2018-04-30"};
static KcDeadlineRule DISPATCH = {.code = (char *)"DISPATCH",
                                  .starts = KC_DEADLINE_OFFICER_ASKED,
                                  .once = KC_DEADLINE_OFFICER_ASKED,
                                  .ends = BIT(KC_DEADLINE_PATROL_SENT),
                                  .period = {KC_UNIT_AT_ONCE, 0},
                                  .bound = KC_BOUND_UNIT,
                                  FROM_2018};

/* 2026 with the National Day alone. */
static KcCalendar *
calendar_new(void)
{
    KcCalendar *calendar = kc_calendar_new();
    KcCalendarYear *year = kc_calendar_year_new(2026);
    KcDay first = 0, worked = 0;
    ck_assert(kc_day_from_text("2026-10-01", &first) && kc_day_from_text("2026-10-10", &worked));
    for (KcDay day = first; day < first + 7; day++)
        g_array_append_val(year->holidays, day);
    g_array_append_val(year->make_up, worked);
    kc_calendar_add_year(calendar, year);
    return calendar;
}

/* Noon there; or at a time of day: "2026-09-30T23:59:59+08". */
static gint64
at(const char *text)
{
    g_autofree char *whole = strlen(text) > 10 ? g_strdup(text) : g_strconcat(text, "T12:00:00+08", NULL);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(whole, NULL);
    ck_assert_msg(time != NULL, "%s", whole);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

/* "CODE party due days-left state", a line each. */
static char *
list(const KcDeadlineFact *facts, gsize count, const char *now)
{
    g_autoptr(KcCalendar) calendar = calendar_new();
    g_autoptr(GPtrArray) rules = g_ptr_array_new();
    KcDeadlineRule *all[] = {&REVIEW, &DETERMINE, &CONCLUDE, &SUIT, &OLD, &DISPATCH};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        g_ptr_array_add(rules, all[i]);
    g_autoptr(GPtrArray) deadlines = kc_deadlines_of(rules, calendar, facts, count, at(now));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < deadlines->len; i++) {
        const KcDeadline *one = deadlines->pdata[i];
        g_autofree char *due = kc_day_to_text(one->due.day);
        g_string_append_printf(text, "%s%s %s %s%s %d %s", i > 0 ? "\n" : "", one->rule->code,
                               one->party_id != NULL ? one->party_id : "-", due, one->due.provisional ? "?" : "",
                               one->days_left, kc_deadline_state_to_string(one->state));
    }
    return g_string_free(text, FALSE);
}

static const struct {
    const char *what;
    KcDeadlineEvent event;
    const char *party, *time;
    KcDeadlineEvent then; /* KC_DEADLINE_EVENT_COUNT: nothing */
    const char *then_party, *then_time;
    const char *now;
    const char *says;
} CASES[] = {
#define NOTHING KC_DEADLINE_EVENT_COUNT, NULL, NULL
    {"runs", KC_DEADLINE_SERVED, "a", "2026-09-30", NOTHING, "2026-09-30", "REVIEW a 2026-10-10 3 running"},
    {"holidays leave the days left alone", KC_DEADLINE_SERVED, "a", "2026-09-30", NOTHING, "2026-10-07",
     "REVIEW a 2026-10-10 3 running"},
    {"near", KC_DEADLINE_SERVED, "a", "2026-09-30", NOTHING, "2026-10-09", "REVIEW a 2026-10-10 1 due_soon"},
    {"the last day is in time", KC_DEADLINE_SERVED, "a", "2026-09-30", NOTHING, "2026-10-10T23:59:59+08",
     "REVIEW a 2026-10-10 0 due_soon"},
    {"past from the next, though none was worked since", KC_DEADLINE_SERVED, "a", "2026-09-30", NOTHING,
     "2026-10-11T00:00:00+08", "REVIEW a 2026-10-10 -1 past"},
    {"and a working day later", KC_DEADLINE_SERVED, "a", "2026-09-30", NOTHING, "2026-10-13",
     "REVIEW a 2026-10-10 -2 past"},
    {"the day is Beijing's", KC_DEADLINE_SERVED, "a", "2026-09-30T15:59:59Z", NOTHING, "2026-10-01",
     "REVIEW a 2026-10-10 3 running"},
    {"a minute later it is another", KC_DEADLINE_SERVED, "a", "2026-10-09T16:00:00Z", NOTHING, "2026-10-10",
     "REVIEW a 2026-10-14 3 running"},
    {"asked in time", KC_DEADLINE_SERVED, "a", "2026-09-30", KC_DEADLINE_REVIEW_ASKED, "a", "2026-10-10T23:00:00+08",
     "2026-10-12", "REVIEW a 2026-10-10 -1 ended"},
    {"asked late", KC_DEADLINE_SERVED, "a", "2026-09-30", KC_DEADLINE_REVIEW_ASKED, "a", "2026-10-11", "2026-10-12",
     "REVIEW a 2026-10-10 -1 ended_late"},
    {"another's request isn't one's own", KC_DEADLINE_SERVED, "a", "2026-09-30", KC_DEADLINE_REVIEW_ASKED, "b",
     "2026-10-08", "2026-10-08", "REVIEW a 2026-10-10 2 running"},
    {"what ends the case's ends each party's", KC_DEADLINE_SERVED, "a", "2026-09-30", KC_DEADLINE_REVIEW_ASKED, NULL,
     "2026-10-08", "2026-10-08", "REVIEW a 2026-10-10 2 ended"},
    {"an end before the start is none", KC_DEADLINE_HANDLING_BEGAN, NULL, "2026-09-28", KC_DEADLINE_DETERMINED, NULL,
     "2026-09-25", "2026-09-28", "DETERMINE - 2026-10-08 3 running"},
    {"what was used up before isn't there again", KC_DEADLINE_SERVED, "a", "2026-09-30", KC_DEADLINE_REVIEW_ASKED,
     NULL, "2026-09-25", "2026-10-08", ""},
    {"what is still to come isn't there", KC_DEADLINE_SERVED, "a", "2026-09-30", KC_DEADLINE_SERVED, "b", "2026-10-12",
     "2026-10-11", "REVIEW a 2026-10-10 -1 past"},
    {"for each party its own", KC_DEADLINE_SERVED, "b", "2026-09-30", KC_DEADLINE_SERVED, "a", "2026-10-09",
     "2026-10-09", "REVIEW b 2026-10-10 1 due_soon\nREVIEW a 2026-10-13 3 running"},
    {"what has ended comes last", KC_DEADLINE_HANDLING_BEGAN, NULL, "2026-09-28", KC_DEADLINE_DETERMINED, NULL,
     "2026-09-28", "2026-09-28", "DETERMINE - 2026-10-08 3 ended"},
    {"any of its ends ends it", KC_DEADLINE_HANDLING_BEGAN, NULL, "2026-09-28", KC_DEADLINE_HANDED_OVER, NULL,
     "2026-10-09", "2026-10-09", "DETERMINE - 2026-10-08 -1 ended_late"},
    {"calendar days are counted as such", KC_DEADLINE_REVIEW_ACCEPTED, NULL, "2026-09-04", NOTHING, "2026-10-03",
     "CONCLUDE - 2026-10-08 5 due_soon"},
    {"a year that isn't known", KC_DEADLINE_OCCURRED, NULL, "2026-09-30", KC_DEADLINE_SERVED, "a", "2026-09-30",
     "2026-10-12", "REVIEW a 2026-10-10 -1 past\nSUIT a 2029-10-01? 1085 running"},
    {"not listed before it is of use", KC_DEADLINE_OCCURRED, NULL, "2026-09-30", NOTHING, "2026-10-12", ""},
    {"the law of the day of the start", KC_DEADLINE_SERVED, "a", "2018-04-27", NOTHING, "2018-04-27",
     "OLD a 2018-05-04? 5 running"},
    {"at once", KC_DEADLINE_OFFICER_ASKED, NULL, "2026-10-02", NOTHING, "2026-10-02",
     "DISPATCH - 2026-10-02 0 due_soon"},
    {"at once, and never", KC_DEADLINE_OFFICER_ASKED, NULL, "2026-10-02", NOTHING, "2026-10-03",
     "DISPATCH - 2026-10-02 -1 past"},
    {"nothing starts nothing", KC_DEADLINE_CLOSED, NULL, "2026-10-02", NOTHING, "2026-10-03", ""},
};

START_TEST(facts_make_deadlines)
{
    KcDeadlineFact facts[] = {{CASES[_i].event, CASES[_i].party, at(CASES[_i].time)}, {0}};
    gboolean two = CASES[_i].then != KC_DEADLINE_EVENT_COUNT;
    if (two)
        facts[1] = (KcDeadlineFact){CASES[_i].then, CASES[_i].then_party, at(CASES[_i].then_time)};
    g_autofree char *text = list(facts, two ? 2 : 1, CASES[_i].now);
    ck_assert_msg(g_str_equal(text, CASES[_i].says), "%s: %s", CASES[_i].what, text);
}
END_TEST

START_TEST(a_party_is_told_its_own)
{
    const KcDeadline review_a = {.rule = &REVIEW, .party_id = (char *)"a", .due = {100, FALSE}};
    const KcDeadline review_b = {.rule = &REVIEW, .party_id = (char *)"b", .due = {200, FALSE}};
    const KcDeadline conclude = {.rule = &CONCLUDE, .due = {130, FALSE}};
    const KcDeadline determine = {.rule = &DETERMINE, .due = {300, FALSE}};
    const KcDeadline suit = {.rule = &SUIT, .party_id = (char *)"a", .due = {1000, FALSE}};
    ck_assert(kc_deadline_is_told_to(&review_a, "a") && !kc_deadline_is_told_to(&review_b, "a"));
    ck_assert(kc_deadline_is_told_to(&conclude, "a") && kc_deadline_is_told_to(&conclude, "b"));
    ck_assert(!kc_deadline_is_told_to(&determine, "a"));
    ck_assert(!kc_deadline_is_told_to(&review_a, NULL));

    g_autoptr(GPtrArray) all = g_ptr_array_new();
    ck_assert_int_eq(kc_deadlines_told_until_us(all, "a"), 0);
    const KcDeadline *every[] = {&review_a, &determine, &suit, &review_b};
    for (guint i = 0; i < G_N_ELEMENTS(every); i++)
        g_ptr_array_add(all, (gpointer)every[i]);
    ck_assert_int_eq(kc_deadlines_told_until_us(all, "a"), kc_day_start_us(101));
    g_ptr_array_add(all, (gpointer)&conclude);
    ck_assert_int_eq(kc_deadlines_told_until_us(all, "a"), kc_day_start_us(131));
    ck_assert_int_eq(kc_deadlines_told_until_us(all, "c"), kc_day_start_us(131));
}
END_TEST

START_TEST(names_read_back)
{
    KcDeadlineEvent event;
    KcBound bound;
    for (guint i = 0; i < KC_DEADLINE_EVENT_COUNT; i++)
        ck_assert(kc_deadline_event_from_string(kc_deadline_event_to_string(i), &event) && event == i);
    for (guint i = 0; i < KC_BOUND_COUNT; i++)
        ck_assert(kc_bound_from_string(kc_bound_to_string(i), &bound) && bound == i);
    ck_assert(!kc_deadline_event_from_string("dawn", &event) && !kc_deadline_event_from_string(NULL, &event));
    ck_assert(!kc_bound_from_string("nobody", &bound));
    kc_deadline_free(NULL);
    kc_deadline_rule_free(NULL);
}
END_TEST

static Suite *
deadlines_suite(void)
{
    Suite *suite = suite_create("domain/deadlines");
    TCase *tcase = tcase_create("deadlines");
    tcase_add_loop_test(tcase, facts_make_deadlines, 0, (int)G_N_ELEMENTS(CASES));
    tcase_add_test(tcase, a_party_is_told_its_own);
    tcase_add_test(tcase, names_read_back);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(deadlines_suite())
