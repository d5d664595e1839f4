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

START_TEST(what_is_meant_by_a_word_is_data)
{
    const GPtrArray *all = kc_rules_search_words(rules);
    gboolean found = FALSE;
    for (guint i = 0; i < all->len; i++) {
        const KcSearchWord *word = all->pdata[i];
        if (!g_strv_contains((const char *const *)word->words, "全责"))
            continue;
        found = TRUE;
        ck_assert_int_eq(word->by, KC_SEARCH_BY_LIABILITY);
        ck_assert_str_eq(word->values[0], "full");
    }
    ck_assert(found);
    ck_assert_str_eq(kc_rules_key_destroyed_basis(rules), "个人信息保护法第47条");
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

/* Every code that police accident software uses; of liability the national one. */
START_TEST(the_codes_of_the_record_are_all_there)
{
    static const struct {
        KcCodeList list;
        const char *codes;
    } lists[] = {
        {KC_CODES_WEATHER, "1 2 3 4 5 6 7 8 9"},
        {KC_CODES_ACCIDENT_FORM, "11 12 19 21 22 23 29 31 32 33 34 35 36 37 38 39"},
        {KC_CODES_COLLISION_TYPE, "1 2 3 4 5 6 7 8 9"},
        {KC_CODES_COLLISION_OBJECT, "11 12 13 14 15 16 17 18 19 20 21 29 31 32 39"},
        {KC_CODES_CLOSING_CODE, "1 2 3 4"},
        {KC_CODES_MEDIATION_METHOD, "1 2 3 4"},
        {KC_CODES_LIABILITY, "1 2 3 4 5 6"},
        {KC_CODES_ROAD_TYPE, "10 11 12 13 14 19 21 22 25 26 27 29"},
        {KC_CODES_ROAD_CLASS, "1 2 3 4 9"},
        {KC_CODES_SCENE, "1 2 3 4 5 6 7"},
        {KC_CODES_VEHICLE_TYPE,
         "A1 C1 C2 C3 C4 C5 C6 C7 C8 C9 F1 F2 F3 F4 F5 F6 F9 G1 H1 H2 H3 H4 J1 K1 K2 K3 K4 M1 M2 "
         "N1 N2 Q1 T1 X9"},
        {KC_CODES_PLATE_TYPE,
         "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 41 "
         "42 43 51 52 99"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        const GPtrArray *codes = kc_rules_codes(rules, lists[i].list);
        g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint n = 0; n < codes->len; n++) {
            const KcCode *code = codes->pdata[n];
            g_hash_table_add(there, code->official != NULL ? code->official : code->code);
        }
        g_auto(GStrv) wanted = g_strsplit(lists[i].codes, " ", -1);
        for (guint n = 0; wanted[n] != NULL; n++)
            ck_assert_msg(g_hash_table_contains(there, wanted[n]), "%s has no %s",
                          kc_code_list_to_string(lists[i].list), wanted[n]);
        ck_assert_uint_eq(g_hash_table_size(there), g_strv_length(wanted));
    }
}
END_TEST

START_TEST(what_is_not_law_says_so)
{
    ck_assert_int_eq(kc_rules_scenario(rules, "ROLLING", NULL)->kind, KC_RULE_LOCAL_POLICY);
    ck_assert_int_eq(kc_rules_scenario(rules, "REAR_END", NULL)->kind, KC_RULE_LAW);
    ck_assert_str_eq(kc_rules_scenario(rules, "ILLEGAL_PARKING", NULL)->usual_split, "contributing");
    ck_assert_str_eq(kc_rules_scenario(rules, "REAR_END", NULL)->usual.other_part, "rear");
    ck_assert_ptr_null(kc_rules_scenario(rules, "ILLEGAL_PARKING", NULL)->usual.accident_form);
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
#define NOON ((KcOccasion){"2026-11-23", 12 * 60})

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
        {"crime_suspected", "CRIME"},
        {"all_parties_agree", NULL},
        {"vehicles_moved", NULL}, /* a switch of local policy, off as delivered */
        {"", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        KcTriage triage = {0};
        kc_triage_set(&triage, cases[i].field, TRUE);
        g_autoptr(KcEligibility) eligibility = kc_rules_decide(rules, &triage, NOON);
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
        g_autoptr(KcEligibility) eligibility = kc_rules_decide(rules, &cases[i].triage, NOON);
        ck_assert_int_eq(eligibility->outcome, cases[i].outcome);
    }
}
END_TEST

/* What the centre's own policy, as delivered, sends to the scene: shown as policy, never as law. */
START_TEST(triage_by_local_policy)
{
    static const struct {
        KcTriage triage;
        KcOutcome outcome;
        const char *ground;
        KcRuleKind kind;
    } cases[] = {
        {{.weather = "5"}, KC_OUTCOME_ON_SCENE, "WEATHER", KC_RULE_LOCAL_POLICY},
        {{.weather = "3"}, KC_OUTCOME_REMOTE, "REMOTE", KC_RULE_LAW},
        {{.road_type = "10"}, KC_OUTCOME_ON_SCENE, "EXPRESSWAY", KC_RULE_LOCAL_POLICY},
        {{.road_type = "21"}, KC_OUTCOME_REMOTE, "REMOTE", KC_RULE_LAW},
        {{.loss_cny = 20000}, KC_OUTCOME_REMOTE, "REMOTE", KC_RULE_LAW},
        {{.loss_cny = 20001}, KC_OUTCOME_ON_SCENE, "LOSS", KC_RULE_LOCAL_POLICY},
        {{.late_report = TRUE}, KC_OUTCOME_REMOTE, "LATE_REPORT", KC_RULE_LAW},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(KcEligibility) eligibility = kc_rules_decide(rules, &cases[i].triage, NOON);
        const KcEligibilityRule *ground = eligibility->grounds->pdata[0];
        ck_assert_int_eq(eligibility->outcome, cases[i].outcome);
        ck_assert_str_eq(ground->code, cases[i].ground);
        ck_assert_int_eq(ground->kind, cases[i].kind);
    }
}
END_TEST

START_TEST(the_nearest_hospital)
{
    gint64 metres = 0;
    const KcHospital *near = kc_rules_hospital_near(rules, 33.8704, 109.9187, &metres);
    ck_assert_str_eq(near->code, "EX1");
    ck_assert_int_gt(metres, 2000);
    ck_assert_int_lt(metres, 3000);
    ck_assert(near->example); /* until an installation names its own */
    ck_assert_str_eq(kc_rules_hospital_near(rules, 33.42, 109.10, &metres)->code, "EX5");
    ck_assert_str_eq(kc_rules_emergency_phone(rules), "120");
}
END_TEST

static Suite *
lookup_suite(void)
{
    Suite *suite = suite_create("rules/lookup");
    TCase *tcase = tcase_create("answers");
    tcase_add_checked_fixture(tcase, load, unload);
    tcase_add_test(tcase, labels);
    tcase_add_test(tcase, what_is_meant_by_a_word_is_data);
    tcase_add_test(tcase, codes_are_dated);
    tcase_add_test(tcase, every_liability_has_a_label);
    tcase_add_test(tcase, the_codes_of_the_record_are_all_there);
    tcase_add_test(tcase, what_is_not_law_says_so);
    tcase_add_test(tcase, the_county_of_a_place);
    tcase_add_test(tcase, triage_by_the_law);
    tcase_add_test(tcase, triage_of_injuries);
    tcase_add_test(tcase, triage_by_local_policy);
    tcase_add_test(tcase, the_nearest_hospital);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(lookup_suite())
