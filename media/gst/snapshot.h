/* The newest picture of a recording as a JPEG of full resolution, on demand.
 *
 * Decodes with GStreamer (vp8dec ! videoconvert ! jpegenc), which takes some 10 to 300 ms: never on the transport's
 * thread. gst_init must have been called. */
#pragma once

#include "media/gst/kcrecorder.h"

#define KC_SNAPSHOT_TIMEOUT_SECONDS 5
#define KC_SNAPSHOT_JPEG_QUALITY 92
#define KC_SNAPSHOT_QUEUE 16

#define KC_SNAPSHOT_ERROR (kc_snapshot_error_quark())
GQuark kc_snapshot_error_quark(void);
typedef enum {
    KC_SNAPSHOT_ERROR_DECODE,  /* the frames don't decode */
    KC_SNAPSHOT_ERROR_MISSING, /* a GStreamer element is not installed */
    KC_SNAPSHOT_ERROR_BUSY,    /* KC_SNAPSHOT_QUEUE others are waiting */
} KcSnapshotError;

typedef struct {
    GBytes *jpeg;
    guint32 width; /* of the JPEG */
    guint32 height;
    gint64 media_time_ms; /* as in KcGop */
    gint64 taken_at_us;
} KcSnapshot;

void kc_snapshot_free(KcSnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSnapshot, kc_snapshot_free)

/* Loads everything that a snapshot takes, so that no file is opened later; starts no thread. */
gboolean kc_snapshot_prepare(GError **error);

/* Decodes in the caller's thread. */
KcSnapshot *kc_snapshot_decode(const KcGop *gop, GError **error);

/* --- in a thread of its own -------------------------------------------------------------------------------------- */

typedef struct _KcSnapshotter KcSnapshotter;

/* Called once for each kc_snapshotter_take that was accepted, on the snapshot thread. One of `snapshot` (taken over by
 * the callee) and `error` (valid during the call) is NULL. */
typedef void (*KcSnapshotFunc)(KcSnapshot *snapshot, const GError *error, gpointer user_data);

KcSnapshotter *kc_snapshotter_new(void);
/* Waits until every accepted snapshot was called back. */
void kc_snapshotter_free(KcSnapshotter *snapshotter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSnapshotter, kc_snapshotter_free)

/* Takes over `gop` in any case. FALSE (BUSY) when too many are waiting; then `func` is not called. */
gboolean kc_snapshotter_take(KcSnapshotter *snapshotter, KcGop *gop, KcSnapshotFunc func, gpointer user_data,
                             GError **error);
