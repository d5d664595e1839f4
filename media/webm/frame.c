#include "media/webm/frame.h"

#define OPUS_MAX_US 120000

gboolean
kc_webm_vp8_keyframe(const guint8 *data, gsize size, guint32 *ret_width, guint32 *ret_height)
{
    if (size < 10 || (data[0] & 1) != 0 || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a)
        return FALSE;
    /* The two upper bits of each scale the picture for display; the coded size is what counts here. */
    guint32 width = (data[6] | data[7] << 8) & 0x3fff;
    guint32 height = (data[8] | data[9] << 8) & 0x3fff;
    if (width == 0 || height == 0)
        return FALSE;
    *ret_width = width;
    *ret_height = height;
    return TRUE;
}

static gint64
opus_frame_us(guint8 toc)
{
    static const guint16 silk_us_10[4] = {1000, 2000, 4000, 6000};
    guint config = toc >> 3;
    if (config < 12)
        return silk_us_10[config & 3] * 10;
    if (config < 16)
        return (config & 1) ? 20000 : 10000;
    return 2500 << (config & 3);
}

gint64
kc_webm_opus_duration_us(const guint8 *data, gsize size)
{
    if (size == 0)
        return 0;
    gint64 count = 1;
    switch (data[0] & 3) {
    case 1:
    case 2:
        count = 2;
        break;
    case 3:
        count = size > 1 ? data[1] & 0x3f : 0;
        break;
    }
    gint64 total_us = count * opus_frame_us(data[0]);
    return total_us <= OPUS_MAX_US ? total_us : 0;
}
