/* Every state and every event, by a table that is written out a second time here: as a matrix of letters, so that a
 * change of the transition table has to be made on purpose in two places. */
#include "src/domain/case.h"
#include "tests/support/kc_test.h"

#include <string.h>

/* Columns: the states in the order of the enum. A cell: '.' refused, else the letter of the new state. */
static const char STATES[] = "twceDasxOAER";

static const struct {
    KcCaseEvent event;
    const char *row;
} MATRIX[] = {
    /*                              twceDasxOAER */
    {KC_CASE_QUEUE, /*           */ "ww.......w.."}, {KC_CASE_LEAVE_QUEUE, /*     */ "tt.........."},
    {KC_CASE_CLAIM, /*           */ ".c.........c"}, {KC_CASE_RELEASE, /*         */ "..ww........"},
    {KC_CASE_FIX_EVIDENCE, /*    */ "tweeDas.OA.R"}, {KC_CASE_ISSUE_DETERMINATION, "...D........"},
    {KC_CASE_SERVE, /*           */ "....ss......"}, {KC_CASE_CLOSE, /*           */ "......x.x..."},
    {KC_CASE_SEND_ON_SCENE, /*   */ "OOOOOOOOOOOO"}, {KC_CASE_ABANDON, /*         */ "AAAA........"},
    {KC_CASE_EXPIRE, /*          */ "E........E.."}, {KC_CASE_REOPEN, /*          */ ".......R...."},
    {KC_CASE_DECLINE_REPORT, /*  */ "xx.......x.."}, {KC_CASE_ORDER_ANEW, /*      */ ".wceR.RRO..R"},
    {KC_CASE_EVACUATE, /*        */ "...eDas....."}, {KC_CASE_JOIN_CALL, /*       */ ".wceDas....."},
    {KC_CASE_EDIT_PARTICULARS, /**/ "twce....OA.R"}, {KC_CASE_DRAFT_DETERMINATION, "..ce........"},
    {KC_CASE_SIGN, /*            */ "....D......."}, {KC_CASE_AGREE, /*           */ "aaaa.....a.."},
    {KC_CASE_DRAFT_AGREEMENT, /* */ "twce.....A.."}, {KC_CASE_PROPOSE_AGREEMENT, /**/"twce.....A.."},
    {KC_CASE_SIGN_AGREEMENT, /*  */ "twce.....A.."}, {KC_CASE_ASSESS, /*          */ "twce....OA.R"},
    {KC_CASE_ACCEPT_REPORT, /*   */ "tw.......A.."}, {KC_CASE_CONSENT, /*         */ "twceDasxOAER"},
    {KC_CASE_HAND_OVER, /*       */ "..ceDas....."}, {KC_CASE_ASK_RECUSAL, /*     */ "..ce........"},
};

static const KcCaseFacts ALL_IS_THERE = {.stills = 1, .party_tracks_recording = 1, .parties_undecided = 0};

START_TEST(every_state_and_event)
{
    ck_assert_uint_eq(G_N_ELEMENTS(MATRIX), KC_CASE_EVENT_COUNT);
    ck_assert_uint_eq(strlen(STATES), KC_CASE_STATE_COUNT);
    for (guint i = 0; i < G_N_ELEMENTS(MATRIX); i++)
        for (guint state = 0; state < KC_CASE_STATE_COUNT; state++) {
            char expected = MATRIX[i].row[state];
            KcCaseOutcome outcome = kc_case_apply(state, MATRIX[i].event, &ALL_IS_THERE);
            g_autofree char *where =
                g_strdup_printf("%s in %s", kc_case_event_to_string(MATRIX[i].event), kc_case_state_to_string(state));
            if (expected == '.') {
                ck_assert_msg(outcome.refusal != KC_REFUSAL_NONE, "%s is allowed", where);
                ck_assert_msg(outcome.state == state && !outcome.changed, "%s refuses and moves", where);
                continue;
            }
            ck_assert_msg(outcome.refusal == KC_REFUSAL_NONE, "%s is refused", where);
            ck_assert_msg(STATES[outcome.state] == expected, "%s leads to %s", where,
                          kc_case_state_to_string(outcome.state));
            ck_assert_msg(outcome.changed == (outcome.state != state), "%s lies about the change", where);
        }
}
END_TEST

START_TEST(a_determination_needs_evidence_and_recording)
{
    static const struct {
        KcCaseState state;
        KcCaseFacts facts;
        KcRefusal refusal;
    } cases[] = {
        {KC_CASE_IN_CALL, {1, 1, 0}, KC_REFUSAL_NO_EVIDENCE},
        {KC_CASE_EVIDENCE_FIXED, {0, 1, 0}, KC_REFUSAL_NO_EVIDENCE},
        {KC_CASE_EVIDENCE_FIXED, {1, 0, 0}, KC_REFUSAL_NO_RECORDING},
        {KC_CASE_EVIDENCE_FIXED, {0, 0, 0}, KC_REFUSAL_NO_EVIDENCE},
        {KC_CASE_EVIDENCE_FIXED, {1, 1, 2}, KC_REFUSAL_NONE},
        {KC_CASE_WAITING, {1, 1, 0}, KC_REFUSAL_STATE},
        {KC_CASE_DETERMINED, {1, 1, 0}, KC_REFUSAL_STATE},
        {KC_CASE_CLOSED, {0, 0, 0}, KC_REFUSAL_STATE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        ck_assert_int_eq(kc_case_apply(cases[i].state, KC_CASE_ISSUE_DETERMINATION, &cases[i].facts).refusal,
                         cases[i].refusal);
    ck_assert_int_eq(kc_case_apply(KC_CASE_EVIDENCE_FIXED, KC_CASE_ISSUE_DETERMINATION, NULL).refusal,
                     KC_REFUSAL_NO_EVIDENCE);
}
END_TEST

START_TEST(the_last_party_serves)
{
    KcCaseFacts facts = {.parties_undecided = 1};
    KcCaseOutcome outcome = kc_case_apply(KC_CASE_DETERMINED, KC_CASE_SERVE, &facts);
    ck_assert_int_eq(outcome.refusal, KC_REFUSAL_NONE);
    ck_assert_int_eq(outcome.state, KC_CASE_DETERMINED);
    ck_assert(!outcome.changed);

    facts.parties_undecided = 0;
    outcome = kc_case_apply(KC_CASE_DETERMINED, KC_CASE_SERVE, &facts);
    ck_assert_int_eq(outcome.state, KC_CASE_SERVED);
    ck_assert(outcome.changed);
}
END_TEST

START_TEST(an_agreement_needs_evidence_and_everybody)
{
    const KcCaseFacts seen = {.stills = 1}, waiting = {.parties_undecided = 1}, signed_by_all = {0};
    ck_assert_int_eq(kc_case_apply(KC_CASE_TRIAGED, KC_CASE_PROPOSE_AGREEMENT, NULL).refusal, KC_REFUSAL_NO_EVIDENCE);
    ck_assert_int_eq(kc_case_apply(KC_CASE_TRIAGED, KC_CASE_PROPOSE_AGREEMENT, &seen).refusal, KC_REFUSAL_NONE);
    ck_assert_int_eq(kc_case_apply(KC_CASE_DETERMINED, KC_CASE_PROPOSE_AGREEMENT, &seen).refusal, KC_REFUSAL_STATE);
    ck_assert_int_eq(kc_case_apply(KC_CASE_WAITING, KC_CASE_AGREE, &waiting).state, KC_CASE_WAITING);
    ck_assert_int_eq(kc_case_apply(KC_CASE_WAITING, KC_CASE_AGREE, &signed_by_all).state, KC_CASE_AGREED);
    ck_assert_int_eq(kc_case_apply(KC_CASE_AGREED, KC_CASE_SERVE, &signed_by_all).state, KC_CASE_SERVED);
}
END_TEST

START_TEST(the_road_is_not_cleared_without_a_still)
{
    ck_assert_int_eq(kc_case_apply(KC_CASE_IN_CALL, KC_CASE_EVACUATE, NULL).refusal, KC_REFUSAL_NO_EVIDENCE);
    ck_assert_int_eq(kc_case_apply(KC_CASE_EVIDENCE_FIXED, KC_CASE_EVACUATE, NULL).refusal, KC_REFUSAL_NONE);
    ck_assert_int_eq(kc_case_apply(KC_CASE_WAITING, KC_CASE_EVACUATE, NULL).refusal, KC_REFUSAL_STATE);
}
END_TEST

START_TEST(refusals_name_the_state)
{
    for (guint state = 0; state < KC_CASE_STATE_COUNT; state++)
        for (guint refusal = KC_REFUSAL_STATE; refusal <= KC_REFUSAL_NO_RECORDING; refusal++) {
            g_autofree char *text = kc_case_refusal_text(refusal, state, KC_CASE_CLOSE);
            ck_assert_ptr_nonnull(strstr(text, kc_case_state_to_string(state)));
            ck_assert_ptr_nonnull(strstr(text, "'close'"));
        }
}
END_TEST

START_TEST(names_read_back)
{
    for (guint state = 0; state < KC_CASE_STATE_COUNT; state++) {
        KcCaseState back = KC_CASE_STATE_COUNT;
        ck_assert(kc_case_state_from_string(kc_case_state_to_string(state), &back));
        ck_assert_uint_eq(back, state);
    }
    KcCaseState untouched = KC_CASE_SERVED;
    ck_assert(!kc_case_state_from_string("Waiting", &untouched));
    ck_assert(!kc_case_state_from_string("", &untouched));
    ck_assert(!kc_case_state_from_string(NULL, &untouched));
    ck_assert_int_eq(untouched, KC_CASE_SERVED);
    for (guint event = 0; event < KC_CASE_EVENT_COUNT; event++)
        ck_assert_ptr_nonnull(kc_case_event_to_string(event));
    ck_assert(kc_case_state_is_final(KC_CASE_CLOSED) && kc_case_state_is_final(KC_CASE_EXPIRED));
    ck_assert(!kc_case_state_is_final(KC_CASE_ON_SCENE));
}
END_TEST

static Suite *
case_suite(void)
{
    Suite *suite = suite_create("domain/case");
    TCase *tcase = tcase_create("states");
    tcase_add_test(tcase, every_state_and_event);
    tcase_add_test(tcase, a_determination_needs_evidence_and_recording);
    tcase_add_test(tcase, the_last_party_serves);
    tcase_add_test(tcase, an_agreement_needs_evidence_and_everybody);
    tcase_add_test(tcase, the_road_is_not_cleared_without_a_still);
    tcase_add_test(tcase, refusals_name_the_state);
    tcase_add_test(tcase, names_read_back);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(case_suite())
