/* What one receiver gets of a layered source, with the numbers closed up; and how much less a lossy one gets. */
#include "media/rtp/layers.h"
#include "media/rtp/thinning.h"
#include "tests/support/kc_test.h"

/* L1T2: base, upper, base, upper; each a packet. What leaves is numbered without a hole. */
START_TEST(left_out_layers_leave_no_hole)
{
    KcRewrite rewrite;
    KcLayers layers;
    guint16 out = 0;
    guint32 timestamp = 0;
    kc_rewrite_init(&rewrite, 90000, 100, 0);
    kc_layers_init(&layers);
    kc_layers_want(&layers, 0);
    for (guint16 i = 0; i < 1000; i++) { /* more than are remembered */
        KcVp8Descriptor d = {.bytes = 6, .begins_frame = TRUE, .picture_id = i, .tl0_picture_id = i / 2, .layer = i % 2};
        KcLayersVerdict verdict = kc_layers_packet(&layers, &d, i * 3000u, i == 0);
        ck_assert_int_eq(verdict, i % 2 == 0 ? KC_LAYERS_PASS : KC_LAYERS_DROP);
        if (verdict == KC_LAYERS_DROP) {
            ck_assert(kc_rewrite_drop(&rewrite, 1, i, TRUE));
            continue;
        }
        guint16 pictures = 0;
        guint8 tl0 = 0;
        ck_assert(kc_rewrite_apply(&rewrite, 1, i, i * 3000u, i, &out, &timestamp));
        ck_assert_uint_eq(out, 100 + i / 2);
        kc_layers_number(&layers, &rewrite, &d, i, &pictures, &tl0);
        ck_assert_uint_eq((guint16)(i + pictures), i / 2);
    }
    ck_assert(kc_rewrite_map_seq(&rewrite, 1, 900, &out)); /* sent again: the number that it had */
    ck_assert_uint_eq(out, 550);
    ck_assert(!kc_rewrite_map_seq(&rewrite, 1, 901, &out)); /* left out */
    ck_assert(!kc_rewrite_map_seq(&rewrite, 1, 100, &out)); /* too old to tell */
    ck_assert(!kc_rewrite_drop(&rewrite, 1, 900, TRUE));    /* its number is spoken for */
}
END_TEST

START_TEST(upper_layers_come_back_at_a_sync_and_hidden_ones_at_a_keyframe)
{
    KcLayers layers;
    KcVp8Descriptor base = {.bytes = 6, .picture_id = 1, .layer = 0};
    KcVp8Descriptor upper = {.bytes = 6, .picture_id = 2, .layer = 1};
    KcVp8Descriptor sync = {.bytes = 6, .picture_id = 3, .layer = 1, .sync = TRUE};
    kc_layers_init(&layers);
    ck_assert_int_eq(kc_layers_packet(&layers, &upper, 1, FALSE), KC_LAYERS_PASS);
    ck_assert(!kc_layers_want(&layers, 0));
    ck_assert_int_eq(kc_layers_packet(&layers, &base, 2, FALSE), KC_LAYERS_PASS);
    ck_assert_int_eq(kc_layers_packet(&layers, &upper, 3, FALSE), KC_LAYERS_DROP);
    kc_layers_want(&layers, KC_LAYERS_ALL);
    ck_assert_int_eq(kc_layers_packet(&layers, &upper, 4, FALSE), KC_LAYERS_DROP);
    ck_assert_int_eq(kc_layers_packet(&layers, &sync, 5, FALSE), KC_LAYERS_PASS);
    ck_assert_int_eq(kc_layers_packet(&layers, &upper, 6, FALSE), KC_LAYERS_PASS);
    kc_layers_want(&layers, KC_LAYERS_NONE);
    ck_assert_int_eq(kc_layers_packet(&layers, &base, 7, TRUE), KC_LAYERS_WAIT);
    ck_assert(kc_layers_want(&layers, KC_LAYERS_ALL));
    ck_assert_int_eq(kc_layers_packet(&layers, &base, 8, FALSE), KC_LAYERS_WAIT);
    ck_assert_int_eq(kc_layers_packet(&layers, &base, 9, TRUE), KC_LAYERS_PASS);
}
END_TEST

START_TEST(a_lossy_receiver_is_sent_less_and_in_time_more)
{
    KcThinning thinning = {0};
    gint64 second = KC_THINNING_STEP_US;
    gint64 now = second;
    ck_assert(!kc_thinning_report(&thinning, 20, now)); /* 8% */
    ck_assert(kc_thinning_report(&thinning, 60, now));
    ck_assert(!kc_thinning_report(&thinning, 60, now + second / 2));
    for (guint i = 1; i <= 10; i++)
        kc_thinning_report(&thinning, 60, now += second);
    ck_assert_uint_eq(thinning.level, KC_THINNING_LEVEL_MAX);
    kc_thinning_report(&thinning, 0, now += second);
    ck_assert(!kc_thinning_report(&thinning, 0, now + 4 * second));
    ck_assert(kc_thinning_report(&thinning, 0, now += 5 * second));
    ck_assert(kc_thinning_report(&thinning, 60, now += second)); /* too soon: twice the patience */
    kc_thinning_report(&thinning, 0, now += second);
    ck_assert(!kc_thinning_report(&thinning, 0, now + 9 * second));
    ck_assert(kc_thinning_report(&thinning, 0, now + 10 * second));
}
END_TEST

static Suite *
layers_suite(void)
{
    Suite *suite = suite_create("unit/rtp/layers");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, left_out_layers_leave_no_hole);
    tcase_add_test(tcase, upper_layers_come_back_at_a_sync_and_hidden_ones_at_a_keyframe);
    tcase_add_test(tcase, a_lossy_receiver_is_sent_less_and_in_time_more);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(layers_suite())
