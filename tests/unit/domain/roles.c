/* Every role and every action, as a matrix: '-' none, 'o' own, 'A' all. */
#include "src/domain/roles.h"
#include "tests/support/kc_test.h"

#include <string.h>

/* Columns: anonymous, intake operator, officer, supervisor, auditor, admin, integration, party; then the guests: emergency,
 * interpreter, insurer, supervisor. */
static const struct {
    KcAction action;
    const char *row;
} MATRIX[] = {
    {KC_ACTION_OPEN_CASE, /*          */ "AAAAAAAA----"}, {KC_ACTION_LIST_CASES, /*         */ "-AAAA--o----"},
    {KC_ACTION_READ_CASE, /*          */ "-AAAA-oo---o"}, {KC_ACTION_READ_TIMELINE, /*      */ "--AAA------o"},
    {KC_ACTION_ADD_PARTY, /*          */ "-oo----o----"}, {KC_ACTION_EDIT_PARTY, /*         */ "-oo----o----"},
    {KC_ACTION_INVITE, /*             */ "-oo----o----"}, {KC_ACTION_MANAGE_GUESTS, /*      */ "-oo---------"},
    {KC_ACTION_READ_OWN_LINK, /*      */ "--------oooo"}, {KC_ACTION_ADD_PHOTO, /*          */ "-oo----o----"},
    {KC_ACTION_QUEUE, /*              */ "-------o----"}, {KC_ACTION_READ_QUEUE, /*         */ "-AAA--------"},
    {KC_ACTION_CLAIM, /*              */ "-AAA--------"}, {KC_ACTION_RELEASE, /*            */ "-ooA--------"},
    {KC_ACTION_READ_EVENTS, /*        */ "-AAAAAoooooo"}, {KC_ACTION_READ_ICE_SERVERS, /*   */ "-AAAAA-ooooo"},
    {KC_ACTION_JOIN_CALL, /*          */ "-ooo---ooooo"}, {KC_ACTION_LISTEN, /*             */ "---A--------"},
    {KC_ACTION_READ_CALL, /*          */ "-AAA---ooooo"},
    {KC_ACTION_SEND_MESSAGE, /*       */ "-ooo---ooooo"}, {KC_ACTION_READ_MESSAGES, /*      */ "-AAAA--ooooo"},
    {KC_ACTION_READ_PHOTO_REQUESTS, /**/ "-AAA---o----"},
    {KC_ACTION_SNAPSHOT, /*           */ "-ooo--------"}, {KC_ACTION_READ_STILL, /*         */ "-AAAA--o--oo"},
    {KC_ACTION_READ_SIGNATURE, /*     */ "--AAA--o---o"}, {KC_ACTION_DRAFT_DETERMINATION, /**/ "--o---------"},
    {KC_ACTION_ISSUE_DETERMINATION, /**/ "--o---------"}, {KC_ACTION_SETTLE, /*             */ "-oo----o----"},
    {KC_ACTION_SIGN, /*               */ "-------o----"},
    {KC_ACTION_RECORD_REFUSAL, /*     */ "--o---------"}, {KC_ACTION_PAUSE_SIGNING, /*      */ "-------o----"},
    {KC_ACTION_RESOLVE_PAUSE, /*      */ "-ooA--------"}, {KC_ACTION_READ_DOCUMENT, /*      */ "-AAAA--o-o-o"},
    {KC_ACTION_CONFIRM_RECEIPT, /*    */ "-------o----"}, {KC_ACTION_RECORD_SERVICE, /*     */ "-ooA--------"},
    {KC_ACTION_SEND_ON_SCENE, /*      */ "-AAA---o----"}, {KC_ACTION_CONSENT, /*            */ "-oo----o----"},
    {KC_ACTION_CHANGE_PLACE, /*       */ "-oo---------"}, {KC_ACTION_READ_CONSENTS, /*      */ "-AAAA--o---o"},
    {KC_ACTION_ASSESS, /*             */ "-ooA--------"},
    {KC_ACTION_EVACUATE, /*           */ "--o---------"},
    {KC_ACTION_CLOSE, /*              */ "--oA--------"}, {KC_ACTION_REOPEN, /*             */ "---A--------"},
    {KC_ACTION_READ_RECORDING, /*     */ "--ooA-------"}, {KC_ACTION_COMPOSE, /*            */ "--oAA-------"},
    {KC_ACTION_EXPORT_BUNDLE, /*      */ "---AA--o----"},
    {KC_ACTION_MANAGE_USERS, /*       */ "-----A------"},
    {KC_ACTION_READ_LAW, /*           */ "-AAAAA------"}, {KC_ACTION_IMPORT_LAW, /*         */ "-----A------"},
    {KC_ACTION_READ_APPROVAL, /*      */ "--AAA-------"}, {KC_ACTION_APPROVE_DETERMINATION, /**/ "---A--------"},
    {KC_ACTION_READ_SEATS, /*         */ "-AAA--------"}, {KC_ACTION_SET_SEAT, /*            */ "-AAA--------"},
    {KC_ACTION_READ_DESK_DAY, /*      */ "---AA-------"}, {KC_ACTION_HAND_OVER, /*           */ "-ooA--------"},
    {KC_ACTION_ANSWER_OFFER, /*       */ "-AAA--------"}, {KC_ACTION_ASK_RECUSAL, /*         */ "-ooo---o----"},
    {KC_ACTION_READ_RECUSALS, /*      */ "-ooAA--o----"}, {KC_ACTION_DECIDE_RECUSAL, /*      */ "---A--------"},
    {KC_ACTION_ASK_REVIEW, /*         */ "-------o----"}, {KC_ACTION_READ_REVIEWS, /*       */ "--AAA-------"},
    {KC_ACTION_HANDLE_REVIEW, /*      */ "--oA--------"}, {KC_ACTION_CONCLUDE_REVIEW, /*    */ "---A--------"},
    {KC_ACTION_READ_DRAWS, /*         */ "---AA-------"},
    {KC_ACTION_DECIDE_REPORT, /*      */ "--AA--------"},
    {KC_ACTION_READ_RULES, /*         */ "---AAA------"}, {KC_ACTION_MANAGE_RULES, /*       */ "-----A------"},
    {KC_ACTION_MANAGE_INTEGRATIONS, /**/ "-----A------"}, {KC_ACTION_READ_REPORTS, /*       */ "---AA-------"},
    {KC_ACTION_READ_HOLDS, /*        */ "--AAAA------"},
    {KC_ACTION_HOLD, /*               */ "---A-A------"}, {KC_ACTION_READ_RETENTION, /*    */ "---AAA------"},
    {KC_ACTION_STATE_PURPOSE, /*      */ "---AA-------"}, {KC_ACTION_READ_ACCESSES, /*      */ "--oAA--o----"},
    {KC_ACTION_WRITE_FINDING, /*      */ "---AA-------"}, {KC_ACTION_ANSWER_FINDING, /*     */ "--AA--------"},
    {KC_ACTION_READ_FINDINGS, /*      */ "--oAA-------"}, {KC_ACTION_READ_SAMPLES, /*       */ "---AA-------"},
    {KC_ACTION_LOOK_BLIND, /*         */ "---AA-------"},
};

START_TEST(every_role_and_action)
{
    static const char letters[] = {[KC_GRANT_NONE] = '-', [KC_GRANT_OWN] = 'o', [KC_GRANT_ALL] = 'A'};

    ck_assert_uint_eq(G_N_ELEMENTS(MATRIX), KC_ACTION_COUNT);
    for (guint i = 0; i < G_N_ELEMENTS(MATRIX); i++) {
        ck_assert_uint_eq(MATRIX[i].action, i);
        for (guint role = 0; role < KC_ROLE_COUNT; role++) {
            KcGrant grant = kc_role_grant(role, i);
            ck_assert_msg(letters[grant] == MATRIX[i].row[role], "%s by %s is %c", kc_action_to_string(i),
                          kc_role_to_string(role), letters[grant]);
            ck_assert(kc_role_may(role, i) == (grant != KC_GRANT_NONE));
        }
    }
}
END_TEST

/* A key can be limited to each thing that its role may do, and to nothing else. */
START_TEST(every_action_of_an_integration_has_a_scope)
{
    for (guint action = 0; action < KC_ACTION_COUNT; action++) {
        KcScope scope = KC_SCOPE_COUNT;
        gboolean may = kc_role_may(KC_ROLE_INTEGRATION, action);
        ck_assert_msg(kc_action_scope(action, &scope) == may, "%s", kc_action_to_string(action));
        ck_assert(!may || scope < KC_SCOPE_COUNT);
    }
    for (guint i = 0; i < KC_SCOPE_COUNT; i++) {
        KcScope back = KC_SCOPE_COUNT;
        ck_assert(kc_scope_from_string(kc_scope_to_string(i), &back));
        ck_assert_uint_eq(back, i);
    }
    KcScope none;
    ck_assert(!kc_scope_from_string("everything", &none));
    ck_assert(!kc_scope_from_string(NULL, &none));
}
END_TEST

START_TEST(names_read_back)
{
    KcRole role = KC_ROLE_COUNT;
    for (guint i = KC_ROLE_ANONYMOUS + 1; i < KC_ROLE_COUNT; i++) {
        ck_assert(kc_role_from_string(kc_role_to_string(i), &role));
        ck_assert_uint_eq(role, i);
    }
    ck_assert(!kc_role_from_string("anonymous", &role));
    ck_assert(!kc_role_from_string("root", &role));
    ck_assert(!kc_role_from_string(NULL, &role));
}
END_TEST

START_TEST(staff_and_desk)
{
    static const char staff[] = "-sssss------";
    static const char desk[] = "-ddd--------";
    for (guint role = 0; role < KC_ROLE_COUNT; role++) {
        ck_assert_int_eq(kc_role_is_staff(role), staff[role] == 's');
        ck_assert_int_eq(kc_role_is_desk(role), desk[role] == 'd');
    }
}
END_TEST

START_TEST(a_guest_is_of_one_of_four_kinds)
{
    static const char *const kinds[] = {"emergency", "interpreter", "insurer", "supervisor"};
    guint guests = 0;
    for (guint role = 0; role < KC_ROLE_COUNT; role++)
        guests += kc_role_is_guest(role);
    ck_assert_uint_eq(guests, G_N_ELEMENTS(kinds));
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        KcRole role = KC_ROLE_COUNT;
        ck_assert(kc_role_from_guest_kind(kinds[i], &role));
        ck_assert_str_eq(kc_role_guest_kind(role), kinds[i]);
    }
    KcRole role;
    ck_assert(!kc_role_from_guest_kind("officer", &role));
    ck_assert_ptr_null(kc_role_guest_kind(KC_ROLE_SUPERVISOR));
}
END_TEST

static Suite *
roles_suite(void)
{
    Suite *suite = suite_create("domain/roles");
    TCase *tcase = tcase_create("grants");
    tcase_add_test(tcase, every_role_and_action);
    tcase_add_test(tcase, every_action_of_an_integration_has_a_scope);
    tcase_add_test(tcase, names_read_back);
    tcase_add_test(tcase, staff_and_desk);
    tcase_add_test(tcase, a_guest_is_of_one_of_four_kinds);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(roles_suite())
