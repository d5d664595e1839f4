/* Continuous numbering of one outgoing stream, whatever sources feed it one after the other.
 *
 * A receiver's decoder and jitter buffer see one stream that never ends: when the source changes (another SSRC: a
 * rejoin, a takeover, a switched camera), sequence numbers go on without a hole and timestamps by the time that has
 * passed. Within a source, holes, duplicates and order stay as they came, so that loss shows at the receiver and
 * congestion feedback stays true. Pure; times in monotonic microseconds. */
#pragma once

#include "media/rtp/header.h"

typedef struct {
    guint32 clock_rate;
    gboolean started; /* a source has been seen */
    guint32 source_ssrc;
    guint16 seq_offset; /* outgoing minus incoming, of the present source */
    guint32 ts_offset;
    guint16 first_seq;      /* incoming, that the present source began with */
    gboolean first_is_near; /* fewer than 2^15 packets since: older ones than the first can still be told */
    guint16 highest_seq;    /* outgoing */
    guint32 highest_ts;     /* outgoing, of highest_seq */
    gint64 highest_us;      /* when that came */
} KcRewrite;

/* `first_seq`, `first_ts`: random, for the first packet that goes out. */
void kc_rewrite_init(KcRewrite *rewrite, guint32 clock_rate, guint16 first_seq, guint32 first_ts);

/* Numbers for a packet of source `ssrc`. FALSE: it is older than the first that was seen of this source, and has no
 * place in the outgoing stream. */
gboolean kc_rewrite_apply(KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint32 timestamp, gint64 now_us,
                          guint16 *ret_seq, guint32 *ret_timestamp);

/* The same mapping without a packet: for retransmissions and sender reports of the present source. FALSE: `ssrc` is
 * not the present source. */
gboolean kc_rewrite_map_seq(const KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint16 *ret_seq);
gboolean kc_rewrite_map_timestamp(const KcRewrite *rewrite, guint32 ssrc, guint32 timestamp, guint32 *ret_timestamp);
