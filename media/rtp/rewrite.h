/* Continuous numbering of one outgoing stream, whatever sources feed it one after the other.
 *
 * A receiver's decoder and jitter buffer see one stream that never ends: when the source changes (another SSRC: a
 * rejoin, a takeover, a switched camera), sequence numbers go on without a hole and timestamps by the time that has
 * passed. Within a source, holes, duplicates and order stay as they came, so that loss shows at the receiver and
 * congestion feedback stays true. A packet can be left out on purpose: then what follows closes up, and the receiver
 * misses nothing. Pure; times in monotonic microseconds. */
#pragma once

#include "media/rtp/header.h"

#define KC_REWRITE_DROPS 256 /* left out, that older packets are still told apart by */

typedef struct {
    guint16 seq;   /* incoming */
    guint16 frame; /* 1: it began a frame */
} KcRewriteDrop;

typedef struct {
    guint32 clock_rate;
    gboolean started; /* a source has been seen */
    gboolean restart; /* the next packet begins anew, whatever its source */
    guint sources;    /* that have begun */
    guint32 source_ssrc;
    guint16 seq_offset; /* outgoing minus incoming, of the present source */
    guint32 ts_offset;
    guint16 first_seq;      /* incoming, that the present source began with */
    gboolean first_is_near; /* fewer than 2^15 packets since: older ones than the first can still be told */
    guint16 highest_seq;    /* outgoing */
    guint32 highest_ts;     /* outgoing, of highest_seq */
    gint64 highest_us;      /* when that came */
    guint16 highest_in;     /* incoming, left out or not */
    KcRewriteDrop drops[KC_REWRITE_DROPS]; /* a ring, oldest at first_drop */
    guint first_drop, n_drops;
    gboolean forgot;    /* drops older than the ring's, which seq_offset counts */
    guint16 forgot_seq; /* the newest of them */
    guint16 frames;     /* of this source, left out */
} KcRewrite;

/* `first_seq`, `first_ts`: random, for the first packet that goes out. */
void kc_rewrite_init(KcRewrite *rewrite, guint32 clock_rate, guint16 first_seq, guint32 first_ts);

/* Numbers for a packet of source `ssrc`. FALSE: it is older than the first that was seen of this source, and has no
 * place in the outgoing stream. */
gboolean kc_rewrite_apply(KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint32 timestamp, gint64 now_us,
                          guint16 *ret_seq, guint32 *ret_timestamp);

/* Leaves a packet of the present source out. FALSE: it is not newer than every other, so that its number is spoken for
 * already (or the source is not the present one): it must go on. */
gboolean kc_rewrite_drop(KcRewrite *rewrite, guint32 ssrc, guint16 seq, gboolean begins_frame);

/* How many frames of the present source were left out before this packet. */
guint16 kc_rewrite_frames_before(const KcRewrite *rewrite, guint16 seq);

/* The next packet begins a source, also if its SSRC is the present one: after a pause that the receiver shall not see.
 */
void kc_rewrite_restart(KcRewrite *rewrite);

/* The same mapping without a packet: for retransmissions and sender reports of the present source. FALSE: `ssrc` is
 * not the present source. */
gboolean kc_rewrite_map_seq(const KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint16 *ret_seq);
gboolean kc_rewrite_map_timestamp(const KcRewrite *rewrite, guint32 ssrc, guint32 timestamp, guint32 *ret_timestamp);
