/* The last packets that went out on one stream, for answering NACKs by retransmission (RFC 4588).
 *
 * Holds at most KC_RTX_CACHE_PACKETS, each by a reference to whoever owns its payload, and each for as long as the
 * receiver may still ask: six round trips, within KC_RTX_CACHE_AGE_MIN_US and …_MAX_US, which is for 1 in 1,000 packets
 * too short where 1 in 10 is lost each way. Most of a call's memory is here, so it pays to keep no more. Pure; times in
 * monotonic microseconds. */
#pragma once

#include "media/rtp/header.h"

#define KC_RTX_CACHE_PACKETS 512
#define KC_RTX_CACHE_AGE_MIN_US (400 * 1000)
#define KC_RTX_CACHE_AGE_MAX_US (1500 * 1000)
#define KC_RTX_RESEND_MIN_US 10000 /* one packet is not sent again sooner, whatever the receiver asks */

typedef struct {
    gpointer owner; /* keeps `payload` alive; NULL: the place is empty */
    const guint8 *payload;
    guint16 payload_bytes;
    guint8 prefix[6]; /* goes before the payload */
    guint8 prefix_bytes;
    guint16 seq;
    guint32 timestamp;
    gboolean marker;
    gint64 stored_us;
    gint64 resent_us;
} KcRtxPacket;

typedef struct KcRtxCache KcRtxCache;

/* `owner_free` gives a packet's owner back. */
KcRtxCache *kc_rtx_cache_new(GDestroyNotify owner_free);
void kc_rtx_cache_free(KcRtxCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRtxCache, kc_rtx_cache_free)

/* Takes over packet->owner. `stored_us` must be set. `rtt_us`: the round trip to the receiver, < 0 if not known (then 100 ms). */
void kc_rtx_cache_store(KcRtxCache *cache, const KcRtxPacket *packet, gint64 rtt_us);

/* The packet to send again, or NULL: it is gone, or was sent again just now (`rtt_us` or KC_RTX_RESEND_MIN_US ago).
 * Valid until the next store. */
const KcRtxPacket *kc_rtx_cache_take(KcRtxCache *cache, guint16 seq, gint64 now_us, gint64 rtt_us);

guint kc_rtx_cache_count(const KcRtxCache *cache);

/* The sequence number that a retransmission stands for, which its first two payload bytes are; FALSE: it carries
 * nothing but padding. */
gboolean kc_rtx_original_seq(const KcRtpHeader *rtx, guint16 *ret_seq);
