/* SRTP against the vectors of RFC 3711 and RFC 7714, and packet by packet against libsrtp2, in both directions. */
#include <srtp2/srtp.h>
#include <string.h>

#include "media/transport/srtp_crypto.h"
#include "tests/support/kc_test.h"

static guint8 *
unhex(const char *text, gsize *ret_len)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    for (; *text != '\0'; text += *text == ' ' ? 1 : 2) {
        if (*text == ' ')
            continue;
        guint8 byte = (guint8)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    *ret_len = bytes->len;
    return g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}

static void
fill(const char *hex, guint8 *ret_bytes, gsize len)
{
    gsize n;
    g_autofree guint8 *bytes = unhex(hex, &n);

    ck_assert_uint_eq(n, len);
    memcpy(ret_bytes, bytes, len);
}

static void
assert_hex(const guint8 *bytes, gsize len, const char *hex)
{
    gsize n;
    g_autofree guint8 *expected = unhex(hex, &n);

    ck_assert_uint_eq(n, len);
    ck_assert_mem_eq(bytes, expected, len);
}

/* ---- published vectors ---- */

START_TEST(derives_as_rfc3711_b3)
{
    KcSrtpKeys master = {.profile = KC_SRTP_AES128_CM_SHA1_80};
    KcSrtpSessionKeys keys;

    fill("e1f97a0d3e018be0d64fa32c06de4139", master.key, 16);
    fill("0ec675ad498afeebb6960b3aabe6", master.salt, 14);
    ck_assert(kc_srtp_derive(&master, 0, &keys));
    assert_hex(keys.key, 16, "c61e7a93744f39ee10734afe3ff7a087");
    assert_hex(keys.salt, 14, "30cbbc08863d8c85d49db34a9ae1");
    assert_hex(keys.auth, 20, "cebe321f6ff7716b6fd4ab49af256a156d38baa4");
}
END_TEST

START_TEST(key_stream_of_rfc3711_b2)
{
    KcSrtpSessionKeys keys = {0};
    KcSrtpCrypto crypto = {0};
    guint8 zeros[48] = {0}, out[12 + 48 + 10] = {0x80};
    struct iovec payload = {zeros, sizeof zeros};

    fill("2b7e151628aed2a6abf7158809cf4f3c", keys.key, 16);
    fill("f0f1f2f3f4f5f6f7f8f9fafbfcfd", keys.salt, 14);
    ck_assert(kc_srtp_crypto_init(&crypto, KC_SRTP_AES128_CM_SHA1_80, &keys));
    ck_assert(kc_srtp_seal_rtp(&crypto, 0, 12, &payload, 1, out, 60));
    assert_hex(out + 12, 48,
               "e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab 41e95b3bb0a2e8dd477901e4fca894c0");
    kc_srtp_crypto_clear(&crypto);
}
END_TEST

#define GALLIA "47616c6c69612065 7374206f6d6e6973 2064697669736120 696e207061727465 732074726573"

START_TEST(rtp_of_rfc7714_16_1)
{
    KcSrtpSessionKeys keys = {0};
    KcSrtpCrypto crypto = {0};
    guint8 out[200];
    gsize len;
    g_autofree guint8 *packet = unhex("8040f17b 8041f8d3 5501a0b2 " GALLIA, &len);
    struct iovec payload = {packet + 12, len - 12};

    fill("000102030405060708090a0b0c0d0e0f", keys.key, 16);
    memcpy(keys.salt, "Quid pro quo", 12);
    ck_assert(kc_srtp_crypto_init(&crypto, KC_SRTP_AEAD_AES_128_GCM, &keys));
    memcpy(out, packet, 12);
    ck_assert(kc_srtp_seal_rtp(&crypto, 0xf17b, 12, &payload, 1, out, len));
    assert_hex(out, len + 16,
               "8040f17b 8041f8d3 5501a0b2 f24de3a3fb34de6cacba861c9d7e4bca be633bd50d294e6f42a5f47a51c7d19b "
               "36de3adf8833 899d7f27beb16a9152cf765ee4390cce");
    ck_assert(kc_srtp_open_rtp(&crypto, 0xf17b, out, 12, len));
    ck_assert_mem_eq(out, packet, len);
    kc_srtp_crypto_clear(&crypto);
}
END_TEST

START_TEST(rtcp_of_rfc7714_17_1)
{
    KcSrtpSessionKeys keys = {0};
    KcSrtpCrypto crypto = {0};
    guint8 out[200];
    gsize len;
    g_autofree guint8 *packet = unhex("81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 "
                                      "deadbeef deadbeef deadbeef deadbeef deadbeef",
                                      &len);

    fill("000102030405060708090a0b0c0d0e0f", keys.key, 16);
    memcpy(keys.salt, "Quid pro quo", 12);
    ck_assert(kc_srtp_crypto_init(&crypto, KC_SRTP_AEAD_AES_128_GCM, &keys));
    ck_assert(kc_srtp_seal_rtcp(&crypto, 0x5d4, packet, len, out));
    assert_hex(out, len + 20,
               "81c8000d 4d617273 63e94885dcdab67ca727d7662f6b7e99 7ff5c0f76c06f32dc676a5f1730d6fda "
               "4ce09b4686303ded0bb9275bc84aa458 96cf4d2fc5abf87245d9eade 800005d4");
    ck_assert(kc_srtp_open_rtcp(&crypto, out, len));
    ck_assert_mem_eq(out, packet, len);
    kc_srtp_crypto_clear(&crypto);
}
END_TEST

/* ---- against libsrtp2 ---- */

typedef struct {
    KcSrtp *ours_out, *ours_in; /* protect, unprotect */
    srtp_t theirs_out, theirs_in;
} Pair;

static KcSrtpKeys
some_keys(KcSrtpProfile profile)
{
    KcSrtpKeys keys = {.profile = profile};

    for (guint i = 0; i < 16; i++)
        keys.key[i] = (guint8)(i * 7 + 1);
    for (guint i = 0; i < (profile == KC_SRTP_AEAD_AES_128_GCM ? 12 : 14); i++)
        keys.salt[i] = (guint8)(200 - i);
    return keys;
}

static srtp_t
reference(const KcSrtpKeys *keys, srtp_ssrc_type_t type)
{
    gboolean gcm = keys->profile == KC_SRTP_AEAD_AES_128_GCM;
    guint8 key[30];
    srtp_policy_t policy = {.ssrc = {.type = type}, .key = key, .window_size = KC_SRTP_WINDOW_PACKETS};
    srtp_t session = NULL;

    memcpy(key, keys->key, 16);
    memcpy(key + 16, keys->salt, gcm ? 12 : 14);
    if (gcm) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_rtp_default(&policy.rtp);
        srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    }
    ck_assert_int_eq(srtp_create(&session, &policy), srtp_err_status_ok);
    return session;
}

static Pair
pair_new(KcSrtpProfile profile)
{
    KcSrtpKeys keys = some_keys(profile);

    srtp_init();
    return (Pair){kc_srtp_new(&keys), kc_srtp_new(&keys), reference(&keys, ssrc_any_outbound),
                  reference(&keys, ssrc_any_inbound)};
}

static void
pair_free(Pair *pair)
{
    kc_srtp_free(pair->ours_out);
    kc_srtp_free(pair->ours_in);
    srtp_dealloc(pair->theirs_out);
    srtp_dealloc(pair->theirs_in);
    srtp_shutdown();
}

/* A packet whose shape (CSRCs, extension, payload length) follows from its number. */
static gsize
make_rtp(guint n, guint16 seq, guint32 ssrc, guint8 *ret_packet, gsize *ret_header_len)
{
    guint csrcs = n % 3, words = n % 4, payload = n * 37 % 1100;
    gsize at = 12;

    memset(ret_packet, 0, 1500);
    ret_packet[0] = (guint8)(0x80 | (words > 0 ? 0x10 : 0) | csrcs);
    ret_packet[1] = 96;
    ret_packet[2] = (guint8)(seq >> 8);
    ret_packet[3] = (guint8)seq;
    for (guint i = 0; i < 4; i++)
        ret_packet[8 + i] = (guint8)(ssrc >> (24 - 8 * i));
    at += 4 * csrcs;
    if (words > 0) {
        memcpy(ret_packet + at, "\xbe\xde\0", 3);
        ret_packet[at + 3] = (guint8)words;
        memset(ret_packet + at + 4, 0x10, 4 * words);
        at += 4 + 4 * words;
    }
    *ret_header_len = at;
    for (guint i = 0; i < payload; i++)
        ret_packet[at + i] = (guint8)(i ^ n);
    return at + payload;
}

static gsize
protect(KcSrtp *srtp, const guint8 *packet, gsize header_len, gsize len, guint8 *out)
{
    gsize cut = (len - header_len) / 3;
    struct iovec pieces[2] = {{(guint8 *)packet + header_len, cut},
                              {(guint8 *)packet + header_len + cut, len - header_len - cut}};
    gssize got = kc_srtp_protect_rtp(srtp, packet, header_len, pieces, 2, out, 1500);

    ck_assert_int_gt(got, 0);
    return (gsize)got;
}

static const KcSrtpProfile profiles[] = {KC_SRTP_AES128_CM_SHA1_80, KC_SRTP_AEAD_AES_128_GCM};

/* From just below 2^15, over two rollovers in steps that keep the test short. */
START_TEST(rtp_is_that_of_libsrtp)
{
    Pair pair = pair_new(profiles[_i]);
    guint8 plain[1500], ours[1500], theirs[1500];

    for (guint n = 0; n < 400; n++) {
        guint16 seq = (guint16)(32000 + n * 499);
        gsize header_len, len = make_rtp(n, seq, 0x1000 + n % 2, plain, &header_len);
        gsize ours_len = protect(pair.ours_out, plain, header_len, len, ours);
        int theirs_len = (int)len;

        memcpy(theirs, plain, len);
        ck_assert_int_eq(srtp_protect(pair.theirs_out, theirs, &theirs_len), srtp_err_status_ok);
        ck_assert_uint_eq(ours_len, (gsize)theirs_len);
        ck_assert_mem_eq(ours, theirs, ours_len);

        ck_assert_int_eq(srtp_unprotect(pair.theirs_in, ours, &theirs_len), srtp_err_status_ok);
        ck_assert_uint_eq((gsize)theirs_len, len);
        ck_assert_int_eq(kc_srtp_unprotect_rtp(pair.ours_in, theirs, ours_len), (gssize)len);
        ck_assert_mem_eq(theirs, plain, len);
    }
    pair_free(&pair);
}
END_TEST

START_TEST(rtcp_is_that_of_libsrtp)
{
    Pair pair = pair_new(profiles[_i]);
    guint8 plain[400], ours[500], theirs[500];

    for (guint n = 0; n < 40; n++) {
        gsize len = 8 + 4 * (n % 20);
        int theirs_len = (int)len;

        memset(plain, (int)n, sizeof plain);
        memcpy(plain, "\x80\xc8\0\6\0\0\x10\1", 8);
        /* libsrtp counts from 1: both begin level if ours throws its 0 away. */
        if (n == 0)
            ck_assert_int_gt(kc_srtp_protect_rtcp(pair.ours_out, plain, len, ours, sizeof ours), 0);
        gssize ours_len = kc_srtp_protect_rtcp(pair.ours_out, plain, len, ours, sizeof ours);
        memcpy(theirs, plain, len);
        ck_assert_int_eq(srtp_protect_rtcp(pair.theirs_out, theirs, &theirs_len), srtp_err_status_ok);
        ck_assert_int_eq(ours_len, theirs_len);
        ck_assert_mem_eq(ours, theirs, (gsize)ours_len);
        ck_assert_int_eq(srtp_unprotect_rtcp(pair.theirs_in, ours, &theirs_len), srtp_err_status_ok);
        ck_assert_int_eq(kc_srtp_unprotect_rtcp(pair.ours_in, theirs, (gsize)ours_len), (gssize)len);
        ck_assert_mem_eq(theirs, plain, len);
    }
    pair_free(&pair);
}
END_TEST

/* ---- what may go wrong ---- */

static gssize
open_copy(KcSrtp *srtp, const guint8 *packet, gsize len)
{
    guint8 copy[1500];

    memcpy(copy, packet, len);
    return kc_srtp_unprotect_rtp(srtp, copy, len);
}

START_TEST(reordering_over_the_rollover)
{
    static const guint16 order[] = {65533, 65535, 1, 65534, 0, 3, 65532, 2};
    KcSrtpKeys keys = some_keys(profiles[_i]);
    KcSrtp *out = kc_srtp_new(&keys), *in = kc_srtp_new(&keys);
    guint8 plain[1500], packets[8][1500];
    gsize lens[8], header_len;

    for (guint i = 0; i < 8; i++) {
        guint16 seq = (guint16)(65532 + i);
        guint at = 0;

        while (order[at] != seq)
            at++;
        lens[at] = protect(out, plain, 12, make_rtp(3 * i * 4, seq, 7, plain, &header_len), packets[at]);
    }
    for (guint i = 0; i < 8; i++)
        ck_assert_int_gt(open_copy(in, packets[i], lens[i]), 0);
    for (guint i = 0; i < 8; i++)
        ck_assert_int_eq(open_copy(in, packets[i], lens[i]), KC_SRTP_REPLAYED);
    kc_srtp_free(out);
    kc_srtp_free(in);
}
END_TEST

START_TEST(tampering_is_seen_and_changes_nothing)
{
    KcSrtpKeys keys = some_keys(profiles[_i]);
    KcSrtp *out = kc_srtp_new(&keys), *in = kc_srtp_new(&keys);
    guint8 plain[1500], sealed[1500], copy[1500];
    gsize header_len, plain_len = make_rtp(11, 5, 9, plain, &header_len);
    gsize len = protect(out, plain, header_len, plain_len, sealed);

    for (gsize at = 0; at < len; at++) {
        memcpy(copy, sealed, len);
        copy[at] ^= 0x01;
        ck_assert_int_lt(kc_srtp_unprotect_rtp(in, copy, len), 0);
    }
    for (gsize cut = 0; cut < len; cut++) {
        memcpy(copy, sealed, len);
        ck_assert_int_lt(kc_srtp_unprotect_rtp(in, copy, cut), 0);
    }
    memcpy(copy, sealed, len);
    ck_assert_int_eq(kc_srtp_unprotect_rtp(in, copy, len), (gssize)plain_len);
    ck_assert_mem_eq(copy, plain, plain_len);
    kc_srtp_free(out);
    kc_srtp_free(in);
}
END_TEST

START_TEST(a_number_is_protected_once)
{
    KcSrtpKeys keys = some_keys(profiles[_i]);
    KcSrtp *out = kc_srtp_new(&keys);
    guint8 plain[1500], sealed[1500];
    gsize header_len, len = make_rtp(4, 100, 9, plain, &header_len);
    struct iovec payload = {plain + header_len, len - header_len};

    ck_assert_int_gt(kc_srtp_protect_rtp(out, plain, header_len, &payload, 1, sealed, sizeof sealed), 0);
    ck_assert_int_eq(kc_srtp_protect_rtp(out, plain, header_len, &payload, 1, sealed, sizeof sealed), KC_SRTP_REPLAYED);
    plain[3]++;
    ck_assert_int_eq(kc_srtp_protect_rtp(out, plain, header_len, &payload, 1, sealed, len), KC_SRTP_LIMIT);
    ck_assert_int_eq(kc_srtp_protect_rtp(out, plain, 11, &payload, 1, sealed, sizeof sealed), KC_SRTP_MALFORMED);
    kc_srtp_free(out);
}
END_TEST

START_TEST(rtcp_replays_and_tampering)
{
    KcSrtpKeys keys = some_keys(profiles[_i]);
    KcSrtp *out = kc_srtp_new(&keys), *in = kc_srtp_new(&keys);
    guint8 plain[28] = {0x80, 0xc9, 0, 6, 0, 0, 0, 1}, sealed[100], copy[100];
    gsize len = (gsize)kc_srtp_protect_rtcp(out, plain, sizeof plain, sealed, sizeof sealed);

    for (gsize at = 0; at < len; at++) {
        memcpy(copy, sealed, len);
        copy[at] ^= 0x80;
        ck_assert_int_lt(kc_srtp_unprotect_rtcp(in, copy, len), 0);
    }
    memcpy(copy, sealed, len);
    ck_assert_int_eq(kc_srtp_unprotect_rtcp(in, copy, len), sizeof plain);
    memcpy(copy, sealed, len);
    ck_assert_int_eq(kc_srtp_unprotect_rtcp(in, copy, len), KC_SRTP_REPLAYED);
    kc_srtp_free(out);
    kc_srtp_free(in);
}
END_TEST

START_TEST(ssrcs_have_a_limit)
{
    KcSrtpKeys keys = some_keys(KC_SRTP_AEAD_AES_128_GCM);
    KcSrtp *out = kc_srtp_new(&keys);
    guint8 plain[1500], sealed[1500];
    gsize header_len;

    for (guint i = 0; i <= KC_SRTP_SSRCS_MAX; i++) {
        make_rtp(0, 1, 1 + i, plain, &header_len);
        gssize got = kc_srtp_protect_rtp(out, plain, header_len, NULL, 0, sealed, sizeof sealed);
        ck_assert_int_eq(got, i < KC_SRTP_SSRCS_MAX ? 28 : KC_SRTP_LIMIT);
    }
    kc_srtp_free(out);
}
END_TEST

static Suite *
srtp_suite(void)
{
    Suite *suite = suite_create("transport/srtp");
    TCase *vectors = tcase_create("vectors"), *both = tcase_create("both profiles");

    tcase_add_test(vectors, derives_as_rfc3711_b3);
    tcase_add_test(vectors, key_stream_of_rfc3711_b2);
    tcase_add_test(vectors, rtp_of_rfc7714_16_1);
    tcase_add_test(vectors, rtcp_of_rfc7714_17_1);
    tcase_add_test(vectors, ssrcs_have_a_limit);
    tcase_add_loop_test(both, rtp_is_that_of_libsrtp, 0, 2);
    tcase_add_loop_test(both, rtcp_is_that_of_libsrtp, 0, 2);
    tcase_add_loop_test(both, reordering_over_the_rollover, 0, 2);
    tcase_add_loop_test(both, tampering_is_seen_and_changes_nothing, 0, 2);
    tcase_add_loop_test(both, a_number_is_protected_once, 0, 2);
    tcase_add_loop_test(both, rtcp_replays_and_tampering, 0, 2);
    suite_add_tcase(suite, vectors);
    suite_add_tcase(suite, both);
    return suite;
}

KC_TEST_MAIN(srtp_suite())
