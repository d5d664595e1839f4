/* Invariants: a lane is in the list of exactly the source that it carries; a source pad's numbering never has a hole of
 * our making; the record pad gets the packet before the live path rewrites anything. */
#include "media/gst/kcroute.h"

#include "media/gst/kcevents.h"
#include "media/gst/kcformat.h"
#include "media/gst/kcrtpbuffer.h"
#include "media/rtp/layers.h"
#include "media/rtp/rewrite.h"

#include <string.h>

/* One way out of the element. */
typedef struct {
    GstPad *pad;
    gboolean announced;
} Exit;

/* One medium of one slot of a seat: how its participant is sent what another sends. */
typedef struct {
    KcMedia media;
    guint seat;
    guint slot;
    gint source;      /* seat, or KC_ROUTE_NOBODY */
    gint last_source; /* the last that was not nobody */
    Exit src;
    KcRtpFormat format; /* what the participant expects */
    KcRewrite rewrite;
    KcLayers layers; /* of video */
} Lane;

/* One medium of one seat: how its participant sends, and to whom. */
typedef struct {
    KcMedia media;
    guint seat;
    GstPad *sink;
    KcRtpFormat format;
    Exit record;
    Lane *lanes[KC_ROUTE_SLOTS]; /* n_lanes, borrowed */
    guint n_lanes;
} Source;

struct _KcRoute {
    GstElement parent;
    gboolean relayed;
    Source sources[KC_ROUTE_SEATS][KC_N_MEDIA];
    Lane lanes[KC_ROUTE_SEATS][KC_ROUTE_SLOTS][KC_N_MEDIA];
};

G_DEFINE_FINAL_TYPE(KcRoute, kc_route, GST_TYPE_ELEMENT)

#define RTP_CAPS GST_STATIC_CAPS("application/x-rtp")

static GstStaticPadTemplate templates[] = {
    GST_STATIC_PAD_TEMPLATE("audio_sink_%u", GST_PAD_SINK, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_sink_%u", GST_PAD_SINK, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("audio_src_%u_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_src_%u_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("audio_record_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_record_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
};

static void
exit_announce(Exit *way_out, const KcRtpFormat *format)
{
    GstSegment segment;
    g_autofree char *id = g_strdup_printf("%s-%08x", GST_PAD_NAME(way_out->pad), format->ssrc);
    way_out->announced = TRUE;
    gst_pad_push_event(way_out->pad, gst_event_new_stream_start(id));
    g_autoptr(GstCaps) caps = kc_rtp_format_to_caps(format);
    gst_pad_push_event(way_out->pad, gst_event_new_caps(caps));
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(way_out->pad, gst_event_new_segment(&segment));
}

/* ---- to the recorder ----------------------------------------------------------------------------------------------
 */

static void
record(Source *from, GstBuffer *buffer, const KcRtpMeta *meta)
{
    /* Padding goes to the recorder too: it accounts for a sequence number. A probe on the RTX stream does not. */
    if (from->record.pad == NULL || (meta->is_rtx && meta->header.payload_bytes <= 2))
        return;
    if (!from->record.announced)
        exit_announce(&from->record, &from->format);
    gst_pad_push(from->record.pad, gst_buffer_ref(buffer));
}

/* ---- to the other participants ------------------------------------------------------------------------------------
 */

/* The extensions that both sides have agreed, by the receiver's ids. Several senders' transport-wide numbers can't be
 * one receiver's. */
static guint
extensions_map(const KcRtpHeader *header, const KcRtpFormat *in, const KcRtpFormat *out, gboolean relayed,
               KcRtpExtension ret[2])
{
    const guint8 ids[2][2] = {{in->ext_transport_cc, out->ext_transport_cc},
                              {in->ext_abs_send_time, out->ext_abs_send_time}};
    guint n = 0;
    for (guint i = relayed ? 1 : 0; i < 2; i++) {
        guint bytes = 0;
        if (ids[i][0] == 0 || ids[i][1] == 0)
            continue;
        const guint8 *value = kc_rtp_extension_find(header, ids[i][0], &bytes);
        if (value != NULL && bytes >= 1 && bytes <= 16)
            ret[n++] = (KcRtpExtension){ids[i][1], (guint8)bytes, value};
    }
    return n;
}

/* The receiver's format is asked for once, at the first packet. */
static gboolean
lane_prepare(Lane *to)
{
    if (to->src.announced)
        return to->format.present;
    g_autoptr(GstCaps) caps = gst_pad_peer_query_caps(to->src.pad, NULL);
    to->format = kc_rtp_format_from_caps(caps);
    if (to->format.present)
        exit_announce(&to->src, &to->format);
    to->src.announced = TRUE;
    return to->format.present;
}

/* FALSE: the packet is not for this receiver, and its number is closed up where that can be. */
static gboolean
lane_takes(Lane *to, const KcRtpMeta *meta, const KcVp8Descriptor *vp8, gboolean relayed)
{
    const KcRtpHeader *header = &meta->header;
    if (meta->is_rtx)
        return !relayed || header->payload_bytes > 2;
    if (header->payload_bytes == 0)
        return !relayed || !kc_rewrite_drop(&to->rewrite, header->ssrc, header->seq, FALSE);
    if (vp8 == NULL)
        return TRUE;
    guint width = 0;
    guint height = 0;
    gboolean key = kc_vp8_begins_keyframe(header->payload, header->payload_bytes, &width, &height);
    switch (kc_layers_packet(&to->layers, vp8, header->timestamp, key)) {
    case KC_LAYERS_WAIT:
        return FALSE;
    case KC_LAYERS_DROP:
        return !kc_rewrite_drop(&to->rewrite, header->ssrc, header->seq, vp8->begins_frame);
    default:
        return TRUE;
    }
}

/* Numbers for a packet, and how it leaves. FALSE: it has no place in what the receiver sees. */
static gboolean
numbers_map(Lane *to, const Source *from, KcRtpMeta *meta, gint64 now_us, KcRtpHeader *header)
{
    guint32 ssrc = from->format.ssrc;
    meta->out_is_rtx = FALSE;
    meta->out_prefix_bytes = meta->out_skip = 0;
    header->ssrc = to->format.ssrc;
    header->payload_type = to->format.payload_type;
    if (!meta->is_rtx) {
        gboolean ok = kc_rewrite_apply(&to->rewrite, ssrc, meta->header.seq, meta->header.timestamp, now_us,
                                       &meta->out_seq, &meta->out_timestamp);
        header->seq = meta->out_seq;
        header->timestamp = meta->out_timestamp;
        return ok;
    }
    gboolean has_original = meta->header.payload_bytes >= 2;
    if (has_original && !kc_rewrite_map_seq(&to->rewrite, ssrc, meta->original_seq, &meta->out_seq))
        return FALSE;
    if (!kc_rewrite_map_timestamp(&to->rewrite, ssrc, meta->header.timestamp, &meta->out_timestamp))
        return FALSE;
    header->timestamp = meta->out_timestamp;
    header->seq = meta->out_seq;
    meta->out_skip = has_original ? 2 : 0;
    if (to->format.rtx_payload_type == 0) /* as the packet itself */
        return has_original;
    meta->out_is_rtx = TRUE;
    if (has_original) {
        kc_put_u16(meta->out_prefix, meta->out_seq);
        meta->out_prefix_bytes = 2;
    }
    header->ssrc = to->format.rtx_ssrc;
    header->payload_type = to->format.rtx_payload_type;
    return TRUE;
}

/* Another descriptor takes the place of the packet's own where its pictures have other numbers for this receiver. */
static void
pictures_map(Lane *to, KcRtpMeta *meta, const KcVp8Descriptor *vp8)
{
    guint16 pictures = 0;
    guint8 tl0 = 0;
    guint16 seq = meta->is_rtx ? meta->original_seq : meta->header.seq;
    if (!kc_layers_number(&to->layers, &to->rewrite, vp8, seq, &pictures, &tl0))
        return;
    kc_vp8_descriptor_shift(meta->header.payload + meta->out_skip, vp8, pictures, tl0,
                            meta->out_prefix + meta->out_prefix_bytes);
    meta->out_prefix_bytes += vp8->bytes;
    meta->out_skip += vp8->bytes;
}

static gboolean
rewrite(Lane *to, const Source *from, KcRtpMeta *meta, const KcVp8Descriptor *vp8, gboolean relayed, gint64 now_us)
{
    KcRtpExtension extensions[2];
    KcRtpHeader header = meta->header;
    meta->out_bytes = 0;
    if (!numbers_map(to, from, meta, now_us, &header))
        return FALSE;
    if (vp8 != NULL)
        pictures_map(to, meta, vp8);
    guint n = extensions_map(&meta->header, &from->format, &to->format, relayed, extensions);
    meta->out_bytes = (guint8)kc_rtp_header_write(&header, extensions, n, meta->out);
    return meta->out_bytes > 0;
}

/* NULL: not a packet of VP8 with something in it. */
static const KcVp8Descriptor *
vp8_read(const Source *from, const KcRtpMeta *meta, KcVp8Descriptor *descriptor)
{
    guint skip = meta->is_rtx ? 2 : 0;
    if (from->media != KC_VIDEO || meta->header.payload_bytes <= skip ||
        !kc_vp8_descriptor_parse(meta->header.payload + skip, meta->header.payload_bytes - skip, descriptor))
        return NULL;
    return descriptor;
}

static GstFlowReturn
sink_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    KcRoute *self = KC_ROUTE(parent);
    Source *from = gst_pad_get_element_private(pad);
    KcRtpMeta *meta = kc_rtp_meta_get(buffer);
    if (meta == NULL) {
        gst_buffer_unref(buffer);
        return GST_FLOW_OK;
    }
    record(from, buffer, meta);
    KcVp8Descriptor descriptor;
    const KcVp8Descriptor *vp8 = vp8_read(from, meta, &descriptor);
    gint64 now_us = (gint64)(GST_BUFFER_DTS(buffer) / 1000);
    for (guint i = 0; i < from->n_lanes; i++) {
        Lane *to = from->lanes[i];
        if (lane_prepare(to) && lane_takes(to, meta, vp8, self->relayed) &&
            rewrite(to, from, meta, vp8, self->relayed, now_us))
            gst_pad_push(to->src.pad, gst_buffer_ref(buffer));
    }
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
}

/* ---- who is in which slot -----------------------------------------------------------------------------------------
 */

static void
lane_detach(KcRoute *self, Lane *lane)
{
    Source *from = lane->source != KC_ROUTE_NOBODY ? &self->sources[lane->source][lane->media] : NULL;
    for (guint i = 0; from != NULL && i < from->n_lanes; i++) {
        if (from->lanes[i] == lane)
            from->lanes[i] = from->lanes[--from->n_lanes];
    }
    lane->source = KC_ROUTE_NOBODY;
}

static void
lane_attach(KcRoute *self, Lane *lane, guint seat)
{
    Source *from = &self->sources[seat][lane->media];
    from->lanes[from->n_lanes++] = lane;
    lane->source = (gint)seat;
    if (lane->rewrite.started && lane->last_source != lane->source) {
        kc_layers_wait(&lane->layers);
        kc_rewrite_restart(&lane->rewrite);
    }
    lane->last_source = lane->source;
    if (lane->media == KC_VIDEO && from->sink != NULL)
        gst_pad_push_event(from->sink, kc_event_new_keyframe());
}

void
kc_route_set_slot(KcRoute *self, guint seat, guint slot, gint source)
{
    g_return_if_fail(seat < KC_ROUTE_SEATS && slot < KC_ROUTE_SLOTS && source < KC_ROUTE_SEATS);
    for (guint m = 0; m < KC_N_MEDIA; m++) {
        Lane *lane = &self->lanes[seat][slot][m];
        if (lane->source == source)
            continue;
        lane_detach(self, lane);
        if (source != KC_ROUTE_NOBODY && lane->src.pad != NULL)
            lane_attach(self, lane, (guint)source);
    }
}

void
kc_route_set_layers(KcRoute *self, guint seat, guint slot, gint highest)
{
    Lane *lane = &self->lanes[seat][slot][KC_VIDEO];
    if (!kc_layers_want(&lane->layers, highest))
        return;
    kc_rewrite_restart(&lane->rewrite);
    GstPad *sink = lane->source != KC_ROUTE_NOBODY ? self->sources[lane->source][KC_VIDEO].sink : NULL;
    if (sink != NULL)
        gst_pad_push_event(sink, kc_event_new_keyframe());
}

void
kc_route_set_relayed(KcRoute *self, gboolean relayed)
{
    self->relayed = relayed;
}

/* ---- events -------------------------------------------------------------------------------------------------------
 */

static void
sender_time_forward(Lane *to, const KcSenderTime *time)
{
    KcSenderTime mapped = {.ssrc = to->format.ssrc, .unix_us = time->unix_us};
    if (!to->src.announced || !to->format.present)
        return;
    if (kc_rewrite_map_timestamp(&to->rewrite, time->ssrc, time->rtp, &mapped.rtp))
        gst_pad_push_event(to->src.pad, kc_event_new_sender_time(&mapped));
}

static gboolean
sink_event(GstPad *pad, GstObject *parent G_GNUC_UNUSED, GstEvent *event)
{
    Source *from = gst_pad_get_element_private(pad);
    KcSenderTime time;
    if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
        GstCaps *caps = NULL;
        gst_event_parse_caps(event, &caps);
        from->format = kc_rtp_format_from_caps(caps);
        from->record.announced = FALSE;
    } else if (kc_event_sender_time(event, &time)) {
        for (guint i = 0; i < from->n_lanes; i++)
            sender_time_forward(from->lanes[i], &time);
    }
    gst_event_unref(event);
    return TRUE;
}

/* Takes the event. */
static gboolean
push_upstream(const Source *from, GstEvent *event)
{
    if (from->sink != NULL && GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_UPSTREAM)
        return gst_pad_push_event(from->sink, event);
    gst_event_unref(event);
    return FALSE;
}

static gboolean
record_event(GstPad *pad, GstObject *parent G_GNUC_UNUSED, GstEvent *event)
{
    return push_upstream(gst_pad_get_element_private(pad), event);
}

/* From a receiver, to whom its slot carries. */
static gboolean
src_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    KcRoute *self = KC_ROUTE(parent);
    const Lane *lane = gst_pad_get_element_private(pad);
    if (lane->source != KC_ROUTE_NOBODY && !(self->relayed && kc_event_transport_cc(event) != NULL))
        return push_upstream(&self->sources[lane->source][lane->media], event);
    gst_event_unref(event);
    return FALSE;
}

static gboolean
sink_query(GstPad *pad, GstObject *parent, GstQuery *query)
{
    if (GST_QUERY_TYPE(query) != GST_QUERY_ACCEPT_CAPS)
        return gst_pad_query_default(pad, parent, query);
    gst_query_set_accept_caps_result(query, TRUE);
    return TRUE;
}

/* ---- pads ---------------------------------------------------------------------------------------------------------
 */

/* The numbers at the end of a pad's name: seat, or seat and slot. FALSE: they are none of ours. */
static gboolean
pad_numbers(const char *name, gboolean has_slot, guint64 *ret_seat, guint64 *ret_slot)
{
    g_auto(GStrv) words = g_strsplit(name != NULL ? name : "", "_", -1);
    return g_strv_length(words) == (has_slot ? 4 : 3) &&
           g_ascii_string_to_unsigned(words[2], 10, 0, KC_ROUTE_SEATS - 1, ret_seat, NULL) &&
           (!has_slot || g_ascii_string_to_unsigned(words[3], 10, 0, KC_ROUTE_SLOTS - 1, ret_slot, NULL));
}

static void
src_pad_begin(GstPad *pad, Lane *lane)
{
    lane->src.pad = pad;
    lane->last_source = KC_ROUTE_NOBODY;
    kc_layers_init(&lane->layers);
    kc_rewrite_init(&lane->rewrite, kc_media_clock_rate(lane->media), (guint16)g_random_int_range(0, 0x8000),
                    g_random_int());
    gst_pad_set_element_private(pad, lane);
    gst_pad_set_event_function(pad, src_event);
}

static void
sink_pad_begin(GstPad *pad, Source *from)
{
    from->sink = pad;
    gst_pad_set_element_private(pad, from);
    gst_pad_set_chain_function(pad, sink_chain);
    gst_pad_set_event_function(pad, sink_event);
    gst_pad_set_query_function(pad, sink_query);
}

static void
record_pad_begin(GstPad *pad, Source *from)
{
    from->record.pad = pad;
    gst_pad_set_element_private(pad, from);
    gst_pad_set_event_function(pad, record_event);
}

static GstPad *
kc_route_request_new_pad(GstElement *element, GstPadTemplate *template, const char *name,
                         const GstCaps *caps G_GNUC_UNUSED)
{
    KcRoute *self = KC_ROUTE(element);
    const char *template_name = GST_PAD_TEMPLATE_NAME_TEMPLATE(template);
    KcMedia media = g_str_has_prefix(template_name, "video") ? KC_VIDEO : KC_AUDIO;
    gboolean is_src = strstr(template_name, "_src_") != NULL;
    gboolean is_sink = strstr(template_name, "_sink_") != NULL;
    guint64 seat = 0;
    guint64 slot = 0;
    if (!pad_numbers(name, is_src, &seat, &slot))
        return NULL;
    Source *from = &self->sources[seat][media];
    Lane *lane = &self->lanes[seat][slot][media];
    if ((is_src ? lane->src.pad : is_sink ? from->sink : from->record.pad) != NULL)
        return NULL;
    GstPad *pad = gst_pad_new_from_template(template, name);
    if (is_src)
        src_pad_begin(pad, lane);
    else if (is_sink)
        sink_pad_begin(pad, from);
    else
        record_pad_begin(pad, from);
    gst_pad_set_active(pad, TRUE);
    gst_element_add_pad(element, pad);
    return pad;
}

static void
kc_route_release_pad(GstElement *element, GstPad *pad)
{
    KcRoute *self = KC_ROUTE(element);
    if (strstr(GST_PAD_NAME(pad), "_src_") != NULL) {
        Lane *lane = gst_pad_get_element_private(pad);
        lane_detach(self, lane);
        lane->src = (Exit){0};
    } else {
        Source *from = gst_pad_get_element_private(pad);
        if (pad == from->sink) {
            from->sink = NULL;
            from->format = (KcRtpFormat){0};
        } else {
            from->record = (Exit){0};
        }
    }
    gst_pad_set_active(pad, FALSE);
    gst_element_remove_pad(element, pad);
}

static void
kc_route_class_init(KcRouteClass *klass)
{
    GstElementClass *element_class = GST_ELEMENT_CLASS(klass);
    for (gsize i = 0; i < G_N_ELEMENTS(templates); i++)
        gst_element_class_add_static_pad_template(element_class, &templates[i]);
    gst_element_class_set_static_metadata(element_class, "Route of a call", "Filter/Network/RTP",
                                          "Forwards between participants with continuous numbering", "kuaichu");
    element_class->request_new_pad = kc_route_request_new_pad;
    element_class->release_pad = kc_route_release_pad;
}

static void
kc_route_init(KcRoute *self)
{
    for (guint seat = 0; seat < KC_ROUTE_SEATS; seat++) {
        for (guint m = 0; m < KC_N_MEDIA; m++) {
            self->sources[seat][m].seat = seat;
            self->sources[seat][m].media = m;
            for (guint slot = 0; slot < KC_ROUTE_SLOTS; slot++)
                self->lanes[seat][slot][m] =
                    (Lane){.media = m, .seat = seat, .slot = slot, .source = KC_ROUTE_NOBODY};
        }
    }
}
