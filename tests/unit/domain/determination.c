#include "src/domain/determination.h"
#include "tests/support/kc_test.h"

START_TEST(names_read_back)
{
    for (guint i = KC_LIABILITY_FULL; i <= KC_LIABILITY_UNDETERMINABLE; i++) {
        KcLiability back = KC_LIABILITY_UNSET;
        ck_assert(kc_liability_from_string(kc_liability_to_string(i), &back));
        ck_assert_uint_eq(back, i);
    }
    for (guint i = KC_EVIDENCE_STILL; i <= KC_EVIDENCE_STATEMENT; i++) {
        KcEvidenceKind back = KC_EVIDENCE_STILL;
        ck_assert(kc_evidence_kind_from_string(kc_evidence_kind_to_string(i), &back));
        ck_assert_uint_eq(back, i);
    }
    for (guint i = KC_DECISION_SIGNED; i <= KC_DECISION_OBJECTED; i++) {
        KcDecision back = KC_DECISION_NONE;
        ck_assert(kc_decision_from_string(kc_decision_to_string(i), &back));
        ck_assert_uint_eq(back, i);
    }
}
END_TEST

START_TEST(what_is_unset_has_no_name)
{
    KcLiability liability = KC_LIABILITY_FULL;
    KcDecision decision = KC_DECISION_SIGNED;
    KcEvidenceKind kind = KC_EVIDENCE_STATEMENT;

    ck_assert_ptr_null(kc_liability_to_string(KC_LIABILITY_UNSET));
    ck_assert_ptr_null(kc_decision_to_string(KC_DECISION_NONE));
    ck_assert(!kc_liability_from_string(NULL, &liability));
    ck_assert(!kc_liability_from_string("FULL", &liability));
    ck_assert(!kc_decision_from_string(NULL, &decision));
    ck_assert(!kc_decision_from_string("maybe", &decision));
    ck_assert(!kc_evidence_kind_from_string("", &kind));
    ck_assert_int_eq(liability, KC_LIABILITY_FULL);
}
END_TEST

START_TEST(the_record_ranks_by_liability)
{
    static const KcLiability given[] = {KC_LIABILITY_NONE, KC_LIABILITY_SECONDARY, KC_LIABILITY_PRIMARY,
                                        KC_LIABILITY_SECONDARY};
    static const char *const expected[] = {"2", "1", "3", "0"}; /* equals keep their order */
    g_autoptr(KcDetermination) det = kc_determination_new();

    for (guint i = 0; i < G_N_ELEMENTS(given); i++) {
        KcDeterminationParty *party = kc_determination_party_new();
        party->party_id = g_strdup_printf("%u", i);
        party->liability = given[i];
        g_ptr_array_add(det->parties, party);
    }
    g_autoptr(GPtrArray) ranked = kc_determination_ranked_parties(det);
    ck_assert_uint_eq(ranked->len, G_N_ELEMENTS(given));
    for (guint i = 0; i < ranked->len; i++)
        ck_assert_str_eq(((KcDeterminationParty *)ranked->pdata[i])->party_id, expected[i]);
}
END_TEST

START_TEST(freeing_takes_null_and_half_built)
{
    kc_determination_free(NULL);
    kc_determination_party_free(NULL);
    kc_reason_free(NULL);
    kc_evidence_ref_free(NULL);
    KcDetermination *det = kc_determination_new();
    KcReason *reason = kc_reason_new();
    g_ptr_array_add(reason->evidence, kc_evidence_ref_new(KC_EVIDENCE_STILL, NULL, -1));
    g_ptr_array_add(det->reasons, reason);
    g_ptr_array_add(det->parties, kc_determination_party_new());
    kc_determination_free(det);
}
END_TEST

static Suite *
determination_suite(void)
{
    Suite *suite = suite_create("domain/determination");
    TCase *tcase = tcase_create("structs");
    tcase_add_test(tcase, names_read_back);
    tcase_add_test(tcase, what_is_unset_has_no_name);
    tcase_add_test(tcase, the_record_ranks_by_liability);
    tcase_add_test(tcase, freeing_takes_null_and_half_built);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(determination_suite())
