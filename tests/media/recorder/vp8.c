#include "tests/support/kc_test.h"
#include "media/gst/kcrecorder_vp8.h"

#include <string.h>

/* Bits of the payload descriptor (RFC 7741, 4.2). */
#define X 0x80
#define S 0x10
#define I 0x80

typedef struct {
    guint8 bytes[8];
    gsize size;
    guint32 timestamp;
    gboolean marker;
    gboolean lost;
} Step;

/* Each step writes "L" for a loss and the size of a frame that came out. */
static const struct {
    const char *what;
    Step steps[5];
    const char *out;
} cases[] = {
    {"one packet", {{{S, 9}, 2, 1, TRUE, FALSE}}, "1 "},
    {"three packets", {{{S, 9}, 2, 1, FALSE}, {{0, 9, 9}, 3, 1, FALSE}, {{0, 9}, 2, 1, TRUE}}, "4 "},
    {"begins in the middle", {{{0, 9}, 2, 1, TRUE}, {{S, 9}, 2, 2, TRUE}}, "L 1 "},
    {"a hole in a frame", {{{S, 9}, 2, 1, FALSE}, {{0, 9}, 2, 1, TRUE, TRUE}}, "L "},
    {"the end is missing", {{{S, 9}, 2, 1, FALSE}, {{S, 9}, 2, 2, TRUE, TRUE}}, "L 1 "},
    {"a hole between frames", {{{S, 9}, 2, 1, TRUE}, {{S, 9}, 2, 2, TRUE, TRUE}}, "1 L 1 "},
    {"only padding is missing",
     {{{X | S, I, 5, 9}, 4, 1, TRUE}, {{X | S, I, 6, 9}, 4, 2, TRUE, TRUE}},
     "1 1 "},
    {"picture ids wrap", {{{X | S, I, 127, 9}, 4, 1, TRUE}, {{X | S, I, 0, 9}, 4, 2, TRUE, TRUE}}, "1 1 "},
    {"long picture ids",
     {{{X | S, I, 0xff, 0xff, 9}, 5, 1, TRUE}, {{X | S, I, 0x80, 0, 9}, 5, 2, TRUE, TRUE}},
     "1 1 "},
    {"a picture is missing", {{{X | S, I, 5, 9}, 4, 1, TRUE}, {{X | S, I, 7, 9}, 4, 2, TRUE, TRUE}}, "1 L 1 "},
    {"padding hides the hole",
     {{{X | S, I, 5, 9}, 4, 1, TRUE}, {{0}, 0, 1, FALSE, TRUE}, {{X | S, I, 7, 9}, 4, 2, TRUE}},
     "1 L 1 "},
    {"padding hides the hole, no ids",
     {{{S, 9}, 2, 1, TRUE}, {{0}, 0, 1, FALSE, TRUE}, {{S, 9}, 2, 2, TRUE}},
     "1 L 1 "},
    {"a second partition", {{{S, 9}, 2, 1, FALSE}, {{S | 1, 9}, 2, 1, TRUE}}, "2 "},
    {"extensions of all kinds", {{{X | S, 0xf0, 5, 0, 0, 9, 9}, 7, 1, TRUE}}, "2 "},
    {"a descriptor cut short", {{{X | S, I}, 2, 1, TRUE}, {{X}, 1, 1, TRUE}, {{X | S, I, 0x80}, 3, 1, TRUE}}, ""},
};

START_TEST(frames_and_loss)
{
    g_autoptr(GString) out = g_string_new(NULL);
    KcVp8Assembler assembler;
    kc_vp8_assembler_init(&assembler);
    for (guint i = 0; i < G_N_ELEMENTS(cases[_i].steps) && cases[_i].steps[i].timestamp != 0; i++) {
        const Step *step = &cases[_i].steps[i];
        KcRtpView view = {.timestamp = step->timestamp, .marker = step->marker};
        view.payload = step->bytes;
        view.size = step->size;
        KcVp8Result result = kc_vp8_assembler_push(&assembler, &view, step->lost);
        if (result.lost)
            g_string_append(out, "L ");
        if (result.frame != NULL) {
            g_string_append_printf(out, "%u ", (guint)g_bytes_get_size(result.frame));
            g_bytes_unref(result.frame);
        }
    }
    ck_assert_msg(strcmp(out->str, cases[_i].out) == 0, "%s: %s", cases[_i].what, out->str);
    kc_vp8_assembler_clear(&assembler);
}
END_TEST

START_TEST(any_bytes_are_safe)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    KcVp8Assembler assembler;
    kc_vp8_assembler_init(&assembler);
    for (guint i = 0; i < 20000; i++) {
        gsize size = (gsize)g_rand_int_range(rand, 0, 12);
        g_autofree guint8 *bytes = g_malloc(size); /* exactly as large, so that a read behind the end is seen */
        for (gsize n = 0; n < size; n++)
            bytes[n] = (guint8)g_rand_int(rand);
        KcRtpView view = {.timestamp = g_rand_int(rand) % 3, .marker = g_rand_boolean(rand), .payload = bytes};
        view.size = size;
        KcVp8Result result = kc_vp8_assembler_push(&assembler, &view, g_rand_boolean(rand));
        g_clear_pointer(&result.frame, g_bytes_unref);
    }
    kc_vp8_assembler_clear(&assembler);
}
END_TEST

static Suite *
vp8_suite(void)
{
    Suite *suite = suite_create("recorder/vp8");
    TCase *tc = tcase_create("vp8");
    tcase_add_loop_test(tc, frames_and_loss, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tc, any_bytes_are_safe);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(vp8_suite())
