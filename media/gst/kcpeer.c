/* The element: its pads, what the offer makes of it, and the clockwork (tick). */
#include "media/gst/kcpeer_private.h"
#include "src/base/timestamp.h"

#include <string.h>

G_DEFINE_FINAL_TYPE(KcPeer, kc_peer, GST_TYPE_ELEMENT)

#define RTP_CAPS GST_STATIC_CAPS("application/x-rtp")

static GstStaticPadTemplate templates[] = {
    GST_STATIC_PAD_TEMPLATE("audio_src", GST_PAD_SRC, GST_PAD_ALWAYS, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_src", GST_PAD_SRC, GST_PAD_ALWAYS, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("audio_sink_%u", GST_PAD_SINK, GST_PAD_SOMETIMES, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_sink_%u", GST_PAD_SINK, GST_PAD_SOMETIMES, RTP_CAPS),
};

static void
kc_peer_finalize(GObject *object)
{
    KcPeer *self = KC_PEER(object);
    for (guint slot = 0; slot < KC_PEER_SLOTS; slot++) {
        for (guint m = 0; m < KC_N_MEDIA; m++)
            kc_rtx_cache_free(self->out[slot][m].cache);
    }
    g_clear_object(&self->pool);
    G_OBJECT_CLASS(kc_peer_parent_class)->finalize(object);
}

static void
kc_peer_dispose(GObject *object)
{
    KcPeer *self = KC_PEER(object);
    if (self->timers != NULL)
        kc_timers_cancel(self->timers, &self->nack_timer);
    self->timers = NULL;
    G_OBJECT_CLASS(kc_peer_parent_class)->dispose(object);
}

static void
kc_peer_class_init(KcPeerClass *klass)
{
    GstElementClass *element_class = GST_ELEMENT_CLASS(klass);
    for (gsize i = 0; i < G_N_ELEMENTS(templates); i++)
        gst_element_class_add_static_pad_template(element_class, &templates[i]);
    gst_element_class_set_static_metadata(element_class, "Participant of a call", "Source/Sink/Network",
                                          "RTP to and from one participant, on the transport's thread", "kuaichu");
    G_OBJECT_CLASS(klass)->finalize = kc_peer_finalize;
    G_OBJECT_CLASS(klass)->dispose = kc_peer_dispose;
}

static void
nack_timer_run(gint64 now_us, gpointer user)
{
    kc_peer_in_poll_nack(user, now_us);
}

static void
kc_peer_init(KcPeer *self)
{
    for (guint m = 0; m < KC_N_MEDIA; m++) {
        KcPeerIn *in = &self->in[m];
        in->format.media = m;
        in->pad = gst_pad_new_from_static_template(&templates[m], templates[m].name_template);
        gst_pad_set_event_function(in->pad, kc_peer_in_event);
        gst_pad_set_element_private(in->pad, in);
        gst_element_add_pad(GST_ELEMENT(self), in->pad);
    }
    self->own_ssrc = g_random_int() | 1;
    self->stats.rtt_us = -1;
    self->nack_timer.func = nack_timer_run;
    self->nack_timer.user = self;
}

static void
slot_add(KcPeer *self)
{
    for (guint m = 0; m < KC_N_MEDIA; m++) {
        KcPeerOut *out = &self->out[self->n_slots][m];
        g_autofree char *name = g_strdup_printf("%s_sink_%u", kc_media_name(m), self->n_slots);
        out->format.media = m;
        out->pad = gst_pad_new_from_static_template(&templates[2 + m], name);
        gst_pad_set_chain_function(out->pad, kc_peer_out_chain);
        gst_pad_set_event_function(out->pad, kc_peer_out_event);
        gst_pad_set_query_function(out->pad, kc_peer_out_query);
        gst_pad_set_element_private(out->pad, out);
        gst_pad_set_active(out->pad, TRUE);
        gst_element_add_pad(GST_ELEMENT(self), out->pad);
    }
    self->n_slots++;
}

/* ---- what the offer makes of it ---------------------------------------------------------------------------------- */

static guint32
new_ssrc(void)
{
    guint32 ssrc = g_random_int();
    return ssrc != 0 ? ssrc : 1;
}

static void
in_set(KcPeerIn *in, const KcSdpSection *section)
{
    in->format.present = TRUE;
    in->format.payload_type = section->payload_type;
    in->format.rtx_payload_type = section->rtx_payload_type;
    in->format.ext_transport_cc = section->ext_transport_cc;
    in->format.ext_abs_send_time = section->ext_abs_send_time;
    in->wants_nack = (section->feedback & KC_SDP_FB_NACK) != 0;
}

static void
out_set(KcPeerOut *out, const KcSdpSection *section)
{
    out->format.present = TRUE;
    out->format.payload_type = section->payload_type;
    out->format.ssrc = new_ssrc();
    /* Feedback needs its negotiation: numbers nobody reports on are left out. */
    if ((section->feedback & KC_SDP_FB_TRANSPORT_CC) != 0)
        out->format.ext_transport_cc = section->ext_transport_cc;
    out->format.ext_abs_send_time = section->ext_abs_send_time;
    if (section->rtx_payload_type != 0) {
        out->format.rtx_payload_type = section->rtx_payload_type;
        out->format.rtx_ssrc = new_ssrc();
        out->rtx_seq = (guint16)g_random_int();
        out->cache = kc_rtx_cache_new(kc_packet_unref);
    }
}

static KcMedia
media_of(const KcSdpSection *section)
{
    return section->kind == KC_SDP_VIDEO ? KC_VIDEO : KC_AUDIO;
}

const KcSdpSection *
kc_peer_slot_section(const KcSdpOffer *offer, KcMedia media, guint slot)
{
    for (guint i = 0; i < offer->n_sections; i++) {
        const KcSdpSection *section = &offer->sections[i];
        if (section->accepted && media_of(section) == media && (section->direction & KC_SDP_RECV) != 0 && slot-- == 0)
            return section;
    }
    return NULL;
}

/* What the participant sends: the first section of a kind that it sends by. */
static void
senders_apply(KcPeer *self, const KcSdpOffer *offer)
{
    for (guint i = 0; i < offer->n_sections; i++) {
        const KcSdpSection *section = &offer->sections[i];
        if (!section->accepted)
            continue;
        KcPeerIn *in = &self->in[media_of(section)];
        if ((section->direction & KC_SDP_SEND) != 0 && !in->format.present)
            in_set(in, section);
        self->reduced_size |= section->reduced_size;
    }
}

static void
slots_apply(KcPeer *self, const KcSdpOffer *offer)
{
    while (self->n_slots < KC_PEER_SLOTS) {
        guint slot = self->n_slots;
        const KcSdpSection *audio = kc_peer_slot_section(offer, KC_AUDIO, slot);
        const KcSdpSection *video = kc_peer_slot_section(offer, KC_VIDEO, slot);
        if (audio == NULL && video == NULL)
            break;
        slot_add(self);
        if (audio != NULL)
            out_set(&self->out[slot][KC_AUDIO], audio);
        if (video != NULL)
            out_set(&self->out[slot][KC_VIDEO], video);
    }
    for (int m = KC_N_MEDIA - 1; m >= 0; m--) {
        if (self->out[0][m].format.present)
            self->own_ssrc = self->out[0][m].format.ssrc;
    }
}

KcPeer *
kc_peer_new(const char *name, const KcSdpOffer *offer, GstBufferPool *pool, KcTimers *timers,
            const KcPeerOutput *output)
{
    KcPeer *self = g_object_new(KC_TYPE_PEER, "name", name, NULL);
    self->pool = g_object_ref(pool);
    self->timers = timers;
    self->output = *output;
    senders_apply(self, offer);
    slots_apply(self, offer);
    return self;
}

void
kc_peer_sends(KcPeer *self, const KcSdpOffer *offer, KcSdpSend ret_sends[KC_SDP_SECTIONS_MAX])
{
    static const char *const streams[KC_PEER_SLOTS] = {"other", "other-1", "other-2"};
    static const char *const tracks[KC_PEER_SLOTS][KC_N_MEDIA] = {
        {"other-audio", "other-video"}, {"other-audio-1", "other-video-1"}, {"other-audio-2", "other-video-2"}};
    memset(ret_sends, 0, KC_SDP_SECTIONS_MAX * sizeof *ret_sends);
    for (guint slot = 0; slot < self->n_slots; slot++) {
        for (guint m = 0; m < KC_N_MEDIA; m++) {
            const KcSdpSection *section = kc_peer_slot_section(offer, m, slot);
            const KcRtpFormat *format = &self->out[slot][m].format;
            if (section != NULL)
                ret_sends[section - offer->sections] =
                    (KcSdpSend){format->ssrc, format->rtx_ssrc, streams[slot], tracks[slot][m]};
        }
    }
}

guint
kc_peer_slots(const KcPeer *self)
{
    return self->n_slots;
}

void
kc_peer_set_relayed(KcPeer *self, gboolean relayed)
{
    if (self->relayed == relayed)
        return;
    self->relayed = relayed;
    self->thinning = (KcThinning){0};
    if (relayed)
        kc_transport_cc_take_over(&self->transport_cc);
}

void
kc_peer_expect_feedback(KcPeer *self, const KcPeer *other, gint64 now_us)
{
    if (self->relayed || other->out[0][KC_VIDEO].format.ext_transport_cc == 0)
        return;
    kc_transport_cc_expect(&self->transport_cc);
    kc_peer_in_poll_transport_cc(self, now_us);
}

guint
kc_peer_thinning(const KcPeer *self)
{
    return self->thinning.level;
}

/* ---- the clockwork ------------------------------------------------------------------------------------------------
 */

void
kc_peer_connected(KcPeer *self, gint64 now_us)
{
    self->connected = TRUE;
    kc_peer_want_keyframe(self, now_us);
    kc_peer_out_want_keyframe(self);
}

void
kc_peer_want_keyframe(KcPeer *self, gint64 now_us)
{
    kc_keyframe_want(&self->keyframe);
    kc_peer_in_poll_keyframe(self, now_us);
}

/* After a silence nothing of before it can be had again, in either direction: only a keyframe brings the picture back,
 * and the wish for one may have gone into the silence. */
void
kc_peer_heard(KcPeer *self, gint64 now_us)
{
    gboolean back = self->heard_us != 0 && now_us - self->heard_us > KC_PEER_SILENCE_US;
    self->heard_us = now_us;
    if (!back)
        return;
    kc_nack_reset(&self->nack);
    kc_keyframe_init(&self->keyframe);
    kc_peer_want_keyframe(self, now_us);
    kc_peer_out_want_keyframe(self);
}

void
kc_peer_feedback_begin(const KcPeer *self, KcRtcpWriter *writer)
{
    writer->len = 0;
    if (!self->reduced_size)
        kc_rtcp_write_rr(writer, self->own_ssrc, NULL, 0);
}

void
kc_peer_send_rtcp(KcPeer *self, const KcRtcpWriter *writer)
{
    if (self->connected && writer->len > 0)
        self->output.send_rtcp(self->output.user, writer->data, writer->len);
}

void
kc_peer_receive_rtcp(KcPeer *self, const guint8 *data, gsize bytes, gint64 now_us)
{
    gsize offset = 0;
    KcRtcpPart part;
    gint64 now_unix_us = kc_timestamp_steady_us();
    self->now_us = now_us;
    kc_peer_heard(self, now_us);
    while (kc_rtcp_next(data, bytes, &offset, &part)) {
        KcRtcpSenderInfo info;
        KcRtcpBlock block;
        if (kc_rtcp_sender_info(&part, &info))
            kc_peer_in_sender_report(self, &info, now_us, now_unix_us);
        for (guint i = 0; kc_rtcp_block(&part, i, &block); i++)
            kc_peer_out_block(self, &block, now_us, now_unix_us);
        kc_peer_out_feedback(self, &part, now_us);
    }
}

static void
reports_send(KcPeer *self, gint64 now_us, gint64 now_unix_us)
{
    KcRtcpBlock blocks[KC_N_MEDIA];
    KcRtcpWriter writer = {.len = 0};
    guint n = kc_peer_in_blocks(self, now_us, blocks);
    if (!kc_peer_out_reports(self, &writer, now_unix_us, blocks, n))
        kc_rtcp_write_rr(&writer, self->own_ssrc, blocks, n);
    kc_rtcp_write_sdes(&writer, self->own_ssrc, KC_PEER_CNAME);
    kc_peer_send_rtcp(self, &writer);
}

void
kc_peer_tick(KcPeer *self, gint64 now_us, gint64 now_unix_us)
{
    self->now_us = now_us;
    if (!self->connected)
        return;
    kc_peer_in_poll_nack(self, now_us);
    kc_peer_in_poll_keyframe(self, now_us);
    kc_peer_in_poll_transport_cc(self, now_us);
    if (now_us - self->reported_us < KC_PEER_REPORT_US)
        return;
    self->reported_us = now_us;
    reports_send(self, now_us, now_unix_us);
}

void
kc_peer_goodbye(KcPeer *self)
{
    KcRtcpWriter writer = {.len = 0};
    kc_rtcp_write_rr(&writer, self->own_ssrc, NULL, 0);
    kc_rtcp_write_sdes(&writer, self->own_ssrc, KC_PEER_CNAME);
    for (guint slot = 0; slot < self->n_slots; slot++) {
        for (guint m = 0; m < KC_N_MEDIA; m++) {
            if (self->out[slot][m].format.present)
                kc_rtcp_write_bye(&writer, self->out[slot][m].format.ssrc);
        }
    }
    kc_peer_send_rtcp(self, &writer);
    self->connected = FALSE;
}

const KcPeerStats *
kc_peer_stats(const KcPeer *self)
{
    return &self->stats;
}

gboolean
kc_peer_may_send(const KcPeer *self)
{
    return self->in[KC_AUDIO].format.present || self->in[KC_VIDEO].format.present;
}
