/* The elements of a call without a network: what goes in at one kcpeer, and what comes out at the other. */
#include "media/gst/kccall.h"
#include "media/rtp/rtcp.h"
#include "tests/media/transport/offers.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define MS 1000

/* What a participant was sent. */
typedef struct {
    KcPeer *peer;
    GPtrArray *rtp; /* of GBytes */
    GPtrArray *rtcp;
} End;

typedef struct {
    KcCallPipeline *pipeline;
    GstBufferPool *buffers;
    KcPacketPool *packets;
    End ends[2];
    gint64 now_us;
} Bench;

static gboolean
take_rtp(gpointer user, const guint8 *header, gsize header_bytes, const struct iovec *payload, guint n_payload)
{
    End *end = user;
    GByteArray *packet = g_byte_array_new();
    g_byte_array_append(packet, header, (guint)header_bytes);
    for (guint i = 0; i < n_payload; i++)
        g_byte_array_append(packet, payload[i].iov_base, (guint)payload[i].iov_len);
    g_ptr_array_add(end->rtp, g_byte_array_free_to_bytes(packet));
    return TRUE;
}

static gboolean
take_rtcp(gpointer user, const guint8 *data, gsize bytes)
{
    g_ptr_array_add(((End *)user)->rtcp, g_bytes_new(data, bytes));
    return TRUE;
}

static void
end_join(Bench *bench, guint seat, const char *sdp)
{
    End *end = &bench->ends[seat];
    g_auto(KcSdpRefusal) refusal = {0};
    g_autoptr(KcSdpOffer) offer = kc_sdp_offer_parse(sdp, strlen(sdp), &refusal);
    ck_assert_msg(offer != NULL, "%s", refusal.detail);
    end->rtp = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    end->rtcp = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    KcPeerOutput output = {take_rtp, take_rtcp, NULL, NULL, end};
    end->peer = gst_object_ref_sink(kc_peer_new(NULL, offer, bench->buffers, NULL, &output));
    kc_call_pipeline_add(bench->pipeline, seat, end->peer, NULL);
    for (guint other = 0; other < G_N_ELEMENTS(bench->ends); other++) {
        if (other == seat || bench->ends[other].peer == NULL)
            continue;
        kc_route_set_slot(kc_call_pipeline_route(bench->pipeline), seat, 0, (gint)other);
        kc_route_set_slot(kc_call_pipeline_route(bench->pipeline), other, 0, (gint)seat);
    }
    kc_peer_connected(end->peer, bench->now_us);
}

static Bench
bench_new(void)
{
    gst_init(NULL, NULL);
    kc_gst_register();
    Bench bench = {
        .pipeline = kc_call_pipeline_new("call"),
        .buffers = kc_rtp_buffer_pool_new(),
        .packets = kc_packet_pool_new(0),
        .now_us = 1000 * 1000 * MS,
    };
    return bench;
}

static void
end_leave(Bench *bench, guint seat)
{
    End *end = &bench->ends[seat];
    kc_call_pipeline_remove(bench->pipeline, seat);
    gst_object_unref(end->peer);
    g_ptr_array_unref(end->rtp);
    g_ptr_array_unref(end->rtcp);
    *end = (End){0};
}

/* Every packet has come back to its pool. */
static void
bench_free(Bench *bench)
{
    for (guint seat = 0; seat < 2; seat++) {
        if (bench->ends[seat].peer != NULL)
            end_leave(bench, seat);
    }
    kc_call_pipeline_free(bench->pipeline);
    ck_assert_uint_eq(kc_packet_pool_out(bench->packets), 0);
    gst_buffer_pool_set_active(bench->buffers, FALSE);
    gst_object_unref(bench->buffers);
    kc_packet_pool_free(bench->packets);
}

static void
receive(Bench *bench, guint seat, const KcRtpHeader *header, guint8 extension_id, const void *payload, gsize bytes)
{
    KcPacket *packet = kc_packet_pool_take(bench->packets);
    const guint8 number[2] = {0x12, 0x34};
    KcRtpExtension extension = {extension_id, 2, number};
    bench->now_us += MS;
    packet->arrived_us = bench->now_us;
    packet->len = kc_rtp_header_write(header, &extension, extension_id != 0 ? 1 : 0, packet->data);
    memcpy(packet->data + packet->len, payload, bytes);
    packet->len += bytes;
    kc_peer_receive_rtp(bench->ends[seat].peer, packet, bench->now_us);
    kc_packet_unref(packet);
}

static KcRtpHeader
sent_to(const Bench *bench, guint seat, guint index)
{
    KcRtpHeader header;
    gsize len = 0;
    ck_assert_uint_lt(index, bench->ends[seat].rtp->len);
    const guint8 *data = g_bytes_get_data(bench->ends[seat].rtp->pdata[index], &len);
    ck_assert(kc_rtp_header_parse(data, len, &header));
    return header;
}

#define VIDEO(number, time) ((KcRtpHeader){.payload_type = 96, .seq = (number), .timestamp = (time), .ssrc = 2001})
#define RTX(number, time) ((KcRtpHeader){.payload_type = 97, .seq = (number), .timestamp = (time), .ssrc = 2002})

START_TEST(payload_types_and_extensions_are_the_receivers)
{
    Bench b = bench_new();
    g_autoptr(GString) other = g_string_new(OFFER);
    g_string_replace(other, "extmap:3 ", "extmap:9 ", 0);
    g_string_replace(other, "SAVPF 96 97", "SAVPF 120 121", 0);
    g_string_replace(other, ":96 ", ":120 ", 0);
    g_string_replace(other, ":97 ", ":121 ", 0);
    g_string_replace(other, "apt=96", "apt=120", 0);
    end_join(&b, 0, OFFER);
    end_join(&b, 1, other->str);
    receive(&b, 0, &VIDEO(10, 1000), 3, "abc", 3);
    KcRtpHeader h = sent_to(&b, 1, 0);
    guint bytes = 0;
    ck_assert_uint_eq(h.payload_type, 120);
    ck_assert_ptr_null(kc_rtp_extension_find(&h, 3, &bytes));
    const guint8 *number = kc_rtp_extension_find(&h, 9, &bytes);
    ck_assert_ptr_nonnull(number);
    ck_assert_uint_eq(kc_get_u16(number), 0x1234);
    bench_free(&b);
}
END_TEST

START_TEST(retransmissions_reach_a_receiver_without_rtx_as_what_they_stand_for)
{
    Bench b = bench_new();
    g_autoptr(GString) plain = g_string_new(OFFER);
    g_string_replace(plain, "SAVPF 96 97", "SAVPF 96", 0);
    g_string_replace(plain, "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n", "", 0);
    g_string_replace(plain, "a=ssrc-group:FID 2001 2002\r\n", "", 0);
    end_join(&b, 0, OFFER);
    end_join(&b, 1, plain->str);
    receive(&b, 0, &VIDEO(10, 1000), 3, "abc", 3);
    receive(&b, 0, &VIDEO(12, 3000), 3, "ghi", 3);
    receive(&b, 0, &RTX(5, 2000), 3, "\0\13def", 5);
    KcRtpHeader first = sent_to(&b, 1, 0);
    KcRtpHeader late = sent_to(&b, 1, 2);
    ck_assert_uint_eq(late.ssrc, first.ssrc);
    ck_assert_uint_eq(late.payload_type, 96);
    ck_assert_uint_eq(late.seq, (guint16)(first.seq + 1));
    ck_assert_uint_eq(late.timestamp, first.timestamp + 1000);
    ck_assert_uint_eq(late.payload_bytes, 3);
    ck_assert_mem_eq(late.payload, "def", 3);
    bench_free(&b);
}
END_TEST

START_TEST(retransmitted_padding_passes_and_retransmission_of_the_unknown_does_not)
{
    Bench b = bench_new();
    end_join(&b, 0, OFFER);
    end_join(&b, 1, OFFER);
    receive(&b, 0, &RTX(5, 2000), 3, "\0\12def", 5); /* before its source is known */
    ck_assert_uint_eq(b.ends[1].rtp->len, 0);
    receive(&b, 0, &VIDEO(10, 1000), 3, "abc", 3);
    KcRtpHeader padding = RTX(6, 1000);
    padding.padding_bytes = 4;
    receive(&b, 0, &padding, 3, "\0\0\0\4", 4);
    KcRtpHeader h = sent_to(&b, 1, 1);
    ck_assert_uint_eq(h.payload_type, 97);
    ck_assert_uint_eq(h.payload_bytes, 0);
    ck_assert_uint_eq(h.padding_bytes, 4);
    receive(&b, 0, &RTX(7, 900), 3, "\0\11old", 5); /* older than the first: no place */
    ck_assert_uint_eq(b.ends[1].rtp->len, 2);
    bench_free(&b);
}
END_TEST

START_TEST(one_way_sections_carry_one_way)
{
    Bench b = bench_new();
    g_autoptr(GString) watching = g_string_new(OFFER);
    g_string_replace(watching, "a=sendrecv", "a=recvonly", 0);
    g_autoptr(GString) showing = g_string_new(OFFER);
    g_string_replace(showing, "a=sendrecv", "a=sendonly", 0);
    end_join(&b, 0, showing->str);
    end_join(&b, 1, watching->str);
    ck_assert(kc_peer_may_send(b.ends[0].peer));
    ck_assert(!kc_peer_may_send(b.ends[1].peer));
    receive(&b, 0, &VIDEO(10, 1000), 3, "abc", 3);
    receive(&b, 1, &VIDEO(10, 1000), 3, "abc", 3);
    ck_assert_uint_eq(b.ends[1].rtp->len, 1);
    ck_assert_uint_eq(b.ends[0].rtp->len, 0);
    bench_free(&b);
}
END_TEST

START_TEST(packets_of_nobody_and_of_unknown_types_are_dropped)
{
    Bench b = bench_new();
    end_join(&b, 0, OFFER);
    receive(&b, 0, &VIDEO(10, 1000), 3, "abc", 3); /* nobody is there */
    KcRtpHeader unknown = VIDEO(11, 1000);
    unknown.payload_type = 50;
    receive(&b, 0, &unknown, 3, "abc", 3);
    ck_assert_uint_eq(kc_peer_stats(b.ends[0].peer)->packets_in, 1);
    bench_free(&b);
}
END_TEST

START_TEST(a_receiver_that_comes_late_begins_at_once_and_asks_for_a_keyframe)
{
    Bench b = bench_new();
    end_join(&b, 0, OFFER);
    for (guint16 i = 0; i < 100; i++)
        receive(&b, 0, &VIDEO(i, i * 3000u), 3, "abc", 3);
    guint before = (guint)kc_peer_stats(b.ends[0].peer)->plis_sent;
    b.now_us = g_get_monotonic_time() + 10 * 1000 * MS;
    end_join(&b, 1, OFFER);
    kc_peer_tick(b.ends[0].peer, b.now_us, g_get_real_time());
    ck_assert_uint_gt(kc_peer_stats(b.ends[0].peer)->plis_sent, before);
    receive(&b, 0, &VIDEO(100, 300000), 3, "abc", 3);
    ck_assert_uint_eq(b.ends[1].rtp->len, 1);
    bench_free(&b);
}
END_TEST

START_TEST(after_a_silence_both_ways_need_keyframes)
{
    Bench b = bench_new();
    end_join(&b, 0, OFFER);
    end_join(&b, 1, OFFER);
    b.now_us = g_get_monotonic_time();
    for (guint seat = 0; seat < 2; seat++)
        receive(&b, seat, &VIDEO(10, 0), 3, "abc", 3);
    for (guint i = 0; i < 40; i++) { /* 4 s, of which seat 1 is silent */
        b.now_us += KC_PEER_TICK_US;
        receive(&b, 0, &VIDEO((guint16)(11 + i), i * 9000), 3, "abc", 3);
    }
    guint64 before[2] = {kc_peer_stats(b.ends[0].peer)->plis_sent, kc_peer_stats(b.ends[1].peer)->plis_sent};
    guint64 nacks = kc_peer_stats(b.ends[1].peer)->nacks_sent;
    receive(&b, 1, &VIDEO(60, 270000), 3, "abc", 3);
    ck_assert_uint_eq(kc_peer_stats(b.ends[1].peer)->plis_sent, before[1] + 1);
    ck_assert_uint_eq(kc_peer_stats(b.ends[0].peer)->plis_sent, before[0] + 1);
    kc_peer_tick(b.ends[1].peer, b.now_us + KC_PEER_TICK_US, g_get_real_time());
    ck_assert_uint_eq(kc_peer_stats(b.ends[1].peer)->nacks_sent, nacks);
    bench_free(&b);
}
END_TEST

#define AUDIO(number, time) ((KcRtpHeader){.payload_type = 111, .seq = (number), .timestamp = (time), .ssrc = 1001})

/* One block for each medium that came, each once, and the worse of the two in the numbers. */
START_TEST(sound_and_picture_are_reported_on)
{
    Bench b = bench_new();
    end_join(&b, 0, OFFER);
    for (guint16 i = 0; i < 10; i++) {
        receive(&b, 0, &AUDIO(i, i * 960u), 3, "abc", 3);
        receive(&b, 0, &VIDEO((guint16)(i * 2), i * 3000u), 3, "abc", 3);
    }
    g_ptr_array_set_size(b.ends[0].rtcp, 0);
    kc_peer_tick(b.ends[0].peer, b.now_us, g_get_real_time());
    guint blocks = 0;
    for (guint i = 0; i < b.ends[0].rtcp->len; i++) {
        gsize len = 0;
        gsize offset = 0;
        KcRtcpPart part;
        KcRtcpBlock block;
        const guint8 *data = g_bytes_get_data(b.ends[0].rtcp->pdata[i], &len);
        while (kc_rtcp_next(data, len, &offset, &part)) {
            for (guint j = 0; kc_rtcp_block(&part, j, &block); j++, blocks++) {
                ck_assert_uint_eq(block.ssrc, j == 0 ? 1001 : 2001);
                ck_assert_int_eq(block.lost, j == 0 ? 0 : 9);
            }
        }
    }
    ck_assert_uint_eq(blocks, 2);
    guint loss = kc_peer_stats(b.ends[0].peer)->loss_in_permille;
    ck_assert(loss > 400 && loss < 500);
    bench_free(&b);
}
END_TEST

/* The fraction lost of a stream, as seat 0 is told. */
static guint
told_of(Bench *b, guint32 ssrc)
{
    guint told = G_MAXUINT;
    g_ptr_array_set_size(b->ends[0].rtcp, 0);
    b->now_us += KC_PEER_REPORT_US;
    kc_peer_tick(b->ends[0].peer, b->now_us, g_get_real_time());
    for (guint i = 0; i < b->ends[0].rtcp->len; i++) {
        gsize len = 0;
        gsize offset = 0;
        KcRtcpPart part;
        KcRtcpBlock block;
        const guint8 *data = g_bytes_get_data(b->ends[0].rtcp->pdata[i], &len);
        while (kc_rtcp_next(data, len, &offset, &part)) {
            for (guint j = 0; kc_rtcp_block(&part, j, &block); j++)
                told = block.ssrc == ssrc ? block.fraction_lost : told;
        }
    }
    return told;
}

/* Opus protects what it knows to be lost; what is lost of the picture, congestion control knows better. */
START_TEST(a_sender_of_sound_is_told_of_what_is_lost_behind_the_relay)
{
    Bench b = bench_new();
    end_join(&b, 0, OFFER);
    end_join(&b, 1, OFFER);
    receive(&b, 0, &AUDIO(1, 960), 3, "abc", 3);
    receive(&b, 0, &VIDEO(1, 3000), 3, "abc", 3);
    ck_assert_uint_eq(told_of(&b, 1001), 0);
    KcRtcpBlock blocks[2] = {{.ssrc = sent_to(&b, 1, 0).ssrc, .fraction_lost = 64},
                             {.ssrc = sent_to(&b, 1, 1).ssrc, .fraction_lost = 32}};
    KcRtcpWriter writer = {.len = 0};
    kc_rtcp_write_rr(&writer, 1, blocks, 2);
    kc_peer_receive_rtcp(b.ends[1].peer, writer.data, writer.len, b.now_us);
    ck_assert_uint_eq(told_of(&b, 1001), 64);
    ck_assert_uint_eq(told_of(&b, 2001), 0);
    b.now_us += 10 * 1000 * MS;
    ck_assert_uint_eq(told_of(&b, 1001), 0);
    bench_free(&b);
}
END_TEST

START_TEST(buffers_are_used_again)
{
    Bench b = bench_new();
    g_autoptr(GString) plain = g_string_new(OFFER);
    g_string_replace(plain, "SAVPF 96 97", "SAVPF 96", 0);
    g_string_replace(plain, "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n", "", 0);
    g_string_replace(plain, "a=ssrc-group:FID 2001 2002\r\n", "", 0);
    end_join(&b, 0, OFFER);
    end_join(&b, 1, plain->str); /* takes no retransmissions: nothing is kept */
    KcPacket *packet = kc_packet_pool_take(b.packets);
    KcRtpHeader header = VIDEO(1, 1);
    packet->len = kc_rtp_header_write(&header, NULL, 0, packet->data);
    ck_assert(kc_rtp_header_parse(packet->data, packet->len, &header));
    GstBuffer *first = kc_rtp_buffer_new(b.buffers, packet, &header);
    gst_buffer_unref(first);
    GstBuffer *second = kc_rtp_buffer_new(b.buffers, packet, &header);
    ck_assert_ptr_eq(first, second);
    ck_assert_uint_eq(gst_buffer_get_size(second), packet->len);
    GstMapInfo map;
    ck_assert(gst_buffer_map(second, &map, GST_MAP_READ));
    ck_assert_ptr_eq(map.data, packet->data);
    gst_buffer_unmap(second, &map);
    /* A share outlives its buffer, and keeps the packet. */
    GstBuffer *part = gst_buffer_copy_region(second, GST_BUFFER_COPY_MEMORY, 4, 4);
    gst_buffer_unref(second);
    kc_packet_unref(packet);
    ck_assert_uint_eq(kc_packet_pool_out(b.packets), 1);
    ck_assert_int_eq(gst_buffer_memcmp(part, 0, "\0\0\0\1", 4), 0);
    gst_buffer_unref(part);
    ck_assert_uint_eq(kc_packet_pool_out(b.packets), 0);
    bench_free(&b);
}
END_TEST

static Suite *
pipeline_suite(void)
{
    Suite *suite = suite_create("media/pipeline");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, payload_types_and_extensions_are_the_receivers);
    tcase_add_test(tcase, retransmissions_reach_a_receiver_without_rtx_as_what_they_stand_for);
    tcase_add_test(tcase, retransmitted_padding_passes_and_retransmission_of_the_unknown_does_not);
    tcase_add_test(tcase, one_way_sections_carry_one_way);
    tcase_add_test(tcase, packets_of_nobody_and_of_unknown_types_are_dropped);
    tcase_add_test(tcase, a_receiver_that_comes_late_begins_at_once_and_asks_for_a_keyframe);
    tcase_add_test(tcase, sound_and_picture_are_reported_on);
    tcase_add_test(tcase, after_a_silence_both_ways_need_keyframes);
    tcase_add_test(tcase, a_sender_of_sound_is_told_of_what_is_lost_behind_the_relay);
    tcase_add_test(tcase, buffers_are_used_again);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(pipeline_suite())
