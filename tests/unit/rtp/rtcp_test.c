#include "media/rtp/rtcp.h"
#include "tests/support/kc_test.h"

START_TEST(compound_round_trip)
{
    KcRtcpWriter writer = {.len = 0};
    KcRtcpSenderInfo info = {.ssrc = 1, .ntp = 0x0102030405060708, .rtp = 9, .packets = 10, .bytes = 11};
    KcRtcpBlock block = {
        .ssrc = 2, .fraction_lost = 3, .lost = -4, .highest_seq = 5, .jitter = 6, .last_sr = 7, .delay = 8};
    kc_rtcp_write_sr(&writer, &info, &block, 1);
    kc_rtcp_write_sdes(&writer, 1, "kuaichu");
    kc_rtcp_write_bye(&writer, 1);
    gsize offset = 0;
    KcRtcpPart part;
    ck_assert(kc_rtcp_next(writer.data, writer.len, &offset, &part));
    KcRtcpSenderInfo info_back;
    KcRtcpBlock block_back;
    ck_assert(kc_rtcp_sender_info(&part, &info_back));
    ck_assert_uint_eq(info_back.ntp, info.ntp);
    ck_assert_uint_eq(info_back.rtp, info.rtp);
    ck_assert_uint_eq(info_back.bytes, info.bytes);
    ck_assert(kc_rtcp_block(&part, 0, &block_back));
    ck_assert_int_eq(block_back.lost, -4);
    ck_assert_uint_eq(block_back.delay, 8);
    ck_assert(!kc_rtcp_block(&part, 1, &block_back));
    ck_assert(kc_rtcp_next(writer.data, writer.len, &offset, &part));
    ck_assert_uint_eq(part.type, KC_RTCP_SDES);
    ck_assert_uint_eq(part.bytes % 4, 0);
    ck_assert(kc_rtcp_next(writer.data, writer.len, &offset, &part));
    ck_assert_uint_eq(part.type, KC_RTCP_BYE);
    ck_assert(!kc_rtcp_next(writer.data, writer.len, &offset, &part));
}
END_TEST

static void
seq_collect(guint16 seq, gpointer user)
{
    g_array_append_val((GArray *)user, seq);
}

typedef struct {
    guint n;
    guint16 seqs[24];
    gsize fci_bytes;
} NackCase;

static const NackCase nack_cases[] = {
    {1, {5}, 4},
    {3, {5, 6, 21}, 4},
    {3, {5, 6, 22}, 8},
    {3, {65534, 65535, 3}, 4},
    {17, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, 4},
};

START_TEST(nack_round_trip)
{
    const NackCase *c = &nack_cases[_i];
    KcRtcpWriter writer = {.len = 0};
    kc_rtcp_write_nack(&writer, 1, 2, c->seqs, c->n);
    gsize offset = 0;
    KcRtcpPart part;
    guint32 ssrc = 0;
    const guint8 *fci = NULL;
    gsize bytes = 0;
    ck_assert(kc_rtcp_next(writer.data, writer.len, &offset, &part));
    ck_assert(kc_rtcp_feedback(&part, &ssrc, &fci, &bytes));
    ck_assert_uint_eq(ssrc, 2);
    ck_assert_uint_eq(part.count, KC_RTPFB_NACK);
    ck_assert_uint_eq(bytes, c->fci_bytes);
    g_autoptr(GArray) seqs = g_array_new(FALSE, FALSE, sizeof(guint16));
    kc_rtcp_nack_each(fci, bytes, seq_collect, seqs);
    ck_assert_uint_eq(seqs->len, c->n);
    ck_assert_mem_eq(seqs->data, c->seqs, c->n * sizeof(guint16));
}
END_TEST

typedef struct {
    const char *what;
    guint8 data[16];
    gsize len;
    guint parts;
} MalformedCase;

static const MalformedCase malformed_cases[] = {
    {"nothing", {0}, 0, 0},
    {"version 1", {0x40, 201, 0, 1, 0, 0, 0, 1}, 8, 0},
    {"length beyond the end", {0x80, 201, 0, 2, 0, 0, 0, 1}, 8, 0},
    {"second is cut", {0x80, 201, 0, 1, 0, 0, 0, 1, 0x80, 201, 0, 9}, 12, 1},
    {"padding longer than the part", {0xa0, 206, 0, 1, 0, 0, 0, 255}, 8, 1},
};

START_TEST(malformed_is_survived)
{
    const MalformedCase *c = &malformed_cases[_i];
    g_autofree guint8 *data = g_memdup2(c->data, MAX(c->len, 1));
    gsize offset = 0;
    guint parts = 0;
    KcRtcpPart part;
    while (kc_rtcp_next(data, c->len, &offset, &part)) {
        KcRtcpSenderInfo info;
        KcRtcpBlock block;
        guint32 ssrc;
        const guint8 *fci;
        gsize bytes;
        ck_assert(!kc_rtcp_sender_info(&part, &info));
        ck_assert(!kc_rtcp_block(&part, 0, &block));
        ck_assert(!kc_rtcp_feedback(&part, &ssrc, &fci, &bytes));
        parts++;
    }
    ck_assert_msg(parts == c->parts, "%s", c->what);
}
END_TEST

START_TEST(what_does_not_fit_is_left_out)
{
    KcRtcpWriter writer = {.len = KC_RTCP_MAX_BYTES - 8};
    kc_rtcp_write_pli(&writer, 1, 2);
    ck_assert_uint_eq(writer.len, KC_RTCP_MAX_BYTES - 8);
    kc_rtcp_write_bye(&writer, 1);
    ck_assert_uint_eq(writer.len, KC_RTCP_MAX_BYTES);
}
END_TEST

/* Padding (RFC 3550, 6.4.1) is not part of what a feedback says; written again without, it must still be whole. */
START_TEST(a_padded_feedback_is_passed_on_whole)
{
    static const guint8 padded[] = {0xaf, 205, 0, 6, 0, 0, 0, 1, 0, 0, 0, 2, 0, 5, 0, 3, 0, 1, 2, 9, 0x20, 3, 4, 8, 12, 0, 0, 3};
    guint32 ssrc = 0;
    const guint8 *fci = NULL;
    gsize bytes = 0, offset = 0;
    KcRtcpPart part;
    KcRtcpWriter writer = {.len = 0};
    ck_assert(kc_rtcp_next(padded, sizeof padded, &offset, &part));
    ck_assert(kc_rtcp_feedback(&part, &ssrc, &fci, &bytes));
    ck_assert_uint_eq(bytes, 13);
    kc_rtcp_write_rtpfb(&writer, KC_RTPFB_TRANSPORT_CC, 7, 8, fci, bytes);
    ck_assert_uint_eq(writer.len, sizeof padded);
    ck_assert_uint_eq(kc_get_u16(writer.data + 2), 6);
    ck_assert_mem_eq(writer.data + 12, padded + 12, 13);
    ck_assert_mem_eq(writer.data + 25, "\0\0\0", 3);
}
END_TEST

START_TEST(fir_names_its_source)
{
    const guint8 fci[16] = {0, 0, 0, 7, 1, 0, 0, 0, 0, 0, 0, 9, 1, 0, 0, 0};
    ck_assert(kc_rtcp_fir_names(fci, 16, 9));
    ck_assert(!kc_rtcp_fir_names(fci, 8, 9));
    ck_assert(!kc_rtcp_fir_names(fci, 15, 9));
}
END_TEST

static Suite *
rtcp_suite(void)
{
    Suite *suite = suite_create("rtp/rtcp");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, compound_round_trip);
    tcase_add_loop_test(tcase, nack_round_trip, 0, G_N_ELEMENTS(nack_cases));
    tcase_add_loop_test(tcase, malformed_is_survived, 0, G_N_ELEMENTS(malformed_cases));
    tcase_add_test(tcase, what_does_not_fit_is_left_out);
    tcase_add_test(tcase, a_padded_feedback_is_passed_on_whole);
    tcase_add_test(tcase, fir_names_its_source);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(rtcp_suite())
