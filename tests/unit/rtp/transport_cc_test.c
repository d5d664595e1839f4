#include "media/rtp/header.h"
#include "media/rtp/transport_cc.h"
#include "tests/support/kc_test.h"

#include <string.h>

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

/* ---- beside another that answers ---- */

#define OTHER_CLOCK_MS (5 * 3600 * 1000 + 37) /* the other side's clock is so much ahead */

/* What the other side writes of packets [from, to), sent each 10 ms from 1000 s on, that take it `delay_ms`. */
static gsize
others_feedback(guint16 from, guint16 to, gint64 delay_ms, guint8 *fci)
{
    KcTransportCc other = {0};
    for (guint16 number = from; number != to; number++)
        kc_transport_cc_packet(&other, number, (1000 * 1000 + number * 10 + delay_ms + OTHER_CLOCK_MS) * MS);
    return kc_transport_cc_write(&other, G_MAXINT32 * (gint64)MS, fci);
}

static gint64
sent_us(guint16 number)
{
    return (1000 * 1000 + number * 10) * MS;
}

START_TEST(silent_while_the_other_side_answers)
{
    KcTransportCc cc = {0};
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    guint written = 0;
    kc_transport_cc_expect(&cc);
    for (guint16 number = 0; number < 300; number++) {
        kc_transport_cc_packet(&cc, number, sent_us(number));
        if (number % 10 == 9) {
            gsize bytes = others_feedback(number - 9, number + 1, 0, fci);
            ck_assert(kc_transport_cc_pass(&cc, fci, bytes, sent_us(number)));
        }
        written += kc_transport_cc_write(&cc, sent_us(number), fci) > 0;
    }
    ck_assert_uint_eq(written, 0);
    for (guint16 number = 300; number < 600; number++) {
        kc_transport_cc_packet(&cc, number, sent_us(number));
        written += kc_transport_cc_write(&cc, sent_us(number), fci) > 0;
    }
    ck_assert_uint_ge(written, 9);
    ck_assert_uint_le(written, 11);
}
END_TEST

START_TEST(both_are_one_line_of_time)
{
    KcTransportCc cc = {0};
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    gint64 arrivals[KC_TRANSPORT_CC_PACKETS];
    guint16 base = 0;
    for (guint16 number = 0; number < 25; number++)
        kc_transport_cc_packet(&cc, number, sent_us(number));
    kc_transport_cc_expect(&cc);
    gsize bytes = kc_transport_cc_write(&cc, sent_us(24) + MS, fci); /* at once */
    ck_assert_uint_eq(decode(fci, bytes, &base, arrivals), 25);
    for (guint16 number = 25; number < 100; number++)
        kc_transport_cc_packet(&cc, number, sent_us(number));
    ck_assert_uint_eq(kc_transport_cc_write(&cc, sent_us(99), fci), 0);
    /* The path on from here takes 70 ms, later 90. */
    for (guint16 from = 25; from < 95; from += 10) {
        bytes = others_feedback(from, from + 10, from < 55 ? 70 : 90, fci);
        ck_assert(kc_transport_cc_pass(&cc, fci, bytes, sent_us(from) + 300 * MS));
        ck_assert_uint_eq(decode(fci, bytes, &base, arrivals), 10);
        ck_assert_uint_eq(base, from);
        for (guint16 i = 0; i < 10; i++)
            ck_assert_int_le(ABS(arrivals[i] - sent_us(from + i) - (from < 55 ? 0 : 20) * MS), 250);
    }
    /* It falls silent: what it has not reported is the relay's, and nothing else. */
    for (guint16 number = 100; number < 110; number++)
        kc_transport_cc_packet(&cc, number, sent_us(number));
    ck_assert_uint_eq(kc_transport_cc_write(&cc, sent_us(85) + 300 * MS + KC_TRANSPORT_CC_SILENCE_US - 1, fci), 0);
    bytes = kc_transport_cc_write(&cc, sent_us(85) + 300 * MS + KC_TRANSPORT_CC_SILENCE_US, fci);
    ck_assert_uint_eq(decode(fci, bytes, &base, arrivals), 15);
    ck_assert_uint_eq(base, 95);
    ck_assert_int_le(ABS(arrivals[0] - sent_us(95)), 250);
}
END_TEST

START_TEST(another_clock_is_laid_anew)
{
    KcTransportCc cc = {0};
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    gint64 arrivals[KC_TRANSPORT_CC_PACKETS];
    guint16 base = 0;
    static const gint64 delays_ms[] = {50, 50 + 3600 * 1000, 50 - 3600 * 1000, 0};
    for (guint i = 0; i < G_N_ELEMENTS(delays_ms); i++) {
        guint16 from = (guint16)(i * 10);
        for (guint16 number = from; number < from + 10; number++)
            kc_transport_cc_packet(&cc, number, sent_us(number));
        gsize bytes = others_feedback(from, from + 10, delays_ms[i], fci);
        ck_assert(kc_transport_cc_pass(&cc, fci, bytes, sent_us(from)));
        decode(fci, bytes, &base, arrivals);
        ck_assert_int_le(ABS(arrivals[0] - sent_us(from)), 250);
    }
}
END_TEST

START_TEST(every_kind_of_chunk_is_read)
{
    /* A run of 3 missing, a run of 2 small, one-bit 01, two-bit large and small; deltas 4, 8; 12; -4, 16. */
    static const guint8 feedback[] = {0, 100,  0, 23,   0, 0, 2, 9,  0x00, 3,    0x20,
                                      2, 0x90, 0, 0xe4, 0, 4, 8, 12, 0xff, 0xfc, 16};
    static const guint16 numbers[] = {103, 104, 106, 119, 120};
    static const gint64 deltas[] = {4, 12, 24, 20, 36};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        KcTransportCc cc = {0};
        guint8 fci[sizeof feedback];
        memcpy(fci, feedback, sizeof fci);
        /* Each alone was here, at a time that the feedback then must show for it. */
        kc_transport_cc_packet(&cc, numbers[i], 777 * 64 * MS + 250 * 100);
        ck_assert_msg(kc_transport_cc_pass(&cc, fci, sizeof fci, 0), "%u", i);
        gint64 first = (gint64)kc_get_u24(fci + 4) * 256 + fci[16];
        ck_assert_int_eq(first + deltas[i] - deltas[0], 777 * 256 + 100);
        ck_assert_uint_eq(fci[7], 9);
        ck_assert_mem_eq(fci + 17, feedback + 17, sizeof fci - 17);
    }
}
END_TEST

START_TEST(what_is_not_whole_does_not_pass)
{
    static const guint8 feedback[] = {0, 1, 0, 7, 0, 0, 2, 9, 0xd6, 0x00, 4, 0, 4, 8}; /* small, small, large */
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    KcTransportCc cc = {0};
    for (gsize bytes = 0; bytes < sizeof feedback; bytes++) {
        memcpy(fci, feedback, sizeof feedback);
        ck_assert_int_eq(kc_transport_cc_pass(&cc, fci, bytes, 1), FALSE);
    }
    memcpy(fci, feedback, sizeof feedback);
    fci[8] = 0xde; /* the second is of no kind */
    ck_assert_int_eq(kc_transport_cc_pass(&cc, fci, sizeof feedback, 1), FALSE);
    memcpy(fci, feedback, sizeof feedback);
    fci[8] = 0; /* a run of none */
    fci[9] = 0;
    ck_assert_int_eq(kc_transport_cc_pass(&cc, fci, sizeof feedback, 1), FALSE);
    kc_transport_cc_packet(&cc, 1, 1);
    ck_assert_uint_gt(kc_transport_cc_write(&cc, G_USEC_PER_SEC, fci), 0);
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
    tcase_add_test(tcase, both_are_one_line_of_time);
    tcase_add_test(tcase, another_clock_is_laid_anew);
    tcase_add_test(tcase, every_kind_of_chunk_is_read);
    tcase_add_test(tcase, what_is_not_whole_does_not_pass);
    tcase_add_test(tcase, a_flood_fits);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(transport_cc_suite())
