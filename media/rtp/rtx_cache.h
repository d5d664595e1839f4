/* The last packets that went out on one stream, for answering NACKs by retransmission (RFC 4588).
 *
 * Holds at most KC_RTX_CACHE_PACKETS and none older than KC_RTX_CACHE_AGE_US, each by a reference to whoever owns its
 * payload. Pure; times in monotonic microseconds. */
#pragma once

#include "media/rtp/header.h"

#define KC_RTX_CACHE_PACKETS 512
#define KC_RTX_CACHE_AGE_US (1500 * 1000)
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

/* Takes over packet->owner. `stored_us` must be set. */
void kc_rtx_cache_store(KcRtxCache *cache, const KcRtxPacket *packet);

/* The packet to send again, or NULL: it is gone, or was sent again just now (`rtt_us` or KC_RTX_RESEND_MIN_US ago).
 * Valid until the next store. */
const KcRtxPacket *kc_rtx_cache_take(KcRtxCache *cache, guint16 seq, gint64 now_us, gint64 rtt_us);

guint kc_rtx_cache_count(const KcRtxCache *cache);

/* The sequence number that a retransmission stands for, which its first two payload bytes are; FALSE: it carries
 * nothing but padding. */
gboolean kc_rtx_original_seq(const KcRtpHeader *rtx, guint16 *ret_seq);
