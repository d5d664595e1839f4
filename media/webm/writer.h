/* Writes a call's frames as a WebM that is whole after every Cluster (RFC 8794, RFC 9559, the WebM subset):
 *
 *   EBML head, Segment of unknown size, Info, Tracks (1 = VP8, 2 = Opus)        the head
 *   Cluster of known size: Timestamp, SimpleBlocks                              each cut at a keyframe, after
 *                                                                               KC_WEBM_CLUSTER_MS or 64 KiB
 *
 * A gap is kept inside the Cluster in which it ended, as a Void element that players skip and media/webm/scan.h reads.
 * Nothing is ever rewritten: bytes that were taken are final. Frames of one track come in ascending time; the two
 * tracks may be apart from each other.
 *
 * Pure: no I/O, no clock. Not locked: one thread at a time. */
#pragma once

#include "media/webm/index.h"

#define KC_WEBM_CLUSTER_MS 750
#define KC_WEBM_CLUSTER_BYTES (32 * 1024)
#define KC_WEBM_FRAME_MAX_BYTES (2 * 1024 * 1024)
#define KC_WEBM_OPUS_RATE 48000
#define KC_WEBM_OPUS_CHANNELS 2
#define KC_WEBM_OPUS_PRE_SKIP 312 /* samples: the look-ahead of every Opus encoder in WebRTC */

typedef struct {
    KcWebmTrack track;
    gint64 time_ms;     /* >= 0; made 1 ms later than the track's last frame when it is not later */
    const guint8 *data; /* one VP8 frame or Opus packet; whether it is a keyframe and how large is read from it */
    gsize size;         /* 1 to KC_WEBM_FRAME_MAX_BYTES */
} KcWebmFrame;

typedef struct _KcWebmWriter KcWebmWriter;

/* `started_at_us`: wall clock at 0 ms, written as DateUTC. */
KcWebmWriter *kc_webm_writer_new(gint64 started_at_us);
void kc_webm_writer_free(KcWebmWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWebmWriter, kc_webm_writer_free)

/* FALSE: the frame is empty, too large, or beyond the limit of Clusters, and nothing was written. */
gboolean kc_webm_writer_add(KcWebmWriter *writer, const KcWebmFrame *frame);

/* Notes that media of `tracks` was lost between two times. Kept with the next frame, or at the
 * end of the open Cluster when none comes; gaps of no length are ignored. */
void kc_webm_writer_add_gap(KcWebmWriter *writer, gint64 from_ms, gint64 to_ms, guint32 tracks);

/* Closes the open Cluster if it has been open for KC_WEBM_CLUSTER_MS at `now_ms`, for when no frame comes any more. */
void kc_webm_writer_tick(KcWebmWriter *writer, gint64 now_ms);

/* Closes the open Cluster. More frames may still follow. */
void kc_webm_writer_flush(KcWebmWriter *writer);

/* The next finished piece, or NULL: first the head (as soon as a Cluster is finished, so that it can name the size of
 * the picture, or after a flush), then one Cluster each. One piece is one chunk of the vault. */
GBytes *kc_webm_writer_take(KcWebmWriter *writer);
