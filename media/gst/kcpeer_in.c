/* From the participant: packets become buffers, holes become NACKs, wants become PLIs. */
#include "media/gst/kcpeer_private.h"

#include "media/rtp/vp8.h"

#include <string.h>

/* ---- packets ------------------------------------------------------------------------------------------------------
 */

/* Streams are told apart by payload type, which is unique in a bundle; SSRCs needn't be announced. */
static KcPeerIn *
in_find(KcPeer *self, guint8 payload_type, gboolean *ret_is_rtx)
{
    for (int m = 0; m < KC_N_MEDIA; m++) {
        KcPeerIn *in = &self->in[m];
        if (!in->format.present)
            continue;
        *ret_is_rtx = in->format.rtx_payload_type != 0 && payload_type == in->format.rtx_payload_type;
        if (*ret_is_rtx || payload_type == in->format.payload_type)
            return in;
    }
    return NULL;
}

static void
source_begin(KcPeer *self, KcPeerIn *in, guint32 ssrc)
{
    in->format.ssrc = ssrc;
    in->announced = FALSE;
    in->point.known = FALSE;
    kc_receiver_report_init(&in->report, ssrc, kc_media_clock_rate(in->format.media));
    if (in->format.media != KC_VIDEO)
        return;
    kc_nack_reset(&self->nack);
    kc_keyframe_want(&self->keyframe);
}

static void
announce(KcPeer *self, KcPeerIn *in)
{
    GstSegment segment;
    g_autofree char *id = g_strdup_printf("%s-%08x", kc_media_name(in->format.media), in->format.ssrc);
    in->announced = TRUE;
    gst_pad_push_event(in->pad, gst_event_new_stream_start(id));
    g_autoptr(GstCaps) caps = kc_rtp_format_to_caps(&in->format);
    gst_pad_push_event(in->pad, gst_event_new_caps(caps));
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(in->pad, gst_event_new_segment(&segment));
}

static void
nack_timer_set(KcPeer *self)
{
    gint64 next_us = kc_nack_next_us(&self->nack);
    if (self->timers != NULL && next_us != G_MAXINT64)
        kc_timers_set(self->timers, &self->nack_timer, next_us);
}

static void
nack_feed(KcPeer *self, const KcPeerIn *in, guint16 seq, gint64 now_us)
{
    if (in->format.media != KC_VIDEO || !in->wants_nack)
        return;
    guint before = self->nack.n_missing;
    if (kc_nack_packet(&self->nack, seq, now_us)) {
        self->stats.lost_for_good = self->nack.given_up;
        kc_peer_want_keyframe(self, now_us);
    }
    if (self->nack.n_missing > before)
        nack_timer_set(self);
}

static void
media_packet(KcPeer *self, KcPeerIn *in, const KcRtpHeader *header, const KcPacket *packet, gint64 now_us)
{
    if (!in->report.started || header->ssrc != in->format.ssrc)
        source_begin(self, in, header->ssrc);
    kc_receiver_report_packet(&in->report, header, packet->arrived_us);
    nack_feed(self, in, header->seq, now_us);
    guint width = 0;
    guint height = 0;
    if (in->format.media == KC_VIDEO &&
        kc_vp8_begins_keyframe(header->payload, header->payload_bytes, &width, &height)) {
        kc_keyframe_came(&self->keyframe);
        self->stats.width = width;
        self->stats.height = height;
    }
}

static void
transport_cc_feed(KcPeer *self, const KcPeerIn *in, const KcRtpHeader *header, const KcPacket *packet)
{
    guint bytes = 0;
    if (in->format.ext_transport_cc == 0)
        return;
    const guint8 *value = kc_rtp_extension_find(header, in->format.ext_transport_cc, &bytes);
    if (value != NULL && bytes >= 2)
        kc_transport_cc_packet(&self->transport_cc, kc_get_u16(value), packet->arrived_us);
}

void
kc_peer_receive_rtp(KcPeer *self, KcPacket *packet, gint64 now_us)
{
    KcRtpHeader header;
    gboolean is_rtx = FALSE;
    self->now_us = now_us;
    kc_peer_heard(self, now_us);
    if (!kc_rtp_header_parse(packet->data + packet->offset, packet->len, &header))
        return;
    KcPeerIn *in = in_find(self, header.payload_type, &is_rtx);
    /* A retransmission of a source that is not known yet stands for nothing. */
    if (in == NULL || (is_rtx && !in->report.started))
        return;
    self->stats.packets_in++;
    self->stats.bytes_in += packet->len;
    self->stats.last_rtp_us = now_us;
    transport_cc_feed(self, in, &header, packet);
    guint16 original_seq = 0;
    if (!is_rtx)
        media_packet(self, in, &header, packet, now_us);
    else if (kc_rtx_original_seq(&header, &original_seq))
        nack_feed(self, in, original_seq, now_us);
    if (!in->announced)
        announce(self, in);
    GstBuffer *buffer = kc_rtp_buffer_new(self->pool, packet, &header);
    if (buffer == NULL)
        return;
    KcRtpMeta *meta = kc_rtp_meta_get(buffer);
    meta->is_rtx = is_rtx;
    meta->original_seq = original_seq;
    /* Nobody linked is not an error: the other participant may not be there yet. */
    gst_pad_push(in->pad, buffer);
}

/* ---- what is asked for --------------------------------------------------------------------------------------------
 */

void
kc_peer_in_poll_nack(KcPeer *self, gint64 now_us)
{
    guint16 seqs[KC_NACK_MISSING_MAX];
    gboolean given_up = FALSE;
    if (self->nack.n_missing == 0)
        return;
    guint n = kc_nack_poll(&self->nack, now_us, self->stats.rtt_us, seqs, &given_up);
    if (n > 0) {
        KcRtcpWriter writer;
        kc_peer_feedback_begin(self, &writer);
        kc_rtcp_write_nack(&writer, self->own_ssrc, self->in[KC_VIDEO].format.ssrc, seqs, n);
        kc_peer_send_rtcp(self, &writer);
        self->stats.nacks_sent += n;
    }
    self->stats.lost_for_good = self->nack.given_up;
    if (given_up)
        kc_peer_want_keyframe(self, now_us);
    nack_timer_set(self);
}

void
kc_peer_in_poll_keyframe(KcPeer *self, gint64 now_us)
{
    KcPeerIn *in = &self->in[KC_VIDEO];
    /* Before its first packet there is no SSRC to ask by; a source begins with a keyframe anyway. */
    if (!self->connected || !in->report.started || !kc_keyframe_due(&self->keyframe, now_us))
        return;
    KcRtcpWriter writer;
    kc_peer_feedback_begin(self, &writer);
    kc_rtcp_write_pli(&writer, self->own_ssrc, in->format.ssrc);
    kc_peer_send_rtcp(self, &writer);
    self->stats.plis_sent++;
}

static void
transport_cc_send(KcPeer *self, const guint8 *fci, gsize bytes)
{
    KcRtcpWriter writer;
    const KcPeerIn *in = self->in[KC_VIDEO].report.started ? &self->in[KC_VIDEO] : &self->in[KC_AUDIO];
    kc_peer_feedback_begin(self, &writer);
    kc_rtcp_write_rtpfb(&writer, KC_RTPFB_TRANSPORT_CC, self->own_ssrc, in->format.ssrc, fci, bytes);
    kc_peer_send_rtcp(self, &writer);
}

void
kc_peer_in_poll_transport_cc(KcPeer *self, gint64 now_us)
{
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    gsize bytes = kc_transport_cc_write(&self->transport_cc, now_us, fci);
    if (bytes > 0)
        transport_cc_send(self, fci, bytes);
}

static void
transport_cc_pass(KcPeer *self, GBytes *fci)
{
    guint8 copy[KC_RTCP_MAX_BYTES];
    gsize bytes = 0;
    const guint8 *data = g_bytes_get_data(fci, &bytes);
    if (bytes > sizeof copy)
        return;
    memcpy(copy, data, bytes);
    if (kc_transport_cc_pass(&self->transport_cc, copy, bytes, self->now_us))
        transport_cc_send(self, copy, bytes);
}

/* Upstream events: what those who get this participant's packets want of it. */
gboolean
kc_peer_in_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    KcPeer *self = KC_PEER(parent);
    KcPeerIn *in = gst_pad_get_element_private(pad);
    GBytes *fci = kc_event_transport_cc(event);
    if (kc_event_is_keyframe(event))
        kc_peer_want_keyframe(self, g_get_monotonic_time());
    else if (fci != NULL)
        transport_cc_pass(self, fci);
    else if (kc_event_loss(event, &in->lost_beyond))
        in->lost_beyond_us = self->now_us;
    gst_event_unref(event);
    return TRUE;
}

/* ---- reports ------------------------------------------------------------------------------------------------------
 */

void
kc_peer_in_sender_report(KcPeer *self, const KcRtcpSenderInfo *info, gint64 now_us, gint64 now_unix_us)
{
    for (int m = 0; m < KC_N_MEDIA; m++) {
        KcPeerIn *in = &self->in[m];
        if (!in->report.started || in->format.ssrc != info->ssrc)
            continue;
        kc_receiver_report_sr(&in->report, info, now_us);
        kc_sender_clock_report(&self->clock, &in->point, info, now_unix_us);
        if (self->output.sender_report != NULL)
            self->output.sender_report(self->output.user, in->format.media, info->ntp, info->rtp);
        KcSenderTime time = {.ssrc = info->ssrc, .unix_us = now_unix_us};
        if (in->announced &&
            kc_sender_clock_timestamp(&self->clock, &in->point, kc_media_clock_rate(m), now_unix_us, &time.rtp))
            gst_pad_push_event(in->pad, kc_event_new_sender_time(&time));
    }
}

guint
kc_peer_in_blocks(KcPeer *self, gint64 now_us, KcRtcpBlock ret_blocks[KC_N_MEDIA])
{
    guint n = 0;
    guint worst = 0;
    for (int m = 0; m < KC_N_MEDIA; m++) {
        const KcPeerIn *in = &self->in[m];
        if (!kc_receiver_report_block(&self->in[m].report, now_us, &ret_blocks[n]))
            continue;
        worst = MAX(worst, ret_blocks[n].fraction_lost);
        /* Sound is protected at its source (Opus' in-band FEC), against what is lost all the way. */
        if (m == KC_AUDIO && in->lost_beyond_us != 0 && now_us - in->lost_beyond_us < KC_PEER_LOSS_AGE_US)
            ret_blocks[n].fraction_lost = kc_loss_joined(ret_blocks[n].fraction_lost, in->lost_beyond);
        n++;
    }
    self->stats.loss_in_permille = worst * 1000 / 256;
    return n;
}
