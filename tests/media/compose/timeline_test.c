#include "media/compose/timeline.h"

#include "tests/support/kc_test.h"

#define S G_USEC_PER_SEC

static void
assert_span(const GArray *spans, guint i, gint64 from_us, gint64 length_ms, gboolean left_out)
{
    const KcSpan *span = &g_array_index(spans, KcSpan, i);
    ck_assert_uint_lt(i, spans->len);
    ck_assert_int_eq(span->from_us, from_us);
    ck_assert_int_eq(span->length_ms, length_ms);
    ck_assert_int_eq(span->left_out, left_out);
}

START_TEST(nothing_is_nothing)
{
    g_autoptr(GArray) spans = kc_timeline_new(NULL, 0);
    ck_assert_uint_eq(spans->len, 0);
    ck_assert_int_eq(kc_timeline_length_ms(spans), 0);
}
END_TEST

START_TEST(those_that_overlap_or_are_near_are_one)
{
    const KcInterval three[] = {{20 * S, 31 * S}, {5 * S, 10 * S}, {6 * S, 9 * S}};
    g_autoptr(GArray) spans = kc_timeline_new(three, G_N_ELEMENTS(three));
    ck_assert_uint_eq(spans->len, 1);
    assert_span(spans, 0, 5 * S, 26000, FALSE);
}
END_TEST

START_TEST(whole_packets_upward)
{
    const KcInterval one = {0, 1}, other = {0, 20001};
    g_autoptr(GArray) least = kc_timeline_new(&one, 1);
    g_autoptr(GArray) more = kc_timeline_new(&other, 1);
    assert_span(least, 0, 0, 20, FALSE);
    assert_span(more, 0, 0, 40, FALSE);
}
END_TEST

START_TEST(a_long_stretch_without_anybody_is_left_out)
{
    const KcInterval two[] = {{0, 3 * S}, {3 * S + KC_LEFT_OUT_AFTER_MS * 1000 + 1, 20 * S}};
    g_autoptr(GArray) spans = kc_timeline_new(two, 2);
    ck_assert_uint_eq(spans->len, 3);
    assert_span(spans, 0, 0, 3000, FALSE);
    assert_span(spans, 1, 3 * S, KC_LEFT_OUT_CARD_MS, TRUE);
    ck_assert_int_eq(kc_timeline_length_ms(spans), 3000 + 2000 + 7000);
}
END_TEST

static Suite *
timeline_suite(void)
{
    Suite *suite = suite_create("compose/timeline");
    TCase *tcase = tcase_create("timeline");
    tcase_add_test(tcase, nothing_is_nothing);
    tcase_add_test(tcase, those_that_overlap_or_are_near_are_one);
    tcase_add_test(tcase, whole_packets_upward);
    tcase_add_test(tcase, a_long_stretch_without_anybody_is_left_out);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(timeline_suite())
