/* Layout of the compact form, version 1: "KCWI", one byte version, then unsigned LEB128 integers (zigzag where z):
 *
 *   started_at_us z, duration_ms, video_end_ms, audio_end_ms, width, height, head_size
 *   number of clusters, each: size, flags, time_ms since the previous one z
 *   number of gaps, each: from_ms since the previous gap's from_ms z, to_ms - from_ms, tracks
 *
 * Clusters lie without holes behind the head, so that offsets are sums. */
#include "media/webm/index.h"

#include <string.h>

#define MAGIC "KCWI"
#define VERSION 1
#define TIME_LIMIT_MS (KC_WEBM_MAX_TIME_MS + G_MAXINT16) /* the end of a frame may lie a little behind the limit */
#define SIZE_LIMIT (G_GUINT64_CONSTANT(1) << 48)

G_DEFINE_QUARK(kc-webm-error, kc_webm_error)

KcWebmIndex *
kc_webm_index_new(void)
{
    KcWebmIndex *index = g_new0(KcWebmIndex, 1);
    index->clusters = g_array_new(FALSE, FALSE, sizeof(KcWebmCluster));
    index->gaps = g_array_new(FALSE, FALSE, sizeof(KcWebmGap));
    return index;
}

KcWebmIndex *
kc_webm_index_copy(const KcWebmIndex *index)
{
    KcWebmIndex *copy = g_new(KcWebmIndex, 1);
    *copy = *index;
    copy->clusters = g_array_copy(index->clusters);
    copy->gaps = g_array_copy(index->gaps);
    return copy;
}

void
kc_webm_index_free(KcWebmIndex *index)
{
    if (index == NULL)
        return;
    g_array_unref(index->clusters);
    g_array_unref(index->gaps);
    g_free(index);
}

static gboolean
any_cluster(const KcWebmIndex *index, guint32 flag)
{
    for (guint i = 0; i < index->clusters->len; i++)
        if (g_array_index(index->clusters, KcWebmCluster, i).flags & flag)
            return TRUE;
    return FALSE;
}

gboolean
kc_webm_index_has_video(const KcWebmIndex *index)
{
    return any_cluster(index, KC_WEBM_HAS_VIDEO);
}

gboolean
kc_webm_index_has_audio(const KcWebmIndex *index)
{
    return any_cluster(index, KC_WEBM_HAS_AUDIO);
}

guint64
kc_webm_index_total_bytes(const KcWebmIndex *index)
{
    if (index->clusters->len == 0)
        return index->head_size;
    const KcWebmCluster *last = &g_array_index(index->clusters, KcWebmCluster, index->clusters->len - 1);
    return last->offset + last->size;
}

/* --- encoding --------------------------------------------------------------------------------------------------- */

static void
put(GByteArray *out, guint64 value)
{
    do {
        guint8 byte = value & 0x7f;
        value >>= 7;
        if (value != 0)
            byte |= 0x80;
        g_byte_array_append(out, &byte, 1);
    } while (value != 0);
}

static void
put_signed(GByteArray *out, gint64 value)
{
    put(out, (guint64)value << 1 ^ (value < 0 ? G_MAXUINT64 : 0));
}

GBytes *
kc_webm_index_encode(const KcWebmIndex *index)
{
    static const guint8 version = VERSION;
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)MAGIC, strlen(MAGIC));
    g_byte_array_append(out, &version, 1);
    put_signed(out, index->started_at_us);
    put(out, (guint64)index->duration_ms);
    put(out, (guint64)index->video_end_ms);
    put(out, (guint64)index->audio_end_ms);
    put(out, index->width);
    put(out, index->height);
    put(out, index->head_size);

    put(out, index->clusters->len);
    gint64 time_ms = 0;
    for (guint i = 0; i < index->clusters->len; i++) {
        const KcWebmCluster *cluster = &g_array_index(index->clusters, KcWebmCluster, i);
        put(out, cluster->size);
        put(out, cluster->flags);
        put_signed(out, cluster->time_ms - time_ms);
        time_ms = cluster->time_ms;
    }

    put(out, index->gaps->len);
    gint64 from_ms = 0;
    for (guint i = 0; i < index->gaps->len; i++) {
        const KcWebmGap *gap = &g_array_index(index->gaps, KcWebmGap, i);
        put_signed(out, gap->from_ms - from_ms);
        put(out, (guint64)(gap->to_ms - gap->from_ms));
        put(out, gap->tracks);
        from_ms = gap->from_ms;
    }
    return g_byte_array_free_to_bytes(out);
}

/* --- decoding --------------------------------------------------------------------------------------------------- */

/* Stays failed after the first byte that can't be, so that a caller may check once at the end of a run of fields. */
typedef struct {
    const guint8 *data;
    gsize size;
    gsize pos;
    gboolean failed;
} Reader;

static guint64
get(Reader *reader, guint64 max)
{
    guint64 value = 0;
    for (guint shift = 0; shift < 63 && reader->pos < reader->size; shift += 7) {
        guint8 byte = reader->data[reader->pos++];
        value |= (guint64)(byte & 0x7f) << shift;
        if (byte & 0x80)
            continue;
        /* A last byte of zero would be a second way to write the same number. */
        if (value > max || (byte == 0 && shift > 0))
            break;
        return value;
    }
    reader->failed = TRUE;
    return 0;
}

static gint64
get_signed(Reader *reader, guint64 max)
{
    guint64 value = get(reader, max * 2 + 1);
    return (gint64)(value >> 1 ^ (value & 1 ? G_MAXUINT64 : 0));
}

static void
get_clusters(Reader *reader, KcWebmIndex *index)
{
    guint64 count = get(reader, KC_WEBM_MAX_CLUSTERS);
    guint64 offset = index->head_size;
    gint64 time_ms = 0;
    for (guint64 i = 0; i < count && !reader->failed; i++) {
        KcWebmCluster cluster = {.offset = offset};
        cluster.size = (guint32)get(reader, G_MAXINT32);
        cluster.flags = (guint32)get(reader, KC_WEBM_KEYFRAME | KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO);
        time_ms += get_signed(reader, TIME_LIMIT_MS);
        if (cluster.size == 0 || time_ms < 0 || time_ms > TIME_LIMIT_MS)
            reader->failed = TRUE;
        cluster.time_ms = time_ms;
        offset += cluster.size;
        g_array_append_val(index->clusters, cluster);
    }
}

static void
get_gaps(Reader *reader, KcWebmIndex *index)
{
    guint64 count = get(reader, KC_WEBM_MAX_GAPS);
    gint64 from_ms = 0;
    for (guint64 i = 0; i < count && !reader->failed; i++) {
        from_ms += get_signed(reader, TIME_LIMIT_MS);
        KcWebmGap gap = {.from_ms = from_ms};
        gap.to_ms = from_ms + (gint64)get(reader, TIME_LIMIT_MS);
        gap.tracks = (guint32)get(reader, KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO);
        if (from_ms < 0 || from_ms > TIME_LIMIT_MS)
            reader->failed = TRUE;
        g_array_append_val(index->gaps, gap);
    }
}

KcWebmIndex *
kc_webm_index_decode(GBytes *bytes, GError **error)
{
    Reader reader = {0};
    reader.data = g_bytes_get_data(bytes, &reader.size);
    if (reader.size < strlen(MAGIC) + 1 || memcmp(reader.data, MAGIC, strlen(MAGIC)) != 0) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED, "not the index of a recording");
        return NULL;
    }
    if (reader.data[strlen(MAGIC)] != VERSION) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED, "index of a recording in unknown version %u",
                    reader.data[strlen(MAGIC)]);
        return NULL;
    }
    reader.pos = strlen(MAGIC) + 1;

    g_autoptr(KcWebmIndex) index = kc_webm_index_new();
    index->started_at_us = get_signed(&reader, G_GINT64_CONSTANT(1) << 60);
    index->duration_ms = (gint64)get(&reader, TIME_LIMIT_MS);
    index->video_end_ms = (gint64)get(&reader, TIME_LIMIT_MS);
    index->audio_end_ms = (gint64)get(&reader, TIME_LIMIT_MS);
    index->width = (guint32)get(&reader, G_MAXUINT16);
    index->height = (guint32)get(&reader, G_MAXUINT16);
    index->head_size = get(&reader, SIZE_LIMIT);
    get_clusters(&reader, index);
    get_gaps(&reader, index);
    if (reader.failed || reader.pos != reader.size) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED,
                    "index of a recording damaged at byte %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, reader.pos,
                    reader.size);
        return NULL;
    }
    return g_steal_pointer(&index);
}
