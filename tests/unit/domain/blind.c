#include "src/domain/blind.h"

#include "tests/support/kc_test.h"

#include <string.h>

/* Every second is in the sample. */
static GPtrArray *
cases_of(guint count)
{
    GPtrArray *cases = g_ptr_array_new_with_free_func((GDestroyNotify)kc_sample_case_free);
    for (guint i = 0; i < count; i++) {
        g_autofree char *id = g_strdup_printf("case-%04u", i);
        KcSampleCase *one = kc_sample_case_new(id, "611002");
        one->reason = i % 2 == 0 ? "random" : NULL;
        g_ptr_array_add(cases, one);
    }
    return cases;
}

static guint
blind_in(const GPtrArray *cases)
{
    guint count = 0;
    for (guint i = 0; i < cases->len; i++) {
        const KcSampleCase *one = cases->pdata[i];
        ck_assert(!one->blind || one->reason != NULL);
        count += one->blind != 0;
    }
    return count;
}

START_TEST(a_share_of_the_sample_rounded_up)
{
    static const struct {
        guint count, percent, blind;
    } rows[] = {{0, 20, 0}, {2, 20, 1}, {100, 0, 0}, {100, 20, 10}, {100, 21, 11}, {100, 100, 50}};
    const guint8 seed[KC_DRAW_SEED_LEN] = {1};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) cases = cases_of(rows[i].count);
        kc_blind_choose(cases, seed, 1, rows[i].percent);
        ck_assert_uint_eq(blind_in(cases), rows[i].blind);
    }
}
END_TEST

START_TEST(only_the_seed_and_the_number_matter)
{
    const guint8 seed[KC_DRAW_SEED_LEN] = {2};
    g_autoptr(GPtrArray) one = cases_of(200);
    g_autoptr(GPtrArray) other = cases_of(200);
    guint unlike = 0;
    kc_blind_choose(one, seed, 1, 20);
    kc_blind_choose(other, seed, 1, 20);
    for (guint i = 0; i < one->len; i++)
        ck_assert_int_eq(((KcSampleCase *)one->pdata[i])->blind, ((KcSampleCase *)other->pdata[i])->blind);
    kc_blind_choose(other, seed, 2, 20);
    for (guint i = 0; i < one->len; i++)
        unlike += ((KcSampleCase *)one->pdata[i])->blind != ((KcSampleCase *)other->pdata[i])->blind;
    ck_assert_uint_gt(unlike, 0);
}
END_TEST

/* One who is blind sees the evidence and hands in; whatever is added one day is closed until somebody thinks of it. */
START_TEST(everything_else_is_closed)
{
    for (KcAction action = 0; action < KC_ACTION_COUNT; action++) {
        gboolean open = action == KC_ACTION_LOOK_BLIND || action == KC_ACTION_READ_RECORDING ||
                        action == KC_ACTION_READ_STILL || action == KC_ACTION_READ_MESSAGES;
        ck_assert_msg(kc_blind_may(action) == open, "%s", kc_action_to_string(action));
    }
}
END_TEST

START_TEST(a_split_is_one_answer_whatever_the_order)
{
    KcBlindShare one[] = {{"B", KC_LIABILITY_NONE}, {"A", KC_LIABILITY_FULL}};
    KcBlindShare other[] = {{"A", KC_LIABILITY_FULL}, {"B", KC_LIABILITY_NONE}};
    KcBlindShare unset[] = {{"A", KC_LIABILITY_FULL}, {"B", KC_LIABILITY_UNSET}};
    g_autofree char *a = kc_blind_split(one, 2), *b = kc_blind_split(other, 2);
    ck_assert_str_eq(a, "A=full B=none");
    ck_assert_str_eq(a, b);
    ck_assert_ptr_null(kc_blind_split(unset, 2));
    ck_assert_ptr_null(kc_blind_split(unset, 0));
}
END_TEST

static const struct {
    KcLiability shares[3];
    guint count;
    const char *pointer; /* of the first contradiction; NULL: there is none */
} splits[] = {
    {{KC_LIABILITY_FULL}, 1, NULL},
    {{KC_LIABILITY_FULL, KC_LIABILITY_NONE}, 2, NULL},
    {{KC_LIABILITY_EQUAL, KC_LIABILITY_EQUAL}, 2, NULL},
    {{KC_LIABILITY_PRIMARY, KC_LIABILITY_SECONDARY, KC_LIABILITY_NONE}, 3, NULL},
    {{KC_LIABILITY_UNDETERMINABLE, KC_LIABILITY_UNDETERMINABLE}, 2, NULL},
    {{KC_LIABILITY_FULL, KC_LIABILITY_FULL}, 2, "/liability/1/liability"},
    {{KC_LIABILITY_EQUAL, KC_LIABILITY_NONE}, 2, "/liability/0/liability"},
    {{KC_LIABILITY_NONE, KC_LIABILITY_SECONDARY}, 2, "/liability/1/liability"},
};

START_TEST(a_split_may_not_contradict_itself)
{
    for (gsize i = 0; i < G_N_ELEMENTS(splits); i++) {
        KcBlindShare shares[3];
        for (guint k = 0; k < splits[i].count; k++)
            shares[k] = (KcBlindShare){"A", splits[i].shares[k]};
        g_autoptr(GPtrArray) findings = kc_blind_check_split(shares, splits[i].count);
        if (splits[i].pointer == NULL) {
            ck_assert_uint_eq(findings->len, 0);
            continue;
        }
        ck_assert_uint_gt(findings->len, 0);
        ck_assert_str_eq(((const KcFinding *)findings->pdata[0])->pointer, splits[i].pointer);
    }
}
END_TEST

START_TEST(questions_are_named)
{
    KcBlindQuestion found;
    for (KcBlindQuestion question = 0; question < KC_BLIND_QUESTION_COUNT; question++) {
        ck_assert(kc_blind_question_from_string(kc_blind_question_to_string(question), &found));
        ck_assert_int_eq(found, question);
    }
    ck_assert(!kc_blind_question_from_string("determination", &found));
    ck_assert(!kc_blind_question_is_score(KC_BLIND_LIABILITY));
    ck_assert(kc_blind_question_is_score(KC_BLIND_MANNER));
}
END_TEST

static Suite *
blind_suite(void)
{
    Suite *suite = suite_create("domain/blind");
    TCase *tcase = tcase_create("blind");
    tcase_add_test(tcase, a_share_of_the_sample_rounded_up);
    tcase_add_test(tcase, only_the_seed_and_the_number_matter);
    tcase_add_test(tcase, everything_else_is_closed);
    tcase_add_test(tcase, a_split_is_one_answer_whatever_the_order);
    tcase_add_test(tcase, a_split_may_not_contradict_itself);
    tcase_add_test(tcase, questions_are_named);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(blind_suite())
