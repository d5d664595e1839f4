/* Invariant: `head` is followed by the recording's Clusters, so that a byte at `head->len + n` of the file is the byte
 * at `clusters_offset + n` of the recording. */
#include "media/webm/virtual.h"
#include "media/webm/ebml.h"
#include "media/webm/head.h"

#include <string.h>

/* Sound alone is a seek point too: where no keyframe is near, and before the first picture. */
#define AUDIO_CUE_MS 2000

struct _KcWebmVirtual {
    GByteArray *head;
    guint64 clusters_offset;
    guint64 clusters_size;
    const char *content_type;
};

static void
put_cue_position(GByteArray *out, KcWebmTrack track, guint64 position)
{
    GByteArray *content = g_byte_array_new();
    kc_ebml_put_uint(content, KC_EBML_ID_CUE_TRACK, track);
    kc_ebml_put_uint_wide(content, KC_EBML_ID_CUE_CLUSTER_POSITION, position);
    kc_ebml_put_master(out, KC_EBML_ID_CUE_TRACK_POSITIONS, content);
}

static void
put_cue(GByteArray *out, const KcWebmCluster *cluster, guint64 position)
{
    GByteArray *point = g_byte_array_new();
    kc_ebml_put_uint(point, KC_EBML_ID_CUE_TIME, (guint64)cluster->time_ms);
    if (cluster->flags & KC_WEBM_KEYFRAME)
        put_cue_position(point, KC_WEBM_VIDEO, position);
    if (cluster->flags & KC_WEBM_HAS_AUDIO)
        put_cue_position(point, KC_WEBM_AUDIO, position);
    kc_ebml_put_master(out, KC_EBML_ID_CUE_POINT, point);
}

/* `base`: position of the first Cluster in the Segment. The length doesn't depend on it. */
static GByteArray *
make_cues(const KcWebmIndex *index, guint64 base)
{
    GByteArray *content = g_byte_array_new();
    gint64 last_ms = G_MININT64 / 2;
    for (guint i = 0; i < index->clusters->len; i++) {
        const KcWebmCluster *cluster = &g_array_index(index->clusters, KcWebmCluster, i);
        gboolean sound = (cluster->flags & KC_WEBM_HAS_AUDIO) && cluster->time_ms - last_ms >= AUDIO_CUE_MS;
        if (!(cluster->flags & KC_WEBM_KEYFRAME) && !sound)
            continue;
        put_cue(content, cluster, base + cluster->offset - index->head_size);
        last_ms = cluster->time_ms;
    }
    GByteArray *cues = g_byte_array_new();
    if (content->len > 0)
        kc_ebml_put_master(cues, KC_EBML_ID_CUES, content);
    else
        g_byte_array_unref(content);
    return cues;
}

static void
put_seek(GByteArray *out, guint32 id, guint64 position)
{
    GByteArray *seek = g_byte_array_new();
    kc_ebml_put_uint(seek, KC_EBML_ID_SEEK_ID, id);
    kc_ebml_put_uint_wide(seek, KC_EBML_ID_SEEK_POSITION, position);
    kc_ebml_put_master(out, KC_EBML_ID_SEEK, seek);
}

static GByteArray *
make_seek_head(guint64 info, guint64 tracks, guint64 cues, gboolean has_cues)
{
    GByteArray *content = g_byte_array_new();
    put_seek(content, KC_EBML_ID_INFO, info);
    put_seek(content, KC_EBML_ID_TRACKS, tracks);
    if (has_cues)
        put_seek(content, KC_EBML_ID_CUES, cues);
    GByteArray *seek_head = g_byte_array_new();
    kc_ebml_put_master(seek_head, KC_EBML_ID_SEEK_HEAD, content);
    return seek_head;
}

static GByteArray *
make_head(const KcWebmIndex *index, guint32 tracks, guint64 clusters_size)
{
    g_autoptr(GByteArray) info = g_byte_array_new();
    kc_webm_put_info(info, index->started_at_us, index->duration_ms);
    g_autoptr(GByteArray) track_entries = g_byte_array_new();
    kc_webm_put_tracks(track_entries, tracks, index->width, index->height);

    /* Twice each: once for their lengths, which are the same whatever stands in them, once for their contents. */
    g_autoptr(GByteArray) cues_draft = make_cues(index, 0);
    g_autoptr(GByteArray) seek_draft = make_seek_head(0, 0, 0, cues_draft->len > 0);
    guint64 info_at = seek_draft->len;
    guint64 tracks_at = info_at + info->len;
    guint64 cues_at = tracks_at + track_entries->len;
    guint64 clusters_at = cues_at + cues_draft->len;
    g_autoptr(GByteArray) cues = make_cues(index, clusters_at);
    g_autoptr(GByteArray) seek_head = make_seek_head(info_at, tracks_at, cues_at, cues->len > 0);
    g_assert(cues->len == cues_draft->len && seek_head->len == seek_draft->len);

    GByteArray *head = g_byte_array_new();
    kc_webm_put_ebml_head(head);
    kc_ebml_put_id(head, KC_EBML_ID_SEGMENT);
    kc_ebml_put_size_wide(head, clusters_at + clusters_size);
    g_byte_array_append(head, seek_head->data, seek_head->len);
    g_byte_array_append(head, info->data, info->len);
    g_byte_array_append(head, track_entries->data, track_entries->len);
    g_byte_array_append(head, cues->data, cues->len);
    return head;
}

static const char *
content_type(guint32 tracks)
{
    switch (tracks) {
    case KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO:
        return "video/webm; codecs=\"vp8, opus\"";
    case KC_WEBM_HAS_VIDEO:
        return "video/webm; codecs=\"vp8\"";
    case KC_WEBM_HAS_AUDIO:
        return "audio/webm; codecs=\"opus\"";
    default:
        return "video/webm";
    }
}

KcWebmVirtual *
kc_webm_virtual_new(const KcWebmIndex *index)
{
    guint32 tracks = (kc_webm_index_has_video(index) ? KC_WEBM_HAS_VIDEO : 0) |
                     (kc_webm_index_has_audio(index) ? KC_WEBM_HAS_AUDIO : 0);
    KcWebmVirtual *file = g_new0(KcWebmVirtual, 1);
    file->clusters_offset = index->head_size;
    file->clusters_size = kc_webm_index_total_bytes(index) - index->head_size;
    file->head = make_head(index, tracks, file->clusters_size);
    file->content_type = content_type(tracks);
    return file;
}

void
kc_webm_virtual_free(KcWebmVirtual *file)
{
    if (file == NULL)
        return;
    g_byte_array_unref(file->head);
    g_free(file);
}

guint64
kc_webm_virtual_size(const KcWebmVirtual *file)
{
    return file->head->len + file->clusters_size;
}

const char *
kc_webm_virtual_content_type(const KcWebmVirtual *file)
{
    return file->content_type;
}

guint64
kc_webm_virtual_locate(const KcWebmVirtual *file, guint64 offset, const guint8 **ret_bytes, guint64 *ret_vault_offset)
{
    *ret_bytes = NULL;
    *ret_vault_offset = 0;
    if (offset >= kc_webm_virtual_size(file))
        return 0;
    if (offset < file->head->len) {
        *ret_bytes = file->head->data + offset;
        return file->head->len - offset;
    }
    *ret_vault_offset = file->clusters_offset + (offset - file->head->len);
    return kc_webm_virtual_size(file) - offset;
}

gboolean
kc_webm_virtual_read(const KcWebmVirtual *file, guint64 offset, guint8 *out, gsize size, KcWebmReadFunc read,
                     gpointer user_data, GError **error)
{
    guint64 total = kc_webm_virtual_size(file);
    if (offset > total || size > total - offset) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_RANGE,
                    "%" G_GSIZE_FORMAT " bytes from %" G_GUINT64_FORMAT " on are not in a file of %" G_GUINT64_FORMAT,
                    size, offset, total);
        return FALSE;
    }
    while (size > 0) {
        const guint8 *bytes;
        guint64 vault_offset;
        gsize piece = (gsize)MIN(size, kc_webm_virtual_locate(file, offset, &bytes, &vault_offset));
        if (bytes != NULL)
            memcpy(out, bytes, piece);
        else if (!read(vault_offset, out, piece, user_data, error))
            return FALSE;
        out += piece;
        offset += piece;
        size -= piece;
    }
    return TRUE;
}

guint64
kc_webm_virtual_cluster_offset(const KcWebmVirtual *file, const KcWebmIndex *index, guint i)
{
    return file->head->len + g_array_index(index->clusters, KcWebmCluster, i).offset - file->clusters_offset;
}
