#include "media/rtp/rewrite.h"

void
kc_rewrite_init(KcRewrite *rewrite, guint32 clock_rate, guint16 first_seq, guint32 first_ts)
{
    *rewrite = (KcRewrite){.clock_rate = clock_rate, .highest_seq = (guint16)(first_seq - 1), .highest_ts = first_ts};
}

static void
source_begin(KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint32 timestamp, gint64 now_us)
{
    guint32 passed = 0;
    if (rewrite->started) {
        gint64 elapsed_us = MAX(now_us - rewrite->highest_us, 0);
        passed = MAX((guint32)(elapsed_us * rewrite->clock_rate / G_USEC_PER_SEC), 1);
    }
    rewrite->started = TRUE;
    rewrite->restart = FALSE;
    rewrite->sources++;
    rewrite->highest_in = seq;
    rewrite->n_drops = rewrite->frames = 0;
    rewrite->forgot = FALSE;
    rewrite->source_ssrc = ssrc;
    rewrite->first_seq = seq;
    rewrite->first_is_near = TRUE;
    rewrite->seq_offset = (guint16)(rewrite->highest_seq + 1 - seq);
    rewrite->ts_offset = rewrite->highest_ts + passed - timestamp;
}

/* ---- what is left out ---------------------------------------------------------------------------------------------
 */

static const KcRewriteDrop *
drop_at(const KcRewrite *rewrite, guint index)
{
    return &rewrite->drops[(rewrite->first_drop + index) % KC_REWRITE_DROPS];
}

/* The oldest is counted by the offset from here on; what came before it can't be told any more. */
static void
drop_forget(KcRewrite *rewrite)
{
    rewrite->forgot = TRUE;
    rewrite->forgot_seq = drop_at(rewrite, 0)->seq;
    rewrite->first_drop = (rewrite->first_drop + 1) % KC_REWRITE_DROPS;
    rewrite->n_drops--;
    rewrite->seq_offset--;
}

/* The newest packet is `seq`. Halfway round, "older than that" would soon mean "much newer". */
static void
advance(KcRewrite *rewrite, guint16 seq)
{
    rewrite->highest_in = seq;
    if ((guint16)(seq - rewrite->first_seq) >= 0x4000)
        rewrite->first_is_near = FALSE;
    while (rewrite->n_drops > 0 && (guint16)(seq - drop_at(rewrite, 0)->seq) >= 0x4000)
        drop_forget(rewrite);
    if (rewrite->forgot && (guint16)(seq - rewrite->forgot_seq) >= 0x4000)
        rewrite->forgot = FALSE;
}

/* What was left out before `seq`. FALSE: it was left out itself, or is too old to tell. */
static gboolean
drops_before(const KcRewrite *rewrite, guint16 seq, guint16 *ret_packets, guint16 *ret_frames)
{
    guint n = rewrite->n_drops;
    guint16 frames = rewrite->frames;
    for (; n > 0; n--) {
        const KcRewriteDrop *drop = drop_at(rewrite, n - 1);
        gint ahead = kc_seq_diff(seq, drop->seq);
        if (ahead == 0)
            return FALSE;
        if (ahead > 0)
            break;
        frames -= drop->frame;
    }
    if (n == 0 && rewrite->forgot && kc_seq_diff(seq, rewrite->forgot_seq) <= 0)
        return FALSE;
    *ret_packets = (guint16)n;
    *ret_frames = frames;
    return TRUE;
}

gboolean
kc_rewrite_drop(KcRewrite *rewrite, guint32 ssrc, guint16 seq, gboolean begins_frame)
{
    if (!rewrite->started || rewrite->restart || ssrc != rewrite->source_ssrc ||
        kc_seq_diff(seq, rewrite->highest_in) <= 0)
        return FALSE;
    if (rewrite->n_drops == KC_REWRITE_DROPS)
        drop_forget(rewrite);
    rewrite->drops[(rewrite->first_drop + rewrite->n_drops++) % KC_REWRITE_DROPS] =
        (KcRewriteDrop){seq, begins_frame ? 1 : 0};
    rewrite->frames += begins_frame ? 1 : 0;
    advance(rewrite, seq);
    return TRUE;
}

guint16
kc_rewrite_frames_before(const KcRewrite *rewrite, guint16 seq)
{
    guint16 packets = 0;
    guint16 frames = 0;
    return drops_before(rewrite, seq, &packets, &frames) ? frames : rewrite->frames;
}

void
kc_rewrite_restart(KcRewrite *rewrite)
{
    rewrite->restart = rewrite->started;
}

/* ---- the mapping --------------------------------------------------------------------------------------------------
 */

gboolean
kc_rewrite_apply(KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint32 timestamp, gint64 now_us, guint16 *ret_seq,
                 guint32 *ret_timestamp)
{
    guint16 out_seq = 0;
    if (!rewrite->started || rewrite->restart || ssrc != rewrite->source_ssrc)
        source_begin(rewrite, ssrc, seq, timestamp, now_us);
    if (!kc_rewrite_map_seq(rewrite, ssrc, seq, &out_seq))
        return FALSE;
    guint32 out_ts = timestamp + rewrite->ts_offset;
    if (kc_seq_diff(seq, rewrite->highest_in) > 0)
        advance(rewrite, seq);
    if (kc_seq_diff(out_seq, rewrite->highest_seq) > 0) {
        rewrite->highest_seq = out_seq;
        rewrite->highest_ts = out_ts;
        rewrite->highest_us = now_us;
    }
    *ret_seq = out_seq;
    *ret_timestamp = out_ts;
    return TRUE;
}

gboolean
kc_rewrite_map_seq(const KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint16 *ret_seq)
{
    guint16 packets = 0;
    guint16 frames = 0;
    if (!rewrite->started || rewrite->restart || ssrc != rewrite->source_ssrc)
        return FALSE;
    if (rewrite->first_is_near && kc_seq_diff(seq, rewrite->first_seq) < 0)
        return FALSE;
    if (!drops_before(rewrite, seq, &packets, &frames))
        return FALSE;
    *ret_seq = (guint16)(seq + rewrite->seq_offset - packets);
    return TRUE;
}

gboolean
kc_rewrite_map_timestamp(const KcRewrite *rewrite, guint32 ssrc, guint32 timestamp, guint32 *ret_timestamp)
{
    if (!rewrite->started || rewrite->restart || ssrc != rewrite->source_ssrc)
        return FALSE;
    *ret_timestamp = timestamp + rewrite->ts_offset;
    return TRUE;
}
