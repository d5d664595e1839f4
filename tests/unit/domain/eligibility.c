#include "src/domain/eligibility.h"
#include "tests/support/kc_test.h"

#define DAY "2026-11-23"

static const char *const SERIOUS_VALUES[] = {"serious", NULL};
static const char *const SLIGHT_VALUES[] = {"slight", NULL};
static const char *const BAD_WEATHER[] = {"5", "7", NULL};
static const char *const EXPRESSWAYS[] = {"10", NULL};

#define RULE(code_, field_, outcome_, ...)                                                                             \
    {                                                                                                                  \
        .code = (char *)code_, .field = (char *)field_, .effective_from = (char *)"2018-05-01",                        \
        .outcome = KC_OUTCOME_##outcome_, __VA_ARGS__                                                                  \
    }
#define ON .enabled = TRUE

static KcEligibilityRule RULES[] = {
    RULE("REMOTE", "always", REMOTE, ON),
    RULE("SERIOUS", "injury", ON_SCENE, ON, .values = (GStrv)SERIOUS_VALUES),
    RULE("SLIGHT", "injury", ON_SCENE, ON, .values = (GStrv)SLIGHT_VALUES, .unless = (char *)"all_parties_agree"),
    RULE("AGREED", "injury", REMOTE, ON, .values = (GStrv)SLIGHT_VALUES, .only_if = (char *)"all_parties_agree"),
    RULE("INTENT", "intent", ON_SCENE, ON),
    RULE("NIGHT", "time_of_day", ON_SCENE, ON, .from_min = 7 * 60, .to_min = 22 * 60),
    RULE("WEATHER", "weather", ON_SCENE, ON, .values = (GStrv)BAD_WEATHER),
    RULE("EXPRESSWAY", "road_type", ON_SCENE, ON, .values = (GStrv)EXPRESSWAYS),
    RULE("LOSS", "loss_cny", ON_SCENE, ON, .more_than = 5000),
    RULE("MOVED", "vehicles_moved", ON_SCENE, ON, .unless = (char *)"late_report"),
    RULE("LATE", "late_report", REMOTE, ON),
    RULE("OFF", "hazardous_goods", ON_SCENE, .enabled = FALSE),
    {.code = (char *)"OLD",
     .field = (char *)"party_left",
     .outcome = KC_OUTCOME_ON_SCENE,
     .enabled = TRUE,
     .effective_from = (char *)"2009-01-01",
     .effective_to = (char *)"2018-04-30"},
};

static char *
codes_of(const KcEligibility *eligibility)
{
    g_autoptr(GString) codes = g_string_new(NULL);
    for (guint i = 0; i < eligibility->grounds->len; i++)
        g_string_append_printf(codes, "%s%s", i > 0 ? " " : "",
                               ((const KcEligibilityRule *)eligibility->grounds->pdata[i])->code);
    return g_string_free(g_steal_pointer(&codes), FALSE);
}

static void
assert_decided(const KcTriage *triage, KcOccasion occasion, KcOutcome outcome, const char *grounds)
{
    g_autoptr(GPtrArray) rules = g_ptr_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(RULES); i++)
        g_ptr_array_add(rules, &RULES[i]);
    g_autoptr(KcEligibility) eligibility = kc_eligibility_decide(triage, rules, occasion);
    g_autofree char *codes = codes_of(eligibility);
    ck_assert_str_eq(codes, grounds);
    ck_assert_int_eq(eligibility->outcome, outcome);
}

START_TEST(one_reason_is_enough_for_the_scene)
{
    static const struct {
        KcTriage triage;
        KcOutcome outcome;
        const char *grounds;
    } cases[] = {
        {{0}, KC_OUTCOME_REMOTE, "REMOTE"},
        {{.injury = KC_INJURY_SERIOUS}, KC_OUTCOME_ON_SCENE, "SERIOUS"},
        {{.injury = KC_INJURY_SLIGHT}, KC_OUTCOME_ON_SCENE, "SLIGHT"},
        {{.injury = KC_INJURY_SLIGHT, .all_parties_agree = TRUE}, KC_OUTCOME_REMOTE, "REMOTE AGREED"},
        {{.injury = KC_INJURY_SERIOUS, .all_parties_agree = TRUE}, KC_OUTCOME_ON_SCENE, "SERIOUS"},
        {{.injury = KC_INJURY_SERIOUS, .intent = TRUE}, KC_OUTCOME_ON_SCENE, "SERIOUS INTENT"},
        {{.party_left = TRUE}, KC_OUTCOME_REMOTE, "REMOTE"}, /* that rule is no longer in force */
        {{.hazardous_goods = TRUE}, KC_OUTCOME_REMOTE, "REMOTE"}, /* that one is switched off */
        {{.weather = "1"}, KC_OUTCOME_REMOTE, "REMOTE"},
        {{.weather = "5"}, KC_OUTCOME_ON_SCENE, "WEATHER"},
        {{.weather = "7", .road_type = "10"}, KC_OUTCOME_ON_SCENE, "WEATHER EXPRESSWAY"},
        {{.road_type = "22"}, KC_OUTCOME_REMOTE, "REMOTE"},
        {{.loss_cny = 5000}, KC_OUTCOME_REMOTE, "REMOTE"},
        {{.loss_cny = 5001}, KC_OUTCOME_ON_SCENE, "LOSS"},
        {{.vehicles_moved = TRUE}, KC_OUTCOME_ON_SCENE, "MOVED"},
        {{.vehicles_moved = TRUE, .late_report = TRUE}, KC_OUTCOME_REMOTE, "REMOTE LATE"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_decided(&cases[i].triage, (KcOccasion){DAY, 12 * 60}, cases[i].outcome, cases[i].grounds);
}
END_TEST

START_TEST(rules_have_their_days)
{
    const KcTriage left = {.party_left = TRUE}, intent = {.intent = TRUE};
    assert_decided(&left, (KcOccasion){"2018-04-30", 720}, KC_OUTCOME_ON_SCENE, "OLD");
    assert_decided(&intent, (KcOccasion){"2018-04-30", 720}, KC_OUTCOME_REMOTE, ""); /* nothing is in force yet */
    assert_decided(&intent, (KcOccasion){"2018-05-01", 720}, KC_OUTCOME_ON_SCENE, "INTENT");
}
END_TEST

START_TEST(the_centre_has_its_hours)
{
    static const struct {
        int from, to, at;
        gboolean open;
    } cases[] = {
        {420, 1320, 419, FALSE}, {420, 1320, 420, TRUE},  {420, 1320, 1319, TRUE}, {420, 1320, 1320, FALSE},
        {420, 1320, 0, FALSE},   {1320, 420, 1319, FALSE}, {1320, 420, 1320, TRUE}, {1320, 420, 0, TRUE},
        {1320, 420, 419, TRUE},  {1320, 420, 420, FALSE}, {0, 1440, 0, TRUE},      {0, 1440, 1439, TRUE},
    };
    const KcTriage triage = {0};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        KcEligibilityRule rule = RULE("NIGHT", "time_of_day", ON_SCENE, ON, .from_min = cases[i].from, .to_min = cases[i].to);
        g_autoptr(GPtrArray) rules = g_ptr_array_new();
        g_ptr_array_add(rules, &rule);
        g_autoptr(KcEligibility) eligibility =
            kc_eligibility_decide(&triage, rules, (KcOccasion){DAY, cases[i].at});
        ck_assert_msg((eligibility->outcome == KC_OUTCOME_REMOTE) == cases[i].open, "row %u", i);
    }
}
END_TEST

START_TEST(every_answer_has_a_name)
{
    for (guint i = 0; i < KC_TRIAGE_FIELD_COUNT; i++) {
        const char *name = kc_triage_field_to_string(i);
        KcTriage triage = {0};
        gboolean answer = TRUE;
        if (kc_triage_field_kind(name) != KC_ANSWER_YES_NO) {
            ck_assert(!kc_triage_set(&triage, name, TRUE) && !kc_triage_get(&triage, name, &answer));
            continue;
        }
        ck_assert(kc_triage_get(&triage, name, &answer) && !answer);
        ck_assert(kc_triage_set(&triage, name, TRUE));
        for (guint other = 0; other < KC_TRIAGE_FIELD_COUNT; other++)
            if (kc_triage_get(&triage, kc_triage_field_to_string(other), &answer))
                ck_assert(answer == (other == i));
    }
    KcTriage triage = {0};
    ck_assert(!kc_triage_set(&triage, "nothing", TRUE) && !kc_triage_set(&triage, NULL, TRUE));
    ck_assert_int_eq(kc_triage_field_kind("always"), KC_ANSWER_ALWAYS);
    ck_assert_int_eq(kc_triage_field_kind("time_of_day"), KC_ANSWER_TIME_OF_DAY);
    ck_assert_int_eq(kc_triage_field_kind("injury"), KC_ANSWER_INJURY);
    ck_assert_int_eq(kc_triage_field_kind("weather"), KC_ANSWER_CODE);
    ck_assert_int_eq(kc_triage_field_kind("loss_cny"), KC_ANSWER_NUMBER);
    ck_assert_int_eq(kc_triage_field_kind(NULL), KC_ANSWER_NONE);
    ck_assert(kc_triage_set_code(&triage, "weather", "5") && !kc_triage_set_code(&triage, "weather", "12345678"));
    ck_assert(!kc_triage_set_code(&triage, "injury", "5"));
    ck_assert_str_eq(kc_triage_get_code(&triage, "weather"), "5");
    ck_assert_ptr_null(kc_triage_get_code(&triage, "death"));
}
END_TEST

START_TEST(only_what_is_said_is_learned)
{
    KcTriage triage = {.intent = TRUE, .loss_cny = 800, .weather = "3"};
    KcLearned learned = {.triage = {.injury = KC_INJURY_SLIGHT, .weather = "5", .loss_cny = 900}};
    gboolean changed[KC_TRIAGE_FIELD_COUNT];
    ck_assert(!kc_triage_learn(&triage, &learned, changed));
    learned.said[KC_TRIAGE_INJURY] = learned.said[KC_TRIAGE_WEATHER] = learned.said[KC_TRIAGE_INTENT] = TRUE;
    ck_assert(kc_triage_learn(&triage, &learned, changed));
    ck_assert(triage.injury == KC_INJURY_SLIGHT && !triage.intent && triage.loss_cny == 800);
    ck_assert_str_eq(triage.weather, "5");
    for (guint i = 0; i < KC_TRIAGE_FIELD_COUNT; i++)
        ck_assert(changed[i] == learned.said[i]);
    ck_assert(!kc_triage_learn(&triage, &learned, NULL)); /* nothing new a second time */
}
END_TEST

START_TEST(the_hurt_need_help)
{
    ck_assert(!kc_triage_needs_help(&(KcTriage){.cannot_move = TRUE}));
    ck_assert(kc_triage_needs_help(&(KcTriage){.injury = KC_INJURY_SLIGHT}));
    ck_assert(kc_triage_needs_help(&(KcTriage){.injury = KC_INJURY_SERIOUS}));
    ck_assert(kc_triage_needs_help(&(KcTriage){.death = TRUE}));
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
    tcase_add_test(tcase, rules_have_their_days);
    tcase_add_test(tcase, the_centre_has_its_hours);
    tcase_add_test(tcase, only_what_is_said_is_learned);
    tcase_add_test(tcase, the_hurt_need_help);
    tcase_add_test(tcase, every_answer_has_a_name);
    tcase_add_test(tcase, names_read_back);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(eligibility_suite())
