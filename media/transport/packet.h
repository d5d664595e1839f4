/* Received datagrams, in memory that consumers may keep.
 *
 * The loop receives each datagram into a packet of its pool, the session decrypts it in place, and whoever wants to
 * keep it (as the memory of a GstBuffer, in a retransmission cache) takes a reference: nothing is copied between the
 * socket and the encryption into the next leg's output. A packet goes back to its pool with the last reference, from
 * any thread; the pool lives as long as one of its packets does. */
#pragma once

#include <glib.h>

#define KC_PACKET_BYTES 1500 /* capacity of one packet: more than any datagram of a path with an Ethernet MTU */

typedef struct KcPacketPool KcPacketPool;

typedef struct KcPacket {
    gint64 arrived_us; /* monotonic, of the batch that it was received in */
    gsize offset;      /* first byte of what counts now: 0 until a consumer strips something */
    gsize len;         /* bytes from `offset`; shrinks when SRTP takes its tag off */
    guint8 data[KC_PACKET_BYTES];
    /* private */
    gint refs;
    KcPacketPool *pool;
    struct KcPacket *next;
} KcPacket;

/* At most `limit` packets at a time; 0 stands for 65,536. */
KcPacketPool *kc_packet_pool_new(guint limit);

/* Gives up the owner's reference: memory goes when the last packet is back. Takes NULL. */
void kc_packet_pool_free(KcPacketPool *pool);

/* One reference, or NULL at the limit. `offset` and `len` are 0. */
KcPacket *kc_packet_pool_take(KcPacketPool *pool);

/* How many packets are out now. */
guint kc_packet_pool_out(KcPacketPool *pool);

KcPacket *kc_packet_ref(KcPacket *packet);

/* Fits GDestroyNotify. */
void kc_packet_unref(gpointer packet);
