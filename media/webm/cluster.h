/* Reads one whole Cluster of ours, into an index or frame by frame: the only place that says what a Cluster means.
 * Internal to media/webm but for the frames. */
#pragma once

#include "media/webm/index.h"

/* What is carried from Cluster to Cluster beside the index; all zero at the start. */
typedef struct {
    gint64 last_video_ms;
    gboolean seen_video;
} KcWebmTally;

/* `data`: the element with its id and size, `size` bytes in all, at kc_webm_index_total_bytes(index). FALSE: it is none
 * of ours, and the index is unchanged. */
gboolean kc_webm_cluster_note(KcWebmIndex *index, KcWebmTally *tally, const guint8 *data, gsize size, GError **error);

/* `data` lies within the Cluster. */
typedef void (*KcWebmFrameFunc)(gint64 time_ms, const guint8 *data, gsize size, gpointer user_data);

/* Every frame of `track` in a whole Cluster, in order. FALSE: it is none of ours; some frames may have been told. */
gboolean kc_webm_cluster_frames(const guint8 *data, gsize size, KcWebmTrack track, KcWebmFrameFunc func,
                                gpointer user_data);
