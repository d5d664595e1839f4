#include "media/rtp/header.h"
#include "media/rtp/transport_cc.h"
#include "tests/support/kc_test.h"

#define MS 1000

/* Reads a feedback of two-bit vectors back into arrivals (µs, by the reference; -1: missing). */
static guint
decode(const guint8 *fci, gsize bytes, guint16 *ret_base, gint64 *arrivals)
{
    *ret_base = kc_get_u16(fci);
    guint n = kc_get_u16(fci + 2);
    gint64 at_us = (gint64)kc_get_u24(fci + 4) * 64 * MS;
    guint chunks = (n + 6) / 7;
    const guint8 *delta = fci + 8 + 2 * (gsize)chunks;
    for (guint i = 0; i < n; i++) {
        guint16 chunk = kc_get_u16(fci + 8 + 2 * (gsize)(i / 7));
        ck_assert_uint_eq(chunk >> 14, 3);
        guint symbol = chunk >> (2 * (6 - i % 7)) & 3;
        arrivals[i] = -1;
        if (symbol == 0)
            continue;
        at_us += 250 * (symbol == 1 ? *delta : (gint16)kc_get_u16(delta));
        delta += symbol;
        arrivals[i] = at_us;
        ck_assert(delta <= fci + bytes);
    }
    ck_assert_uint_eq(bytes % 4, 0);
    return n;
}

START_TEST(arrivals_are_told)
{
    KcTransportCc cc = {0};
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    gint64 arrivals[KC_TRANSPORT_CC_PACKETS];
    guint16 base = 0;
    gint64 t = 1000 * 1000 * MS;
    kc_transport_cc_packet(&cc, 65534, t);
    kc_transport_cc_packet(&cc, 65535, t + 2 * MS);
    kc_transport_cc_packet(&cc, 2, t + 90 * MS);
    kc_transport_cc_packet(&cc, 1, t + 95 * MS);
    gsize bytes = kc_transport_cc_write(&cc, t + 100 * MS, fci);
    ck_assert_uint_eq(decode(fci, bytes, &base, arrivals), 5);
    ck_assert_uint_eq(base, 65534);
    ck_assert_int_le(ABS(arrivals[0] - t), 250);
    ck_assert_int_le(ABS(arrivals[1] - t - 2 * MS), 250);
    ck_assert_int_eq(arrivals[2], -1);
    ck_assert_int_le(ABS(arrivals[3] - t - 95 * MS), 250);
    ck_assert_int_le(ABS(arrivals[4] - t - 90 * MS), 250);
    ck_assert_uint_eq(kc_transport_cc_write(&cc, t + 300 * MS, fci), 0);
}
END_TEST

START_TEST(next_feedback_goes_on)
{
    KcTransportCc cc = {0};
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    gint64 arrivals[KC_TRANSPORT_CC_PACKETS];
    guint16 base = 0;
    gint64 t = 1000 * 1000 * MS;
    kc_transport_cc_packet(&cc, 1, t);
    ck_assert_uint_gt(kc_transport_cc_write(&cc, t + 100 * MS, fci), 0);
    ck_assert_uint_eq(fci[7], 0);
    kc_transport_cc_packet(&cc, 4, t + 120 * MS);
    gsize bytes = kc_transport_cc_write(&cc, t + 150 * MS, fci);
    ck_assert_uint_eq(bytes, 0); /* not yet */
    bytes = kc_transport_cc_write(&cc, t + 200 * MS, fci);
    ck_assert_uint_eq(decode(fci, bytes, &base, arrivals), 3);
    ck_assert_uint_eq(base, 2);
    ck_assert_int_eq(arrivals[0], -1);
    ck_assert_int_eq(arrivals[1], -1);
    ck_assert_uint_eq(fci[7], 1);
}
END_TEST

START_TEST(silent_while_the_other_side_answers)
{
    KcTransportCc cc = {0};
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    gint64 t = 1000 * 1000 * MS;
    guint16 number = 0;
    guint written = 0;
    for (gint64 ms = 0; ms < 1000; ms += 10) {
        kc_transport_cc_packet(&cc, number++, t + ms * MS);
        kc_transport_cc_passed(&cc, t + ms * MS);
        written += kc_transport_cc_write(&cc, t + ms * MS, fci) > 0;
    }
    ck_assert_uint_eq(written, 0);
    for (gint64 ms = 1000; ms < 4000; ms += 10) {
        kc_transport_cc_packet(&cc, number++, t + ms * MS);
        written += kc_transport_cc_write(&cc, t + ms * MS, fci) > 0;
    }
    ck_assert_uint_ge(written, 9);
    ck_assert_uint_le(written, 11);
}
END_TEST

START_TEST(a_flood_fits)
{
    KcTransportCc cc = {0};
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    for (guint i = 0; i < 3 * KC_TRANSPORT_CC_PACKETS; i++)
        kc_transport_cc_packet(&cc, (guint16)i, 1000 * 1000 * MS + i * 70 * MS);
    gsize bytes = kc_transport_cc_write(&cc, 2000 * 1000 * MS, fci);
    ck_assert_uint_gt(bytes, 0);
    ck_assert_uint_le(bytes, KC_TRANSPORT_CC_FCI_MAX);
}
END_TEST

static Suite *
transport_cc_suite(void)
{
    Suite *suite = suite_create("rtp/transport_cc");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, arrivals_are_told);
    tcase_add_test(tcase, next_feedback_goes_on);
    tcase_add_test(tcase, silent_while_the_other_side_answers);
    tcase_add_test(tcase, a_flood_fits);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(transport_cc_suite())
