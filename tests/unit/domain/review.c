/* Which step of a review leads where, and the names that it has in the API. */
#include "src/domain/review.h"
#include "tests/support/kc_test.h"

static const struct {
    KcReviewTimes times;
    KcReviewState state;
    const char *allows; /* the steps, in the order of the enum: f(orward) c(onclude) s(erve) w(ithdraw) n(ote a suit) */
} WAYS[] = {
    {{.asked_us = 1}, KC_REVIEW_ASKED, "f--wn"},
    {{.asked_us = 1, .forwarded_us = 2}, KC_REVIEW_FORWARDED, "-c-wn"},
    {{.asked_us = 1, .forwarded_us = 2, .concluded_us = 3}, KC_REVIEW_CONCLUDED, "--s-n"},
    {{.asked_us = 1, .forwarded_us = 2, .concluded_us = 3, .served_us = 4}, KC_REVIEW_SERVED, "-----"},
    {{.asked_us = 1, .withdrawn_us = 2}, KC_REVIEW_WITHDRAWN, "-----"},
    {{.asked_us = 1, .forwarded_us = 2, .withdrawn_us = 3}, KC_REVIEW_WITHDRAWN, "-----"},
};

START_TEST(each_step_has_its_state)
{
    const KcReviewTimes *times = &WAYS[_i].times;
    ck_assert_int_eq(kc_review_state(times), WAYS[_i].state);
    for (KcReviewStep step = 0; step < KC_REVIEW_STEP_COUNT; step++)
        ck_assert_msg(kc_review_allows(WAYS[_i].state, step) == (WAYS[_i].allows[step] != '-'), "%s in %s",
                      kc_review_step_to_string(step), kc_review_state_to_string(WAYS[_i].state));
    gboolean over = WAYS[_i].state == KC_REVIEW_SERVED || WAYS[_i].state == KC_REVIEW_WITHDRAWN;
    ck_assert_int_eq(kc_review_is_over(WAYS[_i].state), over);
}
END_TEST

START_TEST(names_are_read_back)
{
    KcReviewOutcome outcome = 0;
    KcReviewGround ground = 0;
    for (KcReviewOutcome i = 0; i < KC_REVIEW_OUTCOME_COUNT; i++)
        ck_assert(kc_review_outcome_from_string(kc_review_outcome_to_string(i), &outcome) && outcome == i);
    for (KcReviewGround i = 0; i < KC_REVIEW_GROUND_COUNT; i++)
        ck_assert(kc_review_ground_from_string(kc_review_ground_to_string(i), &ground) && ground == i);
    ck_assert(!kc_review_outcome_from_string("appealed", &outcome));
    ck_assert(!kc_review_ground_from_string("", &ground));
}
END_TEST

static Suite *
review_suite(void)
{
    Suite *suite = suite_create("domain/review");
    TCase *tests = tcase_create("review");
    tcase_add_loop_test(tests, each_step_has_its_state, 0, (int)G_N_ELEMENTS(WAYS));
    tcase_add_test(tests, names_are_read_back);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(review_suite())
