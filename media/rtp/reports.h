/* Sender and receiver reports (RFC 3550, 6.4, A.3, A.8), and the clock that they are written by.
 *
 * Pure; times in monotonic microseconds unless named unix. */
#pragma once

#include "media/rtp/rtcp.h"

/* ---- What has come of one incoming stream ---- */
typedef struct {
    guint32 ssrc;
    guint32 clock_rate;
    gboolean started;
    guint16 highest;
    guint32 cycles;
    guint32 base; /* extended number of the first */
    guint64 received;
    guint64 bytes;                            /* of payload */
    guint32 expected_before, received_before; /* at the last report */
    gint64 transit;                           /* of the last packet, in clock units */
    gdouble jitter;
    guint32 last_sr;
    gint64 last_sr_us;
    guint fraction_lost; /* of the last report, in 1/256 */
} KcReceiverReport;

void kc_receiver_report_init(KcReceiverReport *report, guint32 ssrc, guint32 clock_rate);
void kc_receiver_report_packet(KcReceiverReport *report, const KcRtpHeader *header, gint64 arrived_us);
void kc_receiver_report_sr(KcReceiverReport *report, const KcRtcpSenderInfo *info, gint64 now_us);

/* Fills a block for now and begins the next interval. FALSE: nothing has come yet. */
gboolean kc_receiver_report_block(KcReceiverReport *report, gint64 now_us, KcRtcpBlock *ret_block);

/* What is lost all the way, in 256ths, when so much of it is lost on the first part and so much of the rest on the next. */
guint kc_loss_joined(guint first, guint next);

/* ---- The clock of a sender, as seen from here ---- */

/* One for all streams of a participant: how far the sender's NTP clock lies from the server's. As every stream of a
 * participant is mapped by the same offset, sound and picture keep their relation. */
typedef struct {
    gboolean known;
    gint64 offset_us; /* server's unix time minus the sender's, least transit seen */
} KcSenderClock;

/* One for each stream: its last sender report. */
typedef struct {
    gboolean known;
    gint64 ntp_unix_us; /* of the sender's clock */
    guint32 rtp;
} KcSenderPoint;

gint64 kc_ntp_to_unix_us(guint64 ntp);
guint64 kc_ntp_from_unix_us(gint64 unix_us);

void kc_sender_clock_report(KcSenderClock *clock, KcSenderPoint *point, const KcRtcpSenderInfo *info,
                            gint64 now_unix_us);

/* The stream's RTP timestamp (in the source's numbering) at a moment of the server's clock. FALSE: no report yet. */
gboolean kc_sender_clock_timestamp(const KcSenderClock *clock, const KcSenderPoint *point, guint32 clock_rate,
                                   gint64 at_unix_us, guint32 *ret_rtp);

/* ---- Round trip ---- */

/* By a block about a stream of ours (RFC 3550, 6.4.1); `now_ntp`: our NTP clock. -1: it can't be told. */
gint64 kc_round_trip_us(const KcRtcpBlock *block, guint64 now_ntp);
