/* How one participant numbers one medium, carried by the caps of the elements' pads.
 *
 *     application/x-rtp, media=video, encoding-name=VP8, clock-rate=90000, payload=96, ssrc=…,
 *         rtx-payload=97, rtx-ssrc=…, extmap-3=<transport-cc>, extmap-2=<abs-send-time>
 *
 * On a source pad of kcpeer: what the participant sends. On a sink pad of kcpeer: what it expects. kcroute rewrites the
 * one into the other. Thread-safe. */
#pragma once

#include <gst/gst.h>

typedef enum {
    KC_AUDIO, /* Opus */
    KC_VIDEO, /* VP8 */
    KC_N_MEDIA
} KcMedia;

typedef struct {
    gboolean present; /* FALSE: the participant has no such section, or not in this direction */
    KcMedia media;
    guint8 payload_type;
    guint8 rtx_payload_type; /* 0: no retransmissions */
    guint32 ssrc;            /* 0: not known yet */
    guint32 rtx_ssrc;
    guint8 ext_transport_cc; /* id of the header extension; 0: not agreed */
    guint8 ext_abs_send_time;
} KcRtpFormat;

/* "audio", "video". */
const char *kc_media_name(KcMedia media);
guint32 kc_media_clock_rate(KcMedia media);

/* Owned. A format that is not present gives empty caps. */
GstCaps *kc_rtp_format_to_caps(const KcRtpFormat *format);

/* Caps that are empty, any, or not of this kind give a format that is not present. */
KcRtpFormat kc_rtp_format_from_caps(const GstCaps *caps);
