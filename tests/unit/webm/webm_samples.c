#include "tests/unit/webm/webm_samples.h"

#include "media/webm/scan.h"

#include <check.h>
#include <string.h>

static guint8 *
counting(gsize size)
{
    guint8 *data = g_malloc(size);
    for (gsize i = 0; i < size; i++)
        data[i] = (guint8)i;
    return data;
}

GBytes *
sample_keyframe(guint32 width, guint32 height, gsize size)
{
    const guint8 head[10] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, (guint8)width, (guint8)(width >> 8), (guint8)height,
                             (guint8)(height >> 8)};
    guint8 *data = counting(MAX(size, sizeof head));
    memcpy(data, head, sizeof head);
    return g_bytes_new_take(data, MAX(size, sizeof head));
}

GBytes *
sample_interframe(gsize size)
{
    guint8 *data = counting(size);
    data[0] = 0x11;
    return g_bytes_new_take(data, size);
}

GBytes *
sample_sound(gsize size)
{
    guint8 *data = counting(size);
    data[0] = 0x08; /* configuration 1: SILK narrow band, 20 ms; one frame */
    return g_bytes_new_take(data, size);
}

gboolean
sample_add(KcWebmWriter *writer, KcWebmTrack track, gint64 time_ms, GBytes *frame_to_free)
{
    KcWebmFrame frame = {.track = track, .time_ms = time_ms};
    frame.data = g_bytes_get_data(frame_to_free, &frame.size);
    gboolean added = kc_webm_writer_add(writer, &frame);
    g_bytes_unref(frame_to_free);
    return added;
}

Sample *
sample_collect(KcWebmWriter *writer)
{
    Sample *sample = g_new0(Sample, 1);
    sample->file = g_byte_array_new();
    sample->ends = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    for (GBytes *piece; (piece = kc_webm_writer_take(writer)) != NULL;) {
        gsize size;
        const guint8 *data = g_bytes_get_data(piece, &size);
        g_byte_array_append(sample->file, data, (guint)size);
        ck_assert(kc_webm_scan_push(scan, data, size, NULL));
        gsize end = sample->file->len;
        g_array_append_val(sample->ends, end);
        g_bytes_unref(piece);
    }
    sample->index = kc_webm_scan_finish(scan, NULL);
    return sample;
}

Sample *
sample_call(guint seconds, gboolean video, gboolean audio)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    for (guint tick = 0; tick < seconds * 50; tick++) {
        if (tick == 50)
            kc_webm_writer_add_gap(writer, 900, 1000, KC_WEBM_HAS_VIDEO);
        if (video && tick % 100 == 0)
            ck_assert(sample_add(writer, KC_WEBM_VIDEO, tick * 20, sample_keyframe(640, 480, 9000)));
        else if (video && tick % 2 == 0)
            ck_assert(sample_add(writer, KC_WEBM_VIDEO, tick * 20, sample_interframe(1500)));
        if (audio)
            ck_assert(sample_add(writer, KC_WEBM_AUDIO, tick * 20, sample_sound(80)));
    }
    kc_webm_writer_flush(writer);
    return sample_collect(writer);
}

void
sample_free(Sample *sample)
{
    if (sample == NULL)
        return;
    g_byte_array_unref(sample->file);
    g_array_unref(sample->ends);
    kc_webm_index_free(sample->index);
    g_free(sample);
}

void
sample_assert_same_index(const KcWebmIndex *a, const KcWebmIndex *b)
{
    g_autoptr(GBytes) a_bytes = kc_webm_index_encode(a);
    g_autoptr(GBytes) b_bytes = kc_webm_index_encode(b);
    ck_assert(g_bytes_equal(a_bytes, b_bytes));
}
