/* The index of a recorded WebM: where each Cluster lies, what it begins with, and what the whole file is.
 *
 * It is read from the Clusters themselves (media/webm/scan.h): as they are written while the call runs, and by recovery
 * again; it is sealed behind the last chunk of the vault object; replay turns it into Duration and Cues
 * (media/webm/virtual.h).
 *
 * Times are milliseconds since the recording's first packet, offsets count from the first byte of the recording's
 * plaintext. Pure: no I/O, no clock. Not locked: one thread at a time. */
#pragma once

#include <glib.h>

#define KC_WEBM_MAX_CLUSTERS (1000 * 1000)
#define KC_WEBM_MAX_GAPS (100 * 1000)
#define KC_WEBM_MAX_TIME_MS (G_GINT64_CONSTANT(1) << 40) /* 34 years: far below any overflow */

typedef enum {
    KC_WEBM_VIDEO = 1, /* VP8, track number 1 */
    KC_WEBM_AUDIO = 2, /* Opus, track number 2 */
} KcWebmTrack;

/* What a Cluster holds. Also used as the set of tracks that a gap hurts (KC_WEBM_HAS_…, without the keyframe). */
typedef enum {
    KC_WEBM_KEYFRAME = 1 << 0, /* the first video block of the Cluster is a keyframe: decoding can start here */
    KC_WEBM_HAS_VIDEO = 1 << 1,
    KC_WEBM_HAS_AUDIO = 1 << 2,
} KcWebmFlags;

typedef struct {
    guint64 offset;  /* of the Cluster element's first byte */
    guint32 size;    /* of the whole element */
    guint32 flags;   /* KcWebmFlags */
    gint64 time_ms;  /* of the Cluster; that of its keyframe when it has KC_WEBM_KEYFRAME */
} KcWebmCluster;

/* Media that was lost on the way, not silence or a camera that was off. */
typedef struct {
    gint64 from_ms;
    gint64 to_ms;
    guint32 tracks; /* KC_WEBM_HAS_VIDEO, KC_WEBM_HAS_AUDIO */
} KcWebmGap;

typedef struct {
    gint64 started_at_us; /* wall clock (unix µs) at 0 ms */
    gint64 duration_ms;
    gint64 video_end_ms; /* end of the last frame of each track; 0 when it has none */
    gint64 audio_end_ms;
    guint32 width; /* the largest picture seen; 0 when there is none */
    guint32 height;
    guint64 head_size; /* bytes before the first Cluster */
    GArray *clusters;  /* of KcWebmCluster, ascending and without holes */
    GArray *gaps;      /* of KcWebmGap, in the order in which they ended */
} KcWebmIndex;

#define KC_WEBM_ERROR (kc_webm_error_quark())
GQuark kc_webm_error_quark(void);
typedef enum {
    KC_WEBM_ERROR_DAMAGED, /* these bytes are no index, or no recording of ours; the message says where */
    KC_WEBM_ERROR_LIMIT,   /* larger than a limit named here */
    KC_WEBM_ERROR_RANGE,   /* a read that begins or ends outside the file */
} KcWebmError;

KcWebmIndex *kc_webm_index_new(void);
KcWebmIndex *kc_webm_index_copy(const KcWebmIndex *index);
void kc_webm_index_free(KcWebmIndex *index); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWebmIndex, kc_webm_index_free)

gboolean kc_webm_index_has_video(const KcWebmIndex *index);
gboolean kc_webm_index_has_audio(const KcWebmIndex *index);

/* Bytes of the whole recording as it lies in the vault: the head and every Cluster. */
guint64 kc_webm_index_total_bytes(const KcWebmIndex *index);

/* The compact form ("KCWI", a version, variable-length integers; about four bytes a Cluster). Decoding takes any
 * bytes and never trusts a count or an offset; a version that is not known is DAMAGED. Encoding what was decoded
 * gives the same bytes. */
GBytes *kc_webm_index_encode(const KcWebmIndex *index);
KcWebmIndex *kc_webm_index_decode(GBytes *bytes, GError **error);
