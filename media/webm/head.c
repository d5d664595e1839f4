#include "media/webm/head.h"
#include "media/webm/ebml.h"
#include "media/webm/writer.h"

#include <string.h>

#define APP "kuaichu"
/* DateUTC counts from 2001-01-01T00:00:00Z (RFC 8794, 7.6). */
#define DATE_EPOCH_US (G_GINT64_CONSTANT(978307200) * G_USEC_PER_SEC)
#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define DATE_LIMIT_US (250 * 365 * DAY_US) /* a date in nanoseconds fits into 64 bits for 292 years */
#define TRACK_TYPE_VIDEO 1
#define TRACK_TYPE_AUDIO 2

void
kc_webm_put_ebml_head(GByteArray *out)
{
    GByteArray *head = g_byte_array_new();
    kc_ebml_put_uint(head, KC_EBML_ID_VERSION, 1);
    kc_ebml_put_uint(head, KC_EBML_ID_READ_VERSION, 1);
    kc_ebml_put_uint(head, KC_EBML_ID_MAX_ID_LENGTH, 4);
    kc_ebml_put_uint(head, KC_EBML_ID_MAX_SIZE_LENGTH, 8);
    kc_ebml_put_string(head, KC_EBML_ID_DOC_TYPE, "webm");
    kc_ebml_put_uint(head, KC_EBML_ID_DOC_TYPE_VERSION, 4); /* CodecDelay and SeekPreRoll need 4 */
    kc_ebml_put_uint(head, KC_EBML_ID_DOC_TYPE_READ_VERSION, 2);
    kc_ebml_put_master(out, KC_EBML_ID_HEAD, head);
}

void
kc_webm_put_info(GByteArray *out, gint64 started_at_us, gint64 duration_ms)
{
    GByteArray *info = g_byte_array_new();
    kc_ebml_put_uint(info, KC_EBML_ID_TIMESTAMP_SCALE, 1000000);
    if (duration_ms >= 0)
        kc_ebml_put_float(info, KC_EBML_ID_DURATION, (double)duration_ms);
    gint64 since_us = CLAMP(started_at_us - DATE_EPOCH_US, -DATE_LIMIT_US, DATE_LIMIT_US);
    kc_ebml_put_uint_wide(info, KC_EBML_ID_DATE_UTC, (guint64)(since_us * 1000));
    kc_ebml_put_string(info, KC_EBML_ID_MUXING_APP, APP);
    kc_ebml_put_string(info, KC_EBML_ID_WRITING_APP, APP);
    kc_ebml_put_master(out, KC_EBML_ID_INFO, info);
}

/* RFC 7845, 5.1: version, channels, pre-skip, rate, gain, mapping family 0; little-endian. */
static void
put_opus_head(GByteArray *out)
{
    static const guint8 head[19] = {
        'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, KC_WEBM_OPUS_CHANNELS,
        KC_WEBM_OPUS_PRE_SKIP & 0xff, KC_WEBM_OPUS_PRE_SKIP >> 8,
        KC_WEBM_OPUS_RATE & 0xff, KC_WEBM_OPUS_RATE >> 8 & 0xff, KC_WEBM_OPUS_RATE >> 16, 0, 0, 0, 0,
    };
    kc_ebml_put_bytes(out, KC_EBML_ID_CODEC_PRIVATE, head, sizeof head);
}

static GByteArray *
track_entry(KcWebmTrack number, guint type, const char *codec)
{
    GByteArray *entry = g_byte_array_new();
    kc_ebml_put_uint(entry, KC_EBML_ID_TRACK_NUMBER, number);
    kc_ebml_put_uint(entry, KC_EBML_ID_TRACK_UID, number);
    kc_ebml_put_uint(entry, KC_EBML_ID_TRACK_TYPE, type);
    kc_ebml_put_uint(entry, KC_EBML_ID_FLAG_LACING, 0);
    kc_ebml_put_string(entry, KC_EBML_ID_CODEC_ID, codec);
    return entry;
}

static void
put_video(GByteArray *out, guint32 width, guint32 height)
{
    GByteArray *entry = track_entry(KC_WEBM_VIDEO, TRACK_TYPE_VIDEO, "V_VP8");
    GByteArray *video = g_byte_array_new();
    kc_ebml_put_uint(video, KC_EBML_ID_PIXEL_WIDTH, width != 0 ? width : KC_WEBM_DEFAULT_WIDTH);
    kc_ebml_put_uint(video, KC_EBML_ID_PIXEL_HEIGHT, height != 0 ? height : KC_WEBM_DEFAULT_HEIGHT);
    kc_ebml_put_master(entry, KC_EBML_ID_VIDEO, video);
    kc_ebml_put_master(out, KC_EBML_ID_TRACK_ENTRY, entry);
}

static void
put_audio(GByteArray *out)
{
    GByteArray *entry = track_entry(KC_WEBM_AUDIO, TRACK_TYPE_AUDIO, "A_OPUS");
    kc_ebml_put_uint(entry, KC_EBML_ID_CODEC_DELAY, KC_WEBM_OPUS_PRE_SKIP * (guint64)1000000 / 48);
    kc_ebml_put_uint(entry, KC_EBML_ID_SEEK_PRE_ROLL, 80 * 1000000);
    put_opus_head(entry);
    GByteArray *audio = g_byte_array_new();
    kc_ebml_put_float(audio, KC_EBML_ID_SAMPLING_FREQUENCY, KC_WEBM_OPUS_RATE);
    kc_ebml_put_uint(audio, KC_EBML_ID_CHANNELS, KC_WEBM_OPUS_CHANNELS);
    kc_ebml_put_master(entry, KC_EBML_ID_AUDIO, audio);
    kc_ebml_put_master(out, KC_EBML_ID_TRACK_ENTRY, entry);
}

void
kc_webm_put_tracks(GByteArray *out, guint32 tracks, guint32 width, guint32 height)
{
    GByteArray *content = g_byte_array_new();
    if (tracks & KC_WEBM_HAS_VIDEO)
        put_video(content, width, height);
    if (tracks & KC_WEBM_HAS_AUDIO)
        put_audio(content);
    kc_ebml_put_master(out, KC_EBML_ID_TRACKS, content);
}
