#include "media/rtp/header.h"

#include <string.h>

#define PROFILE_ONE_BYTE 0xBEDE
#define PROFILE_TWO_BYTE 0x1000

/* Bytes of the CSRCs and the extension behind the fixed part; FALSE when they don't fit. */
static gboolean
extension_parse(const guint8 *data, gsize len, KcRtpHeader *header, gsize *ret_offset)
{
    gsize offset = KC_RTP_FIXED_BYTES + 4u * (data[0] & 0x0f);
    if ((data[0] & 0x10) != 0) {
        if (offset + 4 > len)
            return FALSE;
        header->extension_profile = kc_get_u16(data + offset);
        header->extension_bytes = (guint16)MIN(4u * kc_get_u16(data + offset + 2), G_MAXUINT16);
        header->extension = data + offset + 4;
        offset += 4 + (gsize)header->extension_bytes;
    }
    *ret_offset = offset;
    return offset <= len;
}

gboolean
kc_rtp_header_parse(const guint8 *data, gsize len, KcRtpHeader *ret_header)
{
    if (len < KC_RTP_FIXED_BYTES || len > G_MAXUINT16 || data[0] >> 6 != 2)
        return FALSE;
    KcRtpHeader header = {
        .payload_type = data[1] & 0x7f,
        .marker = data[1] >> 7,
        .seq = kc_get_u16(data + 2),
        .timestamp = kc_get_u32(data + 4),
        .ssrc = kc_get_u32(data + 8),
    };
    gsize offset = 0;
    if (!extension_parse(data, len, &header, &offset))
        return FALSE;
    if ((data[0] & 0x20) != 0) {
        header.padding_bytes = data[len - 1];
        if (header.padding_bytes == 0 || offset + header.padding_bytes > len)
            return FALSE;
    }
    header.payload = data + offset;
    header.payload_bytes = (guint16)(len - offset - header.padding_bytes);
    *ret_header = header;
    return TRUE;
}

const guint8 *
kc_rtp_extension_find(const KcRtpHeader *header, guint8 id, guint *ret_bytes)
{
    gboolean one_byte = header->extension_profile == PROFILE_ONE_BYTE;
    if (header->extension == NULL || (!one_byte && (header->extension_profile & 0xfff0) != PROFILE_TWO_BYTE))
        return NULL;
    const guint8 *p = header->extension;
    const guint8 *end = p + header->extension_bytes;
    while (p < end) {
        if (*p == 0) { /* padding */
            p++;
            continue;
        }
        if (one_byte && *p >> 4 == 15)
            return NULL;
        guint8 found = one_byte ? *p >> 4 : *p;
        if (!one_byte && p + 1 >= end)
            return NULL;
        guint bytes = one_byte ? (*p & 0x0f) + 1u : p[1];
        p += one_byte ? 1 : 2;
        if (bytes > (gsize)(end - p))
            return NULL;
        if (found == id) {
            *ret_bytes = bytes;
            return p;
        }
        p += bytes;
    }
    return NULL;
}

static gsize
extensions_write(const KcRtpExtension *extensions, guint n, guint8 *data, gsize room)
{
    gsize used = 4;
    for (guint i = 0; i < n; i++) {
        if (used + 1 + extensions[i].bytes > room)
            return 0;
        data[used++] = (guint8)(extensions[i].id << 4 | (extensions[i].bytes - 1));
        memcpy(data + used, extensions[i].value, extensions[i].bytes);
        used += extensions[i].bytes;
    }
    while (used % 4 != 0 && used < room)
        data[used++] = 0;
    if (used % 4 != 0)
        return 0;
    kc_put_u16(data, PROFILE_ONE_BYTE);
    kc_put_u16(data + 2, (guint16)(used / 4 - 1));
    return used;
}

gsize
kc_rtp_header_write(const KcRtpHeader *header, const KcRtpExtension *extensions, guint n,
                    guint8 ret_data[KC_RTP_HEADER_MAX_BYTES])
{
    gsize used = KC_RTP_FIXED_BYTES;
    ret_data[0] = (guint8)(0x80 | (header->padding_bytes > 0 ? 0x20 : 0) | (n > 0 ? 0x10 : 0));
    ret_data[1] = (guint8)((header->marker ? 0x80 : 0) | header->payload_type);
    kc_put_u16(ret_data + 2, header->seq);
    kc_put_u32(ret_data + 4, header->timestamp);
    kc_put_u32(ret_data + 8, header->ssrc);
    if (n == 0)
        return used;
    gsize bytes = extensions_write(extensions, n, ret_data + used, KC_RTP_HEADER_MAX_BYTES - used);
    return bytes == 0 ? 0 : used + bytes;
}
