#include "media/rtp/vp8.h"

/* Bytes of the payload descriptor; 0: cut short. */
static gsize
descriptor_bytes(const guint8 *p, gsize len)
{
    gsize bytes = 1;
    if (len < 2)
        return 0;
    if ((p[0] & 0x80) != 0) {
        guint8 extended = p[1];
        bytes = 2;
        if ((extended & 0x80) != 0) {
            if (bytes >= len)
                return 0;
            bytes += (p[bytes] & 0x80) != 0 ? 2 : 1;
        }
        bytes += (extended & 0x40) != 0 ? 1 : 0;
        bytes += (extended & 0x30) != 0 ? 1 : 0;
    }
    return bytes < len ? bytes : 0;
}

gboolean
kc_vp8_begins_keyframe(const guint8 *payload, gsize len, guint *ret_width, guint *ret_height)
{
    gsize bytes = descriptor_bytes(payload, len);
    /* Start of the first partition: S set, partition 0. */
    if (bytes == 0 || (payload[0] & 0x1f) != 0x10)
        return FALSE;
    const guint8 *frame = payload + bytes;
    if (len - bytes < 10 || (frame[0] & 1) != 0 || frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a)
        return FALSE;
    *ret_width = (guint)(frame[6] | frame[7] << 8) & 0x3fff;
    *ret_height = (guint)(frame[8] | frame[9] << 8) & 0x3fff;
    return TRUE;
}
