#include "tests/support/kc_test.h"
#include "media/gst/kcrecorder_reorder.h"

#include <string.h>

/* What comes out is written down as numbers, with "!" before what follows a loss. */
static void
write_down(const KcRtpView *view, gboolean lost, gpointer user_data)
{
    ck_assert_uint_eq(view->size, 1);
    ck_assert_uint_eq(view->payload[0], (guint8)view->seq);
    g_string_append_printf(user_data, "%s%u ", lost ? "!" : "", view->seq);
}

typedef struct {
    gint seq; /* -1: the end */
    gint64 at_ms;
} Arrival;

static const struct {
    const char *what;
    Arrival arrivals[8];
    gint64 expire_at_ms; /* with a wait of 100 ms */
    const char *out;
} cases[] = {
    {"in order", {{1, 0}, {2, 0}, {3, 0}, {-1, 0}}, 0, "1 2 3 "},
    {"swapped", {{1, 0}, {3, 0}, {2, 0}, {4, 0}, {-1, 0}}, 0, "1 2 3 4 "},
    {"twice", {{1, 0}, {2, 0}, {2, 0}, {4, 0}, {4, 0}, {1, 0}, {-1, 0}}, 0, "1 2 "},
    {"wraps", {{65534, 0}, {0, 0}, {65535, 0}, {1, 0}, {-1, 0}}, 0, "65534 65535 0 1 "},
    {"still waited for", {{1, 0}, {3, 10}, {-1, 0}}, 109, "1 "},
    {"given up", {{1, 0}, {3, 10}, {4, 10}, {-1, 0}}, 110, "1 !3 4 "},
    {"the second hole still waits", {{1, 0}, {3, 0}, {5, 60}, {-1, 0}}, 100, "1 !3 "},
    {"both given up", {{1, 0}, {3, 0}, {5, 60}, {-1, 0}}, 160, "1 !3 !5 "},
    {"too late", {{1, 0}, {3, 0}, {-1, 0}}, 100, "1 !3 "},
    {"a jump", {{1, 0}, {3, 0}, {9000, 0}, {9001, 0}, {-1, 0}}, 0, "1 !3 !9000 9001 "},
    {"a jump back", {{9000, 0}, {1, 0}, {2, 0}, {-1, 0}}, 0, "9000 !1 2 "},
};

static void
push(KcReorder *reorder, guint16 seq, gint64 at_ms)
{
    guint8 payload = (guint8)seq;
    KcRtpView view = {.seq = seq, .arrival_us = at_ms * 1000, .payload = &payload, .size = 1};
    kc_reorder_push(reorder, &view);
}

START_TEST(order_and_loss)
{
    g_autoptr(GString) out = g_string_new(NULL);
    KcReorder *reorder = kc_reorder_new(write_down, out);
    for (const Arrival *arrival = cases[_i].arrivals; arrival->seq >= 0; arrival++)
        push(reorder, (guint16)arrival->seq, arrival->at_ms);
    kc_reorder_expire(reorder, cases[_i].expire_at_ms * 1000, 100 * 1000);
    ck_assert_msg(strcmp(out->str, cases[_i].out) == 0, "%s: %s", cases[_i].what, out->str);
    kc_reorder_free(reorder);
}
END_TEST

START_TEST(as_many_as_may_wait_and_one_more)
{
    g_autoptr(GString) out = g_string_new(NULL);
    KcReorder *reorder = kc_reorder_new(write_down, out);
    push(reorder, 0, 0);
    for (guint16 seq = 2; seq <= KC_REORDER_PACKETS; seq++)
        push(reorder, seq, 0);
    ck_assert_str_eq(out->str, "0 ");
    ck_assert(kc_reorder_is_blocked(reorder));
    push(reorder, KC_REORDER_PACKETS + 1, 0);
    ck_assert(g_str_has_prefix(out->str, "0 !2 3 4 "));
    ck_assert(!kc_reorder_is_blocked(reorder));
    kc_reorder_free(reorder);
}
END_TEST

static Suite *
reorder_suite(void)
{
    Suite *suite = suite_create("recorder/reorder");
    TCase *tc = tcase_create("reorder");
    tcase_add_loop_test(tc, order_and_loss, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tc, as_many_as_may_wait_and_one_more);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(reorder_suite())
