/* Offers of real browsers, hostile offers by table, and answers read back. */
#include <string.h>

#include "media/transport/sdp.h"
#include "src/base/limits.h"
#include "tests/media/transport/offers.h"
#include "tests/support/kc_test.h"

static KcSdpOffer *
parse(const char *text)
{
    g_auto(KcSdpRefusal) refusal = {0};
    KcSdpOffer *offer = kc_sdp_offer_parse(text, strlen(text), &refusal);

    ck_assert_msg(offer != NULL, "%s: %s", refusal.code, refusal.detail);
    return offer;
}

static KcSdpOffer *
parse_file(const char *name)
{
    g_autofree char *path = g_build_filename(g_getenv("KC_SDP_CORPUS"), name, NULL);
    g_autofree char *text = NULL;

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    return parse(text);
}

static char *
answer(const KcSdpOffer *offer, const KcSdpSend *sends)
{
    static const guint8 fingerprint[KC_SDP_FINGERPRINT_BYTES] = {0xab, 0xcd};
    KcUdpAddr offered[2];
    KcSdpAnswer description = {.session_id = "42",
                               .ufrag = "ufragnow",
                               .pwd = "pwdpwdpwdpwdpwdpwdpwdpwd",
                               .fingerprint = fingerprint,
                               .offered = offered,
                               .n_offered = G_N_ELEMENTS(offered),
                               .offered_tcp = offered,
                               .n_offered_tcp = G_N_ELEMENTS(offered),
                               .cname = "cname"};

    ck_assert(kc_udp_addr_parse("192.0.2.1", 40000, &offered[0]) && kc_udp_addr_parse("2001:db8::1", 50000, &offered[1]));
    memcpy(description.sends, sends, sizeof description.sends);
    return kc_sdp_answer_write(offer, &description);
}

static guint
count(const char *text, const char *what)
{
    guint n = 0;

    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

START_TEST(chromium)
{
    g_autoptr(KcSdpOffer) offer = parse_file("chromium.sdp");
    const KcSdpSection *video = &offer->sections[1];

    ck_assert_uint_eq(offer->n_sections, 5);
    ck_assert_str_eq(offer->session_id, "876572230103476777");
    ck_assert_str_eq(offer->ufrag, "Kl9N");
    ck_assert_int_eq(offer->setup, KC_SDP_ACTPASS);
    ck_assert_uint_eq(offer->fingerprint[0], 0x5e);
    ck_assert_uint_eq(offer->fingerprint[31], 0x96);
    ck_assert_uint_eq(offer->sections[0].payload_type, 111);
    ck_assert_uint_eq(offer->sections[0].ssrc, 227151721);
    ck_assert_uint_eq(video->payload_type, 96);
    ck_assert_uint_eq(video->rtx_payload_type, 97);
    ck_assert_uint_eq(video->feedback, KC_SDP_FB_NACK | KC_SDP_FB_PLI | KC_SDP_FB_FIR | KC_SDP_FB_TRANSPORT_CC);
    ck_assert_uint_eq(video->ext_mid, 4);
    ck_assert_uint_eq(video->ext_transport_cc, 3);
    ck_assert_uint_eq(video->ext_abs_send_time, 2);
    ck_assert_uint_ne(video->rtx_ssrc, 0);
    ck_assert_int_eq(offer->sections[2].direction, KC_SDP_RECV);
    ck_assert(!offer->sections[4].accepted);
    ck_assert_str_eq(offer->sections[4].media, "application");
}
END_TEST

START_TEST(firefox)
{
    g_autoptr(KcSdpOffer) offer = parse_file("firefox.sdp");

    ck_assert_uint_eq(offer->n_sections, 2);
    ck_assert_uint_eq(offer->fingerprint[0], 0x39); /* said once, for the session */
    ck_assert(offer->sections[1].accepted);         /* port 0, but bundle-only */
    ck_assert_uint_eq(offer->sections[1].payload_type, 120);
    ck_assert_uint_eq(offer->sections[1].rtx_payload_type, 124);
    ck_assert_uint_eq(offer->sections[1].ssrc, 3671321233u);
    ck_assert_uint_eq(offer->sections[1].rtx_ssrc, 1934023418u);
    ck_assert_uint_eq(offer->sections[0].ext_mid, 3);
}
END_TEST

/* What the page of a call offers in Firefox 153: transport-cc for sound too, and SSRCs where it only receives. */
START_TEST(firefox_call)
{
    g_autoptr(KcSdpOffer) offer = parse_file("firefox-call.sdp");
    KcSdpSend sends[KC_SDP_SECTIONS_MAX] = {{11, 0, "s", "a"}, {12, 13, "s", "v"}, {14, 0, "t", "b"}, {15, 16, "t", "w"}};

    ck_assert_uint_eq(offer->n_sections, 6);
    ck_assert_int_eq(offer->setup, KC_SDP_ACTPASS);
    for (guint i = 0; i < 6; i++) {
        const KcSdpSection *section = &offer->sections[i];
        gboolean video = i % 2 == 1;

        ck_assert(section->accepted);
        ck_assert_int_eq(section->direction, i < 2 ? KC_SDP_SENDRECV : KC_SDP_RECV);
        ck_assert_uint_eq(section->payload_type, video ? 120 : 109);
        ck_assert_uint_eq(section->rtx_payload_type, video ? 124 : 0);
        ck_assert_uint_eq(section->ext_mid, 3);
        ck_assert_uint_eq(section->ext_transport_cc, 7);
        ck_assert_uint_eq(section->feedback, KC_SDP_FB_TRANSPORT_CC |
                                                 (video ? KC_SDP_FB_NACK | KC_SDP_FB_PLI | KC_SDP_FB_FIR : 0));
    }
    ck_assert_uint_eq(offer->sections[1].ssrc, 1970351817u);
    ck_assert_uint_eq(offer->sections[1].rtx_ssrc, 912400915u);

    g_autofree char *text = answer(offer, sends);
    ck_assert_uint_eq(count(text, "a=group:BUNDLE 0 1 2 3 4 5\r\n"), 1);
    ck_assert_uint_eq(count(text, "a=sendonly"), 2);
    ck_assert_uint_eq(count(text, "a=inactive"), 2);
    ck_assert_uint_eq(count(text, "a=rtcp-fb:109 transport-cc"), 3);
}
END_TEST

START_TEST(answer_says_what_was_offered)
{
    g_autoptr(KcSdpOffer) offer = parse_file("chromium.sdp");
    KcSdpSend sends[KC_SDP_SECTIONS_MAX] = {{11, 0, "s", "a"}, {12, 13, "s", "v"}};
    g_autofree char *text = answer(offer, sends);

    ck_assert_uint_eq(count(text, "m="), 5);
    ck_assert_uint_eq(count(text, "m=application 0 "), 1);
    ck_assert_uint_eq(count(text, "\r\na=ice-lite\r\n"), 1);
    ck_assert_uint_eq(count(text, "a=group:BUNDLE 0 1 2 3\r\n"), 1);
    ck_assert_uint_eq(count(text, "a=setup:passive"), 4);
    ck_assert_uint_eq(count(text, "a=sendrecv"), 2);
    ck_assert_uint_eq(count(text, "a=inactive"), 3); /* two slots we send nothing in, and the data channel */
    ck_assert_uint_eq(count(text, "typ host"), 4);
    ck_assert_uint_eq(count(text, "2130706431 192.0.2.1 40000 typ host"), 1);
    ck_assert_uint_eq(count(text, " udp 2130706175 2001:db8::1 50000 typ host\r\n"), 1);
    ck_assert_uint_eq(count(text, "a=candidate:3 1 tcp 1520435199 192.0.2.1 40000 typ host tcptype passive\r\n"), 1);
    ck_assert_uint_eq(count(text, "a=candidate:4 1 tcp 1520434943 2001:db8::1 50000 typ host tcptype passive\r\n"), 1);
    ck_assert_uint_eq(count(text, "a=fingerprint:sha-256 AB:CD:00:"), 4);
    ck_assert_uint_eq(count(text, "a=ssrc-group:FID 12 13"), 1);
    ck_assert_uint_eq(count(text, "useinbandfec=1"), 2);
    ck_assert_uint_eq(count(text, "a=fmtp:97 apt=96"), 2);
    ck_assert_uint_eq(count(text, "video-orientation"), 0);
    ck_assert_uint_eq(count(text, "a=rtcp-fb:96 transport-cc"), 2);
    ck_assert_uint_eq(count(text, "goog-remb"), 0);
}
END_TEST

START_TEST(roles_and_directions_mirror)
{
    KcSdpSend sends[KC_SDP_SECTIONS_MAX] = {{11, 0, "s", "a"}, {12, 13, "s", "v"}};
    g_autofree char *passive = offer_with("setup:actpass", "setup:passive");
    g_autofree char *send = offer_with("a=sendrecv", "a=sendonly");
    g_autoptr(KcSdpOffer) first = parse(passive);
    g_autoptr(KcSdpOffer) second = parse(send);
    g_autofree char *active = answer(first, sends), *receive = answer(second, sends);

    ck_assert(kc_sdp_offer_makes_us_active(first));
    ck_assert_uint_eq(count(active, "a=setup:active"), 2);
    ck_assert(!kc_sdp_offer_makes_us_active(second));
    ck_assert_uint_eq(count(receive, "a=recvonly"), 2);
    ck_assert_uint_eq(count(receive, "a=ssrc"), 0);
}
END_TEST

/* ---- refusals ---- */

static const struct {
    const char *from, *to;
    guint status;
    const char *code;
} refusals[] = {
    {"v=0", "v=1", 400, "sdp-malformed"},
    {"s=-\r\n", "garbage\r\n", 400, "sdp-malformed"},
    {"s=-", "s=\x01", 400, "sdp-malformed"},
    {"s=-", "s=\xff\xfe", 400, "sdp-malformed"},
    {"o=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n", "", 400, "sdp-malformed"},
    {"a=mid:1", "a=mid:0", 422, "sdp-duplicate-mid"},
    {"a=mid:1\r\n", "", 422, "sdp-no-mid"},
    {"a=mid:1", "a=mid:12345678901234567", 422, "sdp-bad-mid"},
    {"a=mid:1", "a=mid:<b>", 422, "sdp-bad-mid"},
    {"a=group:BUNDLE 0 1\r\n", "", 422, "sdp-no-bundle"},
    {"a=group:BUNDLE 0 1", "a=group:BUNDLE 0", 422, "sdp-no-bundle"},
    {"a=rtcp-mux\r\n", "", 422, "sdp-no-rtcp-mux"},
    {"a=fingerprint:sha-256 " OFFER_FINGERPRINT "\r\n", "", 422, "sdp-no-fingerprint"},
    {"a=fingerprint:sha-256 ", "a=fingerprint:sha-1 ", 422, "sdp-no-fingerprint"},
    {OFFER_FINGERPRINT, "39:4A", 422, "sdp-bad-fingerprint"},
    {"39:4A", "39-4A", 422, "sdp-bad-fingerprint"},
    {"39:4A", "39:4G", 422, "sdp-bad-fingerprint"},
    {"a=ice-ufrag:Kl9N\r\n", "", 422, "sdp-no-ice"},
    {"a=ice-ufrag:Kl9N", "a=ice-ufrag:Kl9", 422, "sdp-bad-ice"},
    {"a=ice-ufrag:Kl9N", "a=ice-ufrag:Kl 9N", 422, "sdp-bad-ice"},
    {"a=ice-pwd:zCbDKr3HbY7Go1rTqQrCM+hz", "a=ice-pwd:short", 422, "sdp-bad-ice"},
    {"a=setup:actpass\r\n", "", 422, "sdp-bad-setup"},
    {"a=setup:actpass", "a=setup:holdconn", 422, "sdp-bad-setup"},
    {"a=extmap:3 ", "a=extmap:4 ", 422, "sdp-bad-extmap"},
    {"a=ssrc:1001", "a=ssrc:2001", 422, "sdp-duplicate-ssrc"},
    {"SAVPF", "AVP", 422, "sdp-no-media"},
    {"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "m=audio 9 UDP/TLS/RTP/SAVPF\r\n", 422, NULL},
};

START_TEST(refuses)
{
    g_autofree char *text = offer_with(refusals[_i].from, refusals[_i].to);
    g_auto(KcSdpRefusal) refusal = {0};
    g_autoptr(KcSdpOffer) offer = kc_sdp_offer_parse(text, strlen(text), &refusal);

    ck_assert_msg(strcmp(text, OFFER) != 0, "%s", refusals[_i].from);
    if (refusals[_i].code == NULL) {
        /* A section without formats is one we don't serve, or a line that can't be read: either, but no crash. */
        ck_assert(offer == NULL || !offer->sections[0].accepted);
        return;
    }
    ck_assert_msg(offer == NULL, "%s", refusals[_i].to);
    ck_assert_str_eq(refusal.code, refusals[_i].code);
    ck_assert_uint_eq(refusal.status, refusals[_i].status);
    ck_assert_uint_gt(strlen(refusal.detail), 10);
}
END_TEST

static void
assert_refused(const char *text, gsize len, guint status, const char *code)
{
    g_auto(KcSdpRefusal) refusal = {0};

    ck_assert_ptr_null(kc_sdp_offer_parse(text, len, &refusal));
    ck_assert_uint_eq(refusal.status, status);
    ck_assert_str_eq(refusal.code, code);
}

START_TEST(sizes_and_numbers_have_limits)
{
    g_autoptr(GString) many = g_string_new(OFFER_HEAD), five = g_string_new(OFFER_HEAD);
    g_autofree char *large = g_malloc(1024 * 1024);

    for (guint i = 0; i < 200; i++)
        g_string_append_printf(many, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:%u\r\n", i);
    assert_refused(many->str, many->len, 422, "sdp-too-many-sections");
    for (guint i = 0; i < 5; i++)
        g_string_append_printf(five, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:%u\r\n", i);
    assert_refused(five->str, five->len, 422, "sdp-too-many-sections");
    memset(large, 'a', 1024 * 1024);
    assert_refused(large, 1024 * 1024, 400, "sdp-too-large");
    assert_refused("", 0, 400, "sdp-malformed");
    assert_refused("v=0\r\n\0", 6, 400, "sdp-malformed");

    /* At the limit, and one above it. */
    g_autoptr(GString) padded = g_string_new(OFFER);
    while (padded->len + 40 < KC_LIMIT_SDP_BYTES)
        g_string_append(padded, "a=xxxxxxxxxxxxxxxxxxxxxxx\r\n");
    while (padded->len < KC_LIMIT_SDP_BYTES)
        g_string_append_c(padded, '\n');
    kc_sdp_offer_free(parse(padded->str));
    g_string_append_c(padded, '\n');
    assert_refused(padded->str, padded->len, 400, "sdp-too-large");
}
END_TEST

START_TEST(what_is_not_served_is_rejected_alone)
{
    g_autofree char *text = offer_with("VP8/90000", "H264/90000");
    g_autoptr(KcSdpOffer) offer = parse(text);
    KcSdpSend sends[KC_SDP_SECTIONS_MAX] = {{11, 0, "s", "a"}, {12, 13, "s", "v"}};
    g_autofree char *out = answer(offer, sends);

    ck_assert(offer->sections[0].accepted && !offer->sections[1].accepted);
    ck_assert_uint_eq(count(out, "m=video 0 UDP/TLS/RTP/SAVPF 96 97"), 1);
    ck_assert_uint_eq(count(out, "a=group:BUNDLE 0\r\n"), 1);
}
END_TEST

START_TEST(fragments)
{
    static const char restart[] = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 RTP/AVP 0\r\n"
                                  "a=mid:0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n";
    static const char bare[] = "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n";
    g_auto(KcSdpFrag) frag = {0}, none = {0};
    g_auto(KcSdpRefusal) refusal = {0}, second = {0}, third = {0};

    ck_assert(kc_sdp_frag_parse(restart, strlen(restart), &frag, &refusal));
    ck_assert_str_eq(frag.ufrag, "abcd");
    ck_assert_str_eq(frag.pwd, "0123456789012345678901");
    ck_assert(!kc_sdp_frag_parse(bare, strlen(bare), &none, &second));
    ck_assert_uint_eq(second.status, 422);
    ck_assert(!kc_sdp_frag_parse("{}", 2, &none, &third));
    ck_assert_uint_eq(third.status, 400);
}
END_TEST

static Suite *
sdp_suite(void)
{
    Suite *suite = suite_create("transport/sdp");
    TCase *good = tcase_create("good"), *bad = tcase_create("bad");

    tcase_add_test(good, chromium);
    tcase_add_test(good, firefox);
    tcase_add_test(good, firefox_call);
    tcase_add_test(good, answer_says_what_was_offered);
    tcase_add_test(good, roles_and_directions_mirror);
    tcase_add_test(good, what_is_not_served_is_rejected_alone);
    tcase_add_test(good, fragments);
    tcase_add_loop_test(bad, refuses, 0, G_N_ELEMENTS(refusals));
    tcase_add_test(bad, sizes_and_numbers_have_limits);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, bad);
    return suite;
}

KC_TEST_MAIN(sdp_suite())
