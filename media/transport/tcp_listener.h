/* Passive ICE-TCP (RFC 6544) for peers whose network closes UDP: a listening socket beside the loop's, and the
 * connections to it, in the loop's thread.
 *
 * A connection is a path like any other: what comes over it is delivered as datagrams are, with `remote.stream` set,
 * and what is sent to such a path leaves over it. It waits for nobody: a slow reader loses media, never a check.
 *
 *   accepted --a check of a leg came (kc_tcp_keep)--> authentic --its leg goes, silence for KC_TCP_IDLE_US--> closed
 *   accepted --none in KC_TCP_CHECK_US, anything but STUN--------------------------------------------------> closed
 *   any      --end of stream, too long a packet, no room even for STUN-------------------------------------> closed
 *
 * All functions but kc_tcp_stats belong to the loop's thread, or to any one while it does not run. */
#pragma once

#include "media/transport/udp_loop.h"

#define KC_TCP_CONNECTIONS_MAX 1024    /* of a worker; the oldest that is not authentic gives way, else it is full */
#define KC_TCP_UNPROVEN_PER_ADDRESS 32 /* not authentic: the oldest gives way; of IPv6 a /64 is one address */
#define KC_TCP_CHECK_US (5 * G_USEC_PER_SEC)
#define KC_TCP_IDLE_US (60 * G_USEC_PER_SEC) /* browsers check a path that they keep in reserve every 25 s or so */

typedef struct KcTcpListener KcTcpListener;

/* What a closed connection was; its stream's number does not come again. */
typedef void (*KcTcpClosedFunc)(const KcUdpPath *path, gpointer user);

typedef struct {
    guint64 accepted, refused; /* refused: there was no room, or it was made by closing one that was not authentic */
    guint64 unproven;          /* closed because no check came */
    guint64 packets_in, packets_out, media_dropped;
    guint connections; /* now */
} KcTcpStats;

/* Listens at the address of the loop's own socket, at its port if that is free, else at another one of the range (0, 0:
 * any). NULL with a KC_UDP_ERROR. Received packets go to the loop's receiver. The loop outlives it but must not run
 * when it is freed. */
KcTcpListener *kc_tcp_listener_new(KcUdpLoop *loop, guint16 port_min, guint16 port_max, KcTcpClosedFunc closed,
                                   gpointer user, GError **error);
void kc_tcp_listener_free(KcTcpListener *tcp);

guint16 kc_tcp_listener_port(const KcTcpListener *tcp);

/* One packet; leaves at the end of the loop's turn. A stream that has gone takes it in silence. */
void kc_tcp_send(KcTcpListener *tcp, guint32 stream, const guint8 *data, gsize len);

/* A check of a leg came over it. */
void kc_tcp_keep(KcTcpListener *tcp, guint32 stream);

/* At the end of the loop's turn, after what was sent. `closed` is not called. */
void kc_tcp_close(KcTcpListener *tcp, guint32 stream);

void kc_tcp_stats(const KcTcpListener *tcp, KcTcpStats *ret_stats);
