/* Which accidents the parties may settle themselves, by the data of the law (Order 146, arts. 13-15, 19). */
#include "src/rules/rules.h"
#include "tests/support/kc_test.h"

#include <string.h>

static KcRules *rules;

static void
load(void)
{
    g_autoptr(GError) error = NULL;
    rules = kc_rules_load(NULL, FALSE, &error);
    kc_assert_no_error(error);
}

static void
unload(void)
{
    g_clear_pointer(&rules, kc_rules_free);
}

static void
assert_ground(const KcTriage *triage, const char *code, KcOutcome outcome)
{
    g_autoptr(KcEligibility) settlement = kc_rules_decide_settlement(rules, triage, (KcOccasion){"2026-11-23", 12 * 60});
    if (code == NULL) {
        ck_assert_uint_eq(settlement->grounds->len, 0);
        return;
    }
    ck_assert_uint_eq(settlement->grounds->len, 1);
    const KcEligibilityRule *rule = settlement->grounds->pdata[0];
    ck_assert_str_eq(rule->code, code);
    ck_assert_int_eq(settlement->outcome, outcome);
    ck_assert_ptr_nonnull(strstr(rule->legal_basis, "道路交通事故处理程序规定第"));
}

START_TEST(damage_alone_is_for_the_parties)
{
    const KcTriage triage = {0};
    assert_ground(&triage, NULL, KC_OUTCOME_REMOTE);
}
END_TEST

START_TEST(each_answer_bars_it)
{
    static const struct {
        const char *field, *code;
    } rows[] = {
        {"death", "DEATH"},
        {"licence_problem", "LICENCE"},
        {"alcohol_or_drugs", "ALCOHOL_OR_DRUGS"},
        {"overloaded_or_speeding_passenger_vehicle", "PASSENGER_VEHICLE"},
        {"plate_problem", "PLATE"},
        {"cannot_move", "CANNOT_MOVE"},
        {"party_left", "PARTY_LEFT"},
        {"intent", "INTENT"},
        {"crime_suspected", "CRIME"},
        {"no_inspection_or_insurance_mark", "NO_MARK"},
        {"facility_damage", "FACILITY"},
        {"hazardous_goods", "HAZARDOUS_GOODS"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KcTriage triage = {0};
        ck_assert(kc_triage_set(&triage, rows[i].field, TRUE));
        assert_ground(&triage, rows[i].code, KC_OUTCOME_ON_SCENE);
    }
}
END_TEST

/* That everybody agrees to the simple procedure lets an officer handle a slight injury, not the parties. */
START_TEST(an_injury_is_for_an_officer)
{
    const KcTriage slight = {.injury = KC_INJURY_SLIGHT, .all_parties_agree = TRUE};
    const KcTriage serious = {.injury = KC_INJURY_SERIOUS};
    assert_ground(&slight, "INJURY_SLIGHT", KC_OUTCOME_REMOTE);
    assert_ground(&serious, "INJURY_SERIOUS", KC_OUTCOME_ON_SCENE);
}
END_TEST

static void
add_party(KcAgreement *agreement, const char *id, const char *vehicle_type)
{
    KcDeterminationParty *party = kc_determination_party_new();
    party->party_id = g_strdup(id);
    party->vehicle_type = g_strdup(vehicle_type);
    kc_agreement_add_party(agreement, party, kc_settler_new());
}

static gboolean
finds(const KcAgreement *agreement, KcFindingKind kind, const char *code, const char *pointer)
{
    g_autoptr(GPtrArray) findings = kc_rules_check_agreement(rules, agreement, "2026-11-23");
    for (guint i = 0; i < findings->len; i++) {
        const KcFinding *finding = findings->pdata[i];
        if (finding->kind == kind && strcmp(finding->code, code) == 0 && strcmp(finding->pointer, pointer) == 0)
            return TRUE;
    }
    return FALSE;
}

START_TEST(only_between_vehicles)
{
    static const struct {
        const char *form, *first, *second;
        gboolean barred;
    } rows[] = {
        {"11", "K3", "K3", FALSE}, {"11", "K3", "F6", FALSE}, {"11", "F6", "F6", TRUE}, {"21", "K3", "A1", TRUE},
        {"35", "K3", "K3", TRUE},  {NULL, "K3", "A1", TRUE},  {NULL, "F6", NULL, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KcAgreement) agreement = kc_agreement_new();
        agreement->accident->accident_form = g_strdup(rows[i].form);
        add_party(agreement, "a", rows[i].first);
        add_party(agreement, "b", rows[i].second);
        ck_assert_msg(finds(agreement, KC_FINDING_CONTRADICTION, "NOT_BETWEEN_VEHICLES", "/accident_form") ==
                          rows[i].barred,
                      "row %u", i);
    }
}
END_TEST

/* The rules of a determination hold, but for what only an officer states. */
START_TEST(the_rules_are_those_of_a_determination)
{
    g_autoptr(KcAgreement) agreement = kc_agreement_new();
    agreement->accident->accident_form = g_strdup("11");
    add_party(agreement, "a", "K3");
    add_party(agreement, "b", "K3");
    ck_assert(finds(agreement, KC_FINDING_MISSING, "WEATHER", "/weather"));
    ck_assert(finds(agreement, KC_FINDING_MISSING, "COLLISION_TYPE", "/collision_type"));
    ck_assert(finds(agreement, KC_FINDING_MISSING, "COLLISION_PART", "/parties/1/collision_part"));
    ck_assert(finds(agreement, KC_FINDING_MISSING, "LIABILITY", "/parties/0/liability"));
    ck_assert(!finds(agreement, KC_FINDING_MISSING, "CAUSE", "/cause"));
    ck_assert(!finds(agreement, KC_FINDING_MISSING, "REASONS", "/reasons"));
    for (guint i = 0; i < 2; i++)
        ((KcDeterminationParty *)agreement->accident->parties->pdata[i])->liability = KC_LIABILITY_FULL;
    ck_assert(finds(agreement, KC_FINDING_CONTRADICTION, "TWO_FULL", "/parties/1/liability"));
    ck_assert(!finds(agreement, KC_FINDING_MISSING, "VIOLATION", "/parties/0/violations"));
}
END_TEST

START_TEST(the_parties_settle_by_themselves)
{
    ck_assert_str_eq(kc_rules_code_of_class(rules, KC_CODES_MEDIATION_METHOD, "self", "2026-11-23")->code, "1");
    ck_assert_str_eq(kc_rules_code_of_class(rules, KC_CODES_CLOSING_CODE, "mediated", NULL)->code, "1");
    ck_assert_ptr_null(kc_rules_code_of_class(rules, KC_CODES_CLOSING_CODE, "nothing", NULL));
}
END_TEST

static Suite *
settlement_suite(void)
{
    Suite *suite = suite_create("rules/settlement");
    TCase *tcase = tcase_create("settlement");
    tcase_add_unchecked_fixture(tcase, load, unload);
    tcase_add_test(tcase, damage_alone_is_for_the_parties);
    tcase_add_test(tcase, each_answer_bars_it);
    tcase_add_test(tcase, an_injury_is_for_an_officer);
    tcase_add_test(tcase, only_between_vehicles);
    tcase_add_test(tcase, the_rules_are_those_of_a_determination);
    tcase_add_test(tcase, the_parties_settle_by_themselves);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(settlement_suite())
