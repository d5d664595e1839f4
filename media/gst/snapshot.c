#include "media/gst/snapshot.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

G_DEFINE_QUARK(kc-snapshot-error, kc_snapshot_error)

/* VP8 is BT.601 in the limited range (RFC 6386, 9.2), whatever GStreamer takes for a picture of this size; a JPEG has
 * the full range by definition. By way of RGB, since videoconvert copies I420 to I420 without looking at the range. */
#define VP8_COLORIMETRY "bt601"
#define SINK "appsink name=out sync=false wait-on-eos=false max-buffers=1 drop=true"
#define PIPELINE_DECODE "appsrc name=in format=time max-bytes=0 caps=video/x-vp8 ! vp8dec ! " SINK
#define PIPELINE_ENCODE                                                                                                \
    "appsrc name=in format=time max-bytes=0 ! videoconvert ! video/x-raw,format=RGB ! "                                \
    "jpegenc quality=" G_STRINGIFY(KC_SNAPSHOT_JPEG_QUALITY) " ! " SINK

typedef struct {
    GstElement *pipeline;
    GstElement *in;
    GstElement *out;
} Run;

static void
run_clear(Run *run)
{
    if (run->pipeline != NULL)
        gst_element_set_state(run->pipeline, GST_STATE_NULL);
    g_clear_object(&run->in);
    g_clear_object(&run->out);
    g_clear_object(&run->pipeline);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

void
kc_snapshot_free(KcSnapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    g_bytes_unref(snapshot->jpeg);
    g_free(snapshot);
}

static gboolean
run_make(Run *run, const char *description, GError **error)
{
    g_autoptr(GError) parse_error = NULL;
    run->pipeline = gst_parse_launch(description, &parse_error);
    if (run->pipeline == NULL || parse_error != NULL) {
        g_set_error(error, KC_SNAPSHOT_ERROR, KC_SNAPSHOT_ERROR_MISSING, "no decoder or encoder: %s",
                    parse_error != NULL ? parse_error->message : "unknown");
        return FALSE;
    }
    run->in = gst_bin_get_by_name(GST_BIN(run->pipeline), "in");
    run->out = gst_bin_get_by_name(GST_BIN(run->pipeline), "out");
    return TRUE;
}

static gboolean
run_start(Run *run, const char *description, GError **error)
{
    if (!run_make(run, description, error))
        return FALSE;
    gst_element_set_state(run->pipeline, GST_STATE_PLAYING);
    return TRUE;
}

/* The last thing that comes out after everything went in, or NULL with an error. */
static GstSample *
run_end(Run *run, GError **error)
{
    gst_app_src_end_of_stream(GST_APP_SRC(run->in));
    g_autoptr(GstBus) bus = gst_element_get_bus(run->pipeline);
    g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(bus, KC_SNAPSHOT_TIMEOUT_SECONDS * GST_SECOND,
                                                               GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    GstSample *sample = NULL;
    if (message != NULL && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
        sample = gst_app_sink_try_pull_sample(GST_APP_SINK(run->out), 0);
    if (sample == NULL)
        g_set_error(error, KC_SNAPSHOT_ERROR, KC_SNAPSHOT_ERROR_DECODE,
                    message == NULL ? "decoding took too long" : "the picture does not decode");
    return sample;
}

static gboolean
load(const char *description, GError **error)
{
    g_auto(Run) run = {0};
    if (!run_make(&run, description, error))
        return FALSE;
    gst_element_set_state(run.pipeline, GST_STATE_READY);
    return TRUE;
}

gboolean
kc_snapshot_prepare(GError **error)
{
    return load(PIPELINE_DECODE, error) && load(PIPELINE_ENCODE, error);
}

static GstSample *
decode_newest(const KcGop *gop, GError **error)
{
    g_auto(Run) run = {0};
    if (!run_start(&run, PIPELINE_DECODE, error))
        return NULL;
    for (guint i = 0; i < gop->frames->len; i++) {
        GstBuffer *buffer = gst_buffer_new_wrapped_bytes(g_ptr_array_index(gop->frames, i));
        GST_BUFFER_PTS(buffer) = i * GST_MSECOND;
        if (gst_app_src_push_buffer(GST_APP_SRC(run.in), buffer) != GST_FLOW_OK)
            break;
    }
    return run_end(&run, error);
}

static GstSample *
encode(GstSample *picture, GError **error)
{
    g_auto(Run) run = {0};
    if (!run_start(&run, PIPELINE_ENCODE, error))
        return NULL;
    g_autoptr(GstCaps) caps = gst_caps_copy(gst_sample_get_caps(picture));
    gst_caps_set_simple(caps, "colorimetry", G_TYPE_STRING, VP8_COLORIMETRY, NULL);
    gst_app_src_set_caps(GST_APP_SRC(run.in), caps);
    gst_app_src_push_buffer(GST_APP_SRC(run.in), gst_buffer_ref(gst_sample_get_buffer(picture)));
    return run_end(&run, error);
}

static GBytes *
bytes_of(GstBuffer *buffer)
{
    gpointer data = NULL;
    gsize size = 0;
    gst_buffer_extract_dup(buffer, 0, gst_buffer_get_size(buffer), &data, &size);
    return g_bytes_new_take(data, size);
}

KcSnapshot *
kc_snapshot_decode(const KcGop *gop, GError **error)
{
    g_autoptr(GstSample) picture = decode_newest(gop, error);
    if (picture == NULL)
        return NULL;
    GstVideoInfo info;
    if (!gst_video_info_from_caps(&info, gst_sample_get_caps(picture))) {
        g_set_error(error, KC_SNAPSHOT_ERROR, KC_SNAPSHOT_ERROR_DECODE, "the picture has no size");
        return NULL;
    }
    g_autoptr(GstSample) jpeg = encode(picture, error);
    if (jpeg == NULL)
        return NULL;
    KcSnapshot *snapshot = g_new0(KcSnapshot, 1);
    snapshot->jpeg = bytes_of(gst_sample_get_buffer(jpeg));
    snapshot->width = (guint32)GST_VIDEO_INFO_WIDTH(&info);
    snapshot->height = (guint32)GST_VIDEO_INFO_HEIGHT(&info);
    snapshot->media_time_ms = gop->media_time_ms;
    snapshot->taken_at_us = gop->taken_at_us;
    return snapshot;
}

/* --- in a thread of its own -------------------------------------------------------------------------------------- */

struct _KcSnapshotter {
    GThreadPool *pool;
};

typedef struct {
    KcGop *gop;
    KcSnapshotFunc func;
    gpointer user_data;
} Task;

static void
do_task(gpointer data, gpointer user_data)
{
    g_autofree Task *task = data;
    g_autoptr(GError) error = NULL;
    KcSnapshot *snapshot = kc_snapshot_decode(task->gop, &error);
    kc_gop_free(task->gop);
    task->func(snapshot, error, task->user_data);
}

KcSnapshotter *
kc_snapshotter_new(void)
{
    KcSnapshotter *snapshotter = g_new0(KcSnapshotter, 1);
    snapshotter->pool = g_thread_pool_new(do_task, NULL, 1, FALSE, NULL);
    return snapshotter;
}

void
kc_snapshotter_free(KcSnapshotter *snapshotter)
{
    if (snapshotter == NULL)
        return;
    g_thread_pool_free(snapshotter->pool, FALSE, TRUE);
    g_free(snapshotter);
}

gboolean
kc_snapshotter_take(KcSnapshotter *snapshotter, KcGop *gop, KcSnapshotFunc func, gpointer user_data, GError **error)
{
    if (g_thread_pool_unprocessed(snapshotter->pool) >= KC_SNAPSHOT_QUEUE) {
        kc_gop_free(gop);
        g_set_error(error, KC_SNAPSHOT_ERROR, KC_SNAPSHOT_ERROR_BUSY, "too many snapshots are being made");
        return FALSE;
    }
    Task *task = g_new(Task, 1);
    *task = (Task){.gop = gop, .func = func, .user_data = user_data};
    return g_thread_pool_push(snapshotter->pool, task, NULL);
}
