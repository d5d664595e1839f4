#include "media/webm/cluster.h"
#include "media/webm/ebml.h"
#include "media/webm/frame.h"
#include "media/webm/head.h"
#include "media/webm/writer.h"

#include <string.h>

#define FRAME_DEFAULT_MS 33
#define FRAME_MAX_MS 200 /* a last frame is taken to stay as long as the one before it, but not longer than this */
#define BLOCK_HEAD_BYTES 4

/* A Cluster while it is read; taken over by the index only when all of it is good. */
typedef struct {
    KcWebmCluster cluster;
    KcWebmTally tally;
    gint64 video_end_ms;
    gint64 audio_end_ms;
    guint32 width;
    guint32 height;
    GArray *gaps;
} Draft;

/* A SimpleBlock (RFC 9559, 10.2) of one of our tracks, without lacing. */
static gboolean
block_read(gint64 cluster_ms, const guint8 *data, gsize size, KcWebmFrame *ret_frame)
{
    if (size <= BLOCK_HEAD_BYTES || (data[0] != (0x80 | KC_WEBM_VIDEO) && data[0] != (0x80 | KC_WEBM_AUDIO)))
        return FALSE;
    *ret_frame = (KcWebmFrame){
        .track = data[0] & 0x7f,
        .time_ms = cluster_ms + (gint16)(data[1] << 8 | data[2]),
        .data = data + BLOCK_HEAD_BYTES,
        .size = size - BLOCK_HEAD_BYTES,
    };
    return ret_frame->time_ms >= 0;
}

/* A Cluster's time, which comes once, before everything that counts from it. */
static gboolean
time_read(const KcEbmlElement *element, const guint8 *content, gint64 *ret_ms)
{
    guint64 time_ms = kc_ebml_uint(content, element->size);
    if (element->size > 8 || time_ms > KC_WEBM_MAX_TIME_MS)
        return FALSE;
    *ret_ms = (gint64)time_ms;
    return TRUE;
}

static void
note_video(Draft *draft, gint64 time_ms, const guint8 *data, gsize size)
{
    guint32 width, height;
    gboolean keyframe = kc_webm_vp8_keyframe(data, size, &width, &height);
    if (keyframe && (guint64)width * height > (guint64)draft->width * draft->height) {
        draft->width = width;
        draft->height = height;
    }
    if (keyframe && !(draft->cluster.flags & KC_WEBM_HAS_VIDEO))
        draft->cluster.flags |= KC_WEBM_KEYFRAME;
    draft->cluster.flags |= KC_WEBM_HAS_VIDEO;

    gint64 lasts_ms = draft->tally.seen_video ? time_ms - draft->tally.last_video_ms : FRAME_DEFAULT_MS;
    draft->video_end_ms = MAX(draft->video_end_ms, time_ms + CLAMP(lasts_ms, 1, FRAME_MAX_MS));
    draft->tally.last_video_ms = time_ms;
    draft->tally.seen_video = TRUE;
}

static void
note_audio(Draft *draft, gint64 time_ms, const guint8 *data, gsize size)
{
    draft->cluster.flags |= KC_WEBM_HAS_AUDIO;
    gint64 lasts_ms = (kc_webm_opus_duration_us(data, size) + 999) / 1000;
    draft->audio_end_ms = MAX(draft->audio_end_ms, time_ms + lasts_ms);
}

static gboolean
note_block(Draft *draft, const guint8 *data, gsize size)
{
    KcWebmFrame frame;
    if (!block_read(draft->cluster.time_ms, data, size, &frame))
        return FALSE;
    if (frame.track == KC_WEBM_VIDEO)
        note_video(draft, frame.time_ms, frame.data, frame.size);
    else
        note_audio(draft, frame.time_ms, frame.data, frame.size);
    return TRUE;
}

static gboolean
note_void(Draft *draft, const guint8 *data, gsize size)
{
    if (size != KC_WEBM_GAP_BYTES || memcmp(data, KC_WEBM_GAP_MARK, 8) != 0)
        return TRUE;
    guint64 from_ms = kc_ebml_uint(data + 9, 8);
    guint64 to_ms = kc_ebml_uint(data + 17, 8);
    guint32 tracks = data[8];
    guint32 unknown = tracks & ~(guint32)(KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO);
    if (from_ms > to_ms || to_ms > KC_WEBM_MAX_TIME_MS || unknown != 0)
        return FALSE;
    KcWebmGap gap = {.from_ms = (gint64)from_ms, .to_ms = (gint64)to_ms, .tracks = tracks};
    g_array_append_val(draft->gaps, gap);
    return TRUE;
}

static gboolean
note_child(Draft *draft, const KcEbmlElement *element, const guint8 *content, gboolean first)
{
    if (first != (element->id == KC_EBML_ID_TIMESTAMP))
        return FALSE;
    switch (element->id) {
    case KC_EBML_ID_TIMESTAMP:
        return time_read(element, content, &draft->cluster.time_ms);
    case KC_EBML_ID_SIMPLE_BLOCK:
        return note_block(draft, content, (gsize)element->size);
    case KC_EBML_ID_VOID:
        return note_void(draft, content, (gsize)element->size);
    default:
        return FALSE;
    }
}

static gboolean
note_children(Draft *draft, const guint8 *data, gsize size)
{
    KcEbmlElement element;
    const guint8 *content;
    gsize pos = 0;
    gboolean first = TRUE;
    while (kc_ebml_next(data, size, &pos, &element, &content)) {
        if (!note_child(draft, &element, content, first))
            return FALSE;
        first = FALSE;
    }
    return pos == size && !first;
}

/* The whole of `data` is one Cluster: how many bytes of it stand before its children. */
static gboolean
head_read(const guint8 *data, gsize size, gsize *ret_head_size)
{
    KcEbmlElement element;
    if (kc_ebml_read(data, size, &element) != KC_EBML_OK || element.id != KC_EBML_ID_CLUSTER ||
        element.size != size - element.head_size)
        return FALSE;
    *ret_head_size = element.head_size;
    return TRUE;
}

static void
take_over(KcWebmIndex *index, KcWebmTally *tally, const Draft *draft)
{
    g_array_append_val(index->clusters, draft->cluster);
    g_array_append_vals(index->gaps, draft->gaps->data, draft->gaps->len);
    index->video_end_ms = draft->video_end_ms;
    index->audio_end_ms = draft->audio_end_ms;
    index->duration_ms = MAX(draft->video_end_ms, draft->audio_end_ms);
    index->width = draft->width;
    index->height = draft->height;
    *tally = draft->tally;
}

gboolean
kc_webm_cluster_note(KcWebmIndex *index, KcWebmTally *tally, const guint8 *data, gsize size, GError **error)
{
    g_autoptr(GArray) gaps = g_array_new(FALSE, FALSE, sizeof(KcWebmGap));
    Draft draft = {
        .cluster = {.offset = kc_webm_index_total_bytes(index), .size = (guint32)size},
        .tally = *tally,
        .video_end_ms = index->video_end_ms,
        .audio_end_ms = index->audio_end_ms,
        .width = index->width,
        .height = index->height,
        .gaps = gaps,
    };
    gsize head_size = 0;
    if (!head_read(data, size, &head_size) || !note_children(&draft, data + head_size, size - head_size)) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED, "no Cluster of ours at byte %" G_GUINT64_FORMAT,
                    draft.cluster.offset);
        return FALSE;
    }
    if (index->clusters->len >= KC_WEBM_MAX_CLUSTERS || index->gaps->len + gaps->len > KC_WEBM_MAX_GAPS) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_LIMIT, "the recording has too many Clusters or gaps");
        return FALSE;
    }
    take_over(index, tally, &draft);
    return TRUE;
}

gboolean
kc_webm_cluster_frames(const guint8 *data, gsize size, KcWebmTrack track, KcWebmFrameFunc func, gpointer user_data)
{
    KcEbmlElement element;
    const guint8 *content;
    gsize pos = 0;
    gint64 cluster_ms = -1;
    if (!head_read(data, size, &pos))
        return FALSE;
    while (kc_ebml_next(data, size, &pos, &element, &content)) {
        KcWebmFrame frame;
        if (element.id == KC_EBML_ID_TIMESTAMP && !time_read(&element, content, &cluster_ms))
            return FALSE;
        if (element.id != KC_EBML_ID_SIMPLE_BLOCK)
            continue;
        if (cluster_ms < 0 || !block_read(cluster_ms, content, (gsize)element.size, &frame))
            return FALSE;
        if (frame.track == track)
            func(frame.time_ms, frame.data, frame.size, user_data);
    }
    return pos == size;
}
