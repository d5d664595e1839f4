#include "src/domain/eligibility.h"
#include "tests/support/kc_test.h"

#define DAY "2026-11-23"

static KcEligibilityRule SERIOUS = {.code = (char *)"SERIOUS",
                                    .field = (char *)"injury",
                                    .value = (char *)"serious",
                                    .outcome = KC_OUTCOME_ON_SCENE,
                                    .effective_from = (char *)"2018-05-01"};
static KcEligibilityRule SLIGHT = {.code = (char *)"SLIGHT",
                                   .field = (char *)"injury",
                                   .value = (char *)"slight",
                                   .unless = (char *)"all_parties_agree",
                                   .outcome = KC_OUTCOME_ON_SCENE,
                                   .effective_from = (char *)"2018-05-01"};
static KcEligibilityRule OLD = {.code = (char *)"OLD",
                                .field = (char *)"party_left",
                                .outcome = KC_OUTCOME_ON_SCENE,
                                .effective_from = (char *)"2009-01-01",
                                .effective_to = (char *)"2018-04-30"};
static KcEligibilityRule INTENT = {.code = (char *)"INTENT",
                                   .field = (char *)"intent",
                                   .outcome = KC_OUTCOME_ON_SCENE,
                                   .effective_from = (char *)"2018-05-01"};
static KcEligibilityRule REMOTE = {.code = (char *)"REMOTE",
                                   .field = (char *)"always",
                                   .outcome = KC_OUTCOME_REMOTE,
                                   .effective_from = (char *)"2018-05-01"};

static GPtrArray *
rules_new(void)
{
    GPtrArray *rules = g_ptr_array_new();
    g_ptr_array_add(rules, &REMOTE);
    g_ptr_array_add(rules, &SERIOUS);
    g_ptr_array_add(rules, &SLIGHT);
    g_ptr_array_add(rules, &OLD);
    g_ptr_array_add(rules, &INTENT);
    return rules;
}

START_TEST(one_reason_is_enough_for_the_scene)
{
    static const struct {
        KcTriage triage;
        const char *day;
        KcOutcome outcome;
        const char *grounds;
    } cases[] = {
        {{0}, DAY, KC_OUTCOME_REMOTE, "REMOTE"},
        {{.injury = KC_INJURY_SERIOUS}, DAY, KC_OUTCOME_ON_SCENE, "SERIOUS"},
        {{.injury = KC_INJURY_SLIGHT}, DAY, KC_OUTCOME_ON_SCENE, "SLIGHT"},
        {{.injury = KC_INJURY_SLIGHT, .all_parties_agree = TRUE}, DAY, KC_OUTCOME_REMOTE, "REMOTE"},
        {{.injury = KC_INJURY_SERIOUS, .all_parties_agree = TRUE}, DAY, KC_OUTCOME_ON_SCENE, "SERIOUS"},
        {{.injury = KC_INJURY_SERIOUS, .intent = TRUE}, DAY, KC_OUTCOME_ON_SCENE, "SERIOUS INTENT"},
        {{.party_left = TRUE}, DAY, KC_OUTCOME_REMOTE, "REMOTE"},
        {{.party_left = TRUE}, "2018-04-30", KC_OUTCOME_ON_SCENE, "OLD"},
        {{.intent = TRUE}, "2018-04-30", KC_OUTCOME_REMOTE, ""}, /* nothing is in force yet */
        {{.intent = TRUE}, "2018-05-01", KC_OUTCOME_ON_SCENE, "INTENT"},
    };
    g_autoptr(GPtrArray) rules = rules_new();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(KcEligibility) eligibility = kc_eligibility_decide(&cases[i].triage, rules, cases[i].day);
        g_autoptr(GString) grounds = g_string_new(NULL);
        for (guint n = 0; n < eligibility->grounds->len; n++)
            g_string_append_printf(grounds, "%s%s", n > 0 ? " " : "",
                                   ((const KcEligibilityRule *)eligibility->grounds->pdata[n])->code);
        ck_assert_int_eq(eligibility->outcome, cases[i].outcome);
        ck_assert_str_eq(grounds->str, cases[i].grounds);
    }
}
END_TEST

START_TEST(every_answer_has_a_name)
{
    const char *const *fields = kc_triage_fields();
    for (guint i = 0; fields[i] != NULL; i++) {
        KcTriage triage = {0};
        gboolean answer = TRUE;
        ck_assert(kc_triage_get(&triage, fields[i], &answer) && !answer);
        ck_assert(kc_triage_set(&triage, fields[i], TRUE));
        ck_assert(kc_triage_get(&triage, fields[i], &answer) && answer);
        for (guint other = 0; fields[other] != NULL; other++)
            if (other != i)
                ck_assert(kc_triage_get(&triage, fields[other], &answer) && !answer);
        ck_assert(kc_triage_field_is_known(fields[i], NULL));
        ck_assert(!kc_triage_field_is_known(fields[i], "yes"));
    }
    KcTriage triage = {0};
    ck_assert(!kc_triage_set(&triage, "injury", TRUE));
    ck_assert(!kc_triage_set(&triage, "nothing", TRUE));
    ck_assert(!kc_triage_set(&triage, NULL, TRUE));
    ck_assert(kc_triage_field_is_known("always", NULL));
    ck_assert(kc_triage_field_is_known("injury", "slight"));
    ck_assert(!kc_triage_field_is_known("injury", NULL));
    ck_assert(!kc_triage_field_is_known("injury", "fatal"));
    ck_assert(!kc_triage_field_is_known(NULL, NULL));
}
END_TEST

START_TEST(names_read_back)
{
    KcInjury injury;
    KcOutcome outcome;
    KcRuleKind kind;
    for (guint i = 0; i < 3; i++)
        ck_assert(kc_injury_from_string(kc_injury_to_string(i), &injury) && injury == i);
    for (guint i = 0; i < 2; i++) {
        ck_assert(kc_outcome_from_string(kc_outcome_to_string(i), &outcome) && outcome == i);
        ck_assert(kc_rule_kind_from_string(kc_rule_kind_to_string(i), &kind) && kind == i);
    }
    ck_assert(!kc_injury_from_string("", &injury));
    ck_assert(!kc_outcome_from_string(NULL, &outcome));
    ck_assert(!kc_rule_kind_from_string("Law", &kind));
    kc_eligibility_free(NULL);
    kc_eligibility_rule_free(NULL);
}
END_TEST

static Suite *
eligibility_suite(void)
{
    Suite *suite = suite_create("domain/eligibility");
    TCase *tcase = tcase_create("triage");
    tcase_add_test(tcase, one_reason_is_enough_for_the_scene);
    tcase_add_test(tcase, every_answer_has_a_name);
    tcase_add_test(tcase, names_read_back);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(eligibility_suite())
