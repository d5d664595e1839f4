#include "media/rtp/reports.h"
#include "tests/support/kc_test.h"

#define MS 1000

typedef struct {
    const char *what;
    guint n;
    guint16 seqs[10];
    guint fraction;
    gint lost;
    guint32 highest;
} LossCase;

static const LossCase loss_cases[] = {
    {"nothing lost", 4, {1, 2, 3, 4}, 0, 0, 4},
    {"one of four", 3, {1, 2, 4}, 64, 1, 4},
    {"half", 2, {1, 4}, 128, 2, 4},
    {"late ones count", 4, {1, 4, 2, 3}, 0, 0, 4},
    {"duplicates make it negative", 5, {1, 2, 2, 2, 3}, 0, -2, 3},
    {"over the wrap", 3, {65534, 65535, 0}, 0, 0, 0x10000},
};

START_TEST(loss_is_reported)
{
    const LossCase *c = &loss_cases[_i];
    KcReceiverReport report;
    KcRtcpBlock block;
    kc_receiver_report_init(&report, 9, 90000);
    ck_assert(!kc_receiver_report_block(&report, 0, &block));
    for (guint i = 0; i < c->n; i++) {
        KcRtpHeader header = {.seq = c->seqs[i], .timestamp = i * 90, .ssrc = 9};
        kc_receiver_report_packet(&report, &header, i * MS);
    }
    ck_assert(kc_receiver_report_block(&report, 10 * MS, &block));
    ck_assert_uint_eq(block.ssrc, 9);
    ck_assert_msg(block.fraction_lost == c->fraction, "%s: %u", c->what, block.fraction_lost);
    ck_assert_msg(block.lost == c->lost, "%s: %d", c->what, block.lost);
    ck_assert_uint_eq(block.highest_seq, c->highest);
    ck_assert_uint_eq(block.last_sr, 0);
}
END_TEST

START_TEST(each_report_is_of_its_interval)
{
    KcReceiverReport report;
    KcRtcpBlock block;
    kc_receiver_report_init(&report, 9, 90000);
    for (guint16 seq = 0; seq < 10; seq++) {
        KcRtpHeader header = {.seq = (guint16)(seq * 2), .ssrc = 9};
        kc_receiver_report_packet(&report, &header, 0);
    }
    kc_receiver_report_block(&report, 0, &block);
    ck_assert_uint_gt(block.fraction_lost, 100);
    for (guint16 seq = 19; seq < 30; seq++) {
        KcRtpHeader header = {.seq = seq, .ssrc = 9};
        kc_receiver_report_packet(&report, &header, 0);
    }
    kc_receiver_report_block(&report, 0, &block);
    ck_assert_uint_eq(block.fraction_lost, 0);
    ck_assert_int_eq(block.lost, 9);
}
END_TEST

START_TEST(jitter_of_a_steady_stream_is_none_and_of_an_unsteady_one_is_some)
{
    for (int unsteady = 0; unsteady < 2; unsteady++) {
        KcReceiverReport report;
        kc_receiver_report_init(&report, 9, 48000);
        for (guint i = 0; i < 200; i++) {
            KcRtpHeader header = {.seq = (guint16)i, .timestamp = i * 960, .ssrc = 9};
            kc_receiver_report_packet(&report, &header, i * 20 * MS + (unsteady && i % 2 ? 10 * MS : 0));
        }
        /* 10 ms are 480 units. */
        if (unsteady)
            ck_assert(report.jitter > 400 && report.jitter < 500);
        else
            ck_assert(report.jitter < 1);
    }
}
END_TEST

START_TEST(round_trip_is_measured)
{
    /* We reported at T; they answered 250 ms after having seen it; it is T + 350 ms now. */
    guint64 then = kc_ntp_from_unix_us(1700000000 * G_GINT64_CONSTANT(1000000));
    guint64 now = kc_ntp_from_unix_us(1700000000 * G_GINT64_CONSTANT(1000000) + 350 * MS);
    KcRtcpBlock block = {.last_sr = (guint32)(then >> 16), .delay = 65536 / 4};
    gint64 rtt_us = kc_round_trip_us(&block, now);
    ck_assert(rtt_us > 99 * MS && rtt_us < 101 * MS);
    block.last_sr = 0;
    ck_assert_int_eq(kc_round_trip_us(&block, now), -1);
    block.last_sr = (guint32)(then >> 16) + 65536 * 30;
    ck_assert_int_eq(kc_round_trip_us(&block, now), -1);
}
END_TEST

START_TEST(loss_adds_up_along_the_way)
{
    ck_assert_uint_eq(kc_loss_joined(0, 0), 0);
    ck_assert_uint_eq(kc_loss_joined(25, 0), 25);
    ck_assert_uint_eq(kc_loss_joined(0, 25), 25);
    ck_assert_uint_eq(kc_loss_joined(128, 128), 192);
    ck_assert_uint_eq(kc_loss_joined(255, 10), 255);
    ck_assert_uint_eq(kc_loss_joined(10, 300), 255);
}
END_TEST

START_TEST(ntp_and_unix)
{
    gint64 us = 1700000000 * G_GINT64_CONSTANT(1000000) + 123456;
    gint64 back = kc_ntp_to_unix_us(kc_ntp_from_unix_us(us));
    ck_assert(back >= us - 1 && back <= us);
    ck_assert_uint_eq(kc_ntp_from_unix_us(0) >> 32, 2208988800u);
}
END_TEST

START_TEST(sound_and_picture_share_one_offset)
{
    /* The sender's clock is an hour behind; its picture's report is 40 ms older than its sound's when they arrive. */
    KcSenderClock clock = {0};
    KcSenderPoint audio = {0};
    KcSenderPoint video = {0};
    gint64 t = 1700000000 * G_GINT64_CONSTANT(1000000);
    gint64 hour = G_GINT64_CONSTANT(3600000000);
    KcRtcpSenderInfo sound = {.ntp = kc_ntp_from_unix_us(t - hour), .rtp = 48000};
    KcRtcpSenderInfo picture = {.ntp = kc_ntp_from_unix_us(t - hour), .rtp = 90000};
    guint32 rtp = 0;
    ck_assert(!kc_sender_clock_timestamp(&clock, &audio, 48000, t, &rtp));
    kc_sender_clock_report(&clock, &audio, &sound, t + 10 * MS);
    kc_sender_clock_report(&clock, &video, &picture, t + 50 * MS);
    /* One second after the earlier arrival, both are one second on. */
    ck_assert(kc_sender_clock_timestamp(&clock, &audio, 48000, t + 1010 * MS, &rtp));
    ck_assert_int_le(ABS((gint)(rtp - 96000)), 1);
    ck_assert(kc_sender_clock_timestamp(&clock, &video, 90000, t + 1010 * MS, &rtp));
    ck_assert_int_le(ABS((gint)(rtp - 180000)), 1);
}
END_TEST

static Suite *
reports_suite(void)
{
    Suite *suite = suite_create("rtp/reports");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, loss_is_reported, 0, G_N_ELEMENTS(loss_cases));
    tcase_add_test(tcase, each_report_is_of_its_interval);
    tcase_add_test(tcase, jitter_of_a_steady_stream_is_none_and_of_an_unsteady_one_is_some);
    tcase_add_test(tcase, round_trip_is_measured);
    tcase_add_test(tcase, loss_adds_up_along_the_way);
    tcase_add_test(tcase, ntp_and_unix);
    tcase_add_test(tcase, sound_and_picture_share_one_offset);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(reports_suite())
