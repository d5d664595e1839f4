/* A worker's transport: the loop, its DTLS identity, and every leg, found by ufrag and then by address.
 *
 * Start-up: kc_transport_new, kc_transport_start. A leg: on the loop's thread (kc_udp_loop_call) kc_transport_join,
 * wire the call, answer with kc_transport_answer; kc_transport_leave when it is over. */
#pragma once

#include "media/transport/session.h"
#include "media/transport/tcp_listener.h"
#include "media/transport/udp_loop.h"

typedef struct KcTransport KcTransport;

typedef struct {
    KcUdpLoopConfig udp;
    /* NULL-terminated "ADDRESS" or "ADDRESS:PORT" of candidates; NULL or empty: the addresses that are bound. PORT is
     * what NAT maps to udp.port_min, of UDP and of TCP; each port of the range is mapped as far above it as it is above port_min. */
    const char *const *offered;
    gboolean udp_only;         /* no passive TCP candidate */
    const char *srtp_profiles; /* NULL but in tests; see kc_dtls_identity_new */
} KcTransportConfig;

typedef struct {
    KcUdpLoopStats udp;
    KcTcpStats tcp;
    guint64 garbage; /* datagrams that belong to no leg */
    guint legs;
} KcTransportStats;

KcTransport *kc_transport_new(const KcTransportConfig *config, GError **error);

/* Stops the loop and frees the legs that are left, without callbacks. Takes NULL. */
void kc_transport_free(KcTransport *transport);

void kc_transport_start(KcTransport *transport);
KcUdpLoop *kc_transport_loop(KcTransport *transport);

/* Any thread. */
guint16 kc_transport_port(const KcTransport *transport);
guint16 kc_transport_tcp_port(const KcTransport *transport); /* 0: none */
void kc_transport_stats(KcTransport *transport, KcTransportStats *ret_stats);

/* From here on, all on the loop's thread. The session belongs to the transport until kc_transport_leave; `callbacks` is
 * copied. */
KcTransportSession *kc_transport_join(KcTransport *transport, const KcSdpOffer *offer,
                                      const KcSessionCallbacks *callbacks, gpointer user);

/* Owned: the answer of the leg. `sends` by index of section (KC_SDP_SECTIONS_MAX). */
char *kc_transport_answer(KcTransport *transport, KcTransportSession *session, const KcSdpOffer *offer,
                          const KcSdpSend sends[KC_SDP_SECTIONS_MAX]);

/* A PATCH with an sdpfrag: owned text of our side when it asks for an ICE restart, "" when it only trickles, NULL with
 * a refusal. */
char *kc_transport_patch(KcTransport *transport, KcTransportSession *session, const KcSdpOffer *offer,
                         const char *sdpfrag, gsize len, KcSdpRefusal *ret_refusal);

/* Says goodbye, frees the session. */
void kc_transport_leave(KcTransport *transport, KcTransportSession *session);
