#include "media/gst/kcrecorder_gop.h"
#include "media/webm/cluster.h"
#include "media/webm/frame.h"

void
kc_gop_free(KcGop *gop)
{
    if (gop == NULL)
        return;
    g_ptr_array_unref(gop->frames);
    g_free(gop);
}

/* The last chunk from which decoding can start. */
static gboolean
keyframe_chunk(const KcWebmIndex *index, guint32 chunks, guint32 *ret_chunk)
{
    for (guint behind = 1; behind <= index->clusters->len; behind++) {
        guint cluster = index->clusters->len - behind;
        if (g_array_index(index->clusters, KcWebmCluster, cluster).flags & KC_WEBM_KEYFRAME) {
            *ret_chunk = chunks - behind;
            return TRUE;
        }
    }
    return FALSE;
}

typedef struct {
    KcGop *gop;
    GBytes *cluster;
} Reading;

static void
add_frame(gint64 time_ms, const guint8 *data, gsize size, gpointer user_data)
{
    const Reading *reading = user_data;
    const guint8 *start = g_bytes_get_data(reading->cluster, NULL);
    g_ptr_array_add(reading->gop->frames, g_bytes_new_from_bytes(reading->cluster, (gsize)(data - start), size));
    reading->gop->media_time_ms = time_ms;
}

static KcGop *
gop_of(const GPtrArray *clusters)
{
    KcGop *gop = g_new0(KcGop, 1);
    gop->frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    for (guint i = 0; i < clusters->len; i++) {
        Reading reading = {gop, g_ptr_array_index(clusters, i)};
        gsize size = 0;
        const guint8 *data = g_bytes_get_data(reading.cluster, &size);
        kc_webm_cluster_frames(data, size, KC_WEBM_VIDEO, add_frame, &reading);
    }
    return gop;
}

KcGop *
kc_gop_read(KcVaultWriter *vault, const KcWebmIndex *index, GError **error)
{
    guint32 first = 0;
    if (!keyframe_chunk(index, kc_vault_writer_chunks(vault), &first)) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_INTERRUPTED, "the recording holds no picture yet");
        return NULL;
    }
    g_autoptr(GPtrArray) clusters = kc_vault_writer_read_back(vault, first, error);
    if (clusters == NULL)
        return NULL;
    KcGop *gop = gop_of(clusters); /* begins with the keyframe that the index names */
    gsize size = 0;
    const guint8 *keyframe = g_bytes_get_data(g_ptr_array_index(gop->frames, 0), &size);
    kc_webm_vp8_keyframe(keyframe, size, &gop->width, &gop->height);
    gop->taken_at_us = index->started_at_us + gop->media_time_ms * 1000;
    return gop;
}
