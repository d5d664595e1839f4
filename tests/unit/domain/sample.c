#include "src/domain/sample.h"

#include "tests/support/kc_test.h"

#include <string.h>

#define DAY (24 * G_TIME_SPAN_HOUR)

static GPtrArray *
candidates(guint count)
{
    GPtrArray *cases = g_ptr_array_new_with_free_func((GDestroyNotify)kc_sample_case_free);
    for (guint i = 0; i < count; i++) {
        g_autofree char *id = g_strdup_printf("case-%04u", i);
        g_ptr_array_add(cases, kc_sample_case_new(id, i % 4 == 0 ? "611002" : "611021"));
    }
    return cases;
}

static guint
chosen(const GPtrArray *cases, const char *county)
{
    guint count = 0;
    for (guint i = 0; i < cases->len; i++) {
        const KcSampleCase *one = cases->pdata[i];
        count += one->reason != NULL && strcmp(one->county, county) == 0;
    }
    return count;
}

START_TEST(of_each_county_a_share_rounded_up)
{
    static const struct {
        guint count, percent, here, there;
    } rows[] = {{0, 5, 0, 0}, {1, 5, 1, 0}, {100, 5, 2, 4}, {100, 0, 0, 0}, {100, 100, 25, 75}, {400, 1, 1, 3}};
    const guint8 seed[KC_DRAW_SEED_LEN] = {1};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) cases = candidates(rows[i].count);
        kc_sample_draw(cases, seed, 1, rows[i].percent);
        ck_assert_uint_eq(chosen(cases, "611002"), rows[i].here);
        ck_assert_uint_eq(chosen(cases, "611021"), rows[i].there);
    }
}
END_TEST

START_TEST(neither_order_nor_chance_matters)
{
    const guint8 seed[KC_DRAW_SEED_LEN] = {2}, other[KC_DRAW_SEED_LEN] = {3};
    g_autoptr(GPtrArray) one = candidates(200);
    g_autoptr(GPtrArray) same = candidates(200);
    g_autoptr(GPtrArray) differs = candidates(200);
    for (guint i = 0; i < 100; i++) {
        gpointer kept = same->pdata[i];
        same->pdata[i] = same->pdata[199 - i];
        same->pdata[199 - i] = kept;
    }
    kc_sample_draw(one, seed, 1, 10);
    kc_sample_draw(same, seed, 1, 10);
    kc_sample_draw(differs, other, 1, 10);
    guint unlike = 0;
    for (guint i = 0; i < 200; i++) {
        const KcSampleCase *a = one->pdata[i], *b = same->pdata[i], *c = differs->pdata[i];
        ck_assert_str_eq(a->case_id, b->case_id);
        ck_assert(a->reason == b->reason);
        unlike += a->reason != c->reason;
    }
    ck_assert_uint_gt(unlike, 0);
}
END_TEST

START_TEST(a_week_ends_on_monday_in_beijing)
{
    const gint64 monday = G_GINT64_CONSTANT(1795363200000000); /* 2026-11-23 00:00 in Beijing */
    ck_assert_int_eq(kc_sample_period_end(monday), monday + 7 * DAY);
    ck_assert_int_eq(kc_sample_period_end(monday - 1), monday);
    ck_assert_int_eq(kc_sample_period_end(monday + 6 * DAY + 1), monday + 7 * DAY);
}
END_TEST

static Suite *
sample_suite(void)
{
    Suite *suite = suite_create("domain/sample");
    TCase *tcase = tcase_create("sample");
    tcase_add_test(tcase, of_each_county_a_share_rounded_up);
    tcase_add_test(tcase, neither_order_nor_chance_matters);
    tcase_add_test(tcase, a_week_ends_on_monday_in_beijing);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(sample_suite())
