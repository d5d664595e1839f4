/* What a second pair of eyes is asked for, at, below and above the number. */
#include "src/domain/approval.h"
#include "tests/support/kc_test.h"

static void
add_party(KcDetermination *draft, KcLiability liability)
{
    KcDeterminationParty *party = kc_determination_party_new();
    party->liability = liability;
    g_ptr_array_add(draft->parties, party);
}

START_TEST(grounds)
{
    static const struct {
        KcMeasure measure;
        gint64 more_than;
        gboolean enabled;
        int injured;
        KcInjury triage;
        gint64 damage_cny;
        KcLiability liability[2];
        gboolean asks;
    } cases[] = {
        {KC_MEASURE_INJURED, 0, TRUE, 0, KC_INJURY_NONE, 0, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, FALSE},
        {KC_MEASURE_INJURED, 0, TRUE, -1, KC_INJURY_NONE, 0, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, FALSE},
        {KC_MEASURE_INJURED, 0, TRUE, 1, KC_INJURY_NONE, 0, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, TRUE},
        {KC_MEASURE_INJURED, 0, TRUE, 0, KC_INJURY_SLIGHT, 0, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, TRUE},
        {KC_MEASURE_INJURED, 1, TRUE, 0, KC_INJURY_SERIOUS, 0, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, FALSE},
        {KC_MEASURE_INJURED, 0, FALSE, 3, KC_INJURY_SLIGHT, 0, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, FALSE},
        {KC_MEASURE_DAMAGE_CNY, 10000, TRUE, 0, 0, 10000, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, FALSE},
        {KC_MEASURE_DAMAGE_CNY, 10000, TRUE, 0, 0, 10001, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, TRUE},
        {KC_MEASURE_DAMAGE_CNY, 0, TRUE, 0, 0, -1, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, FALSE},
        {KC_MEASURE_LIABLE_PARTIES, 1, TRUE, 0, 0, 0, {KC_LIABILITY_FULL, KC_LIABILITY_NONE}, FALSE},
        {KC_MEASURE_LIABLE_PARTIES, 1, TRUE, 0, 0, 0, {KC_LIABILITY_PRIMARY, KC_LIABILITY_SECONDARY}, TRUE},
        {KC_MEASURE_LIABLE_PARTIES, 1, TRUE, 0, 0, 0, {KC_LIABILITY_UNDETERMINABLE, KC_LIABILITY_UNDETERMINABLE}, TRUE},
        {KC_MEASURE_LIABLE_PARTIES, 1, TRUE, 0, 0, 0, {KC_LIABILITY_FULL, KC_LIABILITY_UNSET}, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(KcDetermination) draft = kc_determination_new();
        KcApprovalRule rule = {
            .measure = cases[i].measure, .more_than = cases[i].more_than, .enabled = cases[i].enabled};
        KcTriage triage = {.injury = cases[i].triage};
        g_autoptr(GPtrArray) rules = g_ptr_array_new();
        g_ptr_array_add(rules, &rule);
        draft->injured = cases[i].injured;
        draft->damage_cny = cases[i].damage_cny;
        add_party(draft, cases[i].liability[0]);
        add_party(draft, cases[i].liability[1]);
        g_autoptr(GPtrArray) found = kc_approval_grounds(draft, &triage, rules);
        ck_assert_msg((found->len == 1) == cases[i].asks, "row %u", i);
    }
}
END_TEST

START_TEST(measures_read_back)
{
    KcMeasure measure = KC_MEASURE_COUNT;
    for (guint i = 0; i < KC_MEASURE_COUNT; i++) {
        ck_assert(kc_measure_from_string(kc_measure_to_string(i), &measure));
        ck_assert_uint_eq(measure, i);
    }
    ck_assert(!kc_measure_from_string("mood", &measure));
    ck_assert(!kc_measure_from_string(NULL, &measure));
}
END_TEST

static Suite *
approval_suite(void)
{
    Suite *suite = suite_create("domain/approval");
    TCase *tcase = tcase_create("policy");
    tcase_add_test(tcase, grounds);
    tcase_add_test(tcase, measures_read_back);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(approval_suite())
