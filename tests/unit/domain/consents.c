/* What follows when a consent is withdrawn: every kind in every state. */
#include "src/domain/consents.h"
#include "tests/support/kc_test.h"

/* Columns: the states in the order of the enum (triaged waiting in_call evidence_fixed Determined agreed served closed On_scene
 * Abandoned Expired Reopened). '.' nothing, 'R' ends the handling by video, 'P' the position goes. */
static const struct {
    KcConsentKind kind;
    gboolean is_reporter;
    const char *row;
} MATRIX[] = {
    {KC_CONSENT_KIND_RECORDING, TRUE, /*           */ "RRRRR......R"},
    {KC_CONSENT_KIND_RECORDING, FALSE, /*          */ "RRRRR......R"},
    {KC_CONSENT_KIND_LOCATION, TRUE, /*            */ "PPPPPPPPPPPP"},
    {KC_CONSENT_KIND_LOCATION, FALSE, /*           */ "............"},
    {KC_CONSENT_KIND_ELECTRONIC_SERVICE, TRUE, /*  */ "............"},
    {KC_CONSENT_KIND_INSURER, TRUE, /*             */ "............"},
    {KC_CONSENT_KIND_FACE, TRUE, /*                */ "............"},
    {KC_CONSENT_KIND_SIMPLIFIED_PROCEDURE, TRUE, /**/ "............"},
};

START_TEST(every_kind_and_state)
{
    static const char letters[] = {[KC_WITHDRAWAL_CHANGES_NOTHING] = '.',
                                   [KC_WITHDRAWAL_ENDS_REMOTE] = 'R',
                                   [KC_WITHDRAWAL_HIDES_POSITION] = 'P'};
    for (gsize i = 0; i < G_N_ELEMENTS(MATRIX); i++)
        for (guint state = 0; state < KC_CASE_STATE_COUNT; state++) {
            char got = letters[kc_consent_withdrawal(MATRIX[i].kind, state, MATRIX[i].is_reporter)];
            ck_assert_msg(got == MATRIX[i].row[state], "%s in %s is '%c'", kc_consent_kind_to_string(MATRIX[i].kind),
                          kc_case_state_to_string(state), got);
        }
}
END_TEST

START_TEST(names_read_back)
{
    KcConsentKind kind = KC_CONSENT_KIND_COUNT;
    for (guint i = 0; i < KC_CONSENT_KIND_COUNT; i++) {
        ck_assert(kc_consent_kind_from_string(kc_consent_kind_to_string(i), &kind));
        ck_assert_uint_eq(kind, i);
    }
    ck_assert(!kc_consent_kind_from_string("everything", &kind));
    ck_assert(!kc_consent_kind_from_string(NULL, &kind));
}
END_TEST

static Suite *
consents_suite(void)
{
    Suite *suite = suite_create("domain/consents");
    TCase *all = tcase_create("consents");
    tcase_add_test(all, every_kind_and_state);
    tcase_add_test(all, names_read_back);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(consents_suite())
