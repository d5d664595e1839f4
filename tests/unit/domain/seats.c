/* Who is free, and what the figures of waiting are. */
#include "src/domain/local_time.h"
#include "src/domain/seats.h"
#include "tests/support/kc_test.h"

#define S G_USEC_PER_SEC
#define NOW (1000 * S)

START_TEST(a_seat_is_what_is_seen_of_it)
{
    const KcDeskPolicy policy = {.away_after_s = 90};
    static const struct {
        gboolean has_said;
        KcSeatStatus said;
        gint64 seen_us;
        gboolean in_hand;
        KcSeatStatus wanted;
    } rows[] = {
        {FALSE, KC_SEAT_AWAY, NOW, FALSE, KC_SEAT_AWAY},
        {TRUE, KC_SEAT_FREE, NOW, FALSE, KC_SEAT_FREE},
        {TRUE, KC_SEAT_FREE, NOW - 90 * S, FALSE, KC_SEAT_FREE},
        {TRUE, KC_SEAT_FREE, NOW - 90 * S - 1, FALSE, KC_SEAT_AWAY},
        {TRUE, KC_SEAT_FREE, 0, FALSE, KC_SEAT_AWAY},
        {TRUE, KC_SEAT_BUSY, NOW, FALSE, KC_SEAT_BUSY},
        {TRUE, KC_SEAT_BUSY, 0, FALSE, KC_SEAT_AWAY},
        {TRUE, KC_SEAT_AWAY, NOW, FALSE, KC_SEAT_AWAY},
        {TRUE, KC_SEAT_AWAY, NOW, TRUE, KC_SEAT_BUSY},
        {FALSE, KC_SEAT_AWAY, 0, TRUE, KC_SEAT_BUSY},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const KcSeatFacts facts = {rows[i].has_said, rows[i].said, rows[i].seen_us, rows[i].in_hand};
        ck_assert_msg(kc_seat_status(&facts, &policy, NOW) == rows[i].wanted, "row %u", i);
    }
}
END_TEST

START_TEST(names)
{
    for (KcSeatStatus status = 0; status < KC_SEAT_STATUS_COUNT; status++) {
        KcSeatStatus back = KC_SEAT_STATUS_COUNT;
        ck_assert(kc_seat_status_from_string(kc_seat_status_to_string(status), &back));
        ck_assert_int_eq(back, status);
    }
    for (KcAssignment assignment = 0; assignment < KC_ASSIGNMENT_COUNT; assignment++) {
        KcAssignment back = KC_ASSIGNMENT_COUNT;
        ck_assert(kc_assignment_from_string(kc_assignment_to_string(assignment), &back));
        ck_assert_int_eq(back, assignment);
    }
    KcAssignment no_way;
    ck_assert(!kc_assignment_from_string("lottery", &no_way) && !kc_assignment_from_string(NULL, &no_way));
    KcSeatStatus none;
    ck_assert(!kc_seat_status_from_string("asleep", &none) && !kc_seat_status_from_string(NULL, &none));
}
END_TEST

static KcSpread
spread(const gint64 *seconds, guint count, gint64 target_s)
{
    g_autoptr(GArray) durations = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < count; i++) {
        gint64 us = seconds[i] * S;
        g_array_append_val(durations, us);
    }
    return kc_spread_of(durations, target_s);
}

START_TEST(figures_are_times_that_occurred)
{
    static const gint64 ten[] = {9, 1, 10, 2, 8, 3, 7, 4, 6, 5}, two[] = {61, 60};
    KcSpread none = spread(NULL, 0, 60), one = spread(ten, 1, 60), pair = spread(two, 2, 60), all = spread(ten, 10, 8);
    ck_assert(none.count == 0 && none.within == 0 && none.median_s == -1 && none.p90_s == -1);
    ck_assert(one.median_s == 9 && one.p90_s == 9 && one.within == 1);
    ck_assert(pair.median_s == 60 && pair.p90_s == 61 && pair.within == 1);
    ck_assert(all.count == 10 && all.median_s == 5 && all.p90_s == 9 && all.within == 8);
}
END_TEST

/* 2026-11-23T16:00:00Z is midnight at the centre. */
START_TEST(a_day_begins_at_the_centre)
{
    const gint64 midnight = G_GINT64_CONSTANT(1795449600) * S;
    g_autofree char *date = kc_local_date(midnight), *before = kc_local_date(midnight - 1);
    ck_assert_str_eq(date, "2026-11-24");
    ck_assert_str_eq(before, "2026-11-23");
    ck_assert_int_eq(kc_local_midnight(midnight), midnight);
    ck_assert_int_eq(kc_local_midnight(midnight + G_TIME_SPAN_DAY - 1), midnight);
    ck_assert_int_eq(kc_local_midnight(midnight - 1), midnight - G_TIME_SPAN_DAY);
}
END_TEST

static Suite *
seats_suite(void)
{
    Suite *suite = suite_create("domain/seats");
    TCase *tcase = tcase_create("seats");
    tcase_add_test(tcase, a_seat_is_what_is_seen_of_it);
    tcase_add_test(tcase, names);
    tcase_add_test(tcase, figures_are_times_that_occurred);
    tcase_add_test(tcase, a_day_begins_at_the_centre);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(seats_suite())
