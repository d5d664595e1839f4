/* The parts of a WebM that stand before its Clusters. Internal to media/webm: the writer and the virtual file share
 * them, so that what is recorded and what is served say the same. */
#pragma once

#include "media/webm/index.h"

#define KC_WEBM_DEFAULT_WIDTH 640 /* announced when no picture has come yet; players take what the keyframe says */
#define KC_WEBM_DEFAULT_HEIGHT 480

void kc_webm_put_ebml_head(GByteArray *out);
/* `duration_ms` < 0: none is written. */
void kc_webm_put_info(GByteArray *out, gint64 started_at_us, gint64 duration_ms);
/* `tracks`: KC_WEBM_HAS_VIDEO, KC_WEBM_HAS_AUDIO; a size of 0 becomes the default. */
void kc_webm_put_tracks(GByteArray *out, guint32 tracks, guint32 width, guint32 height);

/* The mark of a gap inside a Cluster: a Void element with these eight bytes, the flags of the tracks, from and to. */
#define KC_WEBM_GAP_MARK "kc-gap\0\1"
#define KC_WEBM_GAP_BYTES 25
