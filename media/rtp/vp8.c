#include "media/rtp/vp8.h"

#include "media/rtp/header.h"

#include <string.h>

enum { EXTENDED = 0x80, HAS_PICTURE_ID = 0x80, HAS_TL0 = 0x40, HAS_LAYER = 0x20, HAS_KEY_INDEX = 0x10, SYNC = 0x20 };

/* The optional part, whose flags are in p[1]. FALSE: cut short. */
static gboolean
extension_parse(const guint8 *p, gsize len, KcVp8Descriptor *d)
{
    guint8 flags = p[1];
    gsize at = 2;
    if ((flags & HAS_PICTURE_ID) != 0) {
        if (at + 1 >= len)
            return FALSE;
        d->picture_id_at = (guint8)at;
        d->long_picture_id = (p[at] & 0x80) != 0;
        d->picture_id = d->long_picture_id ? kc_get_u16(p + at) & 0x7fff : p[at];
        at += d->long_picture_id ? 2 : 1;
    }
    if ((flags & HAS_TL0) != 0 && at < len) {
        d->tl0_at = (guint8)at;
        d->tl0_picture_id = p[at++];
    }
    if ((flags & (HAS_LAYER | HAS_KEY_INDEX)) != 0 && at < len) {
        if ((flags & HAS_LAYER) != 0) {
            d->layer = p[at] >> 6;
            d->sync = (p[at] & SYNC) != 0;
        }
        at++;
    }
    d->bytes = (guint8)at;
    return TRUE;
}

gboolean
kc_vp8_descriptor_parse(const guint8 *payload, gsize len, KcVp8Descriptor *ret_descriptor)
{
    *ret_descriptor = (KcVp8Descriptor){.bytes = 1, .picture_id = -1, .tl0_picture_id = -1, .layer = -1};
    if (len < 2)
        return FALSE;
    /* S set, partition 0. */
    ret_descriptor->begins_frame = (payload[0] & 0x1f) == 0x10;
    if ((payload[0] & EXTENDED) != 0 && !extension_parse(payload, len, ret_descriptor))
        return FALSE;
    return ret_descriptor->bytes < len;
}

void
kc_vp8_descriptor_shift(const guint8 *payload, const KcVp8Descriptor *descriptor, guint16 picture_ids,
                        guint8 tl0_picture_ids, guint8 ret_data[KC_VP8_DESCRIPTOR_MAX])
{
    memcpy(ret_data, payload, descriptor->bytes);
    guint picture_id = (guint)descriptor->picture_id + picture_ids;
    if (descriptor->picture_id >= 0 && descriptor->long_picture_id)
        kc_put_u16(ret_data + descriptor->picture_id_at, (guint16)(0x8000 | (picture_id & 0x7fff)));
    else if (descriptor->picture_id >= 0)
        ret_data[descriptor->picture_id_at] = (guint8)(picture_id & 0x7f);
    if (descriptor->tl0_picture_id >= 0)
        ret_data[descriptor->tl0_at] = (guint8)(descriptor->tl0_picture_id + tl0_picture_ids);
}

gboolean
kc_vp8_begins_keyframe(const guint8 *payload, gsize len, guint *ret_width, guint *ret_height)
{
    KcVp8Descriptor descriptor;
    if (!kc_vp8_descriptor_parse(payload, len, &descriptor) || !descriptor.begins_frame)
        return FALSE;
    const guint8 *frame = payload + descriptor.bytes;
    if (len - descriptor.bytes < 10 || (frame[0] & 1) != 0 || frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a)
        return FALSE;
    *ret_width = (guint)(frame[6] | frame[7] << 8) & 0x3fff;
    *ret_height = (guint)(frame[8] | frame[9] << 8) & 0x3fff;
    return TRUE;
}
