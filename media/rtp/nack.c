#include "media/rtp/nack.h"

#include <string.h>

void
kc_nack_reset(KcNack *nack)
{
    nack->started = FALSE;
    nack->n_missing = 0;
}

static void
item_remove(KcNack *nack, guint index)
{
    nack->n_missing--;
    memmove(nack->missing + index, nack->missing + index + 1, (nack->n_missing - index) * sizeof nack->missing[0]);
}

static void
late_packet(KcNack *nack, guint16 seq)
{
    for (guint i = 0; i < nack->n_missing; i++) {
        if (nack->missing[i].seq == seq) {
            item_remove(nack, i);
            return;
        }
    }
}

gboolean
kc_nack_packet(KcNack *nack, guint16 seq, gint64 now_us)
{
    if (!nack->started) {
        nack->started = TRUE;
        nack->highest = seq;
        return FALSE;
    }
    gint ahead = kc_seq_diff(seq, nack->highest);
    if (ahead <= 0) {
        late_packet(nack, seq);
        return FALSE;
    }
    guint16 first = (guint16)(nack->highest + 1);
    nack->highest = seq;
    if (nack->n_missing + (guint)ahead - 1 > KC_NACK_MISSING_MAX) {
        nack->given_up += nack->n_missing + (guint)ahead - 1;
        nack->n_missing = 0;
        return TRUE;
    }
    for (guint16 lost = first; lost != seq; lost++)
        nack->missing[nack->n_missing++] =
            (KcNackItem){.seq = lost, .since_us = now_us, .next_us = now_us + KC_NACK_FIRST_US};
    return FALSE;
}

guint
kc_nack_poll(KcNack *nack, gint64 now_us, gint64 rtt_us, guint16 ret_seqs[KC_NACK_MISSING_MAX], gboolean *ret_given_up)
{
    guint n = 0;
    guint kept = 0;
    for (guint i = 0; i < nack->n_missing; i++) {
        KcNackItem item = nack->missing[i];
        if (item.next_us <= now_us && (item.tries >= KC_NACK_TRIES || now_us - item.since_us >= KC_NACK_AGE_US))
            continue;
        if (item.next_us <= now_us) {
            item.tries++;
            item.next_us = now_us + MAX(rtt_us + rtt_us / 4, KC_NACK_RETRY_MIN_US);
            ret_seqs[n++] = item.seq;
        }
        nack->missing[kept++] = item;
    }
    *ret_given_up = kept < nack->n_missing;
    nack->given_up += nack->n_missing - kept;
    nack->n_missing = kept;
    return n;
}

gint64
kc_nack_next_us(const KcNack *nack)
{
    gint64 next_us = G_MAXINT64;
    for (guint i = 0; i < nack->n_missing; i++)
        next_us = MIN(next_us, nack->missing[i].next_us);
    return next_us;
}
