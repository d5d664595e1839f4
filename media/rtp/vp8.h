/* The little of VP8's RTP payload (RFC 7741) and frame header (RFC 6386, 9.1) that a relay looks at. Pure. */
#pragma once

#include <glib.h>

/* TRUE if this payload begins a keyframe; then its size in pixels is given. */
gboolean kc_vp8_begins_keyframe(const guint8 *payload, gsize len, guint *ret_width, guint *ret_height);
