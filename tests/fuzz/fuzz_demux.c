/* Any datagram to a leg whose path is valid but whose handshake is not through (RFC 7983): STUN, DTLS, media and the
 * rest are told apart, and nothing of it connects the leg or comes out as media.
 *
 * A leg takes DATAGRAMS of them, or fewer if one ends it: a handshake of OpenSSL costs a hundred times what the rest
 * does. The input that is found at fault is then the last one of a row. */
#include <stdint.h>
#include <string.h>

#include "media/transport/session.h"
#include "media/transport/udp_loop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DATAGRAMS 64

static guint8 slot_bytes[KC_UDP_SLOT_BYTES];

static guint8 *
slot(gpointer user)
{
    return slot_bytes;
}

static void
send_slot(gsize len, const KcUdpPath *path, gpointer user)
{
    g_assert(len <= sizeof slot_bytes);
}

static void
never_rtp(KcTransportSession *session, KcPacket *packet, gint64 now_us, gpointer user)
{
    g_assert_not_reached();
}

static void
never_rtcp(KcTransportSession *session, const guint8 *data, gsize len, gint64 now_us, gpointer user)
{
    g_assert_not_reached();
}

/* The nominating check of the corpus, by the test's own hand: the leg trusts its address from here on. */
static void
make_valid(KcTransportSession *session, const KcUdpPath *path)
{
    static const guint8 check[] = {
#include "fuzz_check.inc"
    };
    guint8 reply[KC_ICE_REPLY_BYTES];
    gsize len;

    kc_ice_lite_receive(kc_transport_session_ice(session), check, sizeof check, path, 1, reply, &len);
    g_assert(kc_ice_lite_selected(kc_transport_session_ice(session)) != NULL);
}

typedef struct {
    KcDtlsIdentity *identity;
    KcPacketPool *pool;
    KcTimers timers;
    KcTransportSession *session;
    guint taken;
    KcUdpPath path;
} Leg;

static void
leg_begin(Leg *leg)
{
    static const KcSessionOutput output = {slot, send_slot, NULL, NULL};
    static const KcSessionCallbacks callbacks = {NULL, never_rtp, never_rtcp, NULL};
    char peer[] = "peer";
    KcSdpOffer offer = {.ufrag = peer, .setup = KC_SDP_ACTPASS};

    leg->session = kc_transport_session_new(&offer, leg->identity, "ours1234", "0123456789abcdefghijklmn",
                                            &leg->timers, &output, &callbacks, NULL, 1);
    make_valid(leg->session, &leg->path);
    leg->taken = 0;
}

static void
leg_init(Leg *leg)
{
    leg->identity = kc_dtls_identity_new(NULL, NULL);
    leg->pool = kc_packet_pool_new(2);
    kc_timers_init(&leg->timers);
    kc_udp_addr_parse("192.0.2.1", 9, &leg->path.remote);
    leg_begin(leg);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Leg leg;

    if (leg.identity == NULL)
        leg_init(&leg);
    KcPacket *packet = kc_packet_pool_take(leg.pool);
    packet->len = MIN(size, (size_t)KC_PACKET_BYTES);
    if (size > 0)
        memcpy(packet->data, data, packet->len);
    kc_transport_session_receive(leg.session, packet, &leg.path, 2);
    kc_packet_unref(packet);
    g_assert(kc_transport_session_state(leg.session) != KC_SESSION_CONNECTED);
    g_assert(kc_transport_session_stats(leg.session)->rtp_in == 0);
    if (kc_transport_session_state(leg.session) == KC_SESSION_GONE || ++leg.taken == DATAGRAMS) {
        kc_transport_session_free(leg.session);
        leg_begin(&leg);
    }
    return 0;
}
