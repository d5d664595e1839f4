#include "tests/media/recorder/rtp_source.h"

#include "media/rtp/header.h"

#include <check.h>
#include <gst/app/app.h>

#define FRAME_US 40000
#define SOUND_US 20000

static void
packet_clear(gpointer data)
{
    g_bytes_unref(((Packet *)data)->data);
}

/* Runs a pipeline that ends in `appsink name=out` as fast as it goes. */
static GArray *
run(const char *description, KcRecorderMedia media, gint64 first_us)
{
    gst_init(NULL, NULL);
    GArray *packets = g_array_new(FALSE, FALSE, sizeof(Packet));
    g_array_set_clear_func(packets, packet_clear);
    g_autoptr(GError) error = NULL;
    g_autoptr(GstElement) pipeline = gst_parse_launch(description, &error);
    if (error != NULL)
        ck_abort_msg("%s", error->message);
    g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(out))) != NULL;) {
        GstBuffer *buffer = gst_sample_get_buffer(sample);
        gpointer bytes;
        gsize size;
        gst_buffer_extract_dup(buffer, 0, gst_buffer_get_size(buffer), &bytes, &size);
        Packet packet = {.media = media, .at_us = first_us + (gint64)(GST_BUFFER_PTS(buffer) / 1000)};
        packet.data = g_bytes_new_take(bytes, size);
        g_array_append_val(packets, packet);
        gst_sample_unref(sample);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    return packets;
}

GArray *
video_packets(const VideoSource *source)
{
    g_autofree char *description = g_strdup_printf(
        "videotestsrc num-buffers=%u pattern=%s ! video/x-raw,format=I420,width=%u,height=%u,framerate=25/1 ! "
        "vp8enc deadline=1 cpu-used=8 threads=1 target-bitrate=600000 keyframe-max-dist=%u ! "
        "rtpvp8pay ssrc=1111 mtu=1100 picture-id-mode=15-bit seqnum-offset=%u timestamp-offset=%u ! "
        "appsink name=out sync=false",
        source->frames, source->pattern != NULL ? source->pattern : "smpte", source->width, source->height,
        source->key_distance != 0 ? source->key_distance : 25, source->first_seq, 1000 + source->first_frame * 3600);
    return run(description, KC_RECORDER_VIDEO, (gint64)source->first_frame * FRAME_US);
}

GArray *
audio_packets(guint packets, guint first_packet, guint16 first_seq)
{
    g_autofree char *description =
        g_strdup_printf("audiotestsrc num-buffers=%u samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=1 ! "
                        "opusenc frame-size=20 ! rtpopuspay ssrc=2222 seqnum-offset=%u timestamp-offset=%u ! "
                        "appsink name=out sync=false",
                        packets, first_seq, 5000 + first_packet * 960);
    GArray *made = run(description, KC_RECORDER_AUDIO, (gint64)first_packet * SOUND_US);
    ck_assert_uint_ge(made->len, packets); /* the encoder gives a last one for what it had looked ahead */
    g_array_set_size(made, packets);
    return made;
}

void
packets_append(GArray *packets, GArray *more)
{
    for (guint i = 0; i < more->len; i++) {
        Packet packet = g_array_index(more, Packet, i);
        g_bytes_ref(packet.data);
        g_array_append_val(packets, packet);
    }
    g_array_unref(more);
}

static gint
by_arrival(gconstpointer a, gconstpointer b)
{
    gint64 difference = ((const Packet *)a)->at_us - ((const Packet *)b)->at_us;
    return difference < 0 ? -1 : difference > 0;
}

void
packets_sort(GArray *packets)
{
    g_array_sort(packets, by_arrival); /* stable */
}

guint16
packet_seq(const Packet *packet)
{
    const guint8 *data = g_bytes_get_data(packet->data, NULL);
    return kc_get_u16(data + 2);
}

guint32
packet_timestamp(const Packet *packet)
{
    const guint8 *data = g_bytes_get_data(packet->data, NULL);
    return kc_get_u32(data + 4);
}

gboolean
packet_marker(const Packet *packet)
{
    const guint8 *data = g_bytes_get_data(packet->data, NULL);
    return (data[1] & 0x80) != 0;
}
