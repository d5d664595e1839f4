/* What VP8 frames and Opus packets say of themselves in their first bytes. Pure; takes any bytes. */
#pragma once

#include <glib.h>

/* Whether a VP8 frame is a keyframe with a size (RFC 6386, 9.1); if so, the size of its picture in pixels, at least
 * 1. */
gboolean kc_webm_vp8_keyframe(const guint8 *data, gsize size, guint32 *ret_width, guint32 *ret_height);

/* How long an Opus packet sounds, in microseconds (RFC 6716, 3.1); 0 for what isn't one. */
gint64 kc_webm_opus_duration_us(const guint8 *data, gsize size);
