/* The little of VP8's RTP payload (RFC 7741) and frame header (RFC 6386, 9.1) that a relay looks at. Pure. */
#pragma once

#include <glib.h>

#define KC_VP8_DESCRIPTOR_MAX 6

/* The payload descriptor (RFC 7741, 4.2). */
typedef struct {
    guint8 bytes;
    gboolean begins_frame;
    gboolean sync;       /* this frame needs nothing of its own layer or above */
    gint picture_id;     /* -1: none */
    gint tl0_picture_id; /* of the base layer's frame that this one goes with; -1: none */
    gint layer;          /* temporal, 0 is the base; -1: none, the frame may be needed by any other */
    guint8 picture_id_at, tl0_at; /* where they are, in bytes */
    gboolean long_picture_id;     /* 15 bits rather than 7 */
} KcVp8Descriptor;

/* FALSE: cut short. */
gboolean kc_vp8_descriptor_parse(const guint8 *payload, gsize len, KcVp8Descriptor *ret_descriptor);

/* The descriptor again with both numbers moved on, as far as it has them; its length is descriptor->bytes. */
void kc_vp8_descriptor_shift(const guint8 *payload, const KcVp8Descriptor *descriptor, guint16 picture_ids,
                             guint8 tl0_picture_ids, guint8 ret_data[KC_VP8_DESCRIPTOR_MAX]);

/* TRUE if this payload begins a keyframe; then its size in pixels is given. */
gboolean kc_vp8_begins_keyframe(const guint8 *payload, gsize len, guint *ret_width, guint *ret_height);
