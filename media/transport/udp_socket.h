/* The loop's socket: opening, and the control messages that say which of our addresses is meant. For udp_loop.c only.
 */
#pragma once

#include "media/transport/udp_loop.h"

#define KC_UDP_CONTROL_BYTES 64

typedef struct {
    int fd;           /* -1: none */
    int family;       /* AF_INET6 (with IPv4 mapped) or AF_INET */
    gboolean pktinfo; /* bound to the wildcard: each datagram says to which address it came */
    guint16 port;
} KcUdpSocket;

/* FALSE leaves `fd` to be closed by the caller, if it is one. */
gboolean kc_udp_socket_open(KcUdpSocket *udp, const KcUdpLoopConfig *config, GError **error);

/* Makes a message leave from path->local. `header->msg_control` has KC_UDP_CONTROL_BYTES. */
void kc_udp_socket_put_source(const KcUdpSocket *udp, struct msghdr *header, const KcUdpPath *path);

/* Fills in the local side of a path from what came with a message. */
void kc_udp_socket_read_local(struct msghdr *header, KcUdpPath *path);
