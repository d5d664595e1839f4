#include "tests/support/kc_test.h"
#include "media/webm/frame.h"

static const struct {
    const char *what;
    guint8 data[10];
    gsize size;
    gboolean keyframe;
    guint32 width, height;
} pictures[] = {
    {"keyframe", {0x10, 0, 0, 0x9d, 1, 0x2a, 0x00, 0x05, 0xd0, 0x02}, 10, TRUE, 1280, 720},
    {"scaled for display", {0x10, 0, 0, 0x9d, 1, 0x2a, 0x00, 0x45, 0xd0, 0x82}, 10, TRUE, 1280, 720},
    {"interframe", {0x11, 0, 0, 0x9d, 1, 0x2a, 0x00, 0x05, 0xd0, 0x02}, 10, FALSE, 0, 0},
    {"wrong start code", {0x10, 0, 0, 0x9d, 1, 0x2b, 0x00, 0x05, 0xd0, 0x02}, 10, FALSE, 0, 0},
    {"no width", {0x10, 0, 0, 0x9d, 1, 0x2a, 0x00, 0x00, 0xd0, 0x02}, 10, FALSE, 0, 0},
    {"cut short", {0x10, 0, 0, 0x9d, 1, 0x2a, 0x00, 0x05, 0xd0}, 9, FALSE, 0, 0},
    {"nothing", {0}, 0, FALSE, 0, 0},
};

START_TEST(keyframes_are_told_with_their_size)
{
    guint32 width = 0, height = 0;
    ck_assert_msg(kc_webm_vp8_keyframe(pictures[_i].data, pictures[_i].size, &width, &height) == pictures[_i].keyframe,
                  "%s", pictures[_i].what);
    ck_assert_uint_eq(width, pictures[_i].width);
    ck_assert_uint_eq(height, pictures[_i].height);
}
END_TEST

static const struct {
    guint8 data[2];
    gsize size;
    gint64 us;
} sounds[] = {
    {{0}, 0, 0},
    {{0 << 3}, 1, 10000},           /* SILK 10 ms */
    {{3 << 3}, 1, 60000},           /* SILK 60 ms */
    {{12 << 3}, 1, 10000},          /* hybrid 10 ms */
    {{15 << 3}, 1, 20000},          /* hybrid 20 ms */
    {{16 << 3}, 1, 2500},           /* CELT 2.5 ms */
    {{31 << 3}, 1, 20000},          /* CELT 20 ms */
    {{31 << 3 | 1}, 1, 40000},      /* two frames */
    {{31 << 3 | 3, 6}, 2, 120000},  /* six frames */
    {{31 << 3 | 3, 7}, 2, 0},       /* longer than any packet may be */
    {{31 << 3 | 3}, 1, 0},          /* the count is missing */
};

START_TEST(opus_packets_tell_how_long_they_are)
{
    ck_assert_int_eq(kc_webm_opus_duration_us(sounds[_i].data, sounds[_i].size), sounds[_i].us);
}
END_TEST

static Suite *
frame_suite(void)
{
    Suite *suite = suite_create("webm/frame");
    TCase *tc = tcase_create("frame");
    tcase_add_loop_test(tc, keyframes_are_told_with_their_size, 0, G_N_ELEMENTS(pictures));
    tcase_add_loop_test(tc, opus_packets_tell_how_long_they_are, 0, G_N_ELEMENTS(sounds));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(frame_suite())
