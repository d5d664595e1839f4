/* The element around KcRecorderMux: pads, lock, and the way to the writer thread.
 *
 * Invariants: `mux` and `recording` are touched under `lock` only and become NULL when the recording ends; no event
 * goes upstream under it, since the other side may push packets from within. */
#include "media/gst/kcrecorder.h"
#include "media/gst/kcrecorder_mux.h"
#include "media/gst/kcrecorder_writer.h"
#include "media/gst/kcrtpbuffer.h"

#include <gst/video/video.h>

struct _KcRecorder {
    GstElement parent;
    GstPad *pads[2]; /* by KcRecorderMedia */
    GMutex lock;
    KcRecorderMux *mux;
    KcRecording *recording;
};

G_DEFINE_TYPE(KcRecorder, kc_recorder, GST_TYPE_ELEMENT)

static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE("audio_sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-rtp"));
static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE("video_sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-rtp"));

static void
ask_for_keyframe(KcRecorder *recorder)
{
    GstEvent *event = gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0);
    gst_pad_push_event(recorder->pads[KC_RECORDER_VIDEO], event);
}

/* Under the lock: hands over what is finished. */
static void
hand_over(KcRecorder *recorder)
{
    for (GBytes *chunk; (chunk = kc_recorder_mux_take(recorder->mux)) != NULL;)
        kc_recording_push(recorder->recording, chunk);
}

static gint64
arrival_us(GstBuffer *buffer)
{
    GstClockTime dts = GST_BUFFER_DTS(buffer);
    return GST_CLOCK_TIME_IS_VALID(dts) ? (gint64)(dts / 1000) : g_get_monotonic_time();
}

static void
take_packet(KcRecorder *recorder, KcRecorderMedia media, const KcRtpView *packet)
{
    gboolean wants_keyframe = FALSE;
    g_mutex_lock(&recorder->lock);
    if (recorder->mux != NULL) {
        kc_recorder_mux_push(recorder->mux, media, packet);
        hand_over(recorder);
        wants_keyframe = kc_recorder_mux_wants_keyframe(recorder->mux, packet->arrival_us);
    }
    g_mutex_unlock(&recorder->lock);
    if (wants_keyframe)
        ask_for_keyframe(recorder);
}

static KcRtpView
view_of(const KcRtpHeader *header, gint64 at_us)
{
    return (KcRtpView){
        .seq = header->seq,
        .timestamp = header->timestamp,
        .ssrc = header->ssrc,
        .marker = header->marker,
        .arrival_us = at_us,
        .payload = header->payload,
        .size = header->payload_bytes,
    };
}

/* A packet of ours that kcpeer has read already; retransmissions (RFC 4588) become what they stand for. */
static void
take_known(KcRecorder *recorder, KcRecorderMedia media, const KcRtpMeta *meta, gint64 at_us)
{
    KcRtpView view = view_of(&meta->header, at_us);
    if (meta->is_rtx) {
        if (view.size < 2)
            return; /* padding on the retransmission stream has no number on this one */
        view.seq = meta->original_seq;
        view.payload += 2;
        view.size -= 2;
        view.ssrc = 0;
    }
    take_packet(recorder, media, &view);
}

static void
take_buffer(KcRecorder *recorder, KcRecorderMedia media, GstBuffer *buffer)
{
    const KcRtpMeta *meta = kc_rtp_meta_get(buffer);
    if (meta != NULL) {
        take_known(recorder, media, meta, arrival_us(buffer));
        return;
    }
    GstMapInfo map;
    KcRtpHeader header;
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
        return;
    if (kc_rtp_header_parse(map.data, map.size, &header)) {
        KcRtpView view = view_of(&header, arrival_us(buffer));
        take_packet(recorder, media, &view);
    }
    gst_buffer_unmap(buffer, &map);
}

static KcRecorderMedia
media_of(const KcRecorder *recorder, const GstPad *pad)
{
    return pad == recorder->pads[KC_RECORDER_VIDEO] ? KC_RECORDER_VIDEO : KC_RECORDER_AUDIO;
}

static GstFlowReturn
chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    KcRecorder *recorder = KC_RECORDER(parent);
    take_buffer(recorder, media_of(recorder, pad), buffer);
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
}

static GstFlowReturn
chain_list(GstPad *pad, GstObject *parent, GstBufferList *list)
{
    KcRecorder *recorder = KC_RECORDER(parent);
    for (guint i = 0; i < gst_buffer_list_length(list); i++)
        take_buffer(recorder, media_of(recorder, pad), gst_buffer_list_get(list, i));
    gst_buffer_list_unref(list);
    return GST_FLOW_OK;
}

/* Nothing that comes down the pads ends a recording: the end is kc_recorder_finish. */
static gboolean
sink_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    gst_event_unref(event);
    return TRUE;
}

static GstPad *
add_pad(KcRecorder *recorder, GstStaticPadTemplate *pad_template)
{
    GstPad *pad = gst_pad_new_from_static_template(pad_template, pad_template->name_template);
    gst_pad_set_chain_function(pad, chain);
    gst_pad_set_chain_list_function(pad, chain_list);
    gst_pad_set_event_function(pad, sink_event);
    gst_element_add_pad(GST_ELEMENT(recorder), pad);
    return pad;
}

static void
kc_recorder_init(KcRecorder *recorder)
{
    g_mutex_init(&recorder->lock);
    recorder->pads[KC_RECORDER_AUDIO] = add_pad(recorder, &audio_template);
    recorder->pads[KC_RECORDER_VIDEO] = add_pad(recorder, &video_template);
    GST_OBJECT_FLAG_SET(recorder, GST_ELEMENT_FLAG_SINK);
}

static void
kc_recorder_finalize(GObject *object)
{
    KcRecorder *recorder = KC_RECORDER(object);
    kc_recorder_finish(recorder);
    g_mutex_clear(&recorder->lock);
    G_OBJECT_CLASS(kc_recorder_parent_class)->finalize(object);
}

static void
kc_recorder_class_init(KcRecorderClass *class)
{
    GstElementClass *element_class = GST_ELEMENT_CLASS(class);
    G_OBJECT_CLASS(class)->finalize = kc_recorder_finalize;
    gst_element_class_add_static_pad_template(element_class, &audio_template);
    gst_element_class_add_static_pad_template(element_class, &video_template);
    gst_element_class_set_static_metadata(element_class, "Call recorder", "Sink/Network/RTP",
                                          "Writes VP8 and Opus from RTP into a sealed WebM", "kuaichu");
}

KcRecorder *
kc_recorder_new(KcRecorderWriter *writer, const KcRecorderConfig *config, GError **error)
{
    KcRecording *recording = kc_recording_new(writer, config, error);
    if (recording == NULL)
        return NULL;
    KcRecorder *recorder = g_object_new(KC_TYPE_RECORDER, "name", config->name, NULL);
    recorder->recording = recording;
    recorder->mux = kc_recorder_mux_new(config->epoch_us, config->epoch_mono_us);
    return recorder;
}

void
kc_recorder_tick(KcRecorder *recorder, gint64 now_mono_us)
{
    gboolean wants_keyframe = FALSE;
    g_mutex_lock(&recorder->lock);
    if (recorder->mux != NULL) {
        kc_recorder_mux_tick(recorder->mux, now_mono_us);
        hand_over(recorder);
        wants_keyframe = kc_recorder_mux_wants_keyframe(recorder->mux, now_mono_us);
    }
    g_mutex_unlock(&recorder->lock);
    if (wants_keyframe)
        ask_for_keyframe(recorder);
}

void
kc_recorder_sender_report(KcRecorder *recorder, KcRecorderMedia media, guint64 ntp, guint32 rtp)
{
    g_mutex_lock(&recorder->lock);
    if (recorder->mux != NULL)
        kc_recorder_mux_report(recorder->mux, media, ntp, rtp);
    g_mutex_unlock(&recorder->lock);
}

void
kc_recorder_set_rtt(KcRecorder *recorder, gint64 rtt_us)
{
    g_mutex_lock(&recorder->lock);
    if (recorder->mux != NULL)
        kc_recorder_mux_set_rtt(recorder->mux, rtt_us);
    g_mutex_unlock(&recorder->lock);
}

void
kc_recorder_finish(KcRecorder *recorder)
{
    g_mutex_lock(&recorder->lock);
    if (recorder->mux != NULL) {
        kc_recorder_mux_finish(recorder->mux, g_get_monotonic_time());
        hand_over(recorder);
        g_clear_pointer(&recorder->mux, kc_recorder_mux_free);
        kc_recording_finish(g_steal_pointer(&recorder->recording));
    }
    g_mutex_unlock(&recorder->lock);
}

gboolean
kc_recorder_read_gop(KcRecorder *recorder, KcGopFunc func, gpointer user_data)
{
    g_mutex_lock(&recorder->lock);
    gboolean has_picture = recorder->mux != NULL && kc_recorder_mux_cut(recorder->mux, g_get_monotonic_time());
    if (has_picture) {
        hand_over(recorder);
        kc_recording_read_gop(recorder->recording, func, user_data);
    }
    g_mutex_unlock(&recorder->lock);
    return has_picture;
}
