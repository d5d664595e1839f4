#include "src/base/hex.h"
#include "tests/support/kc_test.h"

#include <string.h>

START_TEST(every_byte_reads_back)
{
    guint8 bytes[256], back[256];
    for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)i;
    g_autofree char *text = kc_hex_encode(bytes, sizeof bytes);
    ck_assert_uint_eq(strlen(text), 512);
    ck_assert(g_str_has_prefix(text, "000102") && g_str_has_suffix(text, "fdfeff"));
    ck_assert(kc_hex_decode(text, back, sizeof back));
    ck_assert_mem_eq(bytes, back, sizeof bytes);

    g_autofree char *upper = g_ascii_strup(text, -1);
    memset(back, 0, sizeof back);
    ck_assert(kc_hex_decode(upper, back, sizeof back));
    ck_assert_mem_eq(bytes, back, sizeof bytes);
}
END_TEST

START_TEST(nothing_is_the_empty_text)
{
    guint8 byte = 7;
    g_autofree char *text = kc_hex_encode(&byte, 0);
    ck_assert_str_eq(text, "");
    ck_assert(kc_hex_decode("", &byte, 0));
    ck_assert_uint_eq(byte, 7);
}
END_TEST

START_TEST(other_texts_are_refused)
{
    static const char *const bad[] = {NULL, "", "00", "0000f", "00000", "000000", "00g0", "0x00", "00 0", "-100"};
    guint8 bytes[2];
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_msg(!kc_hex_decode(bad[i], bytes, sizeof bytes), "\"%s\" is taken", bad[i]);
}
END_TEST

static Suite *
hex_suite(void)
{
    Suite *suite = suite_create("base/hex");
    TCase *tcase = tcase_create("hex");
    tcase_add_test(tcase, every_byte_reads_back);
    tcase_add_test(tcase, nothing_is_the_empty_text);
    tcase_add_test(tcase, other_texts_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(hex_suite())
