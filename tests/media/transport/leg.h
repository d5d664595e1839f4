/* A leg of a real transport on 127.0.0.1 and its scripted peer. The loop is turned by the test. */
#pragma once

#include "media/transport/transport.h"
#include "tests/media/transport/peer.h"

typedef struct {
    KcTransport *transport;
    KcSdpOffer *offer;
    KcTransportSession *session;
    Peer *peer;
    guint connected, gone, rtp, rtcp;
    KcSessionGone reason;
    KcPacket *kept; /* the last RTP packet */
} Leg;

/* At any port; profiles of SRTP as OpenSSL writes them, or NULL. */
KcTransport *transport_new(const char *profiles);

/* `fingerprint` NULL: the peer's true one. */
void leg_join(Leg *leg, KcTransport *transport, const char *profiles, gboolean active, const guint8 *fingerprint);
void leg_leave(Leg *leg);

/* Both sides read what there is, until nothing more is said. Loopback delivers at once: no waiting. */
void settle(Leg *leg);

/* A nominating check, and the handshake. */
void leg_connect(Leg *leg);

/* A packet of `len` bytes after its header, at most 1400. */
void send_to_peer(Leg *leg, guint16 seq, gsize len);
