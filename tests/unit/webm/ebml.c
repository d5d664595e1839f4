#include "tests/support/kc_test.h"
#include "media/webm/ebml.h"

static const struct {
    guint64 size;
    const char *bytes;
    guint len;
} sizes[] = {
    {0, "\x80", 1},
    {126, "\xfe", 1},
    {127, "\x40\x7f", 2}, /* 0xff would mean "unknown" */
    {16382, "\x7f\xfe", 2},
    {16383, "\x20\x3f\xff", 3},
    {KC_EBML_UNKNOWN_SIZE, "\x01\xff\xff\xff\xff\xff\xff\xff", 8},
};

START_TEST(sizes_are_as_short_as_can_be)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    kc_ebml_put_size(out, sizes[_i].size);
    ck_assert_uint_eq(out->len, sizes[_i].len);
    ck_assert_mem_eq(out->data, sizes[_i].bytes, out->len);
}
END_TEST

START_TEST(sizes_are_read_back)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    kc_ebml_put_id(out, KC_EBML_ID_CLUSTER);
    kc_ebml_put_size(out, sizes[_i].size);
    KcEbmlElement element;
    for (guint len = 0; len < out->len; len++)
        ck_assert_int_eq(kc_ebml_read(out->data, len, &element), KC_EBML_SHORT);
    ck_assert_int_eq(kc_ebml_read(out->data, out->len, &element), KC_EBML_OK);
    ck_assert_uint_eq(element.id, KC_EBML_ID_CLUSTER);
    ck_assert_uint_eq(element.size, sizes[_i].size);
    ck_assert_uint_eq(element.head_size, out->len);
}
END_TEST

START_TEST(what_no_element_begins_with_is_bad)
{
    const guint8 no_id[] = {0x00, 0x81, 0};
    const guint8 no_size[] = {0xec, 0x00, 0};
    KcEbmlElement element;
    ck_assert_int_eq(kc_ebml_read(no_id, sizeof no_id, &element), KC_EBML_BAD);
    ck_assert_int_eq(kc_ebml_read(no_size, sizeof no_size, &element), KC_EBML_BAD);
}
END_TEST

START_TEST(a_child_longer_than_its_parent_ends_the_walk)
{
    const guint8 data[] = {0xec, 0x81, 0x00, 0xec, 0x85, 0x00};
    KcEbmlElement element;
    const guint8 *content;
    gsize pos = 0;
    ck_assert(kc_ebml_next(data, sizeof data, &pos, &element, &content));
    ck_assert_uint_eq(pos, 3);
    ck_assert(!kc_ebml_next(data, sizeof data, &pos, &element, &content));
    ck_assert_uint_eq(pos, 3);
}
END_TEST

static Suite *
ebml_suite(void)
{
    Suite *suite = suite_create("webm/ebml");
    TCase *tc = tcase_create("ebml");
    tcase_add_loop_test(tc, sizes_are_as_short_as_can_be, 0, G_N_ELEMENTS(sizes));
    tcase_add_loop_test(tc, sizes_are_read_back, 0, G_N_ELEMENTS(sizes));
    tcase_add_test(tc, what_no_element_begins_with_is_bad);
    tcase_add_test(tc, a_child_longer_than_its_parent_ends_the_walk);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(ebml_suite())
