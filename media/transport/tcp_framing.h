/* Packets in a stream (RFC 4571): each comes after its length in two bytes. Pure; single thread. */
#pragma once

#include "media/transport/packet.h"

#define KC_TCP_HEAD_BYTES 2

/* Zero it before the first byte of a stream. Private otherwise. */
typedef struct {
    guint8 begun[KC_TCP_HEAD_BYTES + KC_PACKET_BYTES]; /* of a packet that is not whole yet, its length included */
    gsize have;
} KcTcpFraming;

typedef enum {
    KC_TCP_MORE,     /* all was taken, and no packet is whole */
    KC_TCP_PACKET,   /* one is; ask again for the next */
    KC_TCP_TOO_LONG, /* one of more than KC_PACKET_BYTES begins: nothing after it can be understood */
} KcTcpFramingResult;

/* Takes bytes from `*data`, of which there are `*len`, and moves both on. With KC_TCP_PACKET `*ret_packet` is lent
 * until the next call, and lies in the piece at hand where it can; its length may be 0. */
KcTcpFramingResult kc_tcp_framing_take(KcTcpFraming *framing, const guint8 **data, gsize *len,
                                       const guint8 **ret_packet, gsize *ret_len);

/* Writes the length before a packet of `len` bytes. */
void kc_tcp_framing_head(guint8 ret_head[KC_TCP_HEAD_BYTES], gsize len);
