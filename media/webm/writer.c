/* Invariants: `cluster` holds whole children only, its first block has the Cluster's own time, and a keyframe is only
 * ever its first block. What was finished is not kept: its index is scanned from the bytes (media/webm/scan.h). */
#include "media/webm/writer.h"
#include "media/webm/cluster.h"
#include "media/webm/ebml.h"
#include "media/webm/frame.h"
#include "media/webm/head.h"

#include <string.h>

#define BLOCK_HEAD_BYTES 16 /* at most, of an element around a frame */

struct _KcWebmWriter {
    gint64 started_at_us;
    guint clusters_finished, gaps_finished;
    GByteArray *cluster; /* the open Cluster, all but its size; NULL when none is open */
    guint cluster_begun;
    gint64 cluster_ms;
    GArray *gaps;        /* of KcWebmGap, waiting for the next frame */
    gint64 last_ms[KC_WEBM_AUDIO + 1]; /* by track; -1 before the first frame */
    GQueue *finished;    /* of GBytes */
    gboolean head_made;
};

KcWebmWriter *
kc_webm_writer_new(gint64 started_at_us)
{
    KcWebmWriter *writer = g_new0(KcWebmWriter, 1);
    writer->started_at_us = started_at_us;
    writer->gaps = g_array_new(FALSE, FALSE, sizeof(KcWebmGap));
    writer->finished = g_queue_new();
    writer->last_ms[KC_WEBM_VIDEO] = writer->last_ms[KC_WEBM_AUDIO] = -1;
    return writer;
}

void
kc_webm_writer_free(KcWebmWriter *writer)
{
    if (writer == NULL)
        return;
    g_clear_pointer(&writer->cluster, g_byte_array_unref);
    g_array_unref(writer->gaps);
    g_queue_free_full(writer->finished, (GDestroyNotify)g_bytes_unref);
    g_free(writer);
}

static void
make_head(KcWebmWriter *writer, guint32 width, guint32 height)
{
    GByteArray *head = g_byte_array_new();
    kc_webm_put_ebml_head(head);
    kc_ebml_put_id(head, KC_EBML_ID_SEGMENT);
    kc_ebml_put_size(head, KC_EBML_UNKNOWN_SIZE);
    kc_webm_put_info(head, writer->started_at_us, -1);
    kc_webm_put_tracks(head, KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO, width, height);
    writer->head_made = TRUE;
    g_queue_push_tail(writer->finished, g_byte_array_free_to_bytes(head));
}

/* The size of the first picture, so that the head can name it: of a keyframe that opens the Cluster to be finished. */
static void
first_picture(const KcWebmWriter *writer, guint32 *ret_width, guint32 *ret_height)
{
    KcEbmlElement element;
    const guint8 *content;
    gsize pos = writer->cluster_begun;
    *ret_width = *ret_height = 0;
    while (writer->cluster != NULL &&
           kc_ebml_next(writer->cluster->data, writer->cluster->len, &pos, &element, &content))
        if (element.id == KC_EBML_ID_SIMPLE_BLOCK && content[0] == (0x80 | KC_WEBM_VIDEO) &&
            kc_webm_vp8_keyframe(content + 4, (gsize)element.size - 4, ret_width, ret_height))
            return;
}

static void
ensure_head(KcWebmWriter *writer)
{
    if (writer->head_made)
        return;
    guint32 width, height;
    first_picture(writer, &width, &height);
    make_head(writer, width, height);
}

static void
put_gaps(KcWebmWriter *writer)
{
    for (guint i = 0; i < writer->gaps->len; i++) {
        const KcWebmGap *gap = &g_array_index(writer->gaps, KcWebmGap, i);
        guint8 mark[KC_WEBM_GAP_BYTES] = KC_WEBM_GAP_MARK;
        guint64 times[2] = {GUINT64_TO_BE((guint64)gap->from_ms), GUINT64_TO_BE((guint64)gap->to_ms)};
        mark[8] = (guint8)gap->tracks;
        memcpy(mark + 9, times, sizeof times);
        kc_ebml_put_bytes(writer->cluster, KC_EBML_ID_VOID, mark, sizeof mark);
    }
    writer->gaps_finished += writer->gaps->len;
    g_array_set_size(writer->gaps, 0);
}

void
kc_webm_writer_flush(KcWebmWriter *writer)
{
    ensure_head(writer);
    if (writer->cluster == NULL)
        return;
    put_gaps(writer);
    GByteArray *cluster = g_steal_pointer(&writer->cluster);
    kc_ebml_end_master(cluster, writer->cluster_begun);
    writer->clusters_finished++;
    g_queue_push_tail(writer->finished, g_byte_array_free_to_bytes(cluster));
}

static void
put_block(KcWebmWriter *writer, const KcWebmFrame *frame, gint64 time_ms, gboolean keyframe)
{
    guint16 relative = (guint16)(gint16)(time_ms - writer->cluster_ms);
    guint8 head[4] = {(guint8)(0x80 | frame->track), (guint8)(relative >> 8), (guint8)relative, keyframe ? 0x80 : 0};
    kc_ebml_put_id(writer->cluster, KC_EBML_ID_SIMPLE_BLOCK);
    kc_ebml_put_size(writer->cluster, sizeof head + frame->size);
    g_byte_array_append(writer->cluster, head, sizeof head);
    g_byte_array_append(writer->cluster, frame->data, (guint)frame->size);
}

static void
open_cluster(KcWebmWriter *writer, gint64 time_ms)
{
    writer->cluster = g_byte_array_sized_new(KC_WEBM_CLUSTER_BYTES / 4);
    writer->cluster_ms = time_ms;
    writer->cluster_begun = kc_ebml_begin_master(writer->cluster, KC_EBML_ID_CLUSTER);
    kc_ebml_put_uint(writer->cluster, KC_EBML_ID_TIMESTAMP, (guint64)time_ms);
}

static gboolean
must_cut(const KcWebmWriter *writer, const KcWebmFrame *frame, gint64 time_ms, gboolean keyframe)
{
    gint64 relative_ms = time_ms - writer->cluster_ms;
    return (keyframe && frame->track == KC_WEBM_VIDEO) || relative_ms >= KC_WEBM_CLUSTER_MS ||
           relative_ms < G_MININT16 || writer->cluster->len + frame->size + BLOCK_HEAD_BYTES > KC_WEBM_CLUSTER_BYTES;
}

gboolean
kc_webm_writer_add(KcWebmWriter *writer, const KcWebmFrame *frame)
{
    if (frame->size == 0 || frame->size > KC_WEBM_FRAME_MAX_BYTES || frame->time_ms < 0 ||
        frame->time_ms > KC_WEBM_MAX_TIME_MS || writer->clusters_finished + 1 >= KC_WEBM_MAX_CLUSTERS)
        return FALSE;

    guint32 width, height;
    gboolean keyframe =
        frame->track == KC_WEBM_AUDIO || kc_webm_vp8_keyframe(frame->data, frame->size, &width, &height);
    gint64 time_ms = MAX(frame->time_ms, writer->last_ms[frame->track] + 1);
    if (writer->cluster != NULL && must_cut(writer, frame, time_ms, keyframe))
        kc_webm_writer_flush(writer);
    if (writer->cluster == NULL)
        open_cluster(writer, time_ms);
    put_gaps(writer);
    put_block(writer, frame, time_ms, keyframe);
    writer->last_ms[frame->track] = time_ms;
    return TRUE;
}

void
kc_webm_writer_add_gap(KcWebmWriter *writer, gint64 from_ms, gint64 to_ms, guint32 tracks)
{
    KcWebmGap gap = {.from_ms = MAX(from_ms, 0), .to_ms = MIN(to_ms, KC_WEBM_MAX_TIME_MS), .tracks = tracks};
    if (gap.from_ms < gap.to_ms && writer->gaps_finished + writer->gaps->len + 1 < KC_WEBM_MAX_GAPS / 2)
        g_array_append_val(writer->gaps, gap);
}

void
kc_webm_writer_tick(KcWebmWriter *writer, gint64 now_ms)
{
    if (writer->cluster != NULL && now_ms - writer->cluster_ms >= KC_WEBM_CLUSTER_MS)
        kc_webm_writer_flush(writer);
}

GBytes *
kc_webm_writer_take(KcWebmWriter *writer)
{
    return g_queue_pop_head(writer->finished);
}
