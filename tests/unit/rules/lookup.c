/* What the loaded data answers. */
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

START_TEST(labels)
{
    ck_assert_str_eq(kc_rules_label_zh(rules, KC_CODES_WEATHER, "3"), "雨");
    ck_assert_str_eq(kc_rules_label_en(rules, KC_CODES_WEATHER, "3"), "rain");
    ck_assert_str_eq(kc_rules_label_zh(rules, KC_CODES_PLATE_TYPE, "52"), "小型新能源汽车");
    ck_assert_str_eq(kc_rules_label_zh(rules, KC_CODES_WEATHER, "77"), "77");
    ck_assert_ptr_null(kc_rules_label_zh(rules, KC_CODES_WEATHER, NULL));
    ck_assert_str_eq(kc_code_list_to_string(KC_CODES_COLLISION_PART), "collision_part");
    ck_assert_str_eq(kc_rules_code(rules, KC_CODES_LIABILITY, "full", NULL)->official, "1");
    ck_assert_ptr_nonnull(strstr(kc_rules_centre_zh(rules), "远程快处中心"));
    ck_assert_ptr_nonnull(kc_rules_centre_en(rules));
}
END_TEST

START_TEST(codes_are_dated)
{
    ck_assert_ptr_nonnull(kc_rules_code(rules, KC_CODES_WEATHER, "1", "2018-05-01"));
    ck_assert_ptr_null(kc_rules_code(rules, KC_CODES_WEATHER, "1", "2018-04-30"));
    ck_assert_ptr_nonnull(kc_rules_scenario(rules, "REAR_END", "2026-11-23"));
    ck_assert_ptr_null(kc_rules_scenario(rules, "REAR_END", "2018-04-30"));
    ck_assert_ptr_null(kc_rules_scenario(rules, "FLYING", NULL));
    ck_assert_ptr_nonnull(kc_rules_shot(rules, "impact_point", "2026-11-23"));
    ck_assert_ptr_null(kc_rules_shot(rules, "moon", NULL));
    ck_assert_str_eq(kc_rules_insurer(rules, "picc")->zh, "人保财险");
    ck_assert_str_eq(kc_rules_insurer(rules, "人保财险")->code, "picc");
    ck_assert_ptr_null(kc_rules_insurer(rules, NULL));
}
END_TEST

START_TEST(every_liability_has_a_label)
{
    for (guint i = KC_LIABILITY_FULL; i <= KC_LIABILITY_UNDETERMINABLE; i++) {
        const KcCode *code = kc_rules_code(rules, KC_CODES_LIABILITY, kc_liability_to_string(i), NULL);
        ck_assert_ptr_nonnull(code);
        ck_assert_str_eq(code->zh, kc_liability_zh(i));
    }
}
END_TEST

START_TEST(what_is_not_law_says_so)
{
    ck_assert_int_eq(kc_rules_scenario(rules, "ROLLING", NULL)->kind, KC_RULE_LOCAL_POLICY);
    ck_assert_int_eq(kc_rules_scenario(rules, "REAR_END", NULL)->kind, KC_RULE_LAW);
    ck_assert_str_eq(kc_rules_scenario(rules, "ILLEGAL_PARKING", NULL)->usual_split, "contributing");
}
END_TEST

START_TEST(the_county_of_a_place)
{
    static const struct {
        double latitude, longitude;
        const char *code;
    } cases[] = {
        {33.8704, 109.9187, "611002"}, /* a crossing in the middle of Shangzhou */
        {34.09, 110.15, "611021"},
        {33.43, 109.15, "611025"},
        {39.9, 116.4, NULL}, /* Beijing */
        {0, 0, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const KcCounty *county = kc_rules_county_near(rules, cases[i].latitude, cases[i].longitude);
        ck_assert_msg(g_strcmp0(county == NULL ? NULL : county->code, cases[i].code) == 0, "row %u", i);
    }
    ck_assert(kc_rules_county(rules, "611002")->approximate);
    ck_assert_ptr_null(kc_rules_county(rules, "110000"));
    ck_assert_str_eq(kc_rules_county_in_text(rules, "陕西省丹凤县312国道")->code, "611022");
    ck_assert_ptr_null(kc_rules_county_in_text(rules, "北新街"));
    ck_assert_ptr_null(kc_rules_county_in_text(rules, NULL));
}
END_TEST

/* Each answer of the triage alone sends an officer; nothing at all does not. */
START_TEST(triage_by_the_law)
{
    static const struct {
        const char *field;
        const char *ground;
    } cases[] = {
        {"death", "DEATH"},
        {"licence_problem", "LICENCE"},
        {"alcohol_or_drugs", "ALCOHOL_OR_DRUGS"},
        {"overloaded_or_speeding_passenger_vehicle", "PASSENGER_VEHICLE"},
        {"plate_problem", "PLATE"},
        {"cannot_move", "CANNOT_MOVE"},
        {"party_left", "PARTY_LEFT"},
        {"intent", "INTENT"},
        {"no_inspection_or_insurance_mark", "NO_MARK"},
        {"facility_damage", "FACILITY"},
        {"hazardous_goods", "HAZARDOUS_GOODS"},
        {"all_parties_agree", NULL},
        {"", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        KcTriage triage = {0};
        kc_triage_set(&triage, cases[i].field, TRUE);
        g_autoptr(KcEligibility) eligibility = kc_rules_decide(rules, &triage, "2026-11-23");
        ck_assert_uint_eq(eligibility->grounds->len, 1);
        const KcEligibilityRule *ground = eligibility->grounds->pdata[0];
        ck_assert_int_eq(eligibility->outcome, cases[i].ground == NULL ? KC_OUTCOME_REMOTE : KC_OUTCOME_ON_SCENE);
        ck_assert_str_eq(ground->code, cases[i].ground == NULL ? "REMOTE" : cases[i].ground);
        ck_assert(ground->legal_basis[0] != '\0' && ground->title_zh[0] != '\0' && ground->title_en[0] != '\0');
    }
}
END_TEST

START_TEST(triage_of_injuries)
{
    static const struct {
        KcTriage triage;
        KcOutcome outcome;
    } cases[] = {
        {{.injury = KC_INJURY_SLIGHT}, KC_OUTCOME_ON_SCENE},
        {{.injury = KC_INJURY_SLIGHT, .all_parties_agree = TRUE}, KC_OUTCOME_REMOTE},
        {{.injury = KC_INJURY_SERIOUS, .all_parties_agree = TRUE}, KC_OUTCOME_ON_SCENE},
        {{.injury = KC_INJURY_SLIGHT, .all_parties_agree = TRUE, .alcohol_or_drugs = TRUE}, KC_OUTCOME_ON_SCENE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(KcEligibility) eligibility = kc_rules_decide(rules, &cases[i].triage, "2026-11-23");
        ck_assert_int_eq(eligibility->outcome, cases[i].outcome);
    }
}
END_TEST

static Suite *
lookup_suite(void)
{
    Suite *suite = suite_create("rules/lookup");
    TCase *tcase = tcase_create("answers");
    tcase_add_checked_fixture(tcase, load, unload);
    tcase_add_test(tcase, labels);
    tcase_add_test(tcase, codes_are_dated);
    tcase_add_test(tcase, every_liability_has_a_label);
    tcase_add_test(tcase, what_is_not_law_says_so);
    tcase_add_test(tcase, the_county_of_a_place);
    tcase_add_test(tcase, triage_by_the_law);
    tcase_add_test(tcase, triage_of_injuries);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(lookup_suite())
