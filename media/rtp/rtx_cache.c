/* Invariants: place (seq mod KC_RTX_CACHE_PACKETS) holds the packet of that number or an older one or nothing; every
 * packet held lies in [oldest, oldest + KC_RTX_CACHE_PACKETS). */
#include "media/rtp/rtx_cache.h"

#define RTT_GUESS_US (100 * 1000)

struct KcRtxCache {
    GDestroyNotify owner_free;
    guint count;
    guint16 oldest;
    guint16 newest;
    KcRtxPacket packets[KC_RTX_CACHE_PACKETS];
};

KcRtxCache *
kc_rtx_cache_new(GDestroyNotify owner_free)
{
    KcRtxCache *cache = g_new0(KcRtxCache, 1);
    cache->owner_free = owner_free;
    return cache;
}

static void
place_clear(KcRtxCache *cache, KcRtxPacket *place)
{
    if (place->owner == NULL)
        return;
    cache->owner_free(place->owner);
    place->owner = NULL;
    cache->count--;
}

void
kc_rtx_cache_free(KcRtxCache *cache)
{
    if (cache == NULL)
        return;
    for (guint i = 0; i < KC_RTX_CACHE_PACKETS; i++)
        place_clear(cache, &cache->packets[i]);
    g_free(cache);
}

static KcRtxPacket *
place_of(KcRtxCache *cache, guint16 seq)
{
    return &cache->packets[seq % KC_RTX_CACHE_PACKETS];
}

static gint64
age_us(gint64 rtt_us)
{
    return CLAMP(6 * (rtt_us < 0 ? RTT_GUESS_US : rtt_us), KC_RTX_CACHE_AGE_MIN_US, KC_RTX_CACHE_AGE_MAX_US);
}

/* Drops from the old end what is too old, or too far from `newest`. */
static void
expire(KcRtxCache *cache, gint64 now_us, gint64 rtt_us)
{
    while (cache->count > 0 && cache->oldest != (guint16)(cache->newest + 1)) {
        KcRtxPacket *place = place_of(cache, cache->oldest);
        gboolean far = kc_seq_diff(cache->newest, cache->oldest) >= KC_RTX_CACHE_PACKETS;
        if (place->owner != NULL && !far && now_us - place->stored_us < age_us(rtt_us))
            return;
        place_clear(cache, place);
        cache->oldest++;
    }
}

void
kc_rtx_cache_store(KcRtxCache *cache, const KcRtxPacket *packet, gint64 rtt_us)
{
    gint ahead = kc_seq_diff(packet->seq, cache->newest);
    if (cache->count == 0 || ABS(ahead) >= 4 * KC_RTX_CACHE_PACKETS) {
        for (guint i = 0; i < KC_RTX_CACHE_PACKETS; i++)
            place_clear(cache, &cache->packets[i]);
        cache->oldest = cache->newest = packet->seq;
    } else if (ahead > 0) {
        cache->newest = packet->seq;
        expire(cache, packet->stored_us, rtt_us);
    } else if (ahead <= -KC_RTX_CACHE_PACKETS) {
        cache->owner_free(packet->owner);
        return;
    }
    if (kc_seq_diff(packet->seq, cache->oldest) < 0)
        cache->oldest = packet->seq;
    KcRtxPacket *place = place_of(cache, packet->seq);
    place_clear(cache, place);
    *place = *packet;
    place->resent_us = 0;
    cache->count++;
}

const KcRtxPacket *
kc_rtx_cache_take(KcRtxCache *cache, guint16 seq, gint64 now_us, gint64 rtt_us)
{
    KcRtxPacket *place = place_of(cache, seq);
    if (place->owner == NULL || place->seq != seq || now_us - place->stored_us >= age_us(rtt_us))
        return NULL;
    if (place->resent_us != 0 && now_us - place->resent_us < MAX(rtt_us * 3 / 4, KC_RTX_RESEND_MIN_US))
        return NULL;
    place->resent_us = now_us;
    return place;
}

guint
kc_rtx_cache_count(const KcRtxCache *cache)
{
    return cache->count;
}

gboolean
kc_rtx_original_seq(const KcRtpHeader *rtx, guint16 *ret_seq)
{
    if (rtx->payload_bytes < 2)
        return FALSE;
    *ret_seq = kc_get_u16(rtx->payload);
    return TRUE;
}
