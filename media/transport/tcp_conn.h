/* One TCP connection of a peer: packets in and out, neither of which waits for it. For tcp_listener.c only. Single
 * thread. */
#pragma once

#include "media/transport/tcp_framing.h"
#include "media/transport/udp_addr.h"

/* What waits for a slow reader, beside what the kernel has. Media is dropped above the first, which is most of a second
 * of video; above the second even STUN and DTLS have no room, and the connection is given up. */
#define KC_TCP_MEDIA_BYTES (128 * 1024)
#define KC_TCP_OUTPUT_BYTES (KC_TCP_MEDIA_BYTES + 16 * 1024)
#define KC_TCP_UNSENT_BYTES (32 * 1024) /* that the kernel takes beyond what is on its way */
#define KC_TCP_SILENCE_MS 15000         /* for which a peer may leave unacknowledged what was sent to it */

typedef struct {
    int fd;
    KcUdpPath path; /* `remote.stream` is the connection's number */
    gint64 accepted_us, heard_us;
    gboolean authentic; /* a check of a leg came over it */
    gboolean closing;   /* is closed as soon as nothing of it is on the stack */
    gboolean dirty;     /* waits to be flushed or closed */
    gboolean watched;   /* waits to be writable */
    gboolean overrun;   /* something that must not be lost was */
    KcTcpFraming input;
    guint8 *output; /* of KC_TCP_OUTPUT_BYTES, once there was any; [at, at + waiting) waits */
    gsize at, waiting;
} KcTcpConn;

/* Takes over the socket, which is set to be what a call needs. */
KcTcpConn *kc_tcp_conn_new(int fd, const KcUdpAddr *remote, gint64 now_us);
void kc_tcp_conn_free(gpointer conn);

typedef enum { KC_TCP_QUEUED, KC_TCP_DROPPED, KC_TCP_OVERRUN } KcTcpQueued;

/* One packet, copied. DROPPED: it was media (RFC 7983) and there is no room for it; OVERRUN: it was not, and the peer
 * has read nothing for long: the connection is of no use any more. */
KcTcpQueued kc_tcp_conn_queue(KcTcpConn *conn, const guint8 *data, gsize len);

/* Gives the kernel what it takes. FALSE: the connection is dead. */
gboolean kc_tcp_conn_flush(KcTcpConn *conn);
