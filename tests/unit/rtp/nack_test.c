#include "media/rtp/nack.h"
#include "tests/support/kc_test.h"

#define MS 1000

/* What arrives, and what is asked for at 10 ms after the last. */
typedef struct {
    const char *what;
    guint n;
    guint16 packets[8];
    guint n_asked;
    guint16 asked[8];
} LossCase;

static const LossCase loss_cases[] = {
    {"in order", 3, {1, 2, 3}, 0, {0}},
    {"one missing", 2, {1, 3}, 1, {2}},
    {"two holes", 3, {1, 3, 6}, 3, {2, 4, 5}},
    {"late one is not asked for", 3, {1, 3, 2}, 0, {0}},
    {"over the wrap", 2, {65534, 1}, 2, {65535, 0}},
    {"duplicates", 4, {1, 1, 3, 3}, 1, {2}},
    {"older than the first", 3, {10, 5, 11}, 0, {0}},
};

START_TEST(holes_are_asked_for)
{
    const LossCase *c = &loss_cases[_i];
    KcNack nack = {0};
    guint16 seqs[KC_NACK_MISSING_MAX];
    gboolean given_up = FALSE;
    for (guint i = 0; i < c->n; i++)
        ck_assert(!kc_nack_packet(&nack, c->packets[i], 0));
    guint n = kc_nack_poll(&nack, 10 * MS, -1, seqs, &given_up);
    ck_assert_msg(n == c->n_asked, "%s: %u", c->what, n);
    ck_assert_mem_eq(seqs, c->asked, n * sizeof seqs[0]);
    ck_assert(!given_up);
}
END_TEST

START_TEST(not_before_its_time)
{
    KcNack nack = {0};
    guint16 seqs[KC_NACK_MISSING_MAX];
    gboolean given_up;
    kc_nack_packet(&nack, 1, 0);
    ck_assert_int_eq(kc_nack_next_us(&nack), G_MAXINT64);
    kc_nack_packet(&nack, 3, 0);
    ck_assert_int_eq(kc_nack_next_us(&nack), KC_NACK_FIRST_US);
    ck_assert_uint_eq(kc_nack_poll(&nack, KC_NACK_FIRST_US - 1, -1, seqs, &given_up), 0);
    ck_assert_uint_eq(kc_nack_poll(&nack, KC_NACK_FIRST_US, -1, seqs, &given_up), 1);
    ck_assert_uint_eq(kc_nack_poll(&nack, KC_NACK_FIRST_US + 1, -1, seqs, &given_up), 0);
}
END_TEST

START_TEST(asked_once_a_round_trip_and_then_given_up)
{
    KcNack nack = {0};
    guint16 seqs[KC_NACK_MISSING_MAX];
    gboolean given_up = FALSE;
    guint asked = 0;
    kc_nack_packet(&nack, 1, 0);
    kc_nack_packet(&nack, 3, 0);
    gint64 now_us = 0;
    for (; !given_up; now_us += MS)
        asked += kc_nack_poll(&nack, now_us, 80 * MS, seqs, &given_up);
    ck_assert_uint_eq(asked, KC_NACK_TRIES);
    ck_assert_int_ge(now_us, (KC_NACK_TRIES - 1) * 100 * MS);
    ck_assert_int_le(now_us, KC_NACK_AGE_US + 200 * MS);
    ck_assert_uint_eq(nack.given_up, 1);
    ck_assert_int_eq(kc_nack_next_us(&nack), G_MAXINT64);
}
END_TEST

START_TEST(too_wide_a_hole_is_given_up_at_once)
{
    KcNack nack = {0};
    kc_nack_packet(&nack, 1, 0);
    ck_assert(!kc_nack_packet(&nack, 2 + KC_NACK_MISSING_MAX, 0));
    ck_assert_uint_eq(nack.n_missing, KC_NACK_MISSING_MAX);
    ck_assert(kc_nack_packet(&nack, 4 + KC_NACK_MISSING_MAX, 0));
    ck_assert_uint_eq(nack.n_missing, 0);
    ck_assert_uint_eq(nack.given_up, KC_NACK_MISSING_MAX + 1);
}
END_TEST

static Suite *
nack_suite(void)
{
    Suite *suite = suite_create("rtp/nack");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, holes_are_asked_for, 0, G_N_ELEMENTS(loss_cases));
    tcase_add_test(tcase, not_before_its_time);
    tcase_add_test(tcase, asked_once_a_round_trip_and_then_given_up);
    tcase_add_test(tcase, too_wide_a_hole_is_given_up_at_once);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(nack_suite())
