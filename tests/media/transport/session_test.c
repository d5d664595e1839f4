/* Legs over real sockets of 127.0.0.1, with a scripted peer. The loop is turned by the test, so that each step is
 * determined; timers are run with injected times. */
#include <string.h>
#include <unistd.h>

#include "tests/media/transport/leg.h"
#include "tests/support/kc_test.h"

static const char *const loopback[] = {"127.0.0.1", NULL};

START_TEST(behind_nat)
{
    static const char *const offered[] = {"192.0.2.1:50000", "[2001:db8::1]:3000", "192.0.2.2", NULL};
    KcTransportConfig config = {.udp = {loopback, .port_min = 20000, .port_max = 29999}, .offered = offered};
    g_autoptr(GError) error = NULL;
    Leg leg = {0};
    KcTransport *transport = kc_transport_new(&config, &error);

    kc_assert_no_error(error);
    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    guint above = kc_transport_port(transport) - 20000u;
    KcSdpSend sends[KC_SDP_SECTIONS_MAX] = {{11, 0, "s", "a"}, {12, 0, "s", "v"}};
    g_autofree char *answer = kc_transport_answer(transport, leg.session, leg.offer, sends);
    g_autofree char *first = g_strdup_printf(" 192.0.2.1 %u typ host", 50000 + above);
    g_autofree char *second = g_strdup_printf(" 2001:db8::1 %u typ host", 3000 + above);
    g_autofree char *third = g_strdup_printf(" 192.0.2.2 %u typ host", 20000 + above);
    ck_assert_ptr_nonnull(strstr(answer, first));
    ck_assert_ptr_nonnull(strstr(answer, second));
    ck_assert_ptr_nonnull(strstr(answer, third));
    ck_assert_ptr_null(strstr(answer, "127.0.0.1 2"));
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

static const struct {
    const char *offered[2];
    guint16 port;
} no_nat[] = {
    {{"example.org", NULL}, 20000}, {{"192.0.2.1:65536", NULL}, 20000}, {{"192.0.2.1:40000", NULL}, 0}, /* above what? */
};

START_TEST(what_cannot_be_offered)
{
    KcTransportConfig config = {.udp = {loopback, .port_min = no_nat[_i].port, .port_max = no_nat[_i].port ? 29999 : 0},
                                .offered = no_nat[_i].offered};
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(kc_transport_new(&config, &error));
    ck_assert(g_error_matches(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS));
}
END_TEST

static const struct {
    const char *profiles;
    gboolean peer_active;
    guint expected;
} handshakes[] = {
    {"SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80", TRUE, KC_SRTP_AEAD_AES_128_GCM},
    {"SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM", TRUE, KC_SRTP_AEAD_AES_128_GCM}, /* our preference counts */
    {"SRTP_AES128_CM_SHA1_80", TRUE, KC_SRTP_AES128_CM_SHA1_80},
    {"SRTP_AEAD_AES_128_GCM", FALSE, KC_SRTP_AEAD_AES_128_GCM},
    {"SRTP_AES128_CM_SHA1_80", FALSE, KC_SRTP_AES128_CM_SHA1_80},
};

START_TEST(media_both_ways)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    leg_join(&leg, transport, handshakes[_i].profiles, handshakes[_i].peer_active, NULL);
    leg_connect(&leg);
    ck_assert_uint_eq(leg.connected, 1);
    ck_assert(leg.peer->connected);
    ck_assert_uint_eq(kc_transport_session_srtp_profile(leg.session), handshakes[_i].expected);

    for (guint16 seq = 1; seq <= 100; seq++) {
        ck_assert(peer_send_rtp(leg.peer, 2001, seq, (guint8)seq, seq * 11));
        send_to_peer(&leg, seq, seq * 11);
        if (seq % 20 == 0)
            settle(&leg);
    }
    ck_assert_uint_eq(leg.rtp, 100);
    ck_assert_uint_eq(leg.kept->len, 12 + 1100);
    ck_assert_uint_eq(leg.kept->data[1111], 100);
    ck_assert_uint_eq(leg.peer->packets->len, 100);
    gsize len;
    const guint8 *last = g_bytes_get_data(leg.peer->packets->pdata[99], &len);
    ck_assert_uint_eq(len, 1112);
    ck_assert_uint_eq(last[1111], 0x5a);

    static const guint8 report[8] = {0x80, 201, 0, 1, 0, 0, 0, 12};
    ck_assert(peer_send_rtcp(leg.peer, 2001));
    ck_assert(kc_transport_session_send_rtcp(leg.session, report, sizeof report));
    settle(&leg);
    ck_assert_uint_eq(leg.rtcp, 1);
    ck_assert_uint_eq(leg.peer->packets->len, 101);
    ck_assert_uint_eq(leg.peer->undecryptable, 0);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(false_fingerprint_never_passes_a_packet)
{
    static const guint8 other[32] = {1, 2, 3};
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", _i == 0, other);
    leg_connect(&leg);
    ck_assert_uint_eq(leg.connected, 0);
    ck_assert_uint_eq(leg.gone, 1);
    ck_assert_int_eq(leg.reason, KC_SESSION_GONE_DTLS_FAILED);
    if (leg.peer->out != NULL)
        peer_send_rtp(leg.peer, 2001, 1, 0, 100);
    settle(&leg);
    ck_assert_uint_eq(leg.rtp, 0);
    guint8 header[12] = {0x80};
    ck_assert(!kc_transport_session_send_rtp(leg.session, header, sizeof header, NULL, 0));
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(media_before_the_handshake_is_dropped)
{
    static const guint8 early[60] = {0x80, 96};
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    peer_check(leg.peer, TRUE);
    settle(&leg);
    peer_send_raw(leg.peer, early, sizeof early);
    settle(&leg);
    ck_assert_uint_eq(kc_transport_session_stats(leg.session)->dropped_early, 1);
    ck_assert_uint_eq(leg.rtp, 0);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(garbage_is_dropped_and_counted)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};
    Peer *stranger = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
    KcTransportStats before, after;
    guint8 noise[1472];

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    leg_connect(&leg);
    stranger->server = leg.peer->server;
    kc_transport_stats(transport, &before);
    for (guint i = 0; i < 200; i++) {
        for (guint j = 0; j < sizeof noise; j++)
            noise[j] = (guint8)g_random_int();
        peer_send_raw(stranger, noise, i * 9 % sizeof noise);
        peer_send_raw(leg.peer, noise, i * 9 % sizeof noise);
        if (i % 20 == 0)
            settle(&leg);
    }
    settle(&leg);
    kc_transport_stats(transport, &after);
    ck_assert_uint_ge(after.garbage - before.garbage, 200);
    ck_assert_uint_eq(leg.rtp + leg.rtcp + leg.gone, 0);

    ck_assert(peer_send_rtp(leg.peer, 2001, 9, 9, 9));
    settle(&leg);
    ck_assert_uint_eq(leg.rtp, 1); /* and it still works */

    /* A stranger who replays what was on the wire from another address gets nowhere. */
    guint8 taken[100] = {0x80, 96};
    peer_send_raw(stranger, taken, sizeof taken);
    settle(&leg);
    ck_assert_uint_eq(leg.rtp, 1);
    leg_leave(&leg);
    peer_free(stranger);
    kc_transport_free(transport);
}
END_TEST

START_TEST(oversized_datagrams_are_dropped)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};
    KcTransportStats stats;
    guint8 large[4000] = {0x80, 96};

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    leg_connect(&leg);
    peer_send_raw(leg.peer, large, sizeof large);
    settle(&leg);
    kc_transport_stats(transport, &stats);
    ck_assert_uint_eq(stats.udp.truncated, 1);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(consent_is_lost_after_15_seconds)
{
    KcTransport *transport = transport_new(NULL);
    KcTimers *timers = kc_udp_loop_timers(kc_transport_loop(transport));
    Leg leg = {0};

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    leg_connect(&leg);
    gint64 now = kc_transport_session_stats(leg.session)->last_check_us;
    kc_timers_run(timers, now + 14 * G_USEC_PER_SEC);
    ck_assert_uint_eq(leg.gone, 0);
    kc_timers_run(timers, now + 16 * G_USEC_PER_SEC);
    ck_assert_uint_eq(leg.gone, 1);
    ck_assert_int_eq(leg.reason, KC_SESSION_GONE_CONSENT_LOST);
    ck_assert_str_eq(kc_session_gone_text(leg.reason), "consent-lost");
    ck_assert(!kc_transport_session_send_rtcp(leg.session, (const guint8[]){0x80, 201, 0, 1, 0, 0, 0, 0}, 8));
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(who_never_connects_is_given_up)
{
    KcTransport *transport = transport_new(NULL);
    KcTimers *timers = kc_udp_loop_timers(kc_transport_loop(transport));
    Leg leg = {0};

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    gint64 now = g_get_monotonic_time();
    kc_timers_run(timers, now + 29 * G_USEC_PER_SEC);
    ck_assert_uint_eq(leg.gone, 0);
    kc_timers_run(timers, now + 31 * G_USEC_PER_SEC);
    ck_assert_uint_eq(leg.gone, 1);
    ck_assert_int_eq(leg.reason, KC_SESSION_GONE_TIMEOUT);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(a_phone_that_moves_keeps_its_leg)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    leg_connect(&leg);
    peer_move(leg.peer);
    peer_send_rtp(leg.peer, 2001, 1, 1, 50); /* from an address that no check has made valid */
    settle(&leg);
    ck_assert_uint_eq(leg.rtp, 0);
    peer_check(leg.peer, TRUE);
    settle(&leg);
    peer_send_rtp(leg.peer, 2001, 2, 1, 50);
    send_to_peer(&leg, 1, 50);
    settle(&leg);
    ck_assert_uint_eq(leg.rtp, 1);
    ck_assert_uint_eq(leg.peer->packets->len, 1);
    ck_assert_uint_eq(leg.connected, 1);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(ice_restart_by_patch)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};
    g_auto(KcSdpRefusal) refusal = {0};

    leg_join(&leg, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    leg_connect(&leg);
    g_autofree char *trickle = g_strdup_printf("a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", leg.peer->ufrag, leg.peer->pwd);
    g_autofree char *nothing =
        kc_transport_patch(transport, leg.session, leg.offer, trickle, strlen(trickle), &refusal);
    ck_assert_str_eq(nothing, "");

    g_autofree char *old_ufrag = g_strdup(leg.peer->server_ufrag);
    g_autofree char *fragment = peer_restart(leg.peer);
    g_autofree char *reply =
        kc_transport_patch(transport, leg.session, leg.offer, fragment, strlen(fragment), &refusal);
    peer_read_answer(leg.peer, reply);
    ck_assert_str_ne(leg.peer->server_ufrag, old_ufrag);
    peer_move(leg.peer);
    peer_check(leg.peer, TRUE);
    settle(&leg);
    send_to_peer(&leg, 1, 50);
    peer_send_rtp(leg.peer, 2001, 1, 1, 50);
    settle(&leg);
    ck_assert_uint_eq(leg.rtp, 1);
    ck_assert_uint_eq(leg.peer->packets->len, 1);

    g_autofree char *bad = kc_transport_patch(transport, leg.session, leg.offer, "x", 1, &refusal);
    ck_assert_ptr_null(bad);
    ck_assert_uint_eq(refusal.status, 400);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(goodbyes)
{
    KcTransport *transport = transport_new(NULL);
    Leg leaver = {0}, left = {0};

    leg_join(&leaver, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    leg_connect(&leaver);
    SSL_shutdown(leaver.peer->ssl);
    settle(&leaver);
    ck_assert_uint_eq(leaver.gone, 1);
    ck_assert_int_eq(leaver.reason, KC_SESSION_GONE_CLOSED);

    leg_join(&left, transport, "SRTP_AEAD_AES_128_GCM", TRUE, NULL);
    leg_connect(&left);
    Peer *peer = left.peer;
    kc_transport_leave(transport, left.session);
    kc_udp_loop_turn(kc_transport_loop(transport), 0);
    peer_read(peer);
    ck_assert(peer->closed);
    peer_free(peer);
    g_clear_pointer(&left.kept, kc_packet_unref);
    kc_sdp_offer_free(left.offer);
    leg_leave(&leaver);
    kc_transport_free(transport);
}
END_TEST

/* Many legs at once stay apart, and packets kept by a consumer outlive the transport. */
START_TEST(legs_are_told_apart)
{
    KcTransport *transport = transport_new(NULL);
    Leg legs[8] = {0};
    KcPacket *kept;

    for (guint i = 0; i < 8; i++) {
        leg_join(&legs[i], transport, "SRTP_AEAD_AES_128_GCM", i % 2 == 0, NULL);
        leg_connect(&legs[i]);
    }
    for (guint i = 0; i < 8; i++)
        peer_send_rtp(legs[i].peer, 2001, 1, (guint8)i, 20 + i);
    settle(&legs[0]);
    for (guint i = 0; i < 8; i++) {
        ck_assert_uint_eq(legs[i].rtp, 1);
        ck_assert_uint_eq(legs[i].kept->len, 32 + i);
    }
    kept = kc_packet_ref(legs[3].kept);
    for (guint i = 0; i < 8; i++)
        leg_leave(&legs[i]);
    kc_transport_free(transport);
    ck_assert_uint_eq(kept->data[12], 3);
    kc_packet_unref(kept);
}
END_TEST

static Suite *
session_suite(void)
{
    Suite *suite = suite_create("transport/session");
    TCase *tests = tcase_create("legs");

    tcase_add_loop_test(tests, media_both_ways, 0, G_N_ELEMENTS(handshakes));
    tcase_add_loop_test(tests, false_fingerprint_never_passes_a_packet, 0, 2);
    tcase_add_test(tests, media_before_the_handshake_is_dropped);
    tcase_add_test(tests, garbage_is_dropped_and_counted);
    tcase_add_test(tests, oversized_datagrams_are_dropped);
    tcase_add_test(tests, consent_is_lost_after_15_seconds);
    tcase_add_test(tests, who_never_connects_is_given_up);
    tcase_add_test(tests, a_phone_that_moves_keeps_its_leg);
    tcase_add_test(tests, ice_restart_by_patch);
    tcase_add_test(tests, goodbyes);
    tcase_add_test(tests, legs_are_told_apart);
    tcase_add_test(tests, behind_nat);
    tcase_add_loop_test(tests, what_cannot_be_offered, 0, G_N_ELEMENTS(no_nat));
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(session_suite())
