/* What leaves together: lengths and places in any mixture come out as they went in, in segments or one by one. */
#include "media/transport/udp_batch.h"
#include "tests/support/kc_test.h"

#include <arpa/inet.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#define PLACES 3

typedef struct {
    KcUdpSocket from;
    int to[PLACES];
    KcUdpPath paths[PLACES];
    KcUdpBatch batch;
    guint8 next[PLACES]; /* numbers the datagrams to each place */
} Post;

static int
receiver(KcUdpPath *ret_path)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof name;
    struct sockaddr_storage storage = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&storage, &len), 0);
    kc_udp_addr_from_sockaddr(&storage, &ret_path->remote);
    return fd;
}

static void
post_open(Post *post)
{
    const char *addresses[] = {"127.0.0.1", NULL};
    const KcUdpLoopConfig config = {.addresses = addresses};

    memset(post, 0, sizeof *post);
    ck_assert(kc_udp_socket_open(&post->from, &config, NULL));
    for (guint i = 0; i < PLACES; i++)
        post->to[i] = receiver(&post->paths[i]);
}

static void
post_close(Post *post)
{
    close(post->from.fd);
    for (guint i = 0; i < PLACES; i++)
        close(post->to[i]);
}

static void
put(Post *post, guint place, gsize len)
{
    KcUdpSlot *slot = &post->batch.slots[post->batch.n++];

    memset(slot->data, (int)len, len);
    slot->data[0] = post->next[place]++;
    slot->len = len;
    slot->path = post->paths[place];
}

/* The next datagram at a place: its number, and its length. FALSE: there is none. */
static gboolean
take(const Post *post, guint place, guint8 *ret_number, gsize *ret_len)
{
    guint8 data[KC_UDP_SLOT_BYTES];
    gssize len = recv(post->to[place], data, sizeof data, MSG_DONTWAIT);

    if (len <= 0)
        return FALSE;
    guint8 expected[KC_UDP_SLOT_BYTES];
    memset(expected, (int)len, sizeof expected);
    ck_assert_mem_eq(data + 1, expected + 1, (gsize)len - 1);
    *ret_number = data[0];
    *ret_len = (gsize)len;
    return TRUE;
}

START_TEST(any_mixture_arrives_in_order)
{
    static const gsize lens[] = {1200, 1200, 1199, 1200, 90, 1200, 1, 1500};
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    guint64 sent = 0, bytes = 0;
    Post post;

    post_open(&post);
    post.batch.never_segment = _i == 0;
    for (guint round = 0; round < 50; round++) {
        GArray *expected[PLACES];
        for (guint i = 0; i < PLACES; i++)
            expected[i] = g_array_new(FALSE, FALSE, sizeof(gsize));
        guint8 first[PLACES];
        memcpy(first, post.next, sizeof first);
        guint n = (guint)g_rand_int_range(rand, 1, KC_UDP_BATCH_SLOTS + 1);
        for (guint i = 0; i < n; i++) {
            guint place = (guint)g_rand_int_range(rand, 0, PLACES);
            gsize len = lens[g_rand_int_range(rand, 0, G_N_ELEMENTS(lens))];
            put(&post, place, len);
            g_array_append_val(expected[place], len);
            bytes += len;
        }
        kc_udp_batch_send(&post.batch, &post.from);
        sent += n;
        ck_assert_uint_eq(post.batch.n, 0);
        for (guint i = 0; i < PLACES; i++) {
            guint8 number = 0;
            gsize len = 0;
            for (guint j = 0; j < expected[i]->len; j++) {
                ck_assert(take(&post, i, &number, &len));
                ck_assert_uint_eq(number, (guint8)(first[i] + j));
                ck_assert_uint_eq(len, g_array_index(expected[i], gsize, j));
            }
            ck_assert(!take(&post, i, &number, &len));
            g_array_unref(expected[i]);
        }
    }
    ck_assert_uint_eq(post.batch.packets, sent);
    ck_assert_uint_eq(post.batch.bytes, bytes);
    ck_assert_uint_eq(post.batch.dropped, 0);
    ck_assert(post.batch.never_segment == (_i == 0));
    post_close(&post);
}
END_TEST

/* A receiver that takes segments together sees that they travelled so. */
START_TEST(equal_lengths_travel_as_one)
{
    guint8 data[8 * KC_UDP_SLOT_BYTES];
    int on = 1;
    Post post;

    post_open(&post);
    ck_assert_int_eq(setsockopt(post.to[0], IPPROTO_UDP, UDP_GRO, &on, sizeof on), 0);
    for (guint i = 0; i < 4; i++) {
        put(&post, 0, 1100);
        put(&post, 1, 1100); /* to somebody else in between */
    }
    put(&post, 0, 700);
    put(&post, 0, 1100);
    kc_udp_batch_send(&post.batch, &post.from);
    ck_assert_int_eq(recv(post.to[0], data, sizeof data, 0), 4 * 1100 + 700);
    ck_assert_int_eq(recv(post.to[0], data, sizeof data, 0), 1100);
    post_close(&post);
}
END_TEST

START_TEST(where_segments_are_refused_each_leaves_by_itself)
{
    int on = 1;
    Post post;

    post_open(&post);
    ck_assert_int_eq(setsockopt(post.from.fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0); /* they need a checksum */
    for (guint round = 0; round < 2; round++) {
        for (guint i = 0; i < 6; i++)
            put(&post, i / 5, 1000);
        kc_udp_batch_send(&post.batch, &post.from);
        ck_assert(post.batch.never_segment);
        ck_assert_uint_eq(post.batch.packets, 6 * (round + 1));
        ck_assert_uint_eq(post.batch.bytes, 6000 * (round + 1));
        for (guint i = 0; i < 5; i++) {
            guint8 number = 0;
            gsize len = 0;
            ck_assert(take(&post, 0, &number, &len));
            ck_assert_uint_eq(number, 5 * round + i);
        }
    }
    ck_assert_uint_eq(post.batch.dropped, 0);
    post_close(&post);
}
END_TEST

START_TEST(an_address_that_can_not_be_is_dropped_alone)
{
    guint8 number = 0;
    gsize len = 0;
    Post post;

    post_open(&post);
    post.paths[2].remote.port = 0;
    put(&post, 2, 500);
    put(&post, 2, 500);
    put(&post, 0, 500);
    kc_udp_batch_send(&post.batch, &post.from);
    ck_assert_uint_eq(post.batch.packets, 1);
    ck_assert_uint_eq(post.batch.dropped, 2);
    ck_assert(take(&post, 0, &number, &len));
    post_close(&post);
}
END_TEST

static Suite *
batch_suite(void)
{
    Suite *suite = suite_create("media/transport/batch");
    TCase *tests = tcase_create("batch");

    tcase_add_loop_test(tests, any_mixture_arrives_in_order, 0, 4);
    tcase_add_test(tests, equal_lengths_travel_as_one);
    tcase_add_test(tests, where_segments_are_refused_each_leaves_by_itself);
    tcase_add_test(tests, an_address_that_can_not_be_is_dropped_alone);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(batch_suite())
