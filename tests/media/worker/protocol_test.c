#include "media/protocol/channel.h"
#include "src/base/limits.h"
#include "tests/support/kc_test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- round trips --------------------------------------------------------------------------------------------------
 */

static KcMessage *
new_join(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_JOIN);
    message->id = 7;
    message->join.call = g_strdup("call");
    message->join.leg = g_strdup("leg");
    message->join.participant_kind = g_strdup("party");
    message->join.participant_id = g_strdup("p1");
    message->join.offer = g_strdup("v=0\r\n中文");
    message->join.object = g_strdup("object");
    message->join.epoch_us = 1700000000000000;
    memset(message->join.key, 0xab, sizeof message->join.key);
    message->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return message;
}

static KcMessage *
new_configure(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_CONFIGURE);
    message->id = 1;
    message->configure.addresses = g_strsplit("127.0.0.1 ::1", " ", 0);
    message->configure.port_min = 40000;
    message->configure.port_max = 40199;
    message->configure.offered = g_strsplit("192.0.2.1:50000 [2001:db8::1]:50000", " ", 0);
    message->configure.udp_only = TRUE;
    message->configure.sandbox = KC_SANDBOX_REQUIRE;
    message->configure.uid = message->configure.gid = 65534;
    return message;
}

static KcMessage *
new_stats_report(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_STATS_REPORT);
    message->re = 3;
    message->stats_report.n_legs = KC_PROTOCOL_LEGS_MAX;
    message->stats_report.legs = g_new0(KcLegStats, KC_PROTOCOL_LEGS_MAX);
    for (guint i = 0; i < KC_PROTOCOL_LEGS_MAX; i++) {
        KcLegStats *row = &message->stats_report.legs[i];
        row->call = g_strnfill(KC_PROTOCOL_ID_MAX, 'c');
        row->leg = g_strnfill(KC_PROTOCOL_ID_MAX, 'l');
        row->media = g_strdup("connected");
        row->recording = g_strdup("live");
        gint64 *const largest[] = {&row->joined_at_us, &row->packets_in, &row->packets_out, &row->bytes_in,
                                   &row->bytes_out, &row->bitrate_in_bps, &row->bitrate_out_bps, &row->nacks_sent,
                                   &row->nacks_answered, &row->plis_sent, &row->age_last_packet_ms,
                                   &row->bytes_durable};
        for (gsize n = 0; n < G_N_ELEMENTS(largest); n++)
            *largest[n] = G_MAXINT64;
        row->rtt_ms = -1;
    }
    return message;
}

static KcMessage *
new_recording(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_RECORDING);
    message->recording.object = g_strdup("object");
    message->recording.state = KC_OBJECT_FINISHED;
    message->recording.sha256 = g_strdup("aa");
    message->recording.has_video = TRUE;
    message->recording.n_gaps = 2;
    message->recording.gaps = g_memdup2((KcRecordingGap[]){{1, 2}, {3, 4}}, 2 * sizeof(KcRecordingGap));
    return message;
}

static KcMessage *
new_leg(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_LEG);
    message->leg.leg = g_strdup("leg");
    message->leg.state = KC_LEG_GONE;
    message->leg.reason = g_strdup("consent-lost");
    return message;
}

static KcMessage *
new_refused(void)
{
    KcMessage request = {.type = KC_MESSAGE_JOIN, .id = 9};
    return kc_message_refusal(&request, 422, "sdp-no-fingerprint", "the offer has no fingerprint");
}

static KcMessage *
new_snapshot_taken(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_SNAPSHOT_TAKEN);
    message->re = 4;
    message->snapshot_taken = (KcSnapshotTaken){g_strdup("leg"), 1280, 720, -5, 1000};
    message->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return message;
}

static KcMessage *
new_show(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_SHOW);
    message->id = 5;
    message->show = (KcShow){g_strdup("leg"), g_strsplit("a b", " ", 0), g_strsplit("", " ", 0)};
    return message;
}

static KcMessage *
new_slots(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_SLOTS);
    message->slots.leg = g_strdup("leg");
    message->slots.n_slots = 2;
    message->slots.slots = g_new0(KcSlotRow, 2);
    message->slots.slots[0] = (KcSlotRow){g_strdup("0"), g_strdup("1"), g_strdup("other")};
    message->slots.slots[1] = (KcSlotRow){g_strdup("2"), NULL, NULL};
    return message;
}

static KcMessage *
new_compose(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_COMPOSE);
    message->id = 1;
    message->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    message->compose = (KcCompose){.object = g_strdup("object"), .key = {7}, .tiles = KC_PROTOCOL_TILES_MAX,
                                   .sources = KC_PROTOCOL_SOURCES_MAX, .utc_offset_s = -3600, .sandbox = KC_SANDBOX_OFF};
    return message;
}

static KcMessage *
new_captions(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_CAPTIONS);
    message->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    message->captions.bytes = 1;
    return message;
}

static KcMessage *
new_source(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_SOURCE);
    message->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    message->source = (KcSourceSent){g_strdup("object"), {9}, KC_PROTOCOL_TILES_MAX - 1, 5, g_strdup("aa")};
    return message;
}

static KcMessage *
new_composing(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_COMPOSING);
    message->composing.permille = 1000;
    return message;
}

static KcMessage *
new_composed(void)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_COMPOSED);
    message->re = 1;
    message->composed = (KcComposed){1, 2, 1280, 720, 3, 4, g_strdup("aa"), {TRUE, TRUE, 6}};
    return message;
}

static KcMessage *(*const makers[])(void) = {new_join,     new_configure,      new_stats_report, new_recording, new_leg,
                                             new_refused,  new_snapshot_taken, new_show,         new_slots,     new_compose,
                                             new_captions, new_source,         new_composing,    new_composed};

START_TEST(message_survives_the_socket)
{
    int fds[2];
    g_autoptr(GError) error = NULL;
    ck_assert(kc_channel_pair(fds, &error));
    g_autoptr(KcChannel) a = kc_channel_new(fds[0]);
    g_autoptr(KcChannel) b = kc_channel_new(fds[1]);
    g_autoptr(KcMessage) message = makers[_i]();
    g_autoptr(KcMessage) back = NULL;
    kc_channel_send(a, message, &error);
    kc_assert_no_error(error);
    ck_assert_int_eq(kc_channel_recv(b, &back, &error), KC_CHANNEL_MESSAGE);
    gsize len = 0;
    gsize len_back = 0;
    g_autofree char *text = kc_message_encode(message, &len, NULL);
    g_autofree char *text_back = kc_message_encode(back, &len_back, NULL);
    ck_assert_str_eq(text, text_back);
    ck_assert_int_eq(back->fd >= 0, kc_message_wants_fd(message));
    if (back->fd >= 0)
        ck_assert_int_ne(fcntl(back->fd, F_GETFD) & FD_CLOEXEC, 0);
    ck_assert_int_eq(kc_channel_recv(b, &back, &error), KC_CHANNEL_AGAIN);
}
END_TEST

START_TEST(fields_come_back)
{
    gsize len = 0;
    g_autoptr(KcMessage) message = new_join();
    g_autofree char *text = kc_message_encode(message, &len, NULL);
    g_autoptr(KcMessage) back = kc_message_decode(text, len, open("/dev/null", O_RDONLY), NULL);
    ck_assert_uint_eq(back->id, 7);
    ck_assert_str_eq(back->join.offer, "v=0\r\n中文");
    ck_assert_mem_eq(back->join.key, message->join.key, KC_PROTOCOL_KEY_BYTES);
    ck_assert_int_eq(back->join.epoch_us, 1700000000000000);
}
END_TEST

/* ---- what is refused ----------------------------------------------------------------------------------------------
 */

typedef struct {
    const char *text;
    const char *says; /* part of the message */
} Malformed;

#define JOIN_HEAD                                                                                                      \
    "{\"type\":\"join\",\"id\":1,\"call\":\"c\",\"leg\":\"l\",\"participant_kind\":\"party\",\"participant_id\":"      \
    "\"p\","                                                                                                           \
    "\"offer\":\"v\",\"epoch_us\":0"

static const Malformed malformed[] = {
    {"", "not a JSON object"},
    {"nonsense", "not a JSON object"},
    {"[]", "not a JSON object"},
    {"{\"type\":\"stop\",\"id\":1", "not a JSON object"},
    {"{\"type\":\"stop\",\"id\":1}{}", "not a JSON object"},
    {"{\"type\":\"stop\",\"id\":1,\"id\":2}", "not a JSON object"},
    {"{\"id\":1}", "\"type\""},
    {"{\"type\":1,\"id\":1}", "\"type\""},
    {"{\"type\":\"dance\",\"id\":1}", "\"type\""},
    {"{\"type\":\"stop\"}", "\"id\""},
    {"{\"type\":\"stop\",\"id\":0}", "\"id\""},
    {"{\"type\":\"stop\",\"id\":\"1\"}", "\"id\""},
    {"{\"type\":\"stop\",\"id\":1,\"re\":1}", "\"re\""},
    {"{\"type\":\"done\",\"id\":1}", "\"id\""},
    {"{\"type\":\"stop\",\"id\":1,\"more\":1}", "\"more\": unknown key"},
    {"{\"type\":\"snapshot\",\"id\":1}", "\"leg\": a string"},
    {"{\"type\":\"snapshot\",\"id\":1,\"leg\":\"\"}", "\"leg\": too short"},
    {"{\"type\":\"snapshot\",\"id\":1,\"leg\":\"a\\u0000b\"}", "not a JSON object"},
    {"{\"type\":\"configure\",\"id\":1,\"addresses\":[],\"port_min\":1,\"port_max\":2}", "\"addresses\""},
    {"{\"type\":\"configure\",\"id\":1,\"addresses\":[1],\"port_min\":1,\"port_max\":2}", "\"addresses\""},
    {"{\"type\":\"configure\",\"id\":1,\"addresses\":[\"a\"],\"port_min\":0,\"port_max\":2}", "\"port_min\": out of"},
    {"{\"type\":\"configure\",\"id\":1,\"addresses\":[\"a\"],\"port_min\":5,\"port_max\":4,\"offered\":[],\"udp_only\":false,\"sandbox\":\"auto\",\"uid\":0,\"gid\":0}", "\"port_max\": below"},
    {"{\"type\":\"configure\",\"id\":1,\"addresses\":[\"a\"],\"port_min\":5,\"port_max\":65536}", "\"port_max\": out"},
    {"{\"type\":\"configure\",\"id\":1,\"addresses\":[\"a\"],\"port_min\":5.5,\"port_max\":6}", "\"port_min\": an int"},
    {JOIN_HEAD ",\"object\":\"o\"}", "\"key\""},
    {JOIN_HEAD ",\"key\":\"qqo=\",\"object\":\"o\"}", "\"key\""},
    {JOIN_HEAD ",\"object\":\"o\",\"key\":\"q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\"}", "file descriptor"},
    {"{\"type\":\"leg\",\"leg\":\"l\",\"state\":\"lost\",\"reason\":\"\"}", "\"state\""},
};

START_TEST(malformed_is_refused)
{
    g_autoptr(GError) error = NULL;
    const Malformed *c = &malformed[_i];
    ck_assert_ptr_null(kc_message_decode(c->text, strlen(c->text), -1, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_msg(strstr(error->message, c->says) != NULL, "%s: %s", c->text, error->message);
}
END_TEST

START_TEST(size_is_limited_both_ways)
{
    g_autoptr(GError) error = NULL;
    gsize len = 0;
    g_autoptr(KcMessage) message = kc_message_new(KC_MESSAGE_PATCH);
    message->id = 1;
    message->patch.leg = g_strdup("l");
    message->patch.sdpfrag = g_strnfill(KC_LIMIT_PROTOCOL_MESSAGE_BYTES, 'x');
    ck_assert_ptr_null(kc_message_encode(message, &len, &error));
    ck_assert(g_error_matches(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_TOO_LARGE));
    g_clear_error(&error);
    g_autofree char *text = g_strnfill(KC_LIMIT_PROTOCOL_MESSAGE_BYTES + 1, ' ');
    ck_assert_ptr_null(kc_message_decode(text, KC_LIMIT_PROTOCOL_MESSAGE_BYTES + 1, -1, &error));
    ck_assert(g_error_matches(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_TOO_LARGE));
}
END_TEST

START_TEST(missing_text_is_not_sent)
{
    g_autoptr(GError) error = NULL;
    gsize len = 0;
    g_autoptr(KcMessage) message = kc_message_new(KC_MESSAGE_SNAPSHOT);
    message->id = 1;
    ck_assert_ptr_null(kc_message_encode(message, &len, &error));
    ck_assert(g_error_matches(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED));
}
END_TEST

/* ---- the channel --------------------------------------------------------------------------------------------------
 */

static void
send_with_fds(int fd, const char *text, guint n)
{
    int null = open("/dev/null", O_RDONLY);
    const int sent[4] = {null, null, null, null};
    ck_assert_uint_le(n, G_N_ELEMENTS(sent));
    struct iovec iov = {(gpointer)text, strlen(text)};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof sent)];
    } control = {0};
    struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(n * sizeof(int))};
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(n * sizeof(int));
    memcpy(CMSG_DATA(c), sent, n * sizeof(int));
    ck_assert_int_gt(sendmsg(fd, &msg, 0), 0);
    close(null);
}

static guint
open_fds(void)
{
    guint n = 0;
    for (int fd = 0; fd < 200; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

START_TEST(unwanted_descriptors_are_closed)
{
    int fds[2];
    ck_assert(kc_channel_pair(fds, NULL));
    g_autoptr(KcChannel) channel = kc_channel_new(fds[1]);
    guint before = open_fds();
    for (guint n = 1; n <= 4; n++) {
        g_autoptr(GError) error = NULL;
        KcMessage *message = NULL;
        send_with_fds(fds[0], "{\"type\":\"stop\",\"id\":1}", n);
        ck_assert_int_eq(kc_channel_recv(channel, &message, &error), KC_CHANNEL_ERROR);
        ck_assert(g_error_matches(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_FDS));
    }
    ck_assert_uint_eq(open_fds(), before);
    close(fds[0]);
}
END_TEST

START_TEST(an_error_spoils_one_packet_only)
{
    int fds[2];
    g_autoptr(GError) error = NULL;
    g_autoptr(KcMessage) message = NULL;
    ck_assert(kc_channel_pair(fds, NULL));
    g_autoptr(KcChannel) channel = kc_channel_new(fds[1]);
    ck_assert_int_gt(send(fds[0], "garbage", 7, 0), 0);
    ck_assert_int_gt(send(fds[0], "{\"type\":\"stop\",\"id\":5}", 22, 0), 0);
    ck_assert_int_eq(kc_channel_recv(channel, &message, &error), KC_CHANNEL_ERROR);
    g_clear_error(&error);
    ck_assert_int_eq(kc_channel_recv(channel, &message, &error), KC_CHANNEL_MESSAGE);
    ck_assert_uint_eq(message->id, 5);
    close(fds[0]);
    g_clear_pointer(&message, kc_message_free);
    ck_assert_int_eq(kc_channel_recv(channel, &message, &error), KC_CHANNEL_END);
}
END_TEST

START_TEST(a_slow_reader_gets_everything_in_order)
{
    int fds[2];
    g_autoptr(GError) error = NULL;
    ck_assert(kc_channel_pair(fds, NULL));
    g_autoptr(KcChannel) a = kc_channel_new(fds[0]);
    g_autoptr(KcChannel) b = kc_channel_new(fds[1]);
    guint sent = 0;
    for (; kc_channel_send(a, &(KcMessage){.type = KC_MESSAGE_STATS, .id = sent + 1, .fd = -1}, &error); sent++)
        ;
    ck_assert(g_error_matches(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_IO));
    ck_assert_uint_ge(sent, KC_CHANNEL_QUEUE_MAX);
    ck_assert(kc_channel_wants_write(a));
    g_clear_error(&error);
    for (guint i = 0; i < sent; i++) {
        g_autoptr(KcMessage) message = NULL;
        ck_assert(kc_channel_flush(a, &error));
        ck_assert_int_eq(kc_channel_recv(b, &message, &error), KC_CHANNEL_MESSAGE);
        ck_assert_uint_eq(message->id, i + 1);
    }
    ck_assert(!kc_channel_wants_write(a));
}
END_TEST

static Suite *
protocol_suite(void)
{
    Suite *suite = suite_create("media/protocol");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, message_survives_the_socket, 0, G_N_ELEMENTS(makers));
    tcase_add_test(tcase, fields_come_back);
    tcase_add_loop_test(tcase, malformed_is_refused, 0, G_N_ELEMENTS(malformed));
    tcase_add_test(tcase, size_is_limited_both_ways);
    tcase_add_test(tcase, missing_text_is_not_sent);
    tcase_add_test(tcase, unwanted_descriptors_are_closed);
    tcase_add_test(tcase, an_error_spoils_one_packet_only);
    tcase_add_test(tcase, a_slow_reader_gets_everything_in_order);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(protocol_suite())
