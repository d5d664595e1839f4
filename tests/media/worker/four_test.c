/* Three and four in a call: the real worker process and scripted participants. */
#include "src/evidence/vault.h"
#include "tests/media/worker/harness.h"
#include "tests/support/kc_test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* A frame of VP8 in one packet: picture id, TL0PICIDX, layer and whether it needs nothing of that layer. */
static void
frame_write(guint8 data[16], guint16 picture, guint8 tl0, guint8 layer, gboolean sync, gboolean key)
{
    const guint8 payload[] = {key ? 0x10 : 0x11, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01};
    data[0] = 0x90;
    data[1] = 0xe0;
    kc_put_u16(data + 2, 0x8000 | picture);
    data[4] = tl0;
    data[5] = (guint8)(layer << 6 | (sync ? 0x20 : 0));
    memcpy(data + 6, payload, sizeof payload);
}

/* SSRC of the picture in the n-th slot. */
static guint32
slot_ssrc(const Member *member, guint slot)
{
    const char *section = strstr(member->answer, "m=video");
    guint32 ssrc = 0;
    for (guint i = 0; i < slot; i++)
        section = strstr(section + 1, "m=video");
    const char *fid = strstr(section, "a=ssrc-group:FID ");
    ck_assert_ptr_nonnull(fid);
    ck_assert_int_eq(sscanf(fid, "a=ssrc-group:FID %u", &ssrc), 1);
    return ssrc;
}

/* How many packets of this stream have come; the last one's header. */
static guint
came(const Member *member, guint32 ssrc, KcRtpHeader *ret_last)
{
    guint n = 0;
    for (guint i = 0; i < member->rtp->len; i++) {
        KcRtpHeader header;
        gsize len = 0;
        const guint8 *data = g_bytes_get_data(member->rtp->pdata[i], &len);
        ck_assert(kc_rtp_header_parse(data, len, &header));
        if (header.ssrc != ssrc)
            continue;
        n++;
        if (ret_last != NULL)
            *ret_last = header;
    }
    return n;
}

/* `same`: a feedback of congestion control; about the same packets, that is, for its times become the relay's. */
static guint
feedbacks(const Member *member, guint8 type, guint8 format, gconstpointer same, gsize same_bytes)
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
            if (part.type == type && part.count == format && kc_rtcp_feedback(&part, &ssrc, &fci, &bytes))
                n += same == NULL || (bytes == same_bytes && memcmp(fci, same, 4) == 0 && fci[7] == ((const guint8 *)same)[7]);
        }
    }
    return n;
}

/* The newest word about who is in the slots of a leg, as "source,source,-". */
static char *
slots_of(Worker *worker, const char *leg)
{
    g_autoptr(KcMessage) stats = worker_request(worker, kc_message_new(KC_MESSAGE_STATS)); /* all before has come */
    const KcSlotsEvent *last = NULL;
    for (guint i = 0; i < worker->events->len; i++) {
        const KcMessage *event = worker->events->pdata[i];
        if (event->type == KC_MESSAGE_SLOTS && g_str_equal(event->slots.leg, leg))
            last = &event->slots;
    }
    ck_assert_ptr_nonnull(last);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < last->n_slots; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "," : "",
                               last->slots[i].source_leg != NULL ? last->slots[i].source_leg : "-");
    return g_string_free(text, FALSE);
}

#define ASSERT_SLOTS(worker, leg, expected)                                                                            \
    do {                                                                                                               \
        g_autofree char *slots_ = slots_of(worker, leg);                                                               \
        ck_assert_str_eq(slots_, expected);                                                                            \
    } while (0)

static void
leave(Worker *worker, const char *leg)
{
    KcMessage *request = kc_message_new(KC_MESSAGE_LEAVE);
    request->leave.leg = g_strdup(leg);
    request->leave.reason = g_strdup("left");
    g_autoptr(KcMessage) left = worker_request(worker, request);
    ck_assert_int_eq(left->type, KC_MESSAGE_LEFT);
}

static void
show(Worker *worker, const char *leg, const char *large, const char *hidden)
{
    KcMessage *request = kc_message_new(KC_MESSAGE_SHOW);
    request->show.leg = g_strdup(leg);
    request->show.large = g_strsplit(large, " ", 0);
    request->show.hidden = g_strsplit(hidden, " ", 0);
    g_autoptr(KcMessage) done = worker_request(worker, request);
    ck_assert_int_eq(done->type, KC_MESSAGE_DONE);
}

static void
send_frame(Member *member, guint16 picture, guint8 layer, gboolean key)
{
    guint8 frame[16];
    frame_write(frame, picture, (guint8)(picture / 2), layer, layer > 0, key);
    member_send_video(member, picture * 3000u, TRUE, frame, sizeof frame);
}

START_TEST(each_of_four_is_sent_the_other_three_and_recorded)
{
    const char *const legs[] = {"leg-a", "leg-b", "leg-c", "leg-d"};
    Worker *worker = worker_new();
    Member *m[4];
    for (guint i = 0; i < 4; i++)
        m[i] = member_join_slots(worker, "call", legs[i], legs[i], 3, TRUE);
    for (guint i = 0; i < 4; i++)
        send_frame(m[i], 0, 0, TRUE);
    for (guint i = 0; i < 4; i++) {
        for (guint slot = 0; slot < 3; slot++)
            AWAIT(came(m[i], slot_ssrc(m[i], slot), NULL) == 1, m[0], m[1], m[2], m[3]);
    }
    ASSERT_SLOTS(worker, "leg-a", "leg-b,leg-c,leg-d");
    ASSERT_SLOTS(worker, "leg-d", "leg-a,leg-b,leg-c");
    for (guint i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;
        leave(worker, legs[i]);
        const KcRecordingEvent *event = worker_await_recording(worker, legs[i], KC_OBJECT_FINISHED);
        ck_assert(event->has_video);
        g_autofree char *path = worker_object_path(worker, legs[i]);
        g_autoptr(KcVaultReader) reader =
            kc_vault_reader_open(open(path, O_RDONLY | O_CLOEXEC), member_key, legs[i], &error);
        kc_assert_no_error(error);
        ck_assert(kc_vault_reader_verify(reader, &error));
        member_free(m[i]);
    }
    worker_free(worker);
}
END_TEST

START_TEST(slots_are_held_freed_and_given_back)
{
    Worker *worker = worker_new();
    Member *a = member_join_slots(worker, "call", "a", "a", 3, FALSE);
    ASSERT_SLOTS(worker, "a", "-,-,-");
    Member *b = member_join_slots(worker, "call", "b", "b", 1, FALSE);
    Member *c = member_join_slots(worker, "call", "c", "c", 2, FALSE);
    ASSERT_SLOTS(worker, "a", "b,c,-");
    ASSERT_SLOTS(worker, "b", "a");
    ASSERT_SLOTS(worker, "c", "a,b");
    member_free(b);
    leave(worker, "b");
    ASSERT_SLOTS(worker, "a", "-,c,-");
    leave(worker, "c");
    member_free(c);
    c = member_join_slots(worker, "call", "c2", "c", 2, FALSE);
    ASSERT_SLOTS(worker, "a", "-,c2,-"); /* where it was */
    b = member_join_slots(worker, "call", "b2", "b", 1, FALSE);
    ASSERT_SLOTS(worker, "a", "b2,c2,-");
    Member *b3 = member_join_slots(worker, "call", "b3", "b", 1, FALSE); /* a newer tab */
    ASSERT_SLOTS(worker, "a", "b3,c2,-");
    leave(worker, "a");
    ASSERT_SLOTS(worker, "b3", "c2"); /* who found no slot has waited */
    member_free(a);
    member_free(b);
    member_free(b3);
    member_free(c);
    worker_free(worker);
}
END_TEST

START_TEST(who_listens_is_in_nobody_s_slot_and_can_not_be_heard)
{
    Worker *worker = worker_new();
    Member *listener = member_listen(worker, "call", "l", "l");
    Member *a = member_join_slots(worker, "call", "a", "a", 1, FALSE);
    Member *b = member_join_slots(worker, "call", "b", "b", 1, FALSE);
    ASSERT_SLOTS(worker, "l", "a,b,-");
    ASSERT_SLOTS(worker, "a", "b");
    ASSERT_SLOTS(worker, "b", "a");
    ck_assert_ptr_null(strstr(listener->answer, "a=sendrecv"));
    ck_assert_ptr_null(strstr(listener->answer, "a=recvonly"));
    send_frame(a, 0, 0, TRUE);
    send_frame(b, 0, 0, TRUE);
    AWAIT(came(listener, slot_ssrc(listener, 0), NULL) == 1 && came(listener, slot_ssrc(listener, 1), NULL) == 1, a, b,
          listener);
    AWAIT(came(a, slot_ssrc(a, 0), NULL) == 1, a, b, listener);
    /* Against its own word: nobody gets it. What B sends after it has come, it would have come too. */
    send_frame(listener, 0, 0, TRUE);
    send_frame(b, 2, 0, FALSE);
    AWAIT(came(a, slot_ssrc(a, 0), NULL) == 2 && came(listener, slot_ssrc(listener, 1), NULL) == 2, a, b, listener);
    ck_assert_uint_eq(a->rtp->len, 2);
    ck_assert_uint_eq(b->rtp->len, 1);
    /* Who comes back by a connection that sends is seen. */
    Member *speaker = member_join_slots(worker, "call", "l2", "l", 3, FALSE);
    ASSERT_SLOTS(worker, "a", "b"); /* its one slot is taken */
    leave(worker, "b");
    ASSERT_SLOTS(worker, "a", "l2");
    member_free(speaker);
    member_free(listener);
    member_free(a);
    member_free(b);
    worker_free(worker);
}
END_TEST

START_TEST(congestion_control_ends_at_the_relay_while_there_are_three)
{
    const guint8 fci[12] = {0, 1, 0, 2, 0, 0, 7, 5, 0xd4, 0, 4, 4};
    Worker *worker = worker_new();
    Member *a = member_join_slots(worker, "call", "a", "a", 3, FALSE);
    Member *b = member_join_slots(worker, "call", "b", "b", 3, FALSE);
    Member *c = member_join_slots(worker, "call", "c", "c", 3, FALSE);
    guint bytes = 0;
    KcRtpHeader last;
    send_frame(a, 0, 0, TRUE);
    AWAIT(came(b, slot_ssrc(b, 0), &last) == 1, a, b, c);
    ck_assert_ptr_null(kc_rtp_extension_find(&last, MEMBER_EXT_TRANSPORT_CC, &bytes));
    KcRtcpWriter writer = {.len = 0};
    kc_rtcp_write_rtpfb(&writer, KC_RTPFB_TRANSPORT_CC, 1, b->video_ssrc, fci, sizeof fci);
    member_send_rtcp(b, &writer);
    AWAIT(feedbacks(a, KC_RTCP_RTPFB, KC_RTPFB_TRANSPORT_CC, NULL, 0) >= 1, a, b, c);
    leave(worker, "c");
    send_frame(a, 1, 0, FALSE);
    AWAIT(came(b, slot_ssrc(b, 0), &last) == 2, a, b, c);
    ck_assert_ptr_nonnull(kc_rtp_extension_find(&last, MEMBER_EXT_TRANSPORT_CC, &bytes));
    ck_assert_uint_eq(feedbacks(a, KC_RTCP_RTPFB, KC_RTPFB_TRANSPORT_CC, fci, sizeof fci), 0);
    member_send_rtcp(b, &writer);
    AWAIT(feedbacks(a, KC_RTCP_RTPFB, KC_RTPFB_TRANSPORT_CC, fci, sizeof fci) == 1, a, b, c);
    member_free(a);
    member_free(b);
    member_free(c);
    worker_free(worker);
}
END_TEST

/* B reports that half of it is lost, and asks for keyframes without end. */
START_TEST(a_slow_receiver_is_thinned_out_and_harms_nobody)
{
    Worker *worker = worker_new();
    Member *a = member_join_slots(worker, "call", "a", "a", 3, FALSE);
    Member *b = member_join_slots(worker, "call", "b", "b", 3, FALSE);
    Member *c = member_join_slots(worker, "call", "c", "c", 3, FALSE);
    guint32 to_b = slot_ssrc(b, 0);
    guint32 to_c = slot_ssrc(c, 0);
    guint16 picture = 0;
    guint slow = 0;
    send_frame(a, picture++, 0, TRUE);
    AWAIT(came(b, to_b, NULL) == 1 && came(c, to_c, NULL) == 1, a, b, c);
    /* Two pictures a turn, base and upper layer, until B gets one of two. */
    for (guint turn = 0; slow < 3; turn++) {
        ck_assert_uint_lt(turn, 200);
        KcRtcpWriter writer = {.len = 0};
        KcRtcpBlock block = {.ssrc = to_b, .fraction_lost = 128};
        kc_rtcp_write_rr(&writer, 1, &block, 1);
        kc_rtcp_write_pli(&writer, 1, to_b);
        member_send_rtcp(b, &writer);
        guint before_b = came(b, to_b, NULL);
        guint before_c = came(c, to_c, NULL);
        picture += picture % 2;
        send_frame(a, picture++, 0, FALSE);
        send_frame(a, picture++, 1, FALSE);
        AWAIT(came(c, to_c, NULL) == before_c + 2, a, b, c);
        gint64 until_us = g_get_monotonic_time() + 100 * 1000;
        AWAIT(g_get_monotonic_time() > until_us, a, b, c);
        slow += came(b, to_b, NULL) == before_b + 1;
    }
    /* What B gets has no hole, in numbers and pictures. */
    gint seq = -1;
    gint id = -1;
    for (guint i = 0; i < b->rtp->len; i++) {
        KcRtpHeader header;
        gsize len = 0;
        const guint8 *data = g_bytes_get_data(b->rtp->pdata[i], &len);
        ck_assert(kc_rtp_header_parse(data, len, &header) && header.ssrc == to_b);
        ck_assert(seq < 0 || header.seq == (guint16)(seq + 1));
        seq = header.seq;
        gint now = kc_get_u16(header.payload + 2) & 0x7fff;
        ck_assert(id < 0 || now == id + 1 || (i == 1 && now == id + 2)); /* the first turn leaves a number out */
        id = now;
    }
    ck_assert_uint_eq(feedbacks(a, KC_RTCP_RTPFB, KC_RTPFB_NACK, NULL, 0), 0);
    member_free(a);
    member_free(b);
    member_free(c);
    worker_free(worker);
}
END_TEST

START_TEST(pictures_are_large_small_or_hidden_as_the_receiver_chooses)
{
    Worker *worker = worker_new();
    Member *a = member_join_slots(worker, "call", "a", "a", 3, FALSE);
    Member *b = member_join_slots(worker, "call", "b", "b", 3, FALSE);
    Member *c = member_join_slots(worker, "call", "c", "c", 3, FALSE);
    guint32 to_b = slot_ssrc(b, 0);
    guint32 to_c = slot_ssrc(c, 0);
    KcRtpHeader last;
    send_frame(a, 0, 0, TRUE);
    send_frame(a, 1, 1, FALSE);
    AWAIT(came(b, to_b, NULL) == 2 && came(c, to_c, NULL) == 2, a, b, c);
    show(worker, "b", "c", ""); /* A is small */
    send_frame(a, 2, 0, FALSE);
    send_frame(a, 3, 1, FALSE);
    send_frame(a, 4, 0, FALSE);
    AWAIT(came(b, to_b, NULL) == 4 && came(c, to_c, NULL) == 5, a, b, c);
    show(worker, "b", "c", "a");
    send_frame(a, 5, 1, FALSE);
    send_frame(a, 6, 0, TRUE);
    AWAIT(came(c, to_c, NULL) == 7, a, b, c);
    show(worker, "b", "a c", "");
    send_frame(a, 7, 0, FALSE); /* not before a keyframe */
    send_frame(a, 8, 0, TRUE);
    AWAIT(came(b, to_b, &last) == 5 && came(c, to_c, NULL) == 9, a, b, c);
    ck_assert_uint_eq(kc_get_u16(last.payload + 2) & 0x7fff, 4); /* 0, 1, 2, then what was 4, then this */
    ck_assert_uint_eq(last.payload[6] & 1, 0);
    member_free(a);
    member_free(b);
    member_free(c);
    worker_free(worker);
}
END_TEST

static Suite *
four_suite(void)
{
    Suite *suite = suite_create("media/four");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, each_of_four_is_sent_the_other_three_and_recorded);
    tcase_add_test(tcase, who_listens_is_in_nobody_s_slot_and_can_not_be_heard);
    tcase_add_test(tcase, slots_are_held_freed_and_given_back);
    tcase_add_test(tcase, congestion_control_ends_at_the_relay_while_there_are_three);
    tcase_add_test(tcase, a_slow_receiver_is_thinned_out_and_harms_nobody);
    tcase_add_test(tcase, pictures_are_large_small_or_hidden_as_the_receiver_chooses);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(four_suite())
