#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/netfault/relay.h"
#include "tests/support/kc_test.h"

#define MS 1000

static KcFaultLink
link_with(const char *words)
{
    KcFaultLink link;
    g_auto(GStrv) each = g_strsplit(words, " ", -1);
    kc_fault_link_init(&link, 7);
    for (char **word = each; *word != NULL; word++)
        ck_assert_msg(kc_fault_set(&link.fault, *word), "%s", *word);
    return link;
}

START_TEST(loss_is_near_its_share_and_the_same_again)
{
    KcFaultLink link = link_with("loss=3");
    KcFaultLink again = link_with("loss=3");
    for (guint i = 0; i < 100000; i++)
        ck_assert_int_eq(kc_fault_link_packet(&link, 1000, i * MS), kc_fault_link_packet(&again, 1000, i * MS));
    ck_assert_uint_gt(link.counts.lost, 2850);
    ck_assert_uint_lt(link.counts.lost, 3150);
    ck_assert_uint_eq(link.counts.lost + link.counts.passed, 100000);
}
END_TEST

START_TEST(the_line_carries_its_rate_behind_a_bounded_queue)
{
    KcFaultLink link = link_with("rate=700 queue=300 delay=20");
    gint64 last_us = 0;
    for (guint i = 0; i < 10000; i++) { /* 1.5 Mbit/s */
        gint64 now_us = (gint64)i * 1028 * 8 / 1500 * MS;
        gint64 at_us = kc_fault_link_packet(&link, 1000, now_us);
        if (at_us < 0)
            continue;
        ck_assert_int_ge(at_us, last_us);
        ck_assert_int_le(at_us - now_us, (20 + 300 + 12) * MS);
        last_us = at_us;
    }
    gdouble kbps = (gdouble)link.counts.passed * 1028 * 8 * MS / (gdouble)last_us;
    ck_assert_msg(kbps > 690 && kbps < 705, "%f kbit/s", kbps);
    ck_assert_int_gt(link.counts.longest_wait_us, 290 * MS);
}
END_TEST

START_TEST(jitter_reorders_only_when_it_may)
{
    for (guint may = 0; may < 2; may++) {
        KcFaultLink link = link_with(may ? "jitter=50 reorder=1" : "jitter=50");
        gint64 last_us = 0, longest_us = 0;
        guint overtaken = 0;
        for (guint i = 0; i < 1000; i++) {
            gint64 at_us = kc_fault_link_packet(&link, 100, i * 10 * MS);
            overtaken += at_us < last_us;
            last_us = MAX(last_us, at_us);
            longest_us = MAX(longest_us, at_us - i * 10 * MS);
        }
        ck_assert_int_eq(overtaken > 100, may);
        ck_assert_int_eq(overtaken > 0, may);
        ck_assert(longest_us > 45 * MS && longest_us <= 50 * MS);
    }
}
END_TEST

START_TEST(a_blackout_ends)
{
    KcFaultLink link = link_with("loss=0");
    kc_fault_link_blackout(&link, 5000 * MS);
    ck_assert_int_eq(kc_fault_link_packet(&link, 100, 4999 * MS), -1);
    ck_assert_int_eq(kc_fault_link_packet(&link, 100, 5000 * MS), 5000 * MS);
    ck_assert_uint_eq(link.counts.blacked_out, 1);
}
END_TEST

START_TEST(what_is_no_setting_changes_nothing)
{
    static const char *const words[] = {"", "loss", "loss=", "loss=101", "loss=-1", "loss=x", "delay=20000", "speed=3"};
    KcFault fault = {0};
    const KcFault none = {0};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        ck_assert_msg(!kc_fault_set(&fault, words[i]), "%s", words[i]);
        ck_assert_mem_eq(&fault, &none, sizeof none);
    }
}
END_TEST

/* ---- with sockets ---- */

static int
socket_at(guint16 *port)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_port = htons(*port)};
    struct timeval second = {1, 0};
    socklen_t len = sizeof own;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    getsockname(fd, (struct sockaddr *)&own, &len);
    *port = ntohs(own.sin_port);
    return fd;
}

/* Runs until nothing is on its way. */
static void
settle(KcFaultRelay *relay)
{
    struct pollfd fds[KC_FAULT_POLL_MAX];
    gint64 next_us = 0;
    do
        kc_fault_relay_run(relay);
    while (kc_fault_relay_poll(relay, fds, &next_us) > 0 && next_us != G_MAXINT64);
}

static void
commanded(KcFaultRelay *relay, const char *line, const char *expected)
{
    g_autofree char *answer = kc_fault_relay_command(relay, line);
    ck_assert_msg(strstr(answer, expected) != NULL, "%s: %s", line, answer);
}

START_TEST(packets_go_both_ways_and_a_client_changes_its_address)
{
    guint16 inner_port = 0, client_port = 0, outer_port = 0;
    int inner = socket_at(&inner_port), client = socket_at(&client_port), probe = socket_at(&outer_port);
    close(probe);
    g_autofree char *inside = g_strdup_printf("127.0.0.1:%u", inner_port);
    g_autofree char *outside = g_strdup_printf("127.0.0.1:%u", outer_port);
    KcFaultRelay *relay = kc_fault_relay_new(outside, inside, 1, 1);
    ck_assert_ptr_nonnull(relay);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_port = htons(outer_port)};
    struct sockaddr_in seen[2];
    char data[16];
    commanded(relay, "set both delay=5", "ok");
    for (guint i = 0; i < 2; i++) {
        socklen_t len = sizeof seen[i];
        ck_assert_int_eq(sendto(client, "ping", 4, 0, (struct sockaddr *)&to, sizeof to), 4);
        settle(relay);
        ck_assert_int_eq(recvfrom(inner, data, sizeof data, 0, (struct sockaddr *)&seen[i], &len), 4);
        ck_assert_int_eq(sendto(inner, "answer", 6, 0, (struct sockaddr *)&seen[i], len), 6);
        settle(relay);
        ck_assert_int_eq(recv(client, data, sizeof data, 0), 6);
        commanded(relay, "rebind 127.0.0.9", "ok");
    }
    ck_assert_uint_ne(seen[0].sin_port, seen[1].sin_port);
    ck_assert_uint_ne(seen[0].sin_addr.s_addr, seen[1].sin_addr.s_addr);
    commanded(relay, "stats", "\"up\":{\"came\":2,\"cameBytes\":8,\"passed\":2");
    commanded(relay, "set up loss=200", "error");
    commanded(relay, "jump", "error");
    kc_fault_relay_free(relay);
    close(inner);
    close(client);
}
END_TEST

static Suite *
netfault_suite(void)
{
    Suite *suite = suite_create("netfault");
    TCase *links = tcase_create("link");
    tcase_add_test(links, loss_is_near_its_share_and_the_same_again);
    tcase_add_test(links, the_line_carries_its_rate_behind_a_bounded_queue);
    tcase_add_test(links, jitter_reorders_only_when_it_may);
    tcase_add_test(links, a_blackout_ends);
    tcase_add_test(links, what_is_no_setting_changes_nothing);
    suite_add_tcase(suite, links);
    TCase *relays = tcase_create("relay");
    tcase_add_test(relays, packets_go_both_ways_and_a_client_changes_its_address);
    suite_add_tcase(suite, relays);
    return suite;
}

KC_TEST_MAIN(netfault_suite())
