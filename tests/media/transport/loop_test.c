/* The ground under the legs: pool, timers, addresses, and the loop with its calls from other threads. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/transport/udp_loop.h"
#include "tests/support/kc_test.h"

/* ---- packets ---- */

static gpointer
release(gpointer packet)
{
    kc_packet_unref(packet);
    return NULL;
}

START_TEST(packets_come_back_from_any_thread)
{
    KcPacketPool *pool = kc_packet_pool_new(2);
    KcPacket *first = kc_packet_pool_take(pool), *second = kc_packet_pool_take(pool);

    ck_assert_ptr_null(kc_packet_pool_take(pool));
    kc_packet_unref(kc_packet_ref(first));
    ck_assert_uint_eq(kc_packet_pool_out(pool), 2);
    g_thread_join(g_thread_new("release", release, first));
    ck_assert_uint_eq(kc_packet_pool_out(pool), 1);
    ck_assert_ptr_eq(kc_packet_pool_take(pool), first);
    kc_packet_pool_free(pool); /* two are still out */
    kc_packet_unref(first);
    kc_packet_unref(second);
}
END_TEST

/* ---- timers ---- */

typedef struct {
    KcTimer timer;
    KcTimers *timers;
    GArray *order;
    gint64 again_us;
} Bell;

static void
ring(gint64 now_us, gpointer user)
{
    Bell *bell = user;

    g_array_append_val(bell->order, bell->timer.at_us);
    if (bell->again_us != 0)
        kc_timers_set(bell->timers, &bell->timer, bell->again_us);
}

START_TEST(timers_ring_in_order)
{
    enum { N = 100 };
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(gint64));
    KcTimers timers;
    Bell bells[N];

    kc_timers_init(&timers);
    ck_assert_int_eq(kc_timers_next_us(&timers), G_MAXINT64);
    for (guint i = 0; i < N; i++) {
        bells[i] = (Bell){{ring, &bells[i]}, &timers, order, 0};
        kc_timers_set(&timers, &bells[i].timer, (i * 37) % N);
    }
    for (guint i = 0; i < N; i += 3)
        kc_timers_cancel(&timers, &bells[i].timer);
    for (guint i = 1; i < N; i += 9)
        kc_timers_set(&timers, &bells[i].timer, 1000 + i);
    kc_timers_run(&timers, N);
    for (guint i = 1; i < order->len; i++)
        ck_assert_int_ge(g_array_index(order, gint64, i), g_array_index(order, gint64, i - 1));
    guint early = order->len;
    kc_timers_run(&timers, 5000);
    ck_assert_uint_eq(order->len, N - 34);
    ck_assert_uint_lt(early, order->len);
    ck_assert_int_eq(kc_timers_next_us(&timers), G_MAXINT64);
    kc_timers_clear(&timers);
}
END_TEST

START_TEST(a_run_of_timers_ends)
{
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(gint64));
    KcTimers timers;
    Bell bell = {{ring, &bell}, &timers, order, 1};

    kc_timers_init(&timers);
    kc_timers_set(&timers, &bell.timer, 5);
    kc_timers_run(&timers, 10);
    ck_assert_uint_eq(order->len, 1);
    ck_assert_int_eq(kc_timers_next_us(&timers), 1);
    kc_timers_clear(&timers);
}
END_TEST

/* ---- addresses ---- */

START_TEST(addresses_in_every_form)
{
    static const char *const good[] = {"127.0.0.1", "::1", "2001:db8::7", "198.51.100.9"};
    static const char *const bad[] = {"", "localhost", "127.0.0.256", "::1%lo", "1.2.3.4:5"};

    for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
        KcUdpAddr addr, back;
        struct sockaddr_storage storage;

        ck_assert(kc_udp_addr_parse(good[i], 77, &addr));
        g_autofree char *text = kc_udp_addr_ip_text(&addr);
        ck_assert_str_eq(text, good[i]);
        ck_assert_uint_gt(kc_udp_addr_to_sockaddr(&addr, AF_INET6, &storage), 0);
        kc_udp_addr_from_sockaddr(&storage, &back);
        ck_assert(kc_udp_addr_equal(&addr, &back));
        ck_assert_uint_eq(kc_udp_addr_hash(&addr), kc_udp_addr_hash(&back));
        ck_assert_int_eq(kc_udp_addr_to_sockaddr(&addr, AF_INET, &storage) > 0, kc_udp_addr_is_ipv4(&addr));
    }
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        KcUdpAddr addr;

        ck_assert(!kc_udp_addr_parse(bad[i], 77, &addr));
    }
}
END_TEST

/* ---- the loop ---- */

static KcUdpLoop *
loop_new(const char *const *addresses, guint16 min, guint16 max, guint packets, GError **error)
{
    KcUdpLoopConfig config = {.addresses = addresses, .port_min = min, .port_max = max, .packet_limit = packets};

    return kc_udp_loop_new(&config, error);
}

static const char *const loopback[] = {"127.0.0.1", NULL};
static const char *const several[] = {"127.0.0.1", "127.0.0.2", "::1", NULL};

static void
echo(KcPacket *packet, const KcUdpPath *path, gint64 now_us, gpointer user)
{
    memcpy(kc_udp_loop_slot(user), packet->data, packet->len);
    kc_udp_loop_slot_send(user, packet->len, path);
}

/* Sends `n` datagrams to ip:port over one connected socket, so that only replies from that very address are taken. */
static guint
echoes(KcUdpLoop *loop, const char *ip, guint n, gboolean turn)
{
    KcUdpAddr addr;
    struct sockaddr_storage storage;
    guint got = 0;
    guint8 data[100] = {1};

    kc_udp_addr_parse(ip, kc_udp_loop_port(loop), &addr);
    int family = kc_udp_addr_is_ipv4(&addr) ? AF_INET : AF_INET6, fd = socket(family, SOCK_DGRAM, 0);
    socklen_t len = kc_udp_addr_to_sockaddr(&addr, family, &storage);
    struct timeval timeout = {2, 0};
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&storage, len), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    for (guint i = 0; i < n; i++)
        send(fd, data, sizeof data, 0);
    if (turn)
        kc_udp_loop_turn(loop, 100);
    while (got < n && recv(fd, data, sizeof data, turn ? MSG_DONTWAIT : 0) == sizeof data)
        got++;
    close(fd);
    return got;
}

START_TEST(batches_come_and_go)
{
    KcUdpLoop *loop = loop_new(loopback, 0, 0, 0, NULL);
    KcUdpLoopStats stats;

    kc_udp_loop_set_receiver(loop, echo, loop);
    ck_assert_uint_eq(echoes(loop, "127.0.0.1", 100, TRUE), 100);
    kc_udp_loop_stats(loop, &stats);
    ck_assert_uint_eq(stats.packets_in, 100);
    ck_assert_uint_eq(stats.packets_out, 100);
    ck_assert_uint_eq(stats.bytes_out, 10000);
    ck_assert_uint_le(stats.batches, 4);
    kc_udp_loop_free(loop);
}
END_TEST

START_TEST(replies_leave_from_the_address_that_was_asked)
{
    g_autoptr(GError) error = NULL;
    KcUdpLoop *loop = loop_new(several, 0, 0, 0, &error);

    kc_assert_no_error(error);
    kc_udp_loop_set_receiver(loop, echo, loop);
    ck_assert_uint_eq(echoes(loop, "127.0.0.1", 3, TRUE), 3);
    ck_assert_uint_eq(echoes(loop, "127.0.0.2", 3, TRUE), 3);
    int probe = socket(AF_INET6, SOCK_DGRAM, 0);
    struct sockaddr_in6 self = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    if (probe >= 0 && bind(probe, (struct sockaddr *)&self, sizeof self) == 0)
        ck_assert_uint_eq(echoes(loop, "::1", 3, TRUE), 3);
    close(probe);
    kc_udp_loop_free(loop);
}
END_TEST

static GPtrArray *held;

static void
hold(KcPacket *packet, const KcUdpPath *path, gint64 now_us, gpointer user)
{
    g_ptr_array_add(held, kc_packet_ref(packet));
}

START_TEST(a_full_pool_drops_and_recovers)
{
    KcUdpLoop *loop = loop_new(loopback, 0, 0, 8, NULL);
    KcUdpLoopStats stats;

    held = g_ptr_array_new_with_free_func(kc_packet_unref);
    kc_udp_loop_set_receiver(loop, hold, loop);
    echoes(loop, "127.0.0.1", 20, TRUE);
    for (guint i = 0; i < 20; i++)
        kc_udp_loop_turn(loop, 0);
    kc_udp_loop_stats(loop, &stats);
    ck_assert_uint_eq(held->len, 8);
    ck_assert_uint_eq(stats.pool_exhausted, 12);
    ck_assert_uint_eq(stats.packets_held, 8);
    g_ptr_array_unref(held);
    kc_udp_loop_set_receiver(loop, echo, loop);
    ck_assert_uint_eq(echoes(loop, "127.0.0.1", 5, TRUE), 5);
    kc_udp_loop_free(loop);
}
END_TEST

START_TEST(ports_and_addresses_that_do_not_serve)
{
    static const char *const words[] = {"localhost", NULL}, *const foreign[] = {"203.0.113.250", NULL},
                             *const none[] = {NULL};
    g_autoptr(GError) taken = NULL, word = NULL, far = NULL, empty = NULL;
    KcUdpLoop *first = loop_new(loopback, 0, 0, 0, NULL);
    guint16 port = kc_udp_loop_port(first);

    ck_assert_ptr_null(loop_new(loopback, port, port, 0, &taken));
    ck_assert(g_error_matches(taken, KC_UDP_ERROR, KC_UDP_ERROR_PORTS));
    ck_assert_ptr_null(loop_new(words, 0, 0, 0, &word));
    ck_assert(g_error_matches(word, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS));
    ck_assert_ptr_null(loop_new(foreign, 0, 0, 0, &far));
    ck_assert(g_error_matches(far, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS));
    ck_assert_ptr_null(loop_new(none, 0, 0, 0, &empty));
    kc_udp_loop_free(first);
}
END_TEST

static KcUdpLoop *running;

static gpointer
is_on_loop(gpointer data)
{
    (*(guint *)data)++;
    return GINT_TO_POINTER(kc_udp_loop_is_current(running));
}

static gpointer
call_within(gpointer data)
{
    return kc_udp_loop_call(running, is_on_loop, data);
}

START_TEST(calls_run_on_the_loops_thread)
{
    guint count = 0;

    running = loop_new(loopback, 0, 0, 0, NULL);
    ck_assert(!kc_udp_loop_post(running, is_on_loop, &count));
    kc_udp_loop_set_receiver(running, echo, running);
    kc_udp_loop_start(running, "loop");
    ck_assert(GPOINTER_TO_INT(kc_udp_loop_call(running, is_on_loop, &count)));
    ck_assert(GPOINTER_TO_INT(kc_udp_loop_call(running, call_within, &count)));
    ck_assert_uint_eq(echoes(running, "127.0.0.1", 40, FALSE), 40);
    for (guint i = 0; i < 100; i++)
        ck_assert(kc_udp_loop_post(running, is_on_loop, &count));
    kc_udp_loop_stop(running);
    ck_assert_uint_eq(count, 102);
    ck_assert(!GPOINTER_TO_INT(kc_udp_loop_call(running, is_on_loop, &count))); /* in place */
    kc_udp_loop_free(running);
}
END_TEST

static Suite *
loop_suite(void)
{
    Suite *suite = suite_create("transport/loop");
    TCase *tests = tcase_create("ground");

    tcase_add_test(tests, packets_come_back_from_any_thread);
    tcase_add_test(tests, timers_ring_in_order);
    tcase_add_test(tests, a_run_of_timers_ends);
    tcase_add_test(tests, addresses_in_every_form);
    tcase_add_test(tests, batches_come_and_go);
    tcase_add_test(tests, replies_leave_from_the_address_that_was_asked);
    tcase_add_test(tests, a_full_pool_drops_and_recovers);
    tcase_add_test(tests, ports_and_addresses_that_do_not_serve);
    tcase_add_test(tests, calls_run_on_the_loops_thread);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(loop_suite())
