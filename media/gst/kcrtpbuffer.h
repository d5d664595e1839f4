/* Received packets as GstBuffers that are made once and used again: no allocation and no copy for a packet.
 *
 * A buffer of this pool has one memory, which is the transport's packet (header and all, decrypted), and one KcRtpMeta.
 * It gives the packet back when its last reference goes. The memory is read-only: it is shared by the live path, the
 * cache of retransmissions and the recorder. */
#pragma once

#include "media/rtp/header.h"
#include "media/transport/packet.h"

#include <gst/gst.h>

/* What kcpeer has read of a packet, and how kcroute wants it to leave. */
typedef struct {
    GstMeta meta;
    KcRtpHeader header;   /* as it came; points into the packet */
    gboolean is_rtx;      /* it came on the retransmission stream */
    guint16 original_seq; /* is_rtx and has payload: the number that it stands for, as it came */
    /* Set by kcroute, just before the push to the pad that the buffer leaves by. */
    guint8 out[KC_RTP_HEADER_MAX_BYTES]; /* header */
    guint8 out_bytes;
    guint8 out_skip;     /* bytes of the payload's beginning that don't leave: what out_prefix stands for */
    gboolean out_is_rtx; /* leaves on the retransmission stream; its number is given by the sender */
    guint8 out_prefix[8]; /* goes before the payload: the original number if out_is_rtx, another VP8 descriptor */
    guint8 out_prefix_bytes;
    guint16 out_seq; /* numbers on the media stream, also if out_is_rtx */
    guint32 out_timestamp;
} KcRtpMeta;

/* NULL for a buffer of another origin. */
KcRtpMeta *kc_rtp_meta_get(GstBuffer *buffer);

/* An active pool without a limit of its own (packets are limited by theirs). Free with gst_buffer_pool_set_active FALSE
 * and gst_object_unref. */
GstBufferPool *kc_rtp_buffer_pool_new(void);

/* The packet in a buffer of such a pool; borrowed. */
KcPacket *kc_rtp_buffer_packet(GstBuffer *buffer);

/* A buffer around `packet` (a reference is taken) with header and DTS (arrival, monotonic) set. */
GstBuffer *kc_rtp_buffer_new(GstBufferPool *pool, KcPacket *packet, const KcRtpHeader *header);
