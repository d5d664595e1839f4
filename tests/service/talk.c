#include "tests/service/talk.h"

#include <poll.h>
#include <string.h>

#include "media/rtp/header.h"
#include "tests/media/worker/harness.h"
#include "tests/support/kc_test.h"

#define WITHIN_US (20 * G_USEC_PER_SEC)
#define CHECK_EVERY_US (3 * G_USEC_PER_SEC)
#define STEP_MS 5
#define LATE_MAX_US (200 * 1000)
#define FRAMES_PER_S 25
#define SOUNDS_PER_S 50
#define SSRC_SOUND 1001

GArray *
clip_new(void)
{
    const VideoSource source = {.pattern = "ball", .width = 640, .height = 360, .frames = FRAMES_PER_S * CLIP_US / G_USEC_PER_SEC};
    GArray *packets = video_packets(&source);
    packets_append(packets, audio_packets(SOUNDS_PER_S * CLIP_US / G_USEC_PER_SEC, 0, 0));
    packets_sort(packets);
    return packets;
}

/* ---- the case ------------------------------------------------------------------------------------------------------ */

static char *
text_of(const json_t *root, const char *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object != NULL ? json_object_get(root, object) : root, name));
    ck_assert_msg(text != NULL, "no %s in a reply", name);
    return g_strdup(text);
}

char *
admin_sign_in(const Service *service)
{
    g_autoptr(json_t) session = service_json(service, 201, "POST", "/api/v1/sessions", NULL,
                                             "{\"username\":\"admin\",\"password\":\"kuaichu-demo\"}");
    return text_of(session, NULL, "token");
}

char *
officer_new(const Service *service, const char *admin, guint number)
{
    g_autofree char *user = g_strdup_printf(
        "{\"username\":\"caller%u\",\"password\":\"scripted-officer\",\"role\":\"officer\",\"name\":\"caller%u\","
        "\"badge_number\":\"9%05u\"}", number, number, number);
    g_autofree char *session = g_strdup_printf("{\"username\":\"caller%u\",\"password\":\"scripted-officer\"}", number);
    reply_free(service_call(service, 201, "POST", "/api/v1/admin/users", admin, NULL, user));
    g_autoptr(json_t) signed_in = service_json(service, 201, "POST", "/api/v1/sessions", NULL, session);
    return text_of(signed_in, NULL, "token");
}

static char *
path_of(const Talk *talk, const char *rest)
{
    return g_strconcat("/api/v1/cases/", talk->case_id, rest, NULL);
}

static void
post(const Talk *talk, const char *rest, const char *token, int status)
{
    g_autofree char *path = path_of(talk, rest);
    reply_free(service_call(talk->service, status, "POST", path, token, NULL, "{}"));
}

Talk *
talk_new(const Service *service, const GArray *clip, const char *admin, const char *officer)
{
    static const char new_case[] =
        "{\"channel\":\"web\",\"place\":{\"text\":\"商州区北新街\",\"latitude\":33.8704,\"longitude\":109.9187,\"accuracy_m\":12},"
        "\"triage\":{\"injury\":\"none\",\"death\":false,\"licence_problem\":false,\"alcohol_or_drugs\":false,"
        "\"overloaded_or_speeding_passenger_vehicle\":false,\"plate_problem\":false,\"cannot_move\":false,"
        "\"party_left\":false,\"intent\":false,\"no_inspection_or_insurance_mark\":false,\"facility_damage\":false,"
        "\"hazardous_goods\":false},\"consents\":[\"recording\",\"location\",\"electronic_service\"],"
        "\"party\":{\"name\":\"张三\",\"phone\":\"13800000000\",\"plate_number\":\"陕H12345\",\"plate_type\":\"02\"}}";
    Talk *talk = g_new0(Talk, 1);
    g_autoptr(json_t) opened = service_json(service, 201, "POST", "/api/v1/cases", admin, new_case);
    talk->service = service;
    talk->clip = clip;
    talk->case_id = text_of(opened, "case", "id");
    talk->party_id = text_of(opened, "party", "id");
    talk->sides[0].token = text_of(opened, NULL, "token");
    talk->sides[1].token = g_strdup(officer);
    post(talk, "/queue", talk->sides[0].token, 200);
    post(talk, "/claim", officer, 200);
    return talk;
}

static void
side_gone(Side *side)
{
    g_clear_pointer(&side->peer, peer_free);
    g_clear_pointer(&side->leg, g_free);
}

void
talk_free(Talk *talk)
{
    for (guint i = 0; i < 2; i++) {
        side_gone(&talk->sides[i]);
        g_free(talk->sides[i].token);
    }
    g_free(talk->case_id);
    g_free(talk->party_id);
    g_free(talk);
}

/* ---- the call ------------------------------------------------------------------------------------------------------ */

static void
connect_peer(Peer *peer)
{
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    peer_check(peer, TRUE);
    for (gboolean started = FALSE; !peer->connected;) {
        struct pollfd readable = {peer->fd, POLLIN, 0};
        ck_assert_msg(g_get_monotonic_time() < until_us && !peer->failed, "a participant can't connect");
        poll(&readable, 1, STEP_MS);
        peer_read(peer);
        if (!started && peer->checks_answered > 0) {
            peer_dtls_start(peer);
            started = TRUE;
        }
    }
}

static void
side_join(const Talk *talk, Side *side)
{
    side_gone(side);
    side->peer = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
    g_autofree char *session = g_strdup_printf("%u", g_random_int());
    g_autofree char *offer = member_offer(side->peer, session), *path = path_of(talk, "/call");
    g_autoptr(Reply) joined = service_call(talk->service, 201, "POST", path, side->token, "application/sdp", offer);
    g_autofree char *location = reply_header(joined, "Location");
    side->leg = g_strdup(strstr(location, "/api/"));
    peer_read_answer(side->peer, reply_text(joined));
    connect_peer(side->peer);
    side->began_us = side->checked_us = g_get_monotonic_time();
    side->next = side->rounds = side->received = 0;
    side->received_us = side->longest_us = 0;
}

void
talk_join(Talk *talk)
{
    for (guint i = 0; i < 2; i++)
        side_join(talk, &talk->sides[i]);
}

void
talk_leave(Talk *talk)
{
    for (guint i = 0; i < 2; i++) {
        reply_free(service_call(talk->service, 204, "DELETE", talk->sides[i].leg, talk->sides[i].token, NULL, NULL));
        side_gone(&talk->sides[i]);
    }
}

void
talk_still(const Talk *talk)
{
    g_autofree char *path = path_of(talk, "/snapshots"), *body = g_strdup_printf("{\"party_id\":\"%s\"}", talk->party_id);
    reply_free(service_call(talk->service, 201, "POST", path, talk->sides[1].token, NULL, body));
}

/* ---- media --------------------------------------------------------------------------------------------------------- */

static void
send_packet(Side *side, const Packet *packet)
{
    guint8 sent[1600], number[2];
    gboolean video = packet->media == KC_RECORDER_VIDEO;
    guint32 rate = video ? 90000 : 48000;
    gsize len = 0;
    const guint8 *data = g_bytes_get_data(packet->data, &len);
    KcRtpHeader header = {.payload_type = video ? MEMBER_VIDEO_PT : MEMBER_AUDIO_PT,
                          .marker = packet_marker(packet),
                          .seq = side->seq[packet->media]++,
                          .timestamp = packet_timestamp(packet) + side->rounds * rate * (guint32)(CLIP_US / G_USEC_PER_SEC),
                          .ssrc = video ? MEMBER_VIDEO_SSRC : SSRC_SOUND};
    kc_put_u16(number, side->transport_seq++);
    KcRtpExtension extension = {MEMBER_EXT_TRANSPORT_CC, 2, number};
    gsize used = kc_rtp_header_write(&header, &extension, 1, sent);
    memcpy(sent + used, data + 12, len - 12);
    int total = (int)(used + len - 12);
    ck_assert_int_eq(srtp_protect(side->peer->out, sent, &total), srtp_err_status_ok);
    peer_send_raw(side->peer, sent, (gsize)total);
}

static void
side_step(Side *side, const GArray *clip, gint64 now_us)
{
    peer_read(side->peer);
    if (side->received_us != 0)
        side->longest_us = MAX(side->longest_us, now_us - side->received_us);
    if (side->peer->packets->len > 0)
        side->received_us = now_us;
    side->received += side->peer->packets->len;
    g_ptr_array_set_size(side->peer->packets, 0);
    if (now_us - side->checked_us >= CHECK_EVERY_US) {
        side->checked_us = now_us;
        peer_check(side->peer, FALSE);
    }
    for (;;) {
        const Packet *packet = &g_array_index(clip, Packet, side->next);
        gint64 late_us = now_us - side->began_us - packet->at_us - side->rounds * CLIP_US;
        if (late_us < 0)
            return;
        if (late_us > LATE_MAX_US) /* others were joining: goes on from now, and does not catch up */
            side->began_us += late_us;
        send_packet(side, packet);
        side->next = (side->next + 1) % clip->len;
        side->rounds += side->next == 0;
    }
}

void
talks_go_on(GPtrArray *talks, gint64 for_us)
{
    gint64 until_us = g_get_monotonic_time() + for_us;
    while (g_get_monotonic_time() < until_us) {
        for (guint i = 0; i < talks->len; i++) {
            Talk *talk = talks->pdata[i];
            for (guint side = 0; side < 2; side++)
                side_step(&talk->sides[side], talk->clip, g_get_monotonic_time());
        }
        poll(NULL, 0, STEP_MS);
    }
}
