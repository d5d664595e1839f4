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
    rewrite->source_ssrc = ssrc;
    rewrite->first_seq = seq;
    rewrite->first_is_near = TRUE;
    rewrite->seq_offset = (guint16)(rewrite->highest_seq + 1 - seq);
    rewrite->ts_offset = rewrite->highest_ts + passed - timestamp;
}

gboolean
kc_rewrite_apply(KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint32 timestamp, gint64 now_us, guint16 *ret_seq,
                 guint32 *ret_timestamp)
{
    if (!rewrite->started || ssrc != rewrite->source_ssrc)
        source_begin(rewrite, ssrc, seq, timestamp, now_us);
    if (rewrite->first_is_near && kc_seq_diff(seq, rewrite->first_seq) < 0)
        return FALSE;
    guint16 out_seq = (guint16)(seq + rewrite->seq_offset);
    guint32 out_ts = timestamp + rewrite->ts_offset;
    if (kc_seq_diff(out_seq, rewrite->highest_seq) > 0) {
        rewrite->highest_seq = out_seq;
        rewrite->highest_ts = out_ts;
        rewrite->highest_us = now_us;
        /* Halfway round, "older than the first" would soon mean "much newer". */
        if ((guint16)(seq - rewrite->first_seq) >= 0x4000)
            rewrite->first_is_near = FALSE;
    }
    *ret_seq = out_seq;
    *ret_timestamp = out_ts;
    return TRUE;
}

gboolean
kc_rewrite_map_seq(const KcRewrite *rewrite, guint32 ssrc, guint16 seq, guint16 *ret_seq)
{
    if (!rewrite->started || ssrc != rewrite->source_ssrc)
        return FALSE;
    if (rewrite->first_is_near && kc_seq_diff(seq, rewrite->first_seq) < 0)
        return FALSE;
    *ret_seq = (guint16)(seq + rewrite->seq_offset);
    return TRUE;
}

gboolean
kc_rewrite_map_timestamp(const KcRewrite *rewrite, guint32 ssrc, guint32 timestamp, guint32 *ret_timestamp)
{
    if (!rewrite->started || ssrc != rewrite->source_ssrc)
        return FALSE;
    *ret_timestamp = timestamp + rewrite->ts_offset;
    return TRUE;
}
