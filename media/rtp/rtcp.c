#include "media/rtp/rtcp.h"

#include <string.h>

#define BLOCK_BYTES 24
#define BLOCKS_MAX 31
#define NACKS_MAX 64 /* items of four bytes in one NACK */

gboolean
kc_rtcp_next(const guint8 *data, gsize len, gsize *offset, KcRtcpPart *ret_part)
{
    if (*offset + 4 > len || data[*offset] >> 6 != 2)
        return FALSE;
    const guint8 *p = data + *offset;
    gsize bytes = 4u * kc_get_u16(p + 2);
    if (bytes > len - *offset - 4)
        return FALSE;
    ret_part->type = p[1];
    ret_part->count = p[0] & 0x1f;
    ret_part->body = p + 4;
    ret_part->bytes = bytes;
    if ((p[0] & 0x20) != 0 && bytes > 0)
        ret_part->bytes -= MIN(bytes, p[3 + bytes]);
    *offset += 4 + bytes;
    return TRUE;
}

gboolean
kc_rtcp_sender_info(const KcRtcpPart *part, KcRtcpSenderInfo *ret_info)
{
    if (part->type != KC_RTCP_SR || part->bytes < 24)
        return FALSE;
    const guint8 *p = part->body;
    ret_info->ssrc = kc_get_u32(p);
    ret_info->ntp = (guint64)kc_get_u32(p + 4) << 32 | kc_get_u32(p + 8);
    ret_info->rtp = kc_get_u32(p + 12);
    ret_info->packets = kc_get_u32(p + 16);
    ret_info->bytes = kc_get_u32(p + 20);
    return TRUE;
}

gboolean
kc_rtcp_block(const KcRtcpPart *part, guint index, KcRtcpBlock *ret_block)
{
    if (part->type != KC_RTCP_SR && part->type != KC_RTCP_RR)
        return FALSE;
    gsize at = (part->type == KC_RTCP_SR ? 24 : 4) + (gsize)BLOCK_BYTES * index;
    if (index >= part->count || at + BLOCK_BYTES > part->bytes)
        return FALSE;
    const guint8 *p = part->body + at;
    ret_block->ssrc = kc_get_u32(p);
    ret_block->fraction_lost = p[4];
    gint32 lost = (gint32)kc_get_u24(p + 5);
    ret_block->lost = lost >= 0x800000 ? lost - 0x1000000 : lost;
    ret_block->highest_seq = kc_get_u32(p + 8);
    ret_block->jitter = kc_get_u32(p + 12);
    ret_block->last_sr = kc_get_u32(p + 16);
    ret_block->delay = kc_get_u32(p + 20);
    return TRUE;
}

gboolean
kc_rtcp_feedback(const KcRtcpPart *part, guint32 *ret_media_ssrc, const guint8 **ret_fci, gsize *ret_bytes)
{
    if ((part->type != KC_RTCP_RTPFB && part->type != KC_RTCP_PSFB) || part->bytes < 8)
        return FALSE;
    *ret_media_ssrc = kc_get_u32(part->body + 4);
    *ret_fci = part->body + 8;
    *ret_bytes = part->bytes - 8;
    return TRUE;
}

void
kc_rtcp_nack_each(const guint8 *fci, gsize bytes, void (*func)(guint16 seq, gpointer user), gpointer user)
{
    for (gsize i = 0; i + 4 <= bytes; i += 4) {
        guint16 seq = kc_get_u16(fci + i);
        guint16 more = kc_get_u16(fci + i + 2);
        func(seq, user);
        for (guint bit = 0; bit < 16; bit++) {
            if ((more >> bit & 1) != 0)
                func((guint16)(seq + 1 + bit), user);
        }
    }
}

gboolean
kc_rtcp_fir_names(const guint8 *fci, gsize bytes, guint32 ssrc)
{
    for (gsize i = 0; i + 8 <= bytes; i += 8) {
        if (kc_get_u32(fci + i) == ssrc)
            return TRUE;
    }
    return FALSE;
}

/* Room for a part with a body of `bytes`, its header written; NULL if it doesn't fit. */
static guint8 *
part_begin(KcRtcpWriter *writer, guint8 type, guint8 count, gsize bytes)
{
    if (writer->len + 4 + bytes > KC_RTCP_MAX_BYTES)
        return NULL;
    guint8 *p = writer->data + writer->len;
    p[0] = (guint8)(0x80 | count);
    p[1] = type;
    kc_put_u16(p + 2, (guint16)(bytes / 4));
    writer->len += 4 + bytes;
    return p + 4;
}

static void
blocks_put(guint8 *p, const KcRtcpBlock *blocks, guint n)
{
    for (guint i = 0; i < n; i++, p += BLOCK_BYTES) {
        kc_put_u32(p, blocks[i].ssrc);
        kc_put_u32(p + 4, (guint32)CLAMP(blocks[i].lost, -0x800000, 0x7fffff) & 0xffffff);
        p[4] = blocks[i].fraction_lost;
        kc_put_u32(p + 8, blocks[i].highest_seq);
        kc_put_u32(p + 12, blocks[i].jitter);
        kc_put_u32(p + 16, blocks[i].last_sr);
        kc_put_u32(p + 20, blocks[i].delay);
    }
}

void
kc_rtcp_write_sr(KcRtcpWriter *writer, const KcRtcpSenderInfo *info, const KcRtcpBlock *blocks, guint n_blocks)
{
    n_blocks = MIN(n_blocks, BLOCKS_MAX);
    guint8 *p = part_begin(writer, KC_RTCP_SR, (guint8)n_blocks, 24 + BLOCK_BYTES * (gsize)n_blocks);
    if (p == NULL)
        return;
    kc_put_u32(p, info->ssrc);
    kc_put_u32(p + 4, (guint32)(info->ntp >> 32));
    kc_put_u32(p + 8, (guint32)info->ntp);
    kc_put_u32(p + 12, info->rtp);
    kc_put_u32(p + 16, info->packets);
    kc_put_u32(p + 20, info->bytes);
    blocks_put(p + 24, blocks, n_blocks);
}

void
kc_rtcp_write_rr(KcRtcpWriter *writer, guint32 ssrc, const KcRtcpBlock *blocks, guint n_blocks)
{
    n_blocks = MIN(n_blocks, BLOCKS_MAX);
    guint8 *p = part_begin(writer, KC_RTCP_RR, (guint8)n_blocks, 4 + BLOCK_BYTES * (gsize)n_blocks);
    if (p == NULL)
        return;
    kc_put_u32(p, ssrc);
    blocks_put(p + 4, blocks, n_blocks);
}

void
kc_rtcp_write_sdes(KcRtcpWriter *writer, guint32 ssrc, const char *cname)
{
    gsize len = MIN(strlen(cname), 255);
    gsize bytes = (4 + 2 + len + 1 + 3) / 4 * 4; /* SSRC, item, at least one zero, to a multiple of four */
    guint8 *p = part_begin(writer, KC_RTCP_SDES, 1, bytes);
    if (p == NULL)
        return;
    memset(p, 0, bytes);
    kc_put_u32(p, ssrc);
    p[4] = 1; /* CNAME */
    p[5] = (guint8)len;
    memcpy(p + 6, cname, len);
}

void
kc_rtcp_write_bye(KcRtcpWriter *writer, guint32 ssrc)
{
    guint8 *p = part_begin(writer, KC_RTCP_BYE, 1, 4);
    if (p != NULL)
        kc_put_u32(p, ssrc);
}

void
kc_rtcp_write_pli(KcRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc)
{
    guint8 *p = part_begin(writer, KC_RTCP_PSFB, KC_PSFB_PLI, 8);
    if (p == NULL)
        return;
    kc_put_u32(p, ssrc);
    kc_put_u32(p + 4, media_ssrc);
}

void
kc_rtcp_write_rtpfb(KcRtcpWriter *writer, guint8 fmt, guint32 ssrc, guint32 media_ssrc, const guint8 *fci, gsize bytes)
{
    gsize whole = (bytes + 3) / 4 * 4;
    guint8 *p = part_begin(writer, KC_RTCP_RTPFB, fmt, 8 + whole);
    if (p == NULL)
        return;
    kc_put_u32(p, ssrc);
    kc_put_u32(p + 4, media_ssrc);
    memcpy(p + 8, fci, bytes);
    memset(p + 8 + bytes, 0, whole - bytes);
}

void
kc_rtcp_write_nack(KcRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc, const guint16 *seqs, guint n)
{
    guint8 fci[4 * NACKS_MAX];
    gsize used = 0;
    guint i = 0;
    while (i < n && used < sizeof fci) {
        guint16 first = seqs[i++];
        guint16 more = 0;
        for (; i < n && (guint16)(seqs[i] - first) <= 16; i++)
            more |= (guint16)(1u << ((guint16)(seqs[i] - first) - 1));
        kc_put_u16(fci + used, first);
        kc_put_u16(fci + used + 2, more);
        used += 4;
    }
    if (used > 0)
        kc_rtcp_write_rtpfb(writer, KC_RTPFB_NACK, ssrc, media_ssrc, fci, used);
}
