#include "media/rtp/reports.h"

#define NTP_UNIX_SECONDS G_GINT64_CONSTANT(2208988800) /* 1900 to 1970 */
#define RESTART_AFTER 3000                             /* a jump of so many numbers is a new beginning, not loss */

void
kc_receiver_report_init(KcReceiverReport *report, guint32 ssrc, guint32 clock_rate)
{
    *report = (KcReceiverReport){.ssrc = ssrc, .clock_rate = clock_rate};
}

static guint32
extended_highest(const KcReceiverReport *report)
{
    return report->cycles + report->highest;
}

static void
sequence_update(KcReceiverReport *report, guint16 seq)
{
    gint ahead = report->started ? kc_seq_diff(seq, report->highest) : 0;
    if (!report->started || ABS(ahead) > RESTART_AFTER) {
        report->started = TRUE;
        report->highest = seq;
        report->cycles = 0;
        report->base = seq;
        report->received = 0;
        report->expected_before = report->received_before = 0;
        report->transit = 0;
    } else if (ahead > 0) {
        if (seq < report->highest)
            report->cycles += 0x10000;
        report->highest = seq;
    }
}

void
kc_receiver_report_packet(KcReceiverReport *report, const KcRtpHeader *header, gint64 arrived_us)
{
    sequence_update(report, header->seq);
    report->received++;
    report->bytes += header->payload_bytes;
    gint64 arrival = arrived_us * report->clock_rate / G_USEC_PER_SEC;
    gint64 transit = (guint32)arrival - header->timestamp;
    if (report->transit != 0) {
        gint32 d = (gint32)(guint32)(transit - report->transit);
        report->jitter += (ABS((gdouble)d) - report->jitter) / 16;
    }
    report->transit = transit;
}

void
kc_receiver_report_sr(KcReceiverReport *report, const KcRtcpSenderInfo *info, gint64 now_us)
{
    report->last_sr = (guint32)(info->ntp >> 16);
    report->last_sr_us = now_us;
}

gboolean
kc_receiver_report_block(KcReceiverReport *report, gint64 now_us, KcRtcpBlock *ret_block)
{
    if (!report->started)
        return FALSE;
    guint32 expected = extended_highest(report) - report->base + 1;
    guint32 expected_now = expected - report->expected_before;
    guint32 received_now = (guint32)report->received - report->received_before;
    report->expected_before = expected;
    report->received_before = (guint32)report->received;
    gint64 lost_now = (gint64)expected_now - received_now;
    report->fraction_lost = expected_now == 0 || lost_now <= 0 ? 0 : (guint)MIN(lost_now * 256 / expected_now, 255);
    *ret_block = (KcRtcpBlock){
        .ssrc = report->ssrc,
        .fraction_lost = (guint8)report->fraction_lost,
        .lost = (gint32)CLAMP((gint64)expected - (gint64)report->received, -0x800000, 0x7fffff),
        .highest_seq = extended_highest(report),
        .jitter = (guint32)report->jitter,
    };
    if (report->last_sr_us != 0) {
        ret_block->last_sr = report->last_sr;
        ret_block->delay = (guint32)((now_us - report->last_sr_us) * 65536 / G_USEC_PER_SEC);
    }
    return TRUE;
}

guint
kc_loss_joined(guint first, guint next)
{
    return 255 - (255 - MIN(first, 255)) * (255 - MIN(next, 255)) / 255;
}

gint64
kc_ntp_to_unix_us(guint64 ntp)
{
    gint64 seconds = (gint64)(ntp >> 32) - NTP_UNIX_SECONDS;
    return seconds * G_USEC_PER_SEC + (gint64)((ntp & 0xffffffff) * G_USEC_PER_SEC >> 32);
}

guint64
kc_ntp_from_unix_us(gint64 unix_us)
{
    guint64 seconds = (guint64)(unix_us / G_USEC_PER_SEC + NTP_UNIX_SECONDS);
    guint64 fraction = ((guint64)(unix_us % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC;
    return seconds << 32 | fraction;
}

void
kc_sender_clock_report(KcSenderClock *clock, KcSenderPoint *point, const KcRtcpSenderInfo *info, gint64 now_unix_us)
{
    point->known = TRUE;
    point->ntp_unix_us = kc_ntp_to_unix_us(info->ntp);
    point->rtp = info->rtp;
    gint64 offset_us = now_unix_us - point->ntp_unix_us;
    /* The least is the report that was under way for the shortest time; a clock that was set begins anew. */
    if (!clock->known || offset_us < clock->offset_us || offset_us > clock->offset_us + 10 * G_USEC_PER_SEC)
        clock->offset_us = offset_us;
    clock->known = TRUE;
}

gboolean
kc_sender_clock_timestamp(const KcSenderClock *clock, const KcSenderPoint *point, guint32 clock_rate, gint64 at_unix_us,
                          guint32 *ret_rtp)
{
    if (!clock->known || !point->known)
        return FALSE;
    gint64 since_us = at_unix_us - clock->offset_us - point->ntp_unix_us;
    *ret_rtp = point->rtp + (guint32)(since_us * clock_rate / G_USEC_PER_SEC);
    return TRUE;
}

gint64
kc_round_trip_us(const KcRtcpBlock *block, guint64 now_ntp)
{
    if (block->last_sr == 0)
        return -1;
    guint32 now = (guint32)(now_ntp >> 16);
    gint32 units = (gint32)(now - block->last_sr - block->delay);
    /* Negative by rounding, or nonsense: more than a minute. */
    if (units > 60 * 65536 || units < -65536)
        return -1;
    return (gint64)MAX(units, 0) * G_USEC_PER_SEC / 65536;
}
