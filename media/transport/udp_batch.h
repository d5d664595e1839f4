/* Datagrams that leave together: written into slots, handed to the kernel by one sendmmsg. For udp_loop.c only.
 *
 * Those of one length to one place are one message of several segments (UDP generic segmentation offload, Linux 4.18):
 * the way through the kernel is gone once for all of them. The order of datagrams to one place is kept, that between
 * places is not. Where the kernel or the way there does not take segments, each leaves by itself. */
#pragma once

#include "media/transport/udp_socket.h"

#define KC_UDP_BATCH_SLOTS 64

typedef struct {
    guint8 data[KC_UDP_SLOT_BYTES];
    gsize len;
    KcUdpPath path;
} KcUdpSlot;

typedef struct {
    KcUdpSlot slots[KC_UDP_BATCH_SLOTS];
    guint n;                /* written; slot n, if there is one, is the next to be */
    gboolean never_segment; /* learnt, or set by a test */
    guint64 packets, bytes, dropped; /* since the beginning; dropped: the kernel took no more, or refused the address */
} KcUdpBatch;

/* Never blocks; the batch is empty afterwards. */
void kc_udp_batch_send(KcUdpBatch *batch, const KcUdpSocket *udp);
