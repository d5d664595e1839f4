/* Invariants: a pad belongs to one lane for its life; a source pad's numbering never restarts; the record pad gets the
 * packet before the live path rewrites anything. */
#include "media/gst/kcroute.h"

#include "media/gst/kcevents.h"
#include "media/gst/kcformat.h"
#include "media/gst/kcrtpbuffer.h"
#include "media/rtp/rewrite.h"

#include <string.h>

/* One way out of the element. */
typedef struct {
    GstPad *pad;
    gboolean announced;
} Exit;

/* One medium of one seat: how its participant sends (in), and how it is sent to (out). */
typedef struct {
    KcMedia media;
    guint seat;
    GstPad *sink;
    KcRtpFormat in_format;
    Exit record;
    Exit src;
    KcRtpFormat out_format; /* what the participant of this seat expects */
    KcRewrite rewrite;      /* of src */
} Lane;

struct _KcRoute {
    GstElement parent;
    Lane lanes[KC_ROUTE_SEATS][KC_N_MEDIA];
};

G_DEFINE_FINAL_TYPE(KcRoute, kc_route, GST_TYPE_ELEMENT)

#define RTP_CAPS GST_STATIC_CAPS("application/x-rtp")

static GstStaticPadTemplate templates[] = {
    GST_STATIC_PAD_TEMPLATE("audio_sink_%u", GST_PAD_SINK, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_sink_%u", GST_PAD_SINK, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("audio_src_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_src_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("audio_record_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
    GST_STATIC_PAD_TEMPLATE("video_record_%u", GST_PAD_SRC, GST_PAD_REQUEST, RTP_CAPS),
};

static Lane *
lane_of_other(KcRoute *self, const Lane *lane)
{
    return &self->lanes[KC_ROUTE_SEATS - 1 - lane->seat][lane->media];
}

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
record(Lane *lane, GstBuffer *buffer, const KcRtpMeta *meta)
{
    /* Padding goes to the recorder too: it accounts for a sequence number. A probe on the RTX stream does not. */
    if (lane->record.pad == NULL || (meta->is_rtx && meta->header.payload_bytes <= 2))
        return;
    if (!lane->record.announced)
        exit_announce(&lane->record, &lane->in_format);
    gst_pad_push(lane->record.pad, gst_buffer_ref(buffer));
}

/* ---- to the other participant -------------------------------------------------------------------------------------
 */

/* The extensions that both sides have agreed, by the receiver's ids. */
static guint
extensions_map(const KcRtpHeader *header, const KcRtpFormat *in, const KcRtpFormat *out, KcRtpExtension ret[2])
{
    const guint8 ids[2][2] = {{in->ext_transport_cc, out->ext_transport_cc},
                              {in->ext_abs_send_time, out->ext_abs_send_time}};
    guint n = 0;
    for (guint i = 0; i < 2; i++) {
        guint bytes = 0;
        if (ids[i][0] == 0 || ids[i][1] == 0)
            continue;
        const guint8 *value = kc_rtp_extension_find(header, ids[i][0], &bytes);
        if (value != NULL && bytes >= 1 && bytes <= 16)
            ret[n++] = (KcRtpExtension){ids[i][1], (guint8)bytes, value};
    }
    return n;
}

/* Numbers for a packet, and how it leaves. FALSE: it has no place in what the receiver sees. */
static gboolean
numbers_map(Lane *to, const Lane *from, KcRtpMeta *meta, gint64 now_us, KcRtpHeader *header)
{
    guint32 ssrc = from->in_format.ssrc;
    meta->out_is_rtx = meta->out_has_osn = FALSE;
    meta->out_skip = 0;
    header->ssrc = to->out_format.ssrc;
    header->payload_type = to->out_format.payload_type;
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
    if (to->out_format.rtx_payload_type == 0) /* as the packet itself */
        return has_original;
    meta->out_is_rtx = TRUE;
    meta->out_has_osn = has_original;
    kc_put_u16(meta->out_osn, meta->out_seq);
    header->ssrc = to->out_format.rtx_ssrc;
    header->payload_type = to->out_format.rtx_payload_type;
    return TRUE;
}

/* The receiver's format is asked for once, at the first packet. */
static gboolean
src_prepare(Lane *to)
{
    if (to->src.announced)
        return to->out_format.present;
    g_autoptr(GstCaps) caps = gst_pad_peer_query_caps(to->src.pad, NULL);
    to->out_format = kc_rtp_format_from_caps(caps);
    if (to->out_format.present)
        exit_announce(&to->src, &to->out_format);
    to->src.announced = TRUE;
    return to->out_format.present;
}

static gboolean
rewrite(Lane *to, const Lane *from, KcRtpMeta *meta, gint64 now_us)
{
    KcRtpExtension extensions[2];
    KcRtpHeader header = meta->header;
    meta->out_bytes = 0;
    if (!numbers_map(to, from, meta, now_us, &header))
        return FALSE;
    guint n = extensions_map(&meta->header, &from->in_format, &to->out_format, extensions);
    meta->out_bytes = (guint8)kc_rtp_header_write(&header, extensions, n, meta->out);
    return meta->out_bytes > 0;
}

static GstFlowReturn
sink_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    Lane *from = gst_pad_get_element_private(pad);
    Lane *to = lane_of_other(KC_ROUTE(parent), from);
    KcRtpMeta *meta = kc_rtp_meta_get(buffer);
    if (meta == NULL) {
        gst_buffer_unref(buffer);
        return GST_FLOW_OK;
    }
    record(from, buffer, meta);
    if (to->src.pad != NULL && src_prepare(to) && rewrite(to, from, meta, (gint64)(GST_BUFFER_DTS(buffer) / 1000)))
        gst_pad_push(to->src.pad, buffer);
    else
        gst_buffer_unref(buffer);
    return GST_FLOW_OK;
}

/* ---- events -------------------------------------------------------------------------------------------------------
 */

static void
sender_time_forward(Lane *to, const KcSenderTime *time)
{
    KcSenderTime mapped = {.ssrc = to->out_format.ssrc, .unix_us = time->unix_us};
    if (to->src.pad == NULL || !to->src.announced || !to->out_format.present)
        return;
    if (kc_rewrite_map_timestamp(&to->rewrite, time->ssrc, time->rtp, &mapped.rtp))
        gst_pad_push_event(to->src.pad, kc_event_new_sender_time(&mapped));
}

static gboolean
sink_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    Lane *lane = gst_pad_get_element_private(pad);
    KcSenderTime time;
    if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
        GstCaps *caps = NULL;
        gst_event_parse_caps(event, &caps);
        lane->in_format = kc_rtp_format_from_caps(caps);
        lane->record.announced = FALSE;
    } else if (kc_event_sender_time(event, &time)) {
        sender_time_forward(lane_of_other(KC_ROUTE(parent), lane), &time);
    }
    gst_event_unref(event);
    return TRUE;
}

/* Upstream: from a receiver to the other seat, from a recorder to its own. */
static gboolean
src_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    Lane *lane = gst_pad_get_element_private(pad);
    Lane *from = pad == lane->record.pad ? lane : lane_of_other(KC_ROUTE(parent), lane);
    if (from->sink == NULL && lane->media == KC_VIDEO)
        from = &KC_ROUTE(parent)->lanes[from->seat][KC_AUDIO];
    if (from->sink != NULL && GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_UPSTREAM)
        return gst_pad_push_event(from->sink, event);
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

static GstPad **
pad_place(Lane *lane, const char *template_name)
{
    if (strstr(template_name, "_sink_") != NULL)
        return &lane->sink;
    return strstr(template_name, "_record_") != NULL ? &lane->record.pad : &lane->src.pad;
}

static GstPad *
kc_route_request_new_pad(GstElement *element, GstPadTemplate *template, const char *name,
                         const GstCaps *caps G_GNUC_UNUSED)
{
    KcRoute *self = KC_ROUTE(element);
    const char *template_name = GST_PAD_TEMPLATE_NAME_TEMPLATE(template);
    guint64 seat = 0;
    const char *number = name != NULL ? strrchr(name, '_') : NULL;
    if (number == NULL || !g_ascii_string_to_unsigned(number + 1, 10, 0, KC_ROUTE_SEATS - 1, &seat, NULL))
        return NULL;
    Lane *lane = &self->lanes[seat][g_str_has_prefix(template_name, "video") ? KC_VIDEO : KC_AUDIO];
    GstPad **place = pad_place(lane, template_name);
    if (*place != NULL)
        return NULL;
    GstPad *pad = *place = gst_pad_new_from_template(template, name);
    gst_pad_set_element_private(pad, lane);
    if (place == &lane->sink) {
        gst_pad_set_chain_function(pad, sink_chain);
        gst_pad_set_event_function(pad, sink_event);
        gst_pad_set_query_function(pad, sink_query);
    } else {
        gst_pad_set_event_function(pad, src_event);
    }
    if (place == &lane->src.pad)
        kc_rewrite_init(&lane->rewrite, kc_media_clock_rate(lane->media), (guint16)g_random_int_range(0, 0x8000),
                        g_random_int());
    gst_pad_set_active(pad, TRUE);
    gst_element_add_pad(element, pad);
    return pad;
}

static void
kc_route_release_pad(GstElement *element, GstPad *pad)
{
    Lane *lane = gst_pad_get_element_private(pad);
    if (pad == lane->sink) {
        lane->sink = NULL;
        lane->in_format = (KcRtpFormat){0};
    } else {
        Exit *way_out = pad == lane->record.pad ? &lane->record : &lane->src;
        *way_out = (Exit){0};
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
                                          "Forwards between two participants with continuous numbering", "kuaichu");
    element_class->request_new_pad = kc_route_request_new_pad;
    element_class->release_pad = kc_route_release_pad;
}

static void
kc_route_init(KcRoute *self)
{
    for (guint seat = 0; seat < KC_ROUTE_SEATS; seat++) {
        for (guint m = 0; m < KC_N_MEDIA; m++) {
            self->lanes[seat][m].seat = seat;
            self->lanes[seat][m].media = m;
        }
    }
}
