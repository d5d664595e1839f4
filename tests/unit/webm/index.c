#include "tests/support/kc_test.h"
#include "tests/unit/webm/webm_samples.h"

#include <string.h>

START_TEST(round_trip_keeps_everything)
{
    g_autoptr(Sample) sample = sample_call(10, TRUE, TRUE);
    g_autoptr(GBytes) bytes = kc_webm_index_encode(sample->index);
    g_autoptr(GError) error = NULL;
    g_autoptr(KcWebmIndex) decoded = kc_webm_index_decode(bytes, &error);
    kc_assert_no_error(error);
    sample_assert_same_index(sample->index, decoded);
    ck_assert_int_eq(decoded->started_at_us, SAMPLE_STARTED_AT_US);
    ck_assert_uint_eq(decoded->clusters->len, sample->index->clusters->len);
    for (guint i = 0; i < decoded->clusters->len; i++)
        ck_assert_mem_eq(&g_array_index(decoded->clusters, KcWebmCluster, i),
                         &g_array_index(sample->index->clusters, KcWebmCluster, i), sizeof(KcWebmCluster));
    ck_assert_uint_eq(decoded->gaps->len, 1);
    ck_assert_int_eq(g_array_index(decoded->gaps, KcWebmGap, 0).from_ms, 900);
}
END_TEST

START_TEST(an_empty_index_is_one)
{
    g_autoptr(KcWebmIndex) index = kc_webm_index_new();
    g_autoptr(GBytes) bytes = kc_webm_index_encode(index);
    g_autoptr(KcWebmIndex) decoded = kc_webm_index_decode(bytes, NULL);
    ck_assert_ptr_nonnull(decoded);
    sample_assert_same_index(index, decoded);
}
END_TEST

START_TEST(an_index_cut_anywhere_is_refused)
{
    g_autoptr(Sample) sample = sample_call(3, TRUE, TRUE);
    g_autoptr(GBytes) bytes = kc_webm_index_encode(sample->index);
    for (gsize size = 0; size < g_bytes_get_size(bytes); size++) {
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(bytes, 0, size);
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(kc_webm_index_decode(cut, &error));
        ck_assert(g_error_matches(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED));
    }
}
END_TEST

/* Every byte with every bit flipped: refused, or decoded to something that encodes to just those bytes. */
START_TEST(no_flipped_bit_does_harm)
{
    g_autoptr(Sample) sample = sample_call(2, TRUE, TRUE);
    g_autoptr(GBytes) bytes = kc_webm_index_encode(sample->index);
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    for (gsize bit = 0; bit < size * 8; bit++) {
        g_autofree guint8 *copy = g_memdup2(data, size);
        copy[bit / 8] ^= (guint8)(1 << bit % 8);
        g_autoptr(GBytes) flipped = g_bytes_new_static(copy, size);
        g_autoptr(KcWebmIndex) decoded = kc_webm_index_decode(flipped, NULL);
        if (decoded == NULL)
            continue;
        g_autoptr(GBytes) again = kc_webm_index_encode(decoded);
        ck_assert(g_bytes_equal(again, flipped));
    }
}
END_TEST

static const struct {
    const char *what;
    const char *bytes;
    gsize size;
} hostile[] = {
    {"nothing", "", 0},
    {"another format", "KCWX\1", 5},
    {"a later version", "KCWI\2\0\0\0\0\0\0\0\0\0", 14},
    {"bytes behind the end", "KCWI\1\0\0\0\0\0\0\0\0\0\0", 15},
    {"two billion clusters", "KCWI\1\0\0\0\0\0\0\0\x80\x80\x80\x80\x08\0", 18},
    {"a number without end", "KCWI\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 17},
    {"a number in two ways", "KCWI\1\x80\x00\0\0\0\0\0\0\0\0", 15},
    {"a cluster of no size", "KCWI\1\0\0\0\0\0\0\0\1\0\0\0\0", 17},
    {"a cluster before time began", "KCWI\1\0\0\0\0\0\0\0\1\5\0\1\0", 17},
};

START_TEST(hostile_bytes_are_refused)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(hostile[_i].bytes, hostile[_i].size);
    g_autoptr(GError) error = NULL;
    ck_assert_msg(kc_webm_index_decode(bytes, &error) == NULL, "%s", hostile[_i].what);
    ck_assert(g_error_matches(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED));
}
END_TEST

static Suite *
index_suite(void)
{
    Suite *suite = suite_create("webm/index");
    TCase *tc = tcase_create("index");
    tcase_add_test(tc, round_trip_keeps_everything);
    tcase_add_test(tc, an_empty_index_is_one);
    tcase_add_test(tc, an_index_cut_anywhere_is_refused);
    tcase_add_test(tc, no_flipped_bit_does_harm);
    tcase_add_loop_test(tc, hostile_bytes_are_refused, 0, G_N_ELEMENTS(hostile));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(index_suite())
