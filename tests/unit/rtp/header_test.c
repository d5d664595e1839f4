#include "media/rtp/header.h"
#include "tests/support/kc_test.h"

#include <string.h>

typedef struct {
    const char *what;
    guint8 data[48];
    gsize len;
    gboolean ok;
    guint payload_bytes;
    guint padding_bytes;
    guint extension_bytes;
} HeaderCase;

static const HeaderCase header_cases[] = {
    {"plain", {0x80, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xaa}, 13, TRUE, 1, 0, 0},
    {"no payload", {0x80, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3}, 12, TRUE, 0, 0, 0},
    {"cut short", {0x80, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0}, 11, FALSE},
    {"version 1", {0x40, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3}, 12, FALSE},
    {"CSRC", {0x81, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 1, 1, 1, 9}, 17, TRUE, 1, 0, 0},
    {"CSRC missing", {0x82, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 1, 1, 1}, 16, FALSE},
    {"extension", {0x90, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 1, 0x31, 7, 8, 0, 9}, 21, TRUE, 1, 0, 4},
    {"extension too long", {0x90, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 2, 0x31, 7, 8, 0}, 20, FALSE},
    {"extension cut", {0x90, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde}, 14, FALSE},
    {"padding", {0xa0, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 5, 0, 0, 3}, 16, TRUE, 1, 3, 0},
    {"only padding", {0xa0, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4}, 16, TRUE, 0, 4, 0},
    {"padding of none", {0xa0, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 5, 0, 0, 0}, 16, FALSE},
    {"padding into the header", {0xa0, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 5, 0, 0, 5}, 16, FALSE},
};

START_TEST(header_is_parsed)
{
    const HeaderCase *c = &header_cases[_i];
    /* On the heap and exactly as long, so that the sanitizer sees a read too far. */
    g_autofree guint8 *data = g_memdup2(c->data, c->len);
    KcRtpHeader header;
    ck_assert_msg(kc_rtp_header_parse(data, c->len, &header) == c->ok, "%s", c->what);
    if (!c->ok)
        return;
    ck_assert_uint_eq(header.payload_bytes, c->payload_bytes);
    ck_assert_uint_eq(header.padding_bytes, c->padding_bytes);
    ck_assert_uint_eq(header.extension_bytes, c->extension_bytes);
    ck_assert_uint_eq(header.seq, 1);
    ck_assert_uint_eq(header.timestamp, 2);
    ck_assert_uint_eq(header.ssrc, 3);
    ck_assert_uint_eq(header.payload_type, 0x60);
}
END_TEST

typedef struct {
    const char *what;
    guint16 profile;
    guint8 data[16];
    guint16 len;
    guint8 id;
    int found; /* first byte of the value; -1: not found */
    guint bytes;
} ExtensionCase;

static const ExtensionCase extension_cases[] = {
    {"one-byte", 0xbede, {0x31, 7, 8, 0}, 4, 3, 7, 2},
    {"one-byte, second", 0xbede, {0x20, 1, 0x31, 7, 8, 0, 0, 0}, 8, 3, 7, 2},
    {"one-byte, behind padding", 0xbede, {0, 0, 0x30, 9}, 4, 3, 9, 1},
    {"one-byte, absent", 0xbede, {0x31, 7, 8, 0}, 4, 4, -1, 0},
    {"one-byte, stopped by 15", 0xbede, {0xf0, 1, 0x30, 9}, 4, 3, -1, 0},
    {"one-byte, cut", 0xbede, {0x3f, 7, 8, 0}, 4, 3, -1, 0},
    {"two-byte", 0x1000, {3, 2, 7, 8}, 4, 3, 7, 2},
    {"two-byte, second", 0x1005, {200, 1, 5, 3, 1, 7, 0, 0}, 8, 3, 7, 1},
    {"two-byte, cut", 0x1000, {3, 9, 7, 8}, 4, 3, -1, 0},
    {"two-byte, only an id", 0x1000, {0, 0, 0, 3}, 4, 3, -1, 0},
    {"another profile", 0x1234, {0x31, 7, 8, 0}, 4, 3, -1, 0},
};

START_TEST(extension_is_found)
{
    const ExtensionCase *c = &extension_cases[_i];
    g_autofree guint8 *data = g_memdup2(c->data, c->len);
    KcRtpHeader header = {.extension_profile = c->profile, .extension = data, .extension_bytes = c->len};
    guint bytes = 0;
    const guint8 *value = kc_rtp_extension_find(&header, c->id, &bytes);
    ck_assert_msg((value != NULL) == (c->found >= 0), "%s", c->what);
    if (value == NULL)
        return;
    ck_assert_int_eq(*value, c->found);
    ck_assert_uint_eq(bytes, c->bytes);
}
END_TEST

START_TEST(written_header_parses_back)
{
    guint8 data[KC_RTP_HEADER_MAX_BYTES + 4];
    guint8 cc[2] = {1, 2};
    guint8 time[3] = {4, 5, 6};
    KcRtpExtension extensions[2] = {{3, 2, cc}, {2, 3, time}};
    KcRtpHeader header = {.payload_type = 96, .marker = TRUE, .seq = 65535, .timestamp = 0xfffffff0, .ssrc = 77};
    gsize len = kc_rtp_header_write(&header, extensions, 2, data);
    ck_assert_uint_eq(len, 12 + 4 + 8);
    KcRtpHeader back;
    ck_assert(kc_rtp_header_parse(data, len, &back));
    ck_assert(back.marker);
    ck_assert_uint_eq(back.seq, 65535);
    guint bytes = 0;
    ck_assert_mem_eq(kc_rtp_extension_find(&back, 3, &bytes), cc, 2);
    ck_assert_mem_eq(kc_rtp_extension_find(&back, 2, &bytes), time, 3);
}
END_TEST

START_TEST(header_that_does_not_fit_is_refused)
{
    guint8 data[KC_RTP_HEADER_MAX_BYTES];
    guint8 value[16] = {0};
    KcRtpExtension extensions[4] = {{1, 16, value}, {2, 16, value}, {3, 16, value}, {4, 16, value}};
    KcRtpHeader header = {0};
    ck_assert_uint_eq(kc_rtp_header_write(&header, extensions, 4, data), 0);
    ck_assert_uint_gt(kc_rtp_header_write(&header, extensions, 2, data), 0);
}
END_TEST

static Suite *
header_suite(void)
{
    Suite *suite = suite_create("rtp/header");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, header_is_parsed, 0, G_N_ELEMENTS(header_cases));
    tcase_add_loop_test(tcase, extension_is_found, 0, G_N_ELEMENTS(extension_cases));
    tcase_add_test(tcase, written_header_parses_back);
    tcase_add_test(tcase, header_that_does_not_fit_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(header_suite())
