/* To the participant: rewritten packets are sent and kept for a while; its feedback goes upstream or is answered. */
#include "media/gst/kcpeer_private.h"

#include <string.h>

/* ---- packets ------------------------------------------------------------------------------------------------------
 */

static guint
payload_pieces(const KcRtpMeta *meta, struct iovec pieces[2])
{
    guint n = 0;
    if (meta->out_prefix_bytes > 0)
        pieces[n++] = (struct iovec){(gpointer)meta->out_prefix, meta->out_prefix_bytes};
    gsize bytes = (gsize)meta->header.payload_bytes + meta->header.padding_bytes - meta->out_skip;
    pieces[n++] = (struct iovec){(gpointer)(meta->header.payload + meta->out_skip), bytes};
    return n;
}

/* Keeps what may be asked for again: the packet, not the buffer around it, which is wanted for the next one. */
static void
cache_store(KcPeerOut *out, GstBuffer *buffer, const KcRtpMeta *meta, gint64 rtt_us)
{
    KcRtxPacket packet = {
        .owner = kc_packet_ref(kc_rtp_buffer_packet(buffer)),
        .payload = meta->header.payload + meta->out_skip,
        .payload_bytes = (guint16)(meta->header.payload_bytes - meta->out_skip),
        .seq = meta->out_seq,
        .timestamp = meta->out_timestamp,
        .marker = meta->header.marker,
        .stored_us = (gint64)(GST_BUFFER_DTS(buffer) / 1000),
    };
    guint osn = meta->out_is_rtx ? 2 : 0; /* that goes before the payload is not the packet's own */
    packet.prefix_bytes = (guint8)(meta->out_prefix_bytes - osn);
    memcpy(packet.prefix, meta->out_prefix + osn, packet.prefix_bytes);
    kc_rtx_cache_store(out->cache, &packet, rtt_us);
}

GstFlowReturn
kc_peer_out_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    KcPeer *self = KC_PEER(parent);
    KcPeerOut *out = gst_pad_get_element_private(pad);
    KcRtpMeta *meta = kc_rtp_meta_get(buffer);
    if (!self->connected || meta == NULL || meta->out_bytes == 0) {
        gst_buffer_unref(buffer);
        return GST_FLOW_OK;
    }
    if (meta->out_is_rtx)
        kc_put_u16(meta->out + 2, out->rtx_seq++);
    struct iovec pieces[2];
    guint n = payload_pieces(meta, pieces);
    gboolean sent = self->output.send_rtp(self->output.user, meta->out, meta->out_bytes, pieces, n);
    if (sent) {
        self->stats.packets_out++;
        self->stats.bytes_out += meta->out_bytes + pieces[0].iov_len + (n > 1 ? pieces[1].iov_len : 0);
    }
    if (sent && !meta->out_is_rtx) {
        out->packets++;
        out->bytes += meta->header.payload_bytes;
    }
    gboolean stands_for_media = meta->header.payload_bytes > (meta->is_rtx ? 2 : 0);
    if (sent && out->cache != NULL && stands_for_media)
        cache_store(out, buffer, meta, self->stats.rtt_us);
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
}

/* ---- events and caps ----------------------------------------------------------------------------------------------
 */

gboolean
kc_peer_out_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    KcPeerOut *out = gst_pad_get_element_private(pad);
    if (kc_event_sender_time(event, &out->time))
        out->has_time = TRUE;
    gst_event_unref(event);
    return TRUE;
}

gboolean
kc_peer_out_query(GstPad *pad, GstObject *parent, GstQuery *query)
{
    const KcPeerOut *out = gst_pad_get_element_private(pad);
    if (GST_QUERY_TYPE(query) == GST_QUERY_ACCEPT_CAPS) {
        gst_query_set_accept_caps_result(query, TRUE);
        return TRUE;
    }
    if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS)
        return gst_pad_query_default(pad, parent, query);
    g_autoptr(GstCaps) caps = kc_rtp_format_to_caps(&out->format);
    gst_query_set_caps_result(query, caps);
    return TRUE;
}

void
kc_peer_out_want_keyframe(KcPeer *self)
{
    for (guint slot = 0; slot < self->n_slots; slot++)
        gst_pad_push_event(self->out[slot][KC_VIDEO].pad, kc_event_new_keyframe());
}

/* The participant asks. Everybody pays for a keyframe: one who loses much must not have one each second. */
static void
keyframe_pass(KcPeer *self, KcPeerOut *out, gint64 now_us)
{
    if (self->thinning.level > 0 && out->keyframe_us != 0 && now_us - out->keyframe_us < KC_PEER_THIN_KEYFRAME_US)
        return;
    out->keyframe_us = now_us;
    gst_pad_push_event(out->pad, kc_event_new_keyframe());
}

/* ---- feedback -----------------------------------------------------------------------------------------------------
 */

typedef struct {
    KcPeer *peer;
    KcPeerOut *out;
    gint64 now_us;
} NackAnswer;

static void
nack_answer(guint16 seq, gpointer user)
{
    const NackAnswer *answer = user;
    KcPeer *self = answer->peer;
    KcPeerOut *out = answer->out;
    const KcRtxPacket *packet = kc_rtx_cache_take(out->cache, seq, answer->now_us, self->stats.rtt_us);
    if (packet == NULL)
        return;
    KcRtpHeader header = {
        .payload_type = out->format.rtx_payload_type,
        .marker = packet->marker,
        .seq = out->rtx_seq++,
        .timestamp = packet->timestamp,
        .ssrc = out->format.rtx_ssrc,
    };
    guint8 data[KC_RTP_HEADER_MAX_BYTES];
    gsize bytes = kc_rtp_header_write(&header, NULL, 0, data);
    guint8 prefix[2 + sizeof packet->prefix];
    kc_put_u16(prefix, packet->seq);
    memcpy(prefix + 2, packet->prefix, packet->prefix_bytes);
    struct iovec pieces[2] = {{prefix, 2 + (gsize)packet->prefix_bytes},
                              {(gpointer)packet->payload, packet->payload_bytes}};
    if (self->output.send_rtp(self->output.user, data, bytes, pieces, 2)) {
        self->stats.nacks_answered++;
        self->stats.packets_out++;
        self->stats.bytes_out += bytes + pieces[0].iov_len + pieces[1].iov_len;
    }
}

static KcPeerOut *
out_find(KcPeer *self, guint32 ssrc)
{
    for (guint slot = 0; slot < self->n_slots; slot++) {
        for (guint m = 0; m < KC_N_MEDIA; m++) {
            if (self->out[slot][m].format.present && self->out[slot][m].format.ssrc == ssrc)
                return &self->out[slot][m];
        }
    }
    return NULL;
}

/* Transport-wide feedback is about everything that the participant is sent, and goes to whoever sent it, once. */
static void
transport_cc_pass(KcPeer *self, const guint8 *fci, gsize bytes)
{
    if (self->relayed || bytes < 8 || bytes > KC_RTCP_MAX_BYTES - 32)
        return;
    for (guint slot = 0; slot < self->n_slots; slot++) {
        if (gst_pad_push_event(self->out[slot][KC_VIDEO].pad, kc_event_new_transport_cc(fci, bytes)))
            return;
    }
}

static void
fir_each(KcPeer *self, const guint8 *fci, gsize bytes, gint64 now_us)
{
    for (guint slot = 0; slot < self->n_slots; slot++) {
        KcPeerOut *out = &self->out[slot][KC_VIDEO];
        if (out->format.present && kc_rtcp_fir_names(fci, bytes, out->format.ssrc))
            keyframe_pass(self, out, now_us);
    }
}

void
kc_peer_out_feedback(KcPeer *self, const KcRtcpPart *part, gint64 now_us)
{
    guint32 ssrc = 0;
    const guint8 *fci = NULL;
    gsize bytes = 0;
    if (!kc_rtcp_feedback(part, &ssrc, &fci, &bytes))
        return;
    KcPeerOut *out = out_find(self, ssrc);
    if (part->type == KC_RTCP_RTPFB && part->count == KC_RTPFB_TRANSPORT_CC) {
        transport_cc_pass(self, fci, bytes);
    } else if (part->type == KC_RTCP_RTPFB && part->count == KC_RTPFB_NACK && out != NULL && out->cache != NULL) {
        NackAnswer answer = {self, out, now_us};
        kc_rtcp_nack_each(fci, bytes, nack_answer, &answer);
    } else if (part->type == KC_RTCP_PSFB && part->count == KC_PSFB_PLI && out != NULL &&
               out->format.media == KC_VIDEO) {
        keyframe_pass(self, out, now_us);
    } else if (part->type == KC_RTCP_PSFB && part->count == KC_PSFB_FIR) {
        fir_each(self, fci, bytes, now_us);
    }
}

/* Of the slots that the participant still reports on. */
static guint
worst_loss(const KcPeer *self, gint64 now_us)
{
    guint worst = 0;
    for (guint slot = 0; slot < self->n_slots; slot++) {
        for (guint m = 0; m < KC_N_MEDIA; m++) {
            const KcPeerOut *out = &self->out[slot][m];
            if (now_us - out->lost_us < KC_PEER_LOSS_AGE_US)
                worst = MAX(worst, out->fraction_lost);
        }
    }
    return worst;
}

void
kc_peer_out_block(KcPeer *self, const KcRtcpBlock *block, gint64 now_us, gint64 now_unix_us)
{
    KcPeerOut *out = out_find(self, block->ssrc);
    if (out == NULL)
        return;
    out->fraction_lost = block->fraction_lost;
    out->lost_us = now_us;
    self->stats.loss_out_permille = worst_loss(self, now_us) * 1000 / 256;
    if (!self->relayed)
        gst_pad_push_event(out->pad, kc_event_new_loss(block->fraction_lost));
    else
        kc_thinning_report(&self->thinning, block->fraction_lost, now_us);
    gint64 rtt_us = kc_round_trip_us(block, kc_ntp_from_unix_us(now_unix_us));
    if (rtt_us < 0)
        return;
    self->stats.rtt_us = self->stats.rtt_us < 0 ? rtt_us : (7 * self->stats.rtt_us + rtt_us) / 8;
    if (self->output.round_trip != NULL)
        self->output.round_trip(self->output.user, self->stats.rtt_us);
}

gboolean
kc_peer_out_reports(KcPeer *self, KcRtcpWriter *writer, gint64 now_unix_us, const KcRtcpBlock *blocks, guint n_blocks)
{
    gboolean any = FALSE;
    for (guint i = 0; i < self->n_slots * KC_N_MEDIA; i++) {
        guint m = i % KC_N_MEDIA;
        const KcPeerOut *out = &self->out[i / KC_N_MEDIA][m];
        if (!out->format.present || !out->has_time || out->packets == 0)
            continue;
        gint64 since_us = now_unix_us - out->time.unix_us;
        KcRtcpSenderInfo info = {
            .ssrc = out->format.ssrc,
            .ntp = kc_ntp_from_unix_us(now_unix_us),
            .rtp = out->time.rtp + (guint32)(since_us * kc_media_clock_rate(m) / G_USEC_PER_SEC),
            .packets = out->packets,
            .bytes = out->bytes,
        };
        /* The blocks go with the first report. */
        kc_rtcp_write_sr(writer, &info, any ? NULL : blocks, any ? 0 : n_blocks);
        any = TRUE;
    }
    return any;
}
