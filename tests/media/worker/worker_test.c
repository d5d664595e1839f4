/* The real worker process, two scripted participants: what a call must do, and what it must survive. */
#include "src/evidence/vault.h"
#include "src/base/limits.h"
#include "tests/media/transport/offers.h"
#include "tests/media/worker/harness.h"
#include "tests/support/kc_test.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A delta frame of VP8 in one packet: enough for the route, which looks for keyframes only. */
static const guint8 delta[] = {0x10, 0x11, 0x02, 0x03, 'd', 'e', 'l', 't', 'a'};
/* A keyframe's beginning: 640x480. */
static const guint8 key[] = {0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01, 0, 0, 0};

static KcRtpHeader
rtp_at(const Member *member, guint index)
{
    KcRtpHeader header;
    gsize len = 0;
    ck_assert_uint_lt(index, member->rtp->len);
    const guint8 *data = g_bytes_get_data(member->rtp->pdata[index], &len);
    ck_assert(kc_rtp_header_parse(data, len, &header));
    return header;
}

/* How many feedbacks of this kind have come, and the last one's FCI. */
static guint
feedbacks(const Member *member, guint8 type, guint8 format, GBytes **ret_fci)
{
    guint n = 0;
    for (guint i = 0; i < member->rtcp->len; i++) {
        gsize len = 0;
        gsize offset = 0;
        KcRtcpPart part;
        const guint8 *data = g_bytes_get_data(member->rtcp->pdata[i], &len);
        while (kc_rtcp_next(data, len, &offset, &part)) {
            guint32 ssrc = 0;
            const guint8 *fci = NULL;
            gsize bytes = 0;
            if (part.type != type || part.count != format || !kc_rtcp_feedback(&part, &ssrc, &fci, &bytes))
                continue;
            n++;
            if (ret_fci != NULL) {
                g_clear_pointer(ret_fci, g_bytes_unref);
                *ret_fci = g_bytes_new(fci, bytes);
            }
        }
    }
    return n;
}

typedef struct {
    Worker *worker;
    Member *a, *b;
} Pair;

static Pair
pair_new(gboolean recorded)
{
    Pair pair = {.worker = worker_new()};
    pair.a = member_join(pair.worker, "call", "leg-a", "a", recorded);
    pair.b = member_join(pair.worker, "call", "leg-b", "b", recorded);
    return pair;
}

static void
pair_free(Pair *pair)
{
    member_free(pair->a);
    member_free(pair->b);
    worker_free(pair->worker);
}

/* ---- who they say they are -----------------------------------------------------------------------------------------
 */

static const char *
gone_reason(const Worker *worker, const char *leg)
{
    for (guint i = 0; i < worker->events->len; i++) {
        const KcMessage *event = worker->events->pdata[i];
        if (event->type == KC_MESSAGE_LEG && event->leg.state == KC_LEG_GONE && g_str_equal(event->leg.leg, leg))
            return event->leg.reason;
    }
    return NULL;
}

/* The packet of the honest one that follows is read by the worker after all those of the false one. */
START_TEST(another_certificate_than_announced_gets_no_packet_through)
{
    static const guint8 media[60] = {0x80, MEMBER_VIDEO_PT, 0, 1};
    Worker *worker = worker_new();
    Member *b = member_join(worker, "call", "leg-b", "b", FALSE);
    Peer *peer = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
    peer->fingerprint[0] ^= 1;
    Member *false_one = member_enter(worker, peer, "call", "leg-x", "a", TRUE);
    peer_check(peer, TRUE);
    AWAIT(peer->checks_answered > 0, false_one);
    peer_dtls_start(peer);
    AWAIT(peer->failed, false_one);
    worker_await_leg(worker, "leg-x", KC_LEG_GONE);
    ck_assert_str_eq(gone_reason(worker, "leg-x"), "dtls-failed");
    ck_assert(!peer->connected);
    if (peer->out != NULL)
        peer_send_rtp(peer, MEMBER_VIDEO_SSRC, 1, 7, 100);
    peer_send_raw(peer, media, sizeof media);

    Member *a = member_join(worker, "call", "leg-a", "a", TRUE);
    member_send_video(b, 3000, TRUE, delta, sizeof delta);
    AWAIT(a->rtp->len > 0, a, b);
    member_send_video(a, 3000, TRUE, key, sizeof key);
    AWAIT(b->rtp->len > 0, a, b, false_one);
    ck_assert_uint_eq(b->rtp->len, 1);
    ck_assert_uint_eq(rtp_at(b, 0).payload_bytes, sizeof key);
    ck_assert_uint_eq(false_one->rtp->len + false_one->rtcp->len + peer->undecryptable, 0);
    const KcRecordingEvent *recording = worker_await_recording(worker, "leg-x", KC_OBJECT_FINISHED);
    ck_assert(!recording->has_audio && !recording->has_video && recording->duration_ms == 0);
    member_free(a);
    member_free(b);
    member_free(false_one);
    worker_free(worker);
}
END_TEST

/* ---- a call -------------------------------------------------------------------------------------------------------
 */

START_TEST(media_flows_both_ways)
{
    Pair p = pair_new(FALSE);
    for (guint i = 0; i < 20; i++) {
        member_send_video(p.a, i * 3000, TRUE, delta, sizeof delta);
        member_send_video(p.b, i * 3000, TRUE, delta, sizeof delta);
    }
    AWAIT(p.a->rtp->len >= 20 && p.b->rtp->len >= 20, p.a, p.b);
    for (guint i = 0; i < 20; i++) {
        KcRtpHeader h = rtp_at(p.b, i);
        KcRtpHeader first = rtp_at(p.b, 0);
        guint bytes = 0;
        ck_assert_uint_eq(h.ssrc, p.b->video_ssrc);
        ck_assert_uint_eq(h.payload_type, MEMBER_VIDEO_PT);
        ck_assert_uint_eq(h.seq, (guint16)(first.seq + i));
        ck_assert_uint_eq(h.timestamp, first.timestamp + i * 3000);
        ck_assert(h.marker);
        ck_assert_uint_eq(h.payload_bytes, sizeof delta);
        ck_assert_mem_eq(h.payload, delta, sizeof delta);
        const guint8 *number = kc_rtp_extension_find(&h, MEMBER_EXT_TRANSPORT_CC, &bytes);
        ck_assert_ptr_nonnull(number);
        ck_assert_uint_eq(kc_get_u16(number), i);
    }
    ck_assert_uint_eq(rtp_at(p.a, 0).ssrc, p.a->video_ssrc);
    pair_free(&p);
}
END_TEST

START_TEST(padding_goes_one_to_one)
{
    Pair p = pair_new(FALSE);
    guint8 packet[64] = {0xa0, MEMBER_VIDEO_PT, 0, 50};
    kc_put_u32(packet + 8, MEMBER_VIDEO_SSRC);
    packet[31] = 20;
    int len = 32;
    ck_assert_int_eq(srtp_protect(p.a->peer->out, packet, &len), srtp_err_status_ok);
    peer_send_raw(p.a->peer, packet, (gsize)len);
    AWAIT(p.b->rtp->len == 1, p.a, p.b);
    KcRtpHeader h = rtp_at(p.b, 0);
    ck_assert_uint_eq(h.payload_bytes, 0);
    ck_assert_uint_eq(h.padding_bytes, 20);
    pair_free(&p);
}
END_TEST

START_TEST(rejoin_goes_on_with_the_numbers)
{
    Pair p = pair_new(FALSE);
    for (guint i = 0; i < 5; i++)
        member_send_video(p.a, i * 3000, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 5, p.a, p.b);
    KcMessage *leave = kc_message_new(KC_MESSAGE_LEAVE);
    leave->leave.leg = g_strdup("leg-a");
    leave->leave.reason = g_strdup("left");
    g_autoptr(KcMessage) left = worker_request(p.worker, leave);
    ck_assert_int_eq(left->type, KC_MESSAGE_LEFT);
    member_free(p.a);
    p.a = member_join(p.worker, "call", "leg-a2", "a", FALSE);
    p.a->seq = 1234;
    /* The same SSRC again would look like the same source: a new tab has another. */
    for (guint i = 0; i < 5; i++) {
        guint8 packet[100] = {0x80, MEMBER_VIDEO_PT};
        int len = 12 + sizeof delta;
        kc_put_u16(packet + 2, (guint16)(7000 + i));
        kc_put_u32(packet + 4, 99 + i * 3000);
        kc_put_u32(packet + 8, 3001);
        memcpy(packet + 12, delta, sizeof delta);
        ck_assert_int_eq(srtp_protect(p.a->peer->out, packet, &len), srtp_err_status_ok);
        peer_send_raw(p.a->peer, packet, (gsize)len);
    }
    AWAIT(p.b->rtp->len == 10, p.a, p.b);
    for (guint i = 1; i < 10; i++) {
        ck_assert_uint_eq(rtp_at(p.b, i).seq, (guint16)(rtp_at(p.b, i - 1).seq + 1));
        ck_assert_uint_eq(rtp_at(p.b, i).ssrc, p.b->video_ssrc);
        ck_assert_int_gt(kc_ts_diff(rtp_at(p.b, i).timestamp, rtp_at(p.b, i - 1).timestamp), 0);
    }
    pair_free(&p);
}
END_TEST

/* Each "keyframe" wanted costs the sender one: at most one request a second. */
START_TEST(keyframe_requests_are_throttled)
{
    Pair p = pair_new(FALSE);
    member_send_video(p.a, 0, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 1, p.a, p.b);
    for (guint i = 0; i < 30; i++) {
        KcRtcpWriter writer = {.len = 0};
        kc_rtcp_write_pli(&writer, 1, p.b->video_ssrc);
        member_send_rtcp(p.b, &writer);
    }
    AWAIT(feedbacks(p.a, KC_RTCP_PSFB, KC_PSFB_PLI, NULL) >= 1, p.a, p.b);
    gint64 until_us = g_get_monotonic_time() + 300 * 1000;
    AWAIT(g_get_monotonic_time() > until_us, p.a, p.b);
    ck_assert_uint_eq(feedbacks(p.a, KC_RTCP_PSFB, KC_PSFB_PLI, NULL), 1);
    /* Nothing came in answer: asked again after a second; then it comes, and no more is asked. */
    AWAIT(feedbacks(p.a, KC_RTCP_PSFB, KC_PSFB_PLI, NULL) == 2, p.a, p.b);
    member_send_video(p.a, 3000, TRUE, key, sizeof key);
    until_us = g_get_monotonic_time() + 1300 * 1000;
    AWAIT(g_get_monotonic_time() > until_us, p.a, p.b);
    ck_assert_uint_eq(feedbacks(p.a, KC_RTCP_PSFB, KC_PSFB_PLI, NULL), 2);
    pair_free(&p);
}
END_TEST

START_TEST(receivers_nack_is_answered_from_the_cache)
{
    Pair p = pair_new(FALSE);
    for (guint i = 0; i < 10; i++)
        member_send_video(p.a, i * 3000, i % 2 == 1, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 10, p.a, p.b);
    KcRtpHeader lost = rtp_at(p.b, 7);
    KcRtcpWriter writer = {.len = 0};
    guint16 seqs[] = {lost.seq, (guint16)(lost.seq + 500)};
    kc_rtcp_write_nack(&writer, 1, p.b->video_ssrc, seqs, 2);
    member_send_rtcp(p.b, &writer);
    AWAIT(p.b->rtp->len == 11, p.a, p.b);
    KcRtpHeader rtx = rtp_at(p.b, 10);
    ck_assert_uint_eq(rtx.ssrc, p.b->rtx_ssrc);
    ck_assert_uint_eq(rtx.payload_type, MEMBER_RTX_PT);
    ck_assert_uint_eq(rtx.timestamp, lost.timestamp);
    ck_assert_int_eq(rtx.marker, lost.marker);
    ck_assert_uint_eq(kc_get_u16(rtx.payload), lost.seq);
    ck_assert_mem_eq(rtx.payload + 2, delta, sizeof delta);
    pair_free(&p);
}
END_TEST

START_TEST(uplink_loss_is_asked_for_and_handed_on)
{
    Pair p = pair_new(FALSE);
    member_send_video(p.a, 0, TRUE, key, sizeof key);
    guint16 lost = p.a->seq++;
    member_send_video(p.a, 6000, TRUE, delta, sizeof delta);
    g_autoptr(GBytes) fci = NULL;
    AWAIT(feedbacks(p.a, KC_RTCP_RTPFB, KC_RTPFB_NACK, &fci) >= 1, p.a, p.b);
    ck_assert_uint_eq(kc_get_u16(g_bytes_get_data(fci, NULL)), lost);
    member_send_rtx(p.a, lost, 3000, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 3, p.a, p.b);
    KcRtpHeader before = rtp_at(p.b, 0);
    KcRtpHeader after = rtp_at(p.b, 1);
    KcRtpHeader rtx = rtp_at(p.b, 2);
    ck_assert_uint_eq(after.seq, (guint16)(before.seq + 2));
    ck_assert_uint_eq(rtx.ssrc, p.b->rtx_ssrc);
    ck_assert_uint_eq(kc_get_u16(rtx.payload), (guint16)(before.seq + 1));
    ck_assert_uint_eq(rtx.timestamp, before.timestamp + 3000);
    pair_free(&p);
}
END_TEST

START_TEST(congestion_feedback_passes_end_to_end)
{
    Pair p = pair_new(FALSE);
    const guint8 fci[12] = {0, 1, 0, 2, 0, 0, 7, 5, 0xd4, 0, 4, 4};
    g_autoptr(GBytes) got = NULL;
    member_send_video(p.a, 0, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 1, p.a, p.b);
    KcRtcpWriter writer = {.len = 0};
    kc_rtcp_write_rtpfb(&writer, KC_RTPFB_TRANSPORT_CC, 1, p.b->video_ssrc, fci, sizeof fci);
    member_send_rtcp(p.b, &writer);
    AWAIT(feedbacks(p.a, KC_RTCP_RTPFB, KC_RTPFB_TRANSPORT_CC, &got) >= 1, p.a, p.b);
    /* Only its times are the relay's now. */
    const guint8 *through = g_bytes_get_data(got, NULL);
    ck_assert_uint_eq(g_bytes_get_size(got), sizeof fci);
    ck_assert_mem_eq(through, fci, 4);
    ck_assert_mem_ne(through + 4, fci + 4, 3);
    ck_assert_mem_eq(through + 7, fci + 7, 3);
    ck_assert_uint_eq(through[11], fci[11]);
    pair_free(&p);
}
END_TEST

START_TEST(alone_the_relay_answers_congestion_control)
{
    Worker *worker = worker_new();
    Member *a = member_join(worker, "call", "leg-a", "a", FALSE);
    for (guint i = 0; i < 10; i++)
        member_send_video(a, 0, TRUE, delta, sizeof delta);
    g_autoptr(GBytes) fci = NULL;
    AWAIT(feedbacks(a, KC_RTCP_RTPFB, KC_RTPFB_TRANSPORT_CC, &fci) >= 1, a);
    ck_assert_uint_eq(kc_get_u16(g_bytes_get_data(fci, NULL)), 0);
    member_free(a);
    worker_free(worker);
}
END_TEST

/* Finds a sender report of this stream. */
static gboolean
has_report(const Member *member, guint32 ssrc, KcRtcpSenderInfo *ret_info)
{
    for (guint i = 0; i < member->rtcp->len; i++) {
        gsize len = 0;
        gsize offset = 0;
        KcRtcpPart part;
        const guint8 *data = g_bytes_get_data(member->rtcp->pdata[i], &len);
        while (kc_rtcp_next(data, len, &offset, &part)) {
            if (kc_rtcp_sender_info(&part, ret_info) && ret_info->ssrc == ssrc)
                return TRUE;
        }
    }
    return FALSE;
}

START_TEST(sender_reports_carry_the_servers_clock)
{
    Pair p = pair_new(FALSE);
    member_send_video(p.a, 900000, TRUE, key, sizeof key);
    AWAIT(p.b->rtp->len == 1, p.a, p.b);
    /* A's clock stands in 1970. */
    KcRtcpWriter writer = {.len = 0};
    KcRtcpSenderInfo info = {.ssrc = MEMBER_VIDEO_SSRC, .ntp = G_GUINT64_CONSTANT(2208988800) << 32, .rtp = 900000};
    kc_rtcp_write_sr(&writer, &info, NULL, 0);
    gint64 reported_us = g_get_real_time();
    member_send_rtcp(p.a, &writer);
    KcRtcpSenderInfo got;
    AWAIT(has_report(p.b, p.b->video_ssrc, &got), p.a, p.b);
    gint64 at_us = ((gint64)(got.ntp >> 32) - 2208988800) * G_USEC_PER_SEC +
                   (gint64)((got.ntp & 0xffffffff) * G_USEC_PER_SEC >> 32);
    ck_assert_int_lt(ABS(g_get_real_time() - at_us), 3 * G_USEC_PER_SEC);
    gint64 rtp_us = (gint64)kc_ts_diff(got.rtp, rtp_at(p.b, 0).timestamp) * G_USEC_PER_SEC / 90000;
    ck_assert_int_lt(ABS(rtp_us - (at_us - reported_us)), 100 * 1000);
    ck_assert_uint_eq(got.packets, 1);
    pair_free(&p);
}
END_TEST

/* ---- who may join -------------------------------------------------------------------------------------------------
 */

static void
assert_refused(Worker *worker, KcMessage *request, guint status, const char *code)
{
    g_autoptr(KcMessage) reply = worker_request(worker, request);
    ck_assert_int_eq(reply->type, KC_MESSAGE_REFUSED);
    ck_assert_uint_eq(reply->refused.status, status);
    if (code != NULL)
        ck_assert_str_eq(reply->refused.code, code);
}

START_TEST(a_fifth_is_refused_and_harms_nobody)
{
    Pair p = pair_new(FALSE);
    Member *c = member_join(p.worker, "call", "leg-c", "c", FALSE);
    Member *d = member_join(p.worker, "call", "leg-d", "d", FALSE);
    Peer *fifth = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
    g_autofree char *offer = member_offer(fifth, "5");
    assert_refused(p.worker, member_join_request(p.worker, "call", "leg-e", "e", offer, TRUE), 409, "call-full");
    assert_refused(p.worker, member_join_request(p.worker, "other", "leg-a", "e", offer, FALSE), 409, "leg-exists");
    member_send_video(p.a, 0, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 1, p.a, p.b);
    peer_free(fifth);
    member_free(c);
    member_free(d);
    pair_free(&p);
}
END_TEST

START_TEST(a_newer_tab_takes_over_but_not_the_same_offer)
{
    Worker *worker = worker_new();
    Member *b = member_join(worker, "call", "leg-b", "b", FALSE);
    Peer *peer = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
    g_autofree char *offer = member_offer(peer, "1");
    g_autoptr(KcMessage) first =
        worker_request(worker, member_join_request(worker, "call", "leg-1", "a", offer, FALSE));
    ck_assert_int_eq(first->type, KC_MESSAGE_JOINED);
    ck_assert_str_eq(first->joined.o_id, "1");
    ck_assert_ptr_null(first->joined.replaced);
    assert_refused(worker, member_join_request(worker, "call", "leg-2", "a", offer, FALSE), 409, "same-offer");
    Member *a = member_join(worker, "call", "leg-3", "a", FALSE);
    worker_await_leg(worker, "leg-1", KC_LEG_GONE);
    member_send_video(a, 0, TRUE, delta, sizeof delta);
    AWAIT(b->rtp->len == 1, a, b);
    peer_free(peer);
    member_free(a);
    member_free(b);
    worker_free(worker);
}
END_TEST

typedef struct {
    const char *what;
    const char *from, *to; /* in the offer */
    guint status;
} HostileCase;

static const HostileCase hostile_cases[] = {
    {"not an SDP", OFFER, "hello", 400},
    {"no fingerprint", "a=fingerprint:sha-256 " OFFER_FINGERPRINT "\r\n", "", 422},
    {"another hash", "a=fingerprint:sha-256 ", "a=fingerprint:sha-1 ", 422},
    {"duplicate mids", "a=mid:1", "a=mid:0", 422},
    {"no BUNDLE", "a=group:BUNDLE 0 1\r\n", "", 422},
    {"no rtcp-mux", "a=rtcp-mux\r\n", "", 422},
    {"no ufrag", "a=ice-ufrag:Kl9N\r\n", "", 422},
};

START_TEST(hostile_offers_are_refused)
{
    Pair p = pair_new(FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(hostile_cases); i++) {
        const HostileCase *c = &hostile_cases[i];
        g_autofree char *offer = offer_with(c->from, c->to);
        g_autoptr(KcMessage) reply =
            worker_request(p.worker, member_join_request(p.worker, "x", "leg-x", "x", offer, FALSE));
        ck_assert_msg(reply->type == KC_MESSAGE_REFUSED && reply->refused.status == c->status, "%s: %s %u", c->what,
                      kc_message_type_name(reply->type), reply->refused.status);
    }
    g_autoptr(GString) sections = g_string_new(OFFER_HEAD);
    for (guint i = 0; i < 200 && sections->len < 50000; i++)
        g_string_append_printf(sections, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:%u\r\n", i);
    assert_refused(p.worker, member_join_request(p.worker, "x", "leg-x", "x", sections->str, FALSE), 422, NULL);
    g_autofree char *huge = g_strnfill(KC_LIMIT_SDP_BYTES + 1, 'x');
    assert_refused(p.worker, member_join_request(p.worker, "x", "leg-x", "x", huge, FALSE), 400, "sdp-too-large");
    member_send_video(p.a, 0, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 1, p.a, p.b);
    pair_free(&p);
}
END_TEST

START_TEST(garbage_harms_nothing)
{
    Pair p = pair_new(FALSE);
    guint32 seed = 1;
    for (guint i = 0; i < 300; i++) {
        guint8 noise[200];
        for (guint j = 0; j < sizeof noise; j++)
            noise[j] = (guint8)((seed = seed * 1103515245 + 12345) >> 16);
        /* From an unknown address (nobody's socket), and from the participant's own. */
        Peer *from = i % 2 == 0 ? p.a->peer : p.b->peer;
        peer_send_raw(from, noise, i % sizeof noise);
    }
    member_send_video(p.a, 0, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 1, p.a, p.b);
    /* Feedback that is authentic, but nonsense. */
    for (guint i = 0; i < 20; i++) {
        KcRtcpWriter writer = {.len = 24};
        memset(writer.data, (int)i, writer.len);
        writer.data[0] = 0x81;
        writer.data[1] = (guint8)(200 + i % 8);
        kc_put_u16(writer.data + 2, (guint16)(i % 6));
        member_send_rtcp(p.b, &writer);
    }
    member_send_video(p.a, 0, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 2, p.a, p.b);
    ck_assert_int_gt(send(kc_channel_fd(p.worker->channel), "garbage", 7, 0), 0);
    g_autoptr(KcMessage) stats = worker_request(p.worker, kc_message_new(KC_MESSAGE_STATS));
    ck_assert_int_eq(stats->type, KC_MESSAGE_STATS_REPORT);
    ck_assert_uint_eq(stats->stats_report.n_legs, 2);
    ck_assert_int_eq(stats->stats_report.calls, 1);
    pair_free(&p);
}
END_TEST

START_TEST(what_was_counted_stays_when_a_leg_has_left)
{
    Pair p = pair_new(FALSE);
    for (guint i = 0; i < 5; i++)
        member_send_video(p.a, i * 3000, TRUE, delta, sizeof delta);
    AWAIT(p.b->rtp->len == 5, p.a, p.b);
    g_autoptr(KcMessage) during = worker_request(p.worker, kc_message_new(KC_MESSAGE_STATS));
    const KcWorkerTotals *live = &during->stats_report.totals;
    ck_assert_int_eq(live->packets_in, 5);
    ck_assert_int_eq(live->packets_out, 5);
    ck_assert_int_gt(live->bytes_in, 5 * (gint64)sizeof delta);
    ck_assert_int_gt(live->transport_cpu_us, 0);
    ck_assert_int_gt(during->stats_report.open_fds, 3);
    KcMessage *leave = kc_message_new(KC_MESSAGE_LEAVE);
    leave->leave.leg = g_strdup(p.a->leg);
    leave->leave.reason = g_strdup("left");
    g_autoptr(KcMessage) left = worker_request(p.worker, leave);
    ck_assert_int_eq(left->type, KC_MESSAGE_LEFT);
    g_autoptr(KcMessage) after = worker_request(p.worker, kc_message_new(KC_MESSAGE_STATS));
    ck_assert_uint_eq(after->stats_report.n_legs, 1);
    ck_assert_int_eq(after->stats_report.totals.packets_in, 5);
    ck_assert_int_ge(after->stats_report.totals.plis_sent, live->plis_sent);
    ck_assert_int_ge(after->stats_report.totals.transport_cpu_us, live->transport_cpu_us);
    pair_free(&p);
}
END_TEST

START_TEST(requests_about_nobody_are_refused)
{
    Worker *worker = worker_new();
    const KcMessageType requests[] = {KC_MESSAGE_SNAPSHOT, KC_MESSAGE_KEYFRAME};
    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        KcMessage *request = kc_message_new(requests[i]);
        request->leg_name.leg = g_strdup("nobody");
        assert_refused(worker, request, 404, "leg-unknown");
    }
    KcMessage *configure = kc_message_new(KC_MESSAGE_CONFIGURE);
    configure->configure.addresses = g_strsplit("127.0.0.1", " ", 0);
    configure->configure.port_min = configure->configure.port_max = 1;
    assert_refused(worker, configure, 409, "configured");
    worker_free(worker);
}
END_TEST

/* ---- the end ------------------------------------------------------------------------------------------------------
 */

static void
send_some_frames(Pair *p)
{
    for (guint i = 0; i < 10; i++)
        member_send_video(p->a, i * 3000, TRUE, i == 0 ? key : delta, i == 0 ? sizeof key : sizeof delta);
    AWAIT(p->b->rtp->len == 10, p->a, p->b);
}

/* The object is finished and whole. */
static void
assert_sealed(Worker *worker, const char *object)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = worker_object_path(worker, object);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fd, member_key, object, &error);
    kc_assert_no_error(error);
    ck_assert(kc_vault_reader_verify(reader, &error));
    ck_assert(!kc_vault_reader_was_recovered(reader));
}

START_TEST(when_the_daemon_dies_recordings_are_finished)
{
    Pair p = pair_new(TRUE);
    send_some_frames(&p);
    g_clear_pointer(&p.worker->channel, kc_channel_free);
    ck_assert_int_eq(worker_wait(p.worker), 0);
    assert_sealed(p.worker, "leg-a");
    pair_free(&p);
}
END_TEST

START_TEST(on_a_signal_recordings_are_finished_and_told)
{
    Pair p = pair_new(TRUE);
    send_some_frames(&p);
    kill(p.worker->pid, SIGTERM);
    const KcRecordingEvent *event = worker_await_recording(p.worker, "leg-a", KC_OBJECT_FINISHED);
    ck_assert_ptr_nonnull(event->sha256);
    ck_assert(event->has_video && !event->has_audio);
    ck_assert_int_eq(event->width, 640);
    ck_assert_int_eq(worker_wait(p.worker), 0);
    assert_sealed(p.worker, "leg-a");
    pair_free(&p);
}
END_TEST

START_TEST(leaving_finishes_the_recording)
{
    Pair p = pair_new(TRUE);
    send_some_frames(&p);
    KcMessage *leave = kc_message_new(KC_MESSAGE_LEAVE);
    leave->leave.leg = g_strdup("leg-a");
    leave->leave.reason = g_strdup("closed");
    g_autoptr(KcMessage) left = worker_request(p.worker, leave);
    ck_assert_int_eq(left->type, KC_MESSAGE_LEFT);
    worker_await_recording(p.worker, "leg-a", KC_OBJECT_FINISHED);
    assert_sealed(p.worker, "leg-a");
    AWAIT(p.a->peer->closed, p.a, p.b);
    pair_free(&p);
}
END_TEST

START_TEST(a_participant_that_hangs_up_is_gone)
{
    Pair p = pair_new(FALSE);
    SSL_shutdown(p.a->peer->ssl);
    worker_await_leg(p.worker, "leg-a", KC_LEG_GONE);
    g_autoptr(KcMessage) stats = worker_request(p.worker, kc_message_new(KC_MESSAGE_STATS));
    ck_assert_uint_eq(stats->stats_report.n_legs, 1);
    member_send_video(p.b, 0, TRUE, delta, sizeof delta);
    pair_free(&p);
}
END_TEST

START_TEST(silence_is_a_warning)
{
    Pair p = pair_new(FALSE);
    gint64 began_us = g_get_monotonic_time();
    for (guint i = 0; g_get_monotonic_time() - began_us < 4000 * 1000; i++) {
        member_send_video(p.b, i * 3000, TRUE, delta, sizeof delta);
        members_wait((Member *[]){p.a, p.b, NULL}, 100);
        g_usleep(50 * 1000);
    }
    member_send_video(p.b, 0, TRUE, delta, sizeof delta);
    worker_await_leg(p.worker, "leg-a", KC_LEG_WARNING);
    member_send_video(p.a, 0, TRUE, delta, sizeof delta);
    worker_await_leg(p.worker, "leg-a", KC_LEG_OK);
    for (guint i = 0; i < p.worker->events->len; i++) {
        const KcMessage *event = p.worker->events->pdata[i];
        ck_assert(event->type != KC_MESSAGE_LEG || event->leg.state != KC_LEG_WARNING ||
                  g_str_equal(event->leg.leg, "leg-a"));
    }
    pair_free(&p);
}
END_TEST

static Suite *
worker_suite(void)
{
    Suite *suite = suite_create("media/worker");
    TCase *call = tcase_create("call");
    tcase_set_timeout(call, 30);
    tcase_add_test(call, media_flows_both_ways);
    tcase_add_test(call, another_certificate_than_announced_gets_no_packet_through);
    tcase_add_test(call, padding_goes_one_to_one);
    tcase_add_test(call, rejoin_goes_on_with_the_numbers);
    tcase_add_test(call, keyframe_requests_are_throttled);
    tcase_add_test(call, receivers_nack_is_answered_from_the_cache);
    tcase_add_test(call, uplink_loss_is_asked_for_and_handed_on);
    tcase_add_test(call, congestion_feedback_passes_end_to_end);
    tcase_add_test(call, alone_the_relay_answers_congestion_control);
    tcase_add_test(call, sender_reports_carry_the_servers_clock);
    suite_add_tcase(suite, call);
    TCase *join = tcase_create("join");
    tcase_set_timeout(join, 30);
    tcase_add_test(join, a_fifth_is_refused_and_harms_nobody);
    tcase_add_test(join, a_newer_tab_takes_over_but_not_the_same_offer);
    tcase_add_test(join, hostile_offers_are_refused);
    tcase_add_test(join, garbage_harms_nothing);
    tcase_add_test(join, what_was_counted_stays_when_a_leg_has_left);
    tcase_add_test(join, requests_about_nobody_are_refused);
    suite_add_tcase(suite, join);
    TCase *end = tcase_create("end");
    tcase_set_timeout(end, 30);
    tcase_add_test(end, when_the_daemon_dies_recordings_are_finished);
    tcase_add_test(end, on_a_signal_recordings_are_finished_and_told);
    tcase_add_test(end, leaving_finishes_the_recording);
    tcase_add_test(end, a_participant_that_hangs_up_is_gone);
    tcase_add_test(end, silence_is_a_warning);
    suite_add_tcase(suite, end);
    return suite;
}

KC_TEST_MAIN(worker_suite())
