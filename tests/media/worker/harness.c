#include "tests/media/worker/harness.h"

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/kc_test.h"

const guint8 member_key[KC_PROTOCOL_KEY_BYTES] = {
    0x5c, 0x1e, 0xb7, 0x40, 0x9d, 0x62, 0x2f, 0xd8, 0x13, 0xaa, 0x71, 0x86, 0xe4, 0x0b, 0x39, 0xc5,
    0x68, 0xf3, 0x94, 0x2d, 0xb1, 0x57, 0x0e, 0xca, 0x7f, 0x26, 0xdd, 0x83, 0x4a, 0x90, 0x35, 0xee,
};

/* ---- the worker ---------------------------------------------------------------------------------------------------
 */

static void
configure(Worker *worker)
{
    KcMessage *request = kc_message_new(KC_MESSAGE_CONFIGURE);
    request->configure.addresses = g_strsplit("127.0.0.1", " ", 0);
    request->configure.port_min = 20000;
    request->configure.port_max = 29999;
    request->configure.sandbox = KC_SANDBOX_REQUIRE;
    request->configure.uid = request->configure.gid = 65534;
    g_autoptr(KcMessage) reply = worker_request(worker, request);
    ck_assert_msg(reply->type == KC_MESSAGE_CONFIGURED, "%s", reply->type == KC_MESSAGE_REFUSED ? reply->refused.detail : "?");
    worker->port = reply->configured.port;
}

Worker *
worker_new(void)
{
    int fds[2];
    const char *program = g_getenv("KC_MEDIA_WORKER");
    ck_assert_ptr_nonnull(program);
    ck_assert(kc_channel_pair(fds, NULL));
    Worker *worker = g_new0(Worker, 1);
    worker->events = g_ptr_array_new_with_free_func((GDestroyNotify)kc_message_free);
    worker->dir = kc_test_dir_new();
    worker->pid = fork();
    if (worker->pid == 0) {
        /* dup2 onto itself would keep close-on-exec. */
        if (fds[1] == 3)
            fcntl(3, F_SETFD, 0);
        else
            dup2(fds[1], 3);
        execl(program, program, "--fd", "3", NULL);
        _exit(127);
    }
    close(fds[1]);
    worker->channel = kc_channel_new(fds[0]);
    configure(worker);
    return worker;
}

int
worker_wait(Worker *worker)
{
    int status = 0;
    ck_assert_int_eq(waitpid(worker->pid, &status, 0), worker->pid);
    worker->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void
worker_free(Worker *worker)
{
    kc_channel_free(worker->channel);
    if (worker->pid != 0)
        ck_assert_int_eq(worker_wait(worker), 0);
    g_ptr_array_unref(worker->events);
    kc_test_dir_remove(worker->dir);
    g_free(worker);
}

/* The next message within WAIT_MS; NULL: the worker has closed its end. */
static KcMessage *
next_message(Worker *worker)
{
    KcMessage *message = NULL;
    g_autoptr(GError) error = NULL;
    struct pollfd pfd = {kc_channel_fd(worker->channel), POLLIN, 0};
    ck_assert_msg(poll(&pfd, 1, WAIT_MS) == 1, "the worker says nothing");
    KcChannelResult result = kc_channel_recv(worker->channel, &message, &error);
    kc_assert_no_error(error);
    ck_assert(result == KC_CHANNEL_MESSAGE || result == KC_CHANNEL_END);
    return message;
}

KcMessage *
worker_request(Worker *worker, KcMessage *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcMessage) owned = request;
    owned->id = ++worker->last_id;
    kc_channel_send(worker->channel, owned, &error);
    kc_assert_no_error(error);
    for (;;) {
        KcMessage *message = next_message(worker);
        ck_assert_ptr_nonnull(message);
        if (message->re == owned->id)
            return message;
        g_ptr_array_add(worker->events, message);
    }
}

static gboolean
has_leg_event(const Worker *worker, const char *leg, KcLegState state)
{
    for (guint i = 0; i < worker->events->len; i++) {
        const KcMessage *event = worker->events->pdata[i];
        if (event->type == KC_MESSAGE_LEG && event->leg.state == state && g_str_equal(event->leg.leg, leg))
            return TRUE;
    }
    return FALSE;
}

void
worker_await_leg(Worker *worker, const char *leg, KcLegState state)
{
    while (!has_leg_event(worker, leg, state)) {
        KcMessage *message = next_message(worker);
        ck_assert_ptr_nonnull(message);
        g_ptr_array_add(worker->events, message);
    }
}

const KcRecordingEvent *
worker_await_recording(Worker *worker, const char *object, KcObjectState state)
{
    for (guint i = 0;; i++) {
        if (i == worker->events->len) {
            KcMessage *message = next_message(worker);
            ck_assert_ptr_nonnull(message);
            g_ptr_array_add(worker->events, message);
        }
        const KcMessage *event = worker->events->pdata[i];
        if (event->type == KC_MESSAGE_RECORDING && event->recording.state == state &&
            g_str_equal(event->recording.object, object))
            return &event->recording;
    }
}

gboolean
worker_read(Worker *worker)
{
    for (;;) {
        KcMessage *message = NULL;
        g_autoptr(GError) error = NULL;
        KcChannelResult result = kc_channel_recv(worker->channel, &message, &error);
        kc_assert_no_error(error);
        if (result != KC_CHANNEL_MESSAGE)
            return result != KC_CHANNEL_END;
        g_ptr_array_add(worker->events, message);
    }
}

char *
worker_object_path(const Worker *worker, const char *object)
{
    return g_build_filename(worker->dir, object, NULL);
}

/* ---- participants -------------------------------------------------------------------------------------------------
 */

static void
append_transport(GString *sdp, const Peer *peer, guint mid)
{
    g_string_append_printf(sdp, "c=IN IP4 0.0.0.0\r\na=mid:%u\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", mid, peer->ufrag,
                           peer->pwd);
    g_string_append(sdp, "a=fingerprint:sha-256 ");
    for (guint i = 0; i < 32; i++)
        g_string_append_printf(sdp, "%s%02X", i > 0 ? ":" : "", peer->fingerprint[i]);
    g_string_append(sdp, "\r\na=setup:actpass\r\na=sendrecv\r\na=rtcp-mux\r\na=rtcp-rsize\r\n"
                         "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n");
}

char *
member_offer(Peer *peer, const char *session_id)
{
    GString *sdp = g_string_new(NULL);
    g_string_append_printf(sdp, "v=0\r\no=- %s 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n",
                           session_id);
    g_string_append(sdp, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
    append_transport(sdp, peer, 0);
    g_string_append(sdp, "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=ssrc:1001 cname:x\r\n"
                         "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n");
    append_transport(sdp, peer, 1);
    g_string_append(sdp, "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 ccm fir\r\n"
                         "a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
                         "a=ssrc-group:FID 2001 2002\r\na=ssrc:2001 cname:x\r\na=ssrc:2002 cname:x\r\n");
    return g_string_free(sdp, FALSE);
}

KcMessage *
member_join_request(Worker *worker, const char *call, const char *leg, const char *participant, const char *offer,
                    gboolean recorded)
{
    KcMessage *request = kc_message_new(KC_MESSAGE_JOIN);
    request->join.call = g_strdup(call);
    request->join.leg = g_strdup(leg);
    request->join.participant_kind = g_strdup("party");
    request->join.participant_id = g_strdup(participant);
    request->join.offer = g_strdup(offer);
    request->join.epoch_us = g_get_real_time();
    if (!recorded)
        return request;
    g_autofree char *path = worker_object_path(worker, leg);
    request->join.object = g_strdup(leg);
    memcpy(request->join.key, member_key, sizeof member_key);
    request->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ck_assert_int_ge(request->fd, 0);
    return request;
}

/* The SSRCs of the answer's sections, in order: one of sound, two of the picture (media, retransmissions). */
static void
ssrcs_read(Member *member)
{
    const char *video = strstr(member->answer, "m=video");
    const char *audio = strstr(member->answer, "a=ssrc:");
    const char *fid = strstr(video, "a=ssrc-group:FID ");
    ck_assert(audio != NULL && audio < video && fid != NULL);
    ck_assert_int_eq(sscanf(audio, "a=ssrc:%u", &member->audio_ssrc), 1);
    ck_assert_int_eq(sscanf(fid, "a=ssrc-group:FID %u %u", &member->video_ssrc, &member->rtx_ssrc), 2);
}

static void
connect_peer(Member *member)
{
    Peer *peer = member->peer;
    peer_check(peer, TRUE);
    AWAIT(peer->checks_answered > 0, member);
    peer_dtls_start(peer);
    AWAIT(peer->connected, member);
}

/* An offer with more pairs of sections, which only receive. */
static char *
offer_more(Peer *peer, const char *session_id, guint slots)
{
    g_autofree char *first = member_offer(peer, session_id);
    g_autoptr(GString) sdp = g_string_new(first);
    for (guint mid = 2; mid < 2 * slots; mid++) {
        g_autoptr(GString) section = g_string_new(mid % 2 == 0 ? "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
                                                               : "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n");
        append_transport(section, peer, mid);
        g_string_replace(section, "a=sendrecv", "a=recvonly", 0);
        g_string_append(section, mid % 2 == 0 ? "a=rtpmap:111 opus/48000/2\r\n"
                                              : "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 transport-cc\r\n"
                                                "a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
                                                "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
        g_string_append(sdp, section->str);
    }
    g_string_replace(sdp, "BUNDLE 0 1", slots == 1 ? "BUNDLE 0 1" : slots == 2 ? "BUNDLE 0 1 2 3" : "BUNDLE 0 1 2 3 4 5",
                     1);
    return g_string_free(g_steal_pointer(&sdp), FALSE);
}

/* By an offer, which is the peer's. */
static Member *
enter_by(Worker *worker, Peer *peer, const char *call, const char *leg, const char *participant, const char *offer,
         gboolean recorded)
{
    Member *member = g_new0(Member, 1);
    member->worker = worker;
    member->leg = g_strdup(leg);
    member->peer = peer;
    member->rtp = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    member->rtcp = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    member->seq = 65530;
    g_autoptr(KcMessage) reply =
        worker_request(worker, member_join_request(worker, call, leg, participant, offer, recorded));
    ck_assert_msg(reply->type == KC_MESSAGE_JOINED, "%s",
                  reply->type == KC_MESSAGE_REFUSED ? reply->refused.detail : "?");
    member->answer = g_strdup(reply->joined.answer);
    peer_read_answer(member->peer, member->answer);
    ssrcs_read(member);
    return member;
}

static Member *
enter(Worker *worker, Peer *peer, const char *call, const char *leg, const char *participant, guint slots,
      gboolean recorded)
{
    g_autofree char *session_id = g_strdup_printf("%u", g_random_int());
    g_autofree char *offer = offer_more(peer, session_id, slots);
    return enter_by(worker, peer, call, leg, participant, offer, recorded);
}

Member *
member_enter(Worker *worker, Peer *peer, const char *call, const char *leg, const char *participant, gboolean recorded)
{
    return enter(worker, peer, call, leg, participant, 1, recorded);
}

Member *
member_join(Worker *worker, const char *call, const char *leg, const char *participant, gboolean recorded)
{
    return member_join_slots(worker, call, leg, participant, 1, recorded);
}

Member *
member_join_slots(Worker *worker, const char *call, const char *leg, const char *participant, guint slots,
                  gboolean recorded)
{
    Peer *peer = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
    Member *member = enter(worker, peer, call, leg, participant, slots, recorded);
    connect_peer(member);
    worker_await_leg(worker, leg, KC_LEG_CONNECTED);
    return member;
}

Member *
member_listen(Worker *worker, const char *call, const char *leg, const char *participant)
{
    Peer *peer = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
    g_autofree char *session_id = g_strdup_printf("%u", g_random_int());
    g_autofree char *offer = offer_more(peer, session_id, 3);
    g_autoptr(GString) silent = g_string_new(offer);
    g_string_replace(silent, "a=sendrecv", "a=recvonly", 0);
    Member *member = enter_by(worker, peer, call, leg, participant, silent->str, FALSE);
    connect_peer(member);
    worker_await_leg(worker, leg, KC_LEG_CONNECTED);
    return member;
}

void
member_free(Member *member)
{
    peer_free(member->peer);
    g_ptr_array_unref(member->rtp);
    g_ptr_array_unref(member->rtcp);
    g_free(member->answer);
    g_free(member->leg);
    g_free(member);
}

void
member_read(Member *member)
{
    peer_read(member->peer);
    for (guint i = 0; i < member->peer->packets->len; i++) {
        GBytes *packet = member->peer->packets->pdata[i];
        const guint8 *data = g_bytes_get_data(packet, NULL);
        gboolean is_rtcp = data[1] >= 192 && data[1] <= 223;
        g_ptr_array_add(is_rtcp ? member->rtcp : member->rtp, g_bytes_ref(packet));
    }
    g_ptr_array_set_size(member->peer->packets, 0);
}

void
members_wait(Member **members, int timeout_ms)
{
    struct pollfd pfds[4];
    guint n = 0;
    for (; members[n] != NULL; n++)
        pfds[n] = (struct pollfd){members[n]->peer->fd, POLLIN, 0};
    poll(pfds, n, timeout_ms);
    for (guint i = 0; i < n; i++)
        member_read(members[i]);
}

static void
send_rtp(Member *member, const KcRtpHeader *header, const guint8 *prefix, gsize prefix_bytes, const void *payload,
         gsize bytes)
{
    guint8 packet[1600];
    guint8 number[2];
    kc_put_u16(number, member->transport_seq++);
    KcRtpExtension extension = {MEMBER_EXT_TRANSPORT_CC, 2, number};
    gsize used = kc_rtp_header_write(header, &extension, 1, packet);
    memcpy(packet + used, prefix, prefix_bytes);
    memcpy(packet + used + prefix_bytes, payload, bytes);
    int len = (int)(used + prefix_bytes + bytes);
    ck_assert_int_eq(srtp_protect(member->peer->out, packet, &len), srtp_err_status_ok);
    peer_send_raw(member->peer, packet, (gsize)len);
}

void
member_send_video(Member *member, guint32 timestamp, gboolean marker, const void *payload, gsize bytes)
{
    KcRtpHeader header = {.payload_type = MEMBER_VIDEO_PT,
                          .marker = marker,
                          .seq = member->seq++,
                          .timestamp = timestamp,
                          .ssrc = MEMBER_VIDEO_SSRC};
    send_rtp(member, &header, (const guint8 *)"", 0, payload, bytes);
}

void
member_send_rtx(Member *member, guint16 seq, guint32 timestamp, const void *payload, gsize bytes)
{
    guint8 original[2];
    kc_put_u16(original, seq);
    KcRtpHeader header = {
        .payload_type = MEMBER_RTX_PT, .seq = member->rtx_seq++, .timestamp = timestamp, .ssrc = MEMBER_RTX_SSRC};
    send_rtp(member, &header, original, 2, payload, bytes);
}

void
member_send_rtcp(Member *member, KcRtcpWriter *writer)
{
    guint8 packet[KC_RTCP_MAX_BYTES + 100];
    int len = (int)writer->len;
    memcpy(packet, writer->data, writer->len);
    ck_assert_int_eq(srtp_protect_rtcp(member->peer->out, packet, &len), srtp_err_status_ok);
    peer_send_raw(member->peer, packet, (gsize)len);
}
