#include "media/compose/encoder.h"

#include "media/compose/track.h"
#include "media/protocol/captions.h"
#include "media/webm/scan.h"
#include "media/webm/writer.h"
#include "src/base/hex.h"
#include "src/evidence/vault.h"

#include <opus/opus.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#define VIDEO_KBPS 1200
#define MIN_QUANTIZER 12 /* what stands still takes no more bits than it needs */
#define SOUND_BPS 64000
#define KEYFRAME_EVERY 75 /* pictures: a seek lands within five seconds */
#define CPU_USED 8        /* as fast as it goes: one core, beside calls */
#define PACKET_BYTES 4000

G_DEFINE_QUARK(kc - encoder - error - quark, kc_encoder_error)

struct KcEncoder {
    KcVaultWriter *vault;
    KcWebmWriter *webm;
    KcWebmScan *scan;
    gboolean has_video;
    vpx_codec_ctx_t video;
    OpusEncoder *sound;
};

static gboolean
fail(GError **error, const char *what)
{
    g_set_error(error, KC_ENCODER_ERROR, KC_ENCODER_ERROR_CODEC, "%s", what);
    return FALSE;
}

static gboolean
open_video(KcEncoder *encoder, GError **error)
{
    vpx_codec_enc_cfg_t config;
    if (vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &config, 0) != VPX_CODEC_OK)
        return fail(error, "no VP8 encoder");
    config.g_w = KC_COMPOSED_WIDTH;
    config.g_h = KC_COMPOSED_HEIGHT;
    config.g_timebase = (vpx_rational_t){1, 1000};
    config.g_threads = 1;
    config.g_lag_in_frames = 0;
    config.rc_end_usage = VPX_CBR;
    config.rc_target_bitrate = VIDEO_KBPS;
    config.rc_dropframe_thresh = 0;
    config.rc_min_quantizer = MIN_QUANTIZER;
    config.kf_max_dist = KEYFRAME_EVERY;
    encoder->has_video = vpx_codec_enc_init(&encoder->video, vpx_codec_vp8_cx(), &config, 0) == VPX_CODEC_OK;
    if (!encoder->has_video || vpx_codec_control(&encoder->video, VP8E_SET_CPUUSED, CPU_USED) != VPX_CODEC_OK)
        return fail(error, "VP8 can't be encoded");
    /* Most of a call stands still. */
    vpx_codec_control(&encoder->video, VP8E_SET_STATIC_THRESHOLD, 100);
    return TRUE;
}

static gboolean
open_sound(KcEncoder *encoder, GError **error)
{
    int failure;
    encoder->sound = opus_encoder_create(KC_SOUND_RATE, KC_SOUND_CHANNELS, OPUS_APPLICATION_AUDIO, &failure);
    if (encoder->sound == NULL || opus_encoder_ctl(encoder->sound, OPUS_SET_BITRATE(SOUND_BPS)) != OPUS_OK ||
        opus_encoder_ctl(encoder->sound, OPUS_SET_COMPLEXITY(4)) != OPUS_OK)
        return fail(error, "Opus can't be encoded");
    return TRUE;
}

KcEncoder *
kc_encoder_new(KcMessage *compose, gint64 started_us, GError **error)
{
    g_autoptr(KcEncoder) encoder = g_new0(KcEncoder, 1);
    encoder->vault =
        kc_vault_writer_new(g_steal_fd(&compose->fd), compose->compose.key, compose->compose.object, error);
    if (encoder->vault == NULL || !open_video(encoder, error) || !open_sound(encoder, error))
        return NULL;
    encoder->webm = kc_webm_writer_new(started_us);
    encoder->scan = kc_webm_scan_new();
    return g_steal_pointer(&encoder);
}

void
kc_encoder_free(KcEncoder *encoder)
{
    if (encoder == NULL)
        return;
    if (encoder->has_video)
        vpx_codec_destroy(&encoder->video);
    g_clear_pointer(&encoder->sound, opus_encoder_destroy);
    g_clear_pointer(&encoder->webm, kc_webm_writer_free);
    g_clear_pointer(&encoder->scan, kc_webm_scan_free);
    kc_vault_writer_free(encoder->vault);
    g_free(encoder);
}

/* Each finished piece is one chunk of the vault. */
static gboolean
seal(KcEncoder *encoder, GError **error)
{
    for (GBytes *piece; (piece = kc_webm_writer_take(encoder->webm)) != NULL; g_bytes_unref(piece)) {
        gsize len;
        const guint8 *data = g_bytes_get_data(piece, &len);
        if (!kc_webm_scan_push(encoder->scan, data, len, error) ||
            !kc_vault_writer_append(encoder->vault, data, len, error)) {
            g_bytes_unref(piece);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
add_frame(KcEncoder *encoder, KcWebmTrack track, gint64 at_ms, const void *data, gsize size, GError **error)
{
    const KcWebmFrame frame = {track, at_ms, data, size};
    return (kc_webm_writer_add(encoder->webm, &frame) || fail(error, "the video is too long")) && seal(encoder, error);
}

gboolean
kc_encoder_picture(KcEncoder *encoder, vpx_image_t *picture, gint64 at_ms, guint length_ms, GError **error)
{
    vpx_codec_iter_t iter = NULL;
    const vpx_codec_cx_pkt_t *packet;
    if (vpx_codec_encode(&encoder->video, picture, at_ms, length_ms, 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
        return fail(error, "a picture can't be encoded");
    while ((packet = vpx_codec_get_cx_data(&encoder->video, &iter)) != NULL)
        if (packet->kind == VPX_CODEC_CX_FRAME_PKT && !add_frame(encoder, KC_WEBM_VIDEO, packet->data.frame.pts,
                                                                 packet->data.frame.buf, packet->data.frame.sz, error))
            return FALSE;
    return TRUE;
}

gboolean
kc_encoder_sound(KcEncoder *encoder, const gint16 *samples, gint64 at_ms, GError **error)
{
    guint8 packet[PACKET_BYTES];
    opus_int32 n =
        opus_encode(encoder->sound, samples, KC_SOUND_RATE / 1000 * KC_PACKET_MS, packet, (opus_int32)sizeof packet);
    if (n <= 0)
        return fail(error, "sound can't be encoded");
    return add_frame(encoder, KC_WEBM_AUDIO, at_ms, packet, (gsize)n, error);
}

gboolean
kc_encoder_finish(KcEncoder *encoder, KcComposed *ret_composed, GError **error)
{
    guint8 sha256[KC_VAULT_SHA256_LEN];
    kc_webm_writer_flush(encoder->webm);
    if (!seal(encoder, error))
        return FALSE;
    g_autoptr(KcWebmIndex) index = kc_webm_scan_finish(encoder->scan, NULL);
    g_autoptr(GBytes) sealed = kc_webm_index_encode(index);
    if (!kc_vault_writer_finish(encoder->vault, sealed, sha256, error))
        return FALSE;
    ret_composed->bytes = (gint64)kc_vault_writer_size(encoder->vault);
    ret_composed->duration_ms = index->duration_ms;
    ret_composed->width = index->width;
    ret_composed->height = index->height;
    ret_composed->sha256 = kc_hex_encode(sha256, sizeof sha256);
    return TRUE;
}
