/* Reads one whole Cluster of ours into an index: the only place that says what a Cluster means. The writer uses it for
 * what it has just finished and the scan for what it finds, so that both come to the same index. Internal to
 * media/webm. */
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
