#include "media/rtp/keyframe.h"
#include "media/rtp/vp8.h"
#include "tests/support/kc_test.h"

#define MS 1000

START_TEST(one_request_a_second_until_a_keyframe_comes)
{
    KcKeyframePolicy policy = {0};
    ck_assert(!kc_keyframe_due(&policy, 1));
    kc_keyframe_want(&policy);
    ck_assert(kc_keyframe_due(&policy, 1));
    guint asked = 0;
    for (gint64 ms = 0; ms < 5000; ms += 10) {
        kc_keyframe_want(&policy);
        asked += kc_keyframe_due(&policy, 1 + ms * MS) ? 1 : 0;
    }
    ck_assert_uint_eq(asked, 4);
    kc_keyframe_came(&policy);
    ck_assert(!kc_keyframe_due(&policy, 60 * 1000 * MS));
}
END_TEST

typedef struct {
    const char *what;
    guint8 payload[20];
    gsize len;
    gboolean keyframe;
} Vp8Case;

#define KEY 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02 /* 1280x720 */

static const Vp8Case vp8_cases[] = {
    {"keyframe", {0x10, KEY}, 11, TRUE},
    {"with a picture id of 7 bits", {0x90, 0x80, 0x11, KEY}, 13, TRUE},
    {"with a picture id of 15 bits", {0x90, 0x80, 0x91, 0x22, KEY}, 14, TRUE},
    {"with everything", {0x90, 0xf0, 0x91, 0x22, 1, 2, KEY}, 16, TRUE},
    {"not the start of a frame", {0x00, KEY}, 11, FALSE},
    {"another partition", {0x11, KEY}, 11, FALSE},
    {"delta frame", {0x10, 0x11, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2}, 11, FALSE},
    {"cut", {0x10, 0x10, 0x02, 0x00, 0x9d}, 5, FALSE},
    {"descriptor cut", {0x90, 0x80}, 2, FALSE},
    {"one byte", {0x10}, 1, FALSE},
};

START_TEST(keyframes_are_seen)
{
    const Vp8Case *c = &vp8_cases[_i];
    g_autofree guint8 *payload = g_memdup2(c->payload, c->len);
    guint width = 0;
    guint height = 0;
    ck_assert_msg(kc_vp8_begins_keyframe(payload, c->len, &width, &height) == c->keyframe, "%s", c->what);
    if (c->keyframe) {
        ck_assert_uint_eq(width, 1280);
        ck_assert_uint_eq(height, 720);
    }
}
END_TEST

static Suite *
policy_suite(void)
{
    Suite *suite = suite_create("rtp/policy");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, one_request_a_second_until_a_keyframe_comes);
    tcase_add_loop_test(tcase, keyframes_are_seen, 0, G_N_ELEMENTS(vp8_cases));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(policy_suite())
