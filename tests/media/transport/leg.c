#include "tests/media/transport/leg.h"

#include <string.h>

#include "tests/support/kc_test.h"

static void
on_connected(KcTransportSession *session, gint64 now_us, gpointer user)
{
    ((Leg *)user)->connected++;
}

static void
on_rtp(KcTransportSession *session, KcPacket *packet, gint64 now_us, gpointer user)
{
    Leg *leg = user;

    leg->rtp++;
    g_clear_pointer(&leg->kept, kc_packet_unref);
    leg->kept = kc_packet_ref(packet);
}

static void
on_rtcp(KcTransportSession *session, const guint8 *data, gsize len, gint64 now_us, gpointer user)
{
    ck_assert_uint_eq(len, 8);
    ck_assert_uint_eq(data[1], 201);
    ((Leg *)user)->rtcp++;
}

static void
on_gone(KcTransportSession *session, KcSessionGone reason, gint64 now_us, gpointer user)
{
    ((Leg *)user)->gone++;
    ((Leg *)user)->reason = reason;
}

static const KcSessionCallbacks callbacks = {on_connected, on_rtp, on_rtcp, on_gone};
static const char *const loopback[] = {"127.0.0.1", NULL};

KcTransport *
transport_new(const char *profiles)
{
    KcTransportConfig config = {.udp = {.addresses = loopback}, .srtp_profiles = profiles};
    g_autoptr(GError) error = NULL;
    KcTransport *transport = kc_transport_new(&config, &error);

    kc_assert_no_error(error);
    return transport;
}

void
leg_join(Leg *leg, KcTransport *transport, const char *profiles, gboolean active, const guint8 *fingerprint)
{
    KcSdpSend sends[KC_SDP_SECTIONS_MAX] = {{11, 0, "s", "a"}, {12, 0, "s", "v"}};
    g_auto(KcSdpRefusal) refusal = {0};

    leg->transport = transport;
    leg->peer = peer_new(profiles, active);
    g_autofree char *sdp = peer_offer(leg->peer, fingerprint);
    leg->offer = kc_sdp_offer_parse(sdp, strlen(sdp), &refusal);
    ck_assert_msg(leg->offer != NULL, "%s", refusal.detail);
    leg->session = kc_transport_join(transport, leg->offer, &callbacks, leg);
    g_autofree char *answer = kc_transport_answer(transport, leg->session, leg->offer, sends);
    peer_read_answer(leg->peer, answer);
}

void
leg_leave(Leg *leg)
{
    kc_transport_leave(leg->transport, leg->session);
    g_clear_pointer(&leg->kept, kc_packet_unref);
    kc_sdp_offer_free(leg->offer);
    peer_free(leg->peer);
}

void
settle(Leg *leg)
{
    for (guint i = 0; i < 12; i++) {
        kc_udp_loop_turn(kc_transport_loop(leg->transport), 0);
        peer_read(leg->peer);
    }
}

void
leg_connect(Leg *leg)
{
    peer_check(leg->peer, TRUE);
    settle(leg);
    peer_dtls_start(leg->peer);
    settle(leg);
}

void
send_to_peer(Leg *leg, guint16 seq, gsize len)
{
    guint8 header[12] = {0x80, 96, (guint8)(seq >> 8), (guint8)seq, 0, 0, 0, 0, 0, 0, 0, 12}, body[1400];
    struct iovec pieces[2] = {{body, len / 2}, {body + len / 2, len - len / 2}};

    memset(body, 0x5a, sizeof body);
    ck_assert(kc_transport_session_send_rtp(leg->session, header, sizeof header, pieces, 2));
}
