/* By the examples of those who published the measures. */
#include "src/domain/concordance.h"

#include "tests/support/kc_test.h"

/* `table`: how often the first said the row's code, and the second the column's. */
static KcConcordance
of_table(const guint *table, guint codes)
{
    static const char *const names[] = {"1", "2", "3"};
    g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(KcTwoWords));
    for (guint i = 0; i < codes * codes; i++)
        for (guint k = 0; k < table[i]; k++) {
            KcTwoWords one = {names[i / codes], names[i % codes]};
            g_array_append_val(words, one);
        }
    return kc_concordance((const KcTwoWords *)(gpointer)words->data, words->len);
}

/* Cohen (1960), table 2: 200 cases, three categories, po = .70, pc = .41, kappa = .492. */
START_TEST(kappa_of_cohen_1960)
{
    static const guint table[] = {88, 14, 18, 10, 40, 10, 2, 6, 12};
    KcConcordance rate = of_table(table, 3);
    ck_assert_uint_eq(rate.count, 200);
    ck_assert_uint_eq(rate.agreed, 140);
    ck_assert_double_eq_tol(rate.share, 0.70, 1e-12);
    ck_assert(rate.has_kappa);
    ck_assert_double_eq_tol(rate.kappa, 0.492, 0.0005);
}
END_TEST

static const struct {
    guint table[4];
    double share, kappa;
} pairs[] = {
    {{20, 5, 10, 15}, 0.7, 0.4},     /* as the measure is commonly taught: po = .70, pc = .50 */
    {{45, 15, 25, 15}, 0.6, 0.1304}, /* the same share, other margins: po = .60, pc = .54 … */
    {{25, 35, 5, 35}, 0.6, 0.2593},  /* … and pc = .46 */
    {{10, 0, 0, 10}, 1, 1},          {{0, 10, 10, 0}, 0, -1},
};

START_TEST(kappa_is_what_is_more_than_chance)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        KcConcordance rate = of_table(pairs[i].table, 2);
        ck_assert_double_eq_tol(rate.share, pairs[i].share, 1e-12);
        ck_assert(rate.has_kappa);
        ck_assert_double_eq_tol(rate.kappa, pairs[i].kappa, 0.00005);
    }
}
END_TEST

/* Newcombe (1998), "Two-sided confidence intervals for the single proportion", Stat. Med. 17, table I, method 3:
 * Wilson's. */
static const struct {
    guint hits, count;
    double low, high;
} intervals[] = {
    {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}};

START_TEST(interval_of_wilson_1927)
{
    double low, high;
    for (gsize i = 0; i < G_N_ELEMENTS(intervals); i++) {
        kc_wilson_interval(intervals[i].hits, intervals[i].count, &low, &high);
        ck_assert_double_eq_tol(low, intervals[i].low, 0.00005);
        ck_assert_double_eq_tol(high, intervals[i].high, 0.00005);
        kc_wilson_interval(intervals[i].count - intervals[i].hits, intervals[i].count, &low, &high);
        ck_assert_double_eq_tol(low, 1 - intervals[i].high, 0.00005);
        ck_assert_double_eq_tol(high, 1 - intervals[i].low, 0.00005);
    }
}
END_TEST

START_TEST(what_tells_nothing_has_no_kappa)
{
    static const guint same[] = {7, 0, 0, 0};
    KcConcordance none = kc_concordance(NULL, 0), rate = of_table(same, 2);
    ck_assert_uint_eq(none.count, 0);
    ck_assert(!none.has_kappa);
    ck_assert(!rate.has_kappa);
    ck_assert_double_eq(rate.share, 1);
    ck_assert_double_eq(rate.high, 1);
    ck_assert_double_lt(rate.low, 1);
}
END_TEST

static Suite *
concordance_suite(void)
{
    Suite *suite = suite_create("domain/concordance");
    TCase *tcase = tcase_create("concordance");
    tcase_add_test(tcase, kappa_of_cohen_1960);
    tcase_add_test(tcase, kappa_is_what_is_more_than_chance);
    tcase_add_test(tcase, interval_of_wilson_1927);
    tcase_add_test(tcase, what_tells_nothing_has_no_kappa);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(concordance_suite())
