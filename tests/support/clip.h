/* Real VP8 and Opus frames of a WebM file, sealed into the vault as a recorder would have. For tests and benches;
 * whatever goes wrong ends the program. */
#pragma once

#include "media/webm/scan.h"
#include "src/evidence/vault.h"

typedef struct {
    KcWebmTrack track;
    gint64 time_ms;
    GBytes *data;
} KcClipFrame;

typedef struct {
    GArray *frames; /* of KcClipFrame, by time */
    gint64 length_ms;
} KcClip;

/* `error` by its address: `ok` is the call that sets it. */
void kc_clip_require(gboolean ok, GError *const *error, const char *what);

/* gst_init must have been called. A track that it has not, is none. */
KcClip *kc_clip_read(const char *file);
void kc_clip_free(KcClip *clip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcClip, kc_clip_free)

typedef struct {
    gint64 repeat;                 /* one after the other */
    gint64 gap_from_ms, gap_to_ms; /* lost, and said to be */
    guint32 without;               /* KC_WEBM_HAS_VIDEO, KC_WEBM_HAS_AUDIO: tracks that are left out */
    gint64 until_ms;               /* frames from there on are left out; 0: none */
    guint spoilt;                  /* of so many frames one does not decode; 0: all do */
    gboolean huge;                 /* those say that they are keyframes of 16383 x 16383 */
} KcClipUse;

/* All chunks, in time; the caller finishes the object with the index, or leaves it as a crash would. Owned. */
KcWebmIndex *kc_clip_seal(const KcClip *clip, const KcClipUse *use, gint64 started_us, KcVaultWriter *vault);
