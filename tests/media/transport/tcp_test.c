/* Passive ICE-TCP: a leg over a real connection, and everybody who only connects. Times are injected, as in
 * session_test.c. */
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "media/transport/tcp_conn.h"
#include "tests/media/transport/leg.h"
#include "tests/support/kc_test.h"

#define GCM "SRTP_AEAD_AES_128_GCM"

static KcTcpStats
stats_of(KcTransport *transport)
{
    KcTransportStats stats;

    kc_transport_stats(transport, &stats);
    return stats.tcp;
}

static void
turn(KcTransport *transport)
{
    for (guint i = 0; i < 4; i++)
        kc_udp_loop_turn(kc_transport_loop(transport), 0);
}

/* Timers run as if it were so much later; what they close is closed in the turn. */
static void
pass(KcTransport *transport, gint64 us)
{
    kc_timers_run(kc_udp_loop_timers(kc_transport_loop(transport)), g_get_monotonic_time() + us);
    turn(transport);
}

static int
dial(KcTransport *transport)
{
    struct sockaddr_in server = {.sin_family = AF_INET,
                                 .sin_port = htons(kc_transport_tcp_port(transport)),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_eq(connect(fd, (struct sockaddr *)&server, sizeof server), 0);
    return fd;
}

static gboolean
is_closed(int fd)
{
    guint8 byte;

    return recv(fd, &byte, 1, MSG_DONTWAIT) == 0 || errno == ECONNRESET;
}

/* A leg that is connected by TCP. */
static void
tcp_leg(Leg *leg, KcTransport *transport, int buffer_bytes)
{
    leg_join(leg, transport, GCM, TRUE, NULL);
    peer_dial(leg->peer, buffer_bytes);
    leg_connect(leg);
    ck_assert_uint_eq(leg->connected, 1);
    ck_assert_uint_ne(kc_ice_lite_selected(kc_transport_session_ice(leg->session))->remote.stream, 0);
}

static void
check_media(Leg *leg, guint16 seq)
{
    guint in = leg->rtp, out = leg->peer->packets->len;

    ck_assert(peer_send_rtp(leg->peer, 2001, seq, 7, 1100));
    send_to_peer(leg, seq, 1100);
    settle(leg);
    ck_assert_uint_eq(leg->rtp, in + 1);
    ck_assert_uint_eq(leg->peer->packets->len, out + 1);
    ck_assert_uint_eq(leg->peer->undecryptable, 0);
}

/* On a busy machine the kernel delivers what was written to a stream a little later than at once. */
static void
settle_until(Leg *leg, guint packets)
{
    for (guint i = 0; i < 5000 && (leg->rtp < packets || leg->peer->packets->len < packets); i++) {
        settle(leg);
        g_usleep(1000);
    }
}

/* ---- a leg ---- */

START_TEST(media_both_ways)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    leg_join(&leg, transport, GCM, _i == 0, NULL);
    peer_dial(leg.peer, 0);
    leg_connect(&leg);
    ck_assert_uint_eq(leg.connected, 1);
    for (guint16 seq = 1; seq <= 200; seq++) {
        ck_assert(peer_send_rtp(leg.peer, 2001, seq, (guint8)seq, seq * 5));
        send_to_peer(&leg, seq, seq * 5);
        if (seq % 20 == 0)
            settle(&leg);
    }
    settle_until(&leg, 200);
    ck_assert_uint_eq(leg.rtp, 200);
    ck_assert_uint_eq(leg.kept->len, 12 + 1000);
    ck_assert_uint_eq(leg.peer->packets->len, 200);
    ck_assert_uint_eq(leg.peer->undecryptable, 0);
    KcTcpStats stats = stats_of(transport);
    ck_assert_uint_eq(stats.connections, 1);
    ck_assert_uint_ge(stats.packets_in, 202);
    ck_assert_uint_eq(stats.media_dropped, 0);
    leg_leave(&leg);
    turn(transport);
    ck_assert_uint_eq(stats_of(transport).connections, 0);
    kc_transport_free(transport);
}
END_TEST

START_TEST(a_check_byte_by_byte)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};
    int pair[2];
    guint8 check[600];

    leg_join(&leg, transport, GCM, TRUE, NULL);
    peer_dial(leg.peer, 0);
    /* What the peer would send, caught between. */
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    int real = leg.peer->stream_fd;
    leg.peer->stream_fd = pair[0];
    peer_check(leg.peer, TRUE);
    leg.peer->stream_fd = real;
    ssize_t len = recv(pair[1], check, sizeof check, MSG_DONTWAIT);
    ck_assert_int_gt(len, 60);
    for (ssize_t i = 0; i < len; i++) {
        ck_assert_uint_eq(leg.peer->checks_answered, 0);
        send(real, check + i, 1, 0);
        turn(transport);
        peer_read(leg.peer);
    }
    ck_assert_uint_eq(leg.peer->checks_answered, 1);
    close(pair[0]);
    close(pair[1]);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(goodbye_comes_before_the_end)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    tcp_leg(&leg, transport, 0);
    kc_transport_leave(transport, leg.session);
    turn(transport);
    peer_read(leg.peer);
    ck_assert(leg.peer->closed);
    ck_assert(leg.peer->stream_ended);
    kc_sdp_offer_free(leg.offer);
    peer_free(leg.peer);
    kc_transport_free(transport);
}
END_TEST

/* A phone whose connection breaks dials again, and nothing of the leg is lost; consent is what ends it. */
START_TEST(a_dead_connection_and_a_new_one)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    tcp_leg(&leg, transport, 0);
    check_media(&leg, 1);
    peer_hang_up(leg.peer, FALSE);
    turn(transport);
    ck_assert_uint_eq(stats_of(transport).connections, 0);
    ck_assert_ptr_null(kc_ice_lite_selected(kc_transport_session_ice(leg.session)));
    ck_assert(!kc_transport_session_send_rtcp(leg.session, (const guint8[]){0x80, 201, 0, 1, 0, 0, 0, 0}, 8));
    ck_assert_uint_eq(leg.gone, 0);
    peer_dial(leg.peer, 0);
    peer_check(leg.peer, TRUE);
    settle(&leg);
    check_media(&leg, 2);
    peer_hang_up(leg.peer, FALSE);
    turn(transport);
    pass(transport, 16 * G_USEC_PER_SEC);
    ck_assert_uint_eq(leg.gone, 1);
    ck_assert_int_eq(leg.reason, KC_SESSION_GONE_CONSENT_LOST);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(from_tcp_to_udp_and_back)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    tcp_leg(&leg, transport, 0);
    KcIceLite *ice = kc_transport_session_ice(leg.session);
    check_media(&leg, 1);
    peer_hang_up(leg.peer, TRUE);
    peer_check(leg.peer, TRUE);
    settle(&leg);
    ck_assert_uint_eq(kc_ice_lite_selected(ice)->remote.stream, 0);
    check_media(&leg, 2);
    ck_assert_uint_eq(stats_of(transport).connections, 1);
    peer_dial(leg.peer, 0); /* which also closes the connection that was kept */
    peer_check(leg.peer, TRUE);
    settle(&leg);
    ck_assert_uint_ne(kc_ice_lite_selected(ice)->remote.stream, 0);
    check_media(&leg, 3);
    ck_assert_uint_eq(stats_of(transport).connections, 1);
    peer_hang_up(leg.peer, FALSE);
    settle(&leg);
    ck_assert_uint_eq(kc_ice_lite_selected(ice)->remote.stream, 0); /* the path that is left */
    check_media(&leg, 4);
    ck_assert_uint_eq(leg.gone, 0);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

/* Media is dropped in whole packets, checks are answered, and what comes out afterwards is sound. */
START_TEST(a_slow_reader_loses_media_alone)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};
    guint16 seq = 0;

    tcp_leg(&leg, transport, 4096);
    while (stats_of(transport).media_dropped < 200) {
        ck_assert_uint_lt(seq, 20000);
        for (guint i = 0; i < 20; i++)
            send_to_peer(&leg, ++seq, 1100);
        turn(transport);
    }
    for (guint i = 0; i < 100; i++)
        send_to_peer(&leg, ++seq, 1); /* until there is no room for the smallest either */
    guint answered = leg.peer->checks_answered;
    peer_check(leg.peer, TRUE);
    turn(transport);
    ck_assert_uint_eq(stats_of(transport).connections, 1);
    /* The reader's window opens again in the kernel's own time. */
    for (guint i = 0; i < 1000 && leg.peer->packets->len + stats_of(transport).media_dropped < seq; i++) {
        kc_udp_loop_turn(kc_transport_loop(transport), 20);
        peer_read(leg.peer);
    }
    settle(&leg);
    ck_assert_uint_eq(leg.peer->checks_answered, answered + 1);
    ck_assert_uint_eq(leg.peer->undecryptable, 0);
    ck_assert_uint_eq(leg.peer->packets->len + stats_of(transport).media_dropped, seq);
    ck_assert_uint_gt(leg.peer->packets->len, KC_TCP_MEDIA_BYTES / 1200);
    check_media(&leg, ++seq);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(who_reads_nothing_at_all_is_given_up)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};
    guint checks = 0;

    tcp_leg(&leg, transport, 4096);
    for (guint16 seq = 1; seq <= 2000; seq++)
        send_to_peer(&leg, seq, 1100);
    for (; stats_of(transport).connections == 1; checks++) {
        ck_assert_uint_lt(checks, 20000);
        peer_check(leg.peer, TRUE);
        turn(transport);
    }
    ck_assert_uint_gt(checks, 50);
    ck_assert_uint_eq(leg.gone, 0);
    ck_assert_ptr_null(kc_ice_lite_selected(kc_transport_session_ice(leg.session)));
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

START_TEST(a_silent_connection_is_closed_in_time)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    tcp_leg(&leg, transport, 0);
    peer_hang_up(leg.peer, TRUE);
    peer_check(leg.peer, TRUE); /* by UDP: the leg lives on */
    settle(&leg);
    kc_timers_run(kc_udp_loop_timers(kc_transport_loop(transport)), g_get_monotonic_time() + 10 * G_USEC_PER_SEC);
    turn(transport);
    ck_assert_uint_eq(stats_of(transport).connections, 1);
    pass(transport, KC_TCP_IDLE_US + G_USEC_PER_SEC);
    ck_assert_uint_eq(stats_of(transport).connections, 0);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

/* ---- strangers ---- */

static const struct {
    guint8 bytes[8];
    gsize len;
    gboolean closed; /* at once */
} greetings[] = {
    {{0, 4, 0x80, 96, 0, 1}, 6, TRUE},    /* media */
    {{0, 4, 22, 0xfe, 0xfd, 0}, 6, TRUE}, /* DTLS */
    {"GET / H", 7, TRUE},                 /* 0x4745 bytes: too long */
    {{0, 0, 0, 0}, 4, FALSE},             /* nothing, twice */
    {{0, 4, 0, 1, 0, 0}, 6, FALSE},       /* STUN, of a kind */
    {{0, 9, 0x80}, 3, FALSE},             /* not whole yet */
};

START_TEST(who_greets_otherwise)
{
    KcTransport *transport = transport_new(NULL);
    int fd = dial(transport);

    ck_assert_int_gt(send(fd, greetings[_i].bytes, greetings[_i].len, 0), 0);
    turn(transport);
    ck_assert_int_eq(is_closed(fd), greetings[_i].closed);
    pass(transport, KC_TCP_CHECK_US - G_USEC_PER_SEC / 2);
    ck_assert_int_eq(is_closed(fd), greetings[_i].closed);
    pass(transport, KC_TCP_CHECK_US + 2 * G_USEC_PER_SEC);
    ck_assert(is_closed(fd));
    KcTcpStats stats = stats_of(transport);
    ck_assert_uint_eq(stats.connections, 0);
    ck_assert_uint_eq(stats.unproven, !greetings[_i].closed);
    close(fd);
    kc_transport_free(transport);
}
END_TEST

START_TEST(a_check_with_a_false_password_proves_nothing)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};

    leg_join(&leg, transport, GCM, TRUE, NULL);
    peer_dial(leg.peer, 0);
    leg.peer->server_pwd[0] ^= 1;
    peer_check(leg.peer, TRUE);
    settle(&leg);
    ck_assert_uint_eq(leg.peer->check_errors, 1);
    pass(transport, KC_TCP_CHECK_US + 2 * G_USEC_PER_SEC);
    ck_assert_uint_eq(stats_of(transport).unproven, 1);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

/* From one address only so many; the newest come in, the oldest that proved nothing go, and no leg is touched. */
START_TEST(a_crowd_from_one_address)
{
    enum { CROWD = KC_TCP_UNPROVEN_PER_ADDRESS + 40 };
    KcTransport *transport = transport_new(NULL);
    int fds[CROWD];
    Leg leg = {0};

    tcp_leg(&leg, transport, 0);
    for (guint i = 0; i < CROWD; i++) {
        fds[i] = dial(transport);
        turn(transport);
        ck_assert_uint_le(stats_of(transport).connections, 1 + KC_TCP_UNPROVEN_PER_ADDRESS);
    }
    ck_assert_uint_eq(stats_of(transport).refused, 40);
    for (guint i = 0; i < CROWD; i++) {
        ck_assert_int_eq(is_closed(fds[i]), i < 40);
        close(fds[i]);
    }
    check_media(&leg, 1);
    turn(transport);
    ck_assert_uint_eq(stats_of(transport).connections, 1);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

/* Nor has a leg more connections than paths: the longest silent one goes, never the one in use. */
START_TEST(a_crowd_of_one_leg)
{
    KcTransport *transport = transport_new(NULL);
    Leg leg = {0};
    int fds[20];

    tcp_leg(&leg, transport, 0);
    int first = leg.peer->stream_fd;
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
        leg.peer->stream_fd = fds[i] = dial(transport);
        peer_check(leg.peer, FALSE);
        settle(&leg);
        ck_assert_uint_le(stats_of(transport).connections, KC_ICE_PATHS_MAX);
    }
    leg.peer->stream_fd = first;
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
        ck_assert_int_eq(is_closed(fds[i]), i + KC_ICE_PATHS_MAX - 1 < G_N_ELEMENTS(fds));
        close(fds[i]);
    }
    check_media(&leg, 1);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

/* ---- the port ---- */

/* TRUE if something of ours is bound to that port of 127.0.0.1. */
static int
occupy(int type, guint16 port)
{
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&name, sizeof name) == 0 && (type == SOCK_DGRAM || listen(fd, 1) == 0))
        return fd;
    close(fd);
    return -1;
}

/* Three ports in a row that are free for both. */
static guint16
free_ports(void)
{
    for (guint16 port = 21000; port < 29000; port += 3) {
        int fds[6], n = 0;

        for (guint16 i = 0; i < 6; i++)
            n += (fds[i] = occupy(i % 2 == 0 ? SOCK_DGRAM : SOCK_STREAM, port + i / 2)) >= 0;
        for (guint i = 0; i < 6; i++)
            if (fds[i] >= 0)
                close(fds[i]);
        if (n == 6)
            return port;
    }
    ck_abort_msg("no free ports");
    return 0;
}

static const char *const loopback[] = {"127.0.0.1", NULL};

START_TEST(where_it_listens)
{
    guint16 port = free_ports();
    KcTransportConfig config = {.udp = {.addresses = loopback, .port_min = port, .port_max = port + 1}};
    int udp = occupy(SOCK_DGRAM, port + 1); /* so that ours is the first */
    KcTransport *transport = kc_transport_new(&config, NULL);

    ck_assert_uint_eq(kc_transport_port(transport), port);
    ck_assert_uint_eq(kc_transport_tcp_port(transport), port);
    kc_transport_free(transport);
    int tcp = occupy(SOCK_STREAM, port);
    transport = kc_transport_new(&config, NULL);
    ck_assert_uint_eq(kc_transport_tcp_port(transport), port + 1);
    kc_transport_free(transport);
    int other = occupy(SOCK_STREAM, port + 1);
    transport = kc_transport_new(&config, NULL);
    ck_assert_uint_eq(kc_transport_tcp_port(transport), 0); /* calls go on without */
    kc_transport_free(transport);
    close(udp);
    close(tcp);
    close(other);
}
END_TEST

START_TEST(udp_alone)
{
    KcTransportConfig config = {.udp = {.addresses = loopback}, .udp_only = TRUE};
    KcTransport *transport = kc_transport_new(&config, NULL);
    Leg leg = {0};

    leg_join(&leg, transport, GCM, TRUE, NULL);
    ck_assert_uint_eq(leg.peer->stream_server.sin_port, 0);
    ck_assert_uint_eq(kc_transport_tcp_port(transport), 0);
    leg_connect(&leg);
    check_media(&leg, 1);
    leg_leave(&leg);
    kc_transport_free(transport);
}
END_TEST

static const char *const wildcard[] = {"127.0.0.1", "::1", NULL};

START_TEST(both_families_reach_one_socket)
{
    KcTransportConfig config = {.udp = {.addresses = wildcard}};
    KcTransport *transport = kc_transport_new(&config, NULL);
    struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT,
                               .sin6_port = htons(kc_transport_tcp_port(transport))};
    int four = dial(transport), fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_eq(connect(fd, (struct sockaddr *)&six, sizeof six), 0);
    turn(transport);
    ck_assert_uint_eq(stats_of(transport).connections, 2);
    close(four);
    close(fd);
    kc_transport_free(transport);
}
END_TEST

static Suite *
tcp_suite(void)
{
    Suite *suite = suite_create("transport/tcp");
    TCase *leg = tcase_create("leg"), *strangers = tcase_create("strangers");

    tcase_add_loop_test(leg, media_both_ways, 0, 2);
    tcase_add_test(leg, a_check_byte_by_byte);
    tcase_add_test(leg, goodbye_comes_before_the_end);
    tcase_add_test(leg, a_dead_connection_and_a_new_one);
    tcase_add_test(leg, from_tcp_to_udp_and_back);
    tcase_add_test(leg, a_slow_reader_loses_media_alone);
    tcase_add_test(leg, who_reads_nothing_at_all_is_given_up);
    tcase_add_test(leg, a_silent_connection_is_closed_in_time);
    tcase_add_loop_test(strangers, who_greets_otherwise, 0, G_N_ELEMENTS(greetings));
    tcase_add_test(strangers, a_check_with_a_false_password_proves_nothing);
    tcase_add_test(strangers, a_crowd_from_one_address);
    tcase_add_test(strangers, a_crowd_of_one_leg);
    tcase_add_test(strangers, where_it_listens);
    tcase_add_test(strangers, udp_alone);
    tcase_add_test(strangers, both_families_reach_one_socket);
    tcase_set_timeout(leg, 30);
    suite_add_tcase(suite, leg);
    suite_add_tcase(suite, strangers);
    return suite;
}

KC_TEST_MAIN(tcp_suite())
