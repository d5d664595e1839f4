/* Invariant: `have` bytes of `begun` are less than a whole packet, and are all that is remembered. */
#include "media/transport/tcp_framing.h"

#include <string.h>

static gsize
length_at(const guint8 *head)
{
    return (gsize)head[0] << 8 | head[1];
}

/* Moves up to `wanted - have` bytes over; TRUE when they are all there. */
static gboolean
fill(KcTcpFraming *framing, gsize wanted, const guint8 **data, gsize *len)
{
    gsize n = MIN(wanted - framing->have, *len);

    memcpy(framing->begun + framing->have, *data, n);
    framing->have += n;
    *data += n;
    *len -= n;
    return framing->have == wanted;
}

static KcTcpFramingResult
take_begun(KcTcpFraming *framing, const guint8 **data, gsize *len, const guint8 **ret_packet, gsize *ret_len)
{
    if (framing->have < KC_TCP_HEAD_BYTES && !fill(framing, KC_TCP_HEAD_BYTES, data, len))
        return KC_TCP_MORE;
    gsize packet = length_at(framing->begun);
    if (packet > KC_PACKET_BYTES)
        return KC_TCP_TOO_LONG;
    if (!fill(framing, KC_TCP_HEAD_BYTES + packet, data, len))
        return KC_TCP_MORE;
    framing->have = 0;
    *ret_packet = framing->begun + KC_TCP_HEAD_BYTES;
    *ret_len = packet;
    return KC_TCP_PACKET;
}

KcTcpFramingResult
kc_tcp_framing_take(KcTcpFraming *framing, const guint8 **data, gsize *len, const guint8 **ret_packet, gsize *ret_len)
{
    if (*len == 0)
        return KC_TCP_MORE;
    gsize whole = *len >= KC_TCP_HEAD_BYTES ? KC_TCP_HEAD_BYTES + length_at(*data) : G_MAXSIZE;

    if (framing->have > 0 || whole > *len || whole > sizeof framing->begun)
        return take_begun(framing, data, len, ret_packet, ret_len);
    *ret_packet = *data + KC_TCP_HEAD_BYTES;
    *ret_len = whole - KC_TCP_HEAD_BYTES;
    *data += whole;
    *len -= whole;
    return KC_TCP_PACKET;
}

void
kc_tcp_framing_head(guint8 ret_head[KC_TCP_HEAD_BYTES], gsize len)
{
    ret_head[0] = (guint8)(len >> 8);
    ret_head[1] = (guint8)len;
}
