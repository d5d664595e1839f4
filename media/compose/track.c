/* Invariant: every byte that is decoded was opened by the vault's key of this object, whose SHA-256 is the one that the
 * daemon's row names. Decoders are there only while they are needed: a case may have hundreds of recordings. */
#include "media/compose/track.h"

#include "media/webm/ebml.h"
#include "media/webm/frame.h"
#include "src/base/hex.h"
#include "src/base/limits.h"
#include "src/evidence/vault.h"

#include <opus/opus.h>
#include <string.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#define AHEAD_MS 3000 /* how far the tracks of one recording may be apart in its file */
#define TOGETHER 2880 /* samples: what a packet may be late or early and still follow the one before it */
#define PACKET_MAX 5760
#define SIDE_MAX 4096

typedef struct {
    gint64 time_ms;
    GBytes *data;
} Frame;

struct KcTrack {
    char *object;
    guint tile;
    gint64 started_us;
    KcVaultReader *vault;
    KcWebmIndex *index;
    guint next_cluster, next_gap;
    GQueue video, audio; /* of Frame, not decoded yet */
    gboolean has_video_decoder;
    vpx_codec_ctx_t video_decoder;
    gint64 picture_ms; /* of the newest good one; < 0: none */
    guint64 broken;
    OpusDecoder *sound_decoder;
    GArray *pcm;     /* of gint16 pairs, decoded and not used yet */
    gint64 pcm_from; /* number of its first pair since the track began */
};

static void
frame_free(gpointer data)
{
    Frame *frame = data;
    if (frame != NULL)
        g_bytes_unref(frame->data);
    g_free(frame);
}

static gboolean
check_sha256(const KcTrack *track, const char *wanted, GError **error)
{
    g_autofree char *sealed = kc_hex_encode(kc_vault_reader_sha256(track->vault), KC_VAULT_SHA256_LEN);
    if (g_ascii_strcasecmp(sealed, wanted) == 0)
        return TRUE;
    g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED, "its bytes are not those that its row names");
    return FALSE;
}

KcTrack *
kc_track_new(KcMessage *message, GError **error)
{
    KcSourceSent *source = &message->source;
    g_autoptr(KcTrack) track = g_new0(KcTrack, 1);
    track->object = g_strdup(source->object);
    track->tile = source->tile;
    track->started_us = source->started_at_us;
    track->picture_ms = -1;
    track->pcm = g_array_new(FALSE, TRUE, KC_SOUND_CHANNELS * sizeof(gint16));
    track->vault = kc_vault_reader_open(g_steal_fd(&message->fd), source->key, source->object, error);
    if (track->vault == NULL || !check_sha256(track, source->sha256, error))
        return NULL;
    track->index = kc_webm_index_decode(kc_vault_reader_index(track->vault), error);
    return track->index != NULL ? g_steal_pointer(&track) : NULL;
}

static void
decoders_free(KcTrack *track)
{
    if (track->has_video_decoder)
        vpx_codec_destroy(&track->video_decoder);
    track->has_video_decoder = FALSE;
    g_clear_pointer(&track->sound_decoder, opus_decoder_destroy);
}

void
kc_track_free(KcTrack *track)
{
    if (track == NULL)
        return;
    decoders_free(track);
    g_queue_clear_full(&track->video, frame_free);
    g_queue_clear_full(&track->audio, frame_free);
    g_array_unref(track->pcm);
    kc_webm_index_free(track->index);
    kc_vault_reader_free(track->vault);
    g_free(track->object);
    g_free(track);
}

guint
kc_track_tile(const KcTrack *track)
{
    return track->tile;
}

const char *
kc_track_object(const KcTrack *track)
{
    return track->object;
}

gint64
kc_track_from_us(const KcTrack *track)
{
    return track->started_us;
}

gint64
kc_track_until_us(const KcTrack *track)
{
    return track->started_us + track->index->duration_ms * 1000;
}

guint64
kc_track_broken_frames(const KcTrack *track)
{
    return track->broken;
}

/* ---- Clusters ---- */

static void
take_block(KcTrack *track, gint64 cluster_ms, const guint8 *content, gsize size)
{
    if (size < 5)
        return;
    GQueue *queue = content[0] == (0x80 | KC_WEBM_VIDEO)   ? &track->video
                    : content[0] == (0x80 | KC_WEBM_AUDIO) ? &track->audio
                                                           : NULL;
    if (queue == NULL)
        return;
    Frame *frame = g_new0(Frame, 1);
    frame->time_ms = cluster_ms + (gint16)(content[1] << 8 | content[2]);
    frame->data = g_bytes_new(content + 4, size - 4);
    g_queue_push_tail(queue, frame);
}

static gboolean
read_cluster(KcTrack *track, const KcWebmCluster *cluster, GError **error)
{
    if (cluster->size > KC_LIMIT_CHUNK_BYTES || cluster->offset > kc_vault_reader_size(track->vault) ||
        cluster->size > kc_vault_reader_size(track->vault) - cluster->offset) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED, "its index names what is not in it");
        return FALSE;
    }
    g_autofree guint8 *bytes = g_malloc(cluster->size);
    if (!kc_vault_reader_read_at(track->vault, cluster->offset, bytes, cluster->size, error))
        return FALSE;
    KcEbmlElement element;
    const guint8 *content;
    gsize pos = 0;
    if (kc_ebml_read(bytes, cluster->size, &element) != KC_EBML_OK || element.id != KC_EBML_ID_CLUSTER) {
        g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED, "there is no cluster where its index names one");
        return FALSE;
    }
    pos = element.head_size;
    while (kc_ebml_next(bytes, cluster->size, &pos, &element, &content))
        if (element.id == KC_EBML_ID_SIMPLE_BLOCK)
            take_block(track, cluster->time_ms, content, (gsize)element.size);
    return TRUE;
}

static gboolean
read_until(KcTrack *track, gint64 until_ms, GError **error)
{
    while (track->next_cluster < track->index->clusters->len) {
        const KcWebmCluster *cluster = &g_array_index(track->index->clusters, KcWebmCluster, track->next_cluster);
        if (cluster->time_ms > until_ms + AHEAD_MS)
            break;
        if (!read_cluster(track, cluster, error))
            return FALSE;
        track->next_cluster++;
    }
    return TRUE;
}

static Frame *
next_frame(GQueue *queue, gint64 before_ms)
{
    const Frame *first = g_queue_peek_head(queue);
    return first != NULL && first->time_ms < before_ms ? g_queue_pop_head(queue) : NULL;
}

/* ---- Pictures ---- */

/* A frame of a few bytes can ask for pictures of a gigabyte. */
static gboolean
is_too_large(const guint8 *data, gsize size)
{
    guint32 width, height;
    return kc_webm_vp8_keyframe(data, size, &width, &height) && (width > SIDE_MAX || height > SIDE_MAX);
}

/* NULL: it does not decode, or shows nothing. */
static const vpx_image_t *
decode_picture(KcTrack *track, const Frame *frame)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(frame->data, &size);
    const vpx_codec_dec_cfg_t config = {.threads = 1};
    vpx_codec_iter_t iter = NULL;
    if (!track->has_video_decoder)
        track->has_video_decoder =
            vpx_codec_dec_init(&track->video_decoder, vpx_codec_vp8_dx(), &config, 0) == VPX_CODEC_OK;
    if (!track->has_video_decoder || is_too_large(data, size) ||
        vpx_codec_decode(&track->video_decoder, data, (guint)size, NULL, 0) != VPX_CODEC_OK) {
        track->broken++;
        return NULL;
    }
    const vpx_image_t *image = vpx_codec_get_frame(&track->video_decoder, &iter);
    gboolean usable = image != NULL && image->fmt == VPX_IMG_FMT_I420 && image->d_w >= 2 && image->d_h >= 2 &&
                      image->d_w <= SIDE_MAX && image->d_h <= SIDE_MAX;
    return usable ? image : NULL;
}

/* Whether pictures of that moment are known to have been lost on the way. */
static gboolean
is_in_gap(KcTrack *track, gint64 at_ms)
{
    const GArray *gaps = track->index->gaps;
    const KcWebmGap *gap = NULL;
    while (track->next_gap < gaps->len && (gap = &g_array_index(gaps, KcWebmGap, track->next_gap))->to_ms <= at_ms)
        track->next_gap++;
    return track->next_gap < gaps->len && gap->from_ms <= at_ms && (gap->tracks & KC_WEBM_HAS_VIDEO) != 0 &&
           gap->to_ms - gap->from_ms >= KC_GAP_SHOWN_MS;
}

gboolean
kc_track_picture(KcTrack *track, gint64 at_us, KcPictureState *ret_state, const vpx_image_t **ret_image, GError **error)
{
    gint64 at_ms = (at_us - track->started_us) / 1000;
    const vpx_image_t *newest = NULL;
    if (!read_until(track, at_ms, error))
        return FALSE;
    for (Frame *frame; (frame = next_frame(&track->video, at_ms + 1)) != NULL; frame_free(frame)) {
        newest = decode_picture(track, frame);
        if (newest != NULL)
            track->picture_ms = frame->time_ms;
    }
    if (track->picture_ms < 0 || at_ms - track->picture_ms > KC_PICTURE_STALE_MS) {
        *ret_state = KC_PICTURE_NONE;
        track->picture_ms = -1;
        return TRUE;
    }
    *ret_state = newest != NULL ? KC_PICTURE_NEW : is_in_gap(track, at_ms) ? KC_PICTURE_NONE : KC_PICTURE_SAME;
    *ret_image = newest;
    return TRUE;
}

/* ---- Sound ---- */

static gint64
pcm_end(const KcTrack *track)
{
    return track->pcm_from + track->pcm->len;
}

/* Where a packet's samples go: behind those before it, unless it is too far from there. FALSE: it is in the past. */
static gboolean
place(KcTrack *track, gint64 at)
{
    gint64 apart = at - pcm_end(track);
    if (track->pcm->len == 0 && (apart > TOGETHER || apart < -TOGETHER)) {
        track->pcm_from = MAX(at, track->pcm_from);
        return at >= track->pcm_from;
    }
    if (apart > TOGETHER) /* silence; as long as the block that is asked for, at most */
        g_array_set_size(track->pcm, track->pcm->len + (guint)apart);
    return apart >= -TOGETHER;
}

static void
decode_sound(KcTrack *track, const Frame *frame)
{
    gint16 samples[PACKET_MAX * KC_SOUND_CHANNELS];
    gsize size;
    int failure;
    const guint8 *data = g_bytes_get_data(frame->data, &size);
    if (track->sound_decoder == NULL)
        track->sound_decoder = opus_decoder_create(KC_SOUND_RATE, KC_SOUND_CHANNELS, &failure);
    int n = track->sound_decoder != NULL
                ? opus_decode(track->sound_decoder, data, (opus_int32)size, samples, PACKET_MAX, 0)
                : -1;
    if (n <= 0)
        track->broken++;
    else if (place(track, frame->time_ms * (KC_SOUND_RATE / 1000)))
        g_array_append_vals(track->pcm, samples, (guint)n);
}

static void
mix_pcm(KcTrack *track, gint64 from, gint32 *mix, guint n)
{
    const gint16 *pcm = (const gint16 *)(gconstpointer)track->pcm->data;
    gint64 first = MAX(from, track->pcm_from), end = MIN(from + n, pcm_end(track));
    for (gint64 at = first; at < end; at++)
        for (guint c = 0; c < KC_SOUND_CHANNELS; c++)
            mix[(at - from) * KC_SOUND_CHANNELS + c] += pcm[(at - track->pcm_from) * KC_SOUND_CHANNELS + c];
    guint used = (guint)CLAMP(from + n - track->pcm_from, 0, track->pcm->len);
    if (used > 0)
        g_array_remove_range(track->pcm, 0, used);
    track->pcm_from += used;
}

gboolean
kc_track_sound(KcTrack *track, gint64 from_us, gint32 *mix, guint n, GError **error)
{
    gint64 from = (from_us - track->started_us) * (KC_SOUND_RATE / 1000) / 1000;
    gint64 until_ms = (from + n) / (KC_SOUND_RATE / 1000);
    if (!read_until(track, until_ms, error))
        return FALSE;
    for (Frame *frame; (frame = next_frame(&track->audio, until_ms)) != NULL; frame_free(frame))
        decode_sound(track, frame);
    mix_pcm(track, from, mix, n);
    if (track->next_cluster == track->index->clusters->len && g_queue_is_empty(&track->video) &&
        g_queue_is_empty(&track->audio) && from_us > kc_track_until_us(track) + KC_PICTURE_STALE_MS * 1000)
        decoders_free(track);
    return TRUE;
}
