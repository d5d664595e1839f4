#include "tests/support/clip.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/webm/writer.h"

void
kc_clip_require(gboolean ok, GError *const *error, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "%s: %s\n", what, error != NULL && *error != NULL ? (*error)->message : "failed");
    exit(EXIT_FAILURE);
}

static void
pull(GstElement *pipeline, const char *name, KcWebmTrack track, KcClip *clip)
{
    g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), name);
    GstSample *sample;
    while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(sink))) != NULL) {
        GstBuffer *buffer = gst_sample_get_buffer(sample);
        GstMapInfo map;
        gst_buffer_map(buffer, &map, GST_MAP_READ);
        KcClipFrame frame = {track, (gint64)(GST_BUFFER_PTS(buffer) / GST_MSECOND), g_bytes_new(map.data, map.size)};
        gst_buffer_unmap(buffer, &map);
        gst_sample_unref(sample);
        clip->length_ms = MAX(clip->length_ms, frame.time_ms + 40);
        g_array_append_val(clip->frames, frame);
    }
}

static int
by_time(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const KcClipFrame *)a)->time_ms, y = ((const KcClipFrame *)b)->time_ms;
    return (x > y) - (x < y);
}

static void
frame_clear(gpointer frame)
{
    g_bytes_unref(((KcClipFrame *)frame)->data);
}

KcClip *
kc_clip_read(const char *file)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf(
        "filesrc location=%s ! matroskademux name=d "
        "d.video_0 ! queue max-size-bytes=0 max-size-buffers=0 max-size-time=0 ! appsink name=v sync=false "
        "d.audio_0 ! queue max-size-bytes=0 max-size-buffers=0 max-size-time=0 ! appsink name=a sync=false",
        file);
    g_autoptr(GstElement) pipeline = gst_parse_launch(text, &error);
    kc_clip_require(error == NULL, &error, file);
    KcClip *clip = g_new0(KcClip, 1);
    clip->frames = g_array_new(FALSE, FALSE, sizeof(KcClipFrame));
    g_array_set_clear_func(clip->frames, frame_clear);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    pull(pipeline, "v", KC_WEBM_VIDEO, clip);
    pull(pipeline, "a", KC_WEBM_AUDIO, clip);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    g_array_sort(clip->frames, by_time);
    kc_clip_require(clip->frames->len > 0, NULL, file);
    return clip;
}

void
kc_clip_free(KcClip *clip)
{
    if (clip == NULL)
        return;
    g_array_unref(clip->frames);
    g_free(clip);
}

static void
seal(KcWebmWriter *webm, KcWebmScan *scan, KcVaultWriter *vault)
{
    g_autoptr(GError) error = NULL;
    for (GBytes *piece; (piece = kc_webm_writer_take(webm)) != NULL; g_bytes_unref(piece)) {
        gsize len;
        const guint8 *data = g_bytes_get_data(piece, &len);
        kc_clip_require(kc_webm_scan_push(scan, data, len, &error) && kc_vault_writer_append(vault, data, len, &error),
                        &error, "sealing");
    }
}

static gboolean
is_left_out(const KcClipUse *use, const KcClipFrame *frame, gint64 at)
{
    guint32 track = frame->track == KC_WEBM_VIDEO ? KC_WEBM_HAS_VIDEO : KC_WEBM_HAS_AUDIO;
    return (use->without & track) != 0 || (at > use->gap_from_ms && at < use->gap_to_ms) ||
           (use->until_ms > 0 && at >= use->until_ms);
}

/* What a VP8 keyframe begins with (RFC 6386, 9.1). */
static const guint8 huge[] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f};

static void
add_frame(const KcClipUse *use, const KcClipFrame *frame, gint64 at, guint number, KcWebmWriter *webm)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(frame->data, &size);
    g_autofree guint8 *copy = g_memdup2(data, size);
    gboolean spoils = use->spoilt > 0 && number % use->spoilt == use->spoilt - 1;
    if (spoils && use->huge && size >= sizeof huge)
        memcpy(copy, huge, sizeof huge);
    else if (spoils)
        memset(copy, 0x5a | 1, size); /* says that it is no keyframe, and nothing else */
    const KcWebmFrame one = {frame->track, at, copy, size};
    kc_clip_require(kc_webm_writer_add(webm, &one), NULL, "a frame");
}

KcWebmIndex *
kc_clip_seal(const KcClip *clip, const KcClipUse *use, gint64 started_us, KcVaultWriter *vault)
{
    g_autoptr(KcWebmWriter) webm = kc_webm_writer_new(started_us);
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    for (guint i = 0; i < clip->frames->len * use->repeat; i++) {
        const KcClipFrame *frame = &g_array_index(clip->frames, KcClipFrame, i % clip->frames->len);
        gint64 at = i / clip->frames->len * clip->length_ms + frame->time_ms;
        if (is_left_out(use, frame, at))
            continue;
        if (use->gap_to_ms > 0 && at >= use->gap_to_ms && at < use->gap_to_ms + 20)
            kc_webm_writer_add_gap(webm, use->gap_from_ms, use->gap_to_ms, KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO);
        add_frame(use, frame, at, i, webm);
        if (i % 8 == 7)
            seal(webm, scan, vault);
    }
    kc_webm_writer_flush(webm);
    seal(webm, scan, vault);
    return kc_webm_index_copy(kc_webm_scan_index(scan));
}
