#include "tests/support/kc_test.h"
#include "tests/unit/webm/webm_samples.h"
#include "media/webm/scan.h"

static KcWebmIndex *
scan_all(const guint8 *data, gsize size, gsize piece, guint64 *ret_left_over, GError **error)
{
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    for (gsize pos = 0; pos < size; pos += piece)
        if (!kc_webm_scan_push(scan, data + pos, MIN(piece, size - pos), error))
            break;
    return kc_webm_scan_finish(scan, ret_left_over);
}

static const gsize pieces[] = {1, 7, 1000, 65536, G_MAXINT32};

START_TEST(the_bytes_alone_give_the_writers_index)
{
    const struct {
        gboolean video, audio;
    } kinds[] = {{TRUE, TRUE}, {TRUE, FALSE}, {FALSE, TRUE}};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(Sample) sample = sample_call(3, kinds[i].video, kinds[i].audio);
        g_autoptr(GError) error = NULL;
        guint64 left_over;
        g_autoptr(KcWebmIndex) index =
            scan_all(sample->file->data, sample->file->len, pieces[_i], &left_over, &error);
        kc_assert_no_error(error);
        ck_assert_uint_eq(left_over, 0);
        sample_assert_same_index(index, sample->index);
    }
}
END_TEST

START_TEST(a_file_cut_anywhere_keeps_its_whole_clusters)
{
    g_autoptr(Sample) sample = sample_call(2, TRUE, TRUE);
    for (gsize size = 0; size < sample->file->len; size += 97) {
        g_autoptr(GError) error = NULL;
        guint64 left_over;
        g_autoptr(KcWebmIndex) index = scan_all(sample->file->data, size, 4096, &left_over, &error);
        kc_assert_no_error(error);
        guint whole = 0;
        while (whole < sample->ends->len && g_array_index(sample->ends, gsize, whole) <= size)
            whole++;
        ck_assert_uint_eq(index->clusters->len, whole > 0 ? whole - 1 : 0);
        if (whole > 0)
            ck_assert_uint_eq(kc_webm_index_total_bytes(index) + left_over, size);
    }
}
END_TEST

START_TEST(random_damage_is_refused_or_harmless)
{
    g_autoptr(Sample) sample = sample_call(1, TRUE, TRUE);
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree guint8 *copy = g_memdup2(sample->file->data, sample->file->len);
    for (guint n = 0; n < 20; n++)
        copy[g_rand_int_range(rand, 0, (gint)sample->file->len)] = (guint8)g_rand_int(rand);
    g_autoptr(KcWebmIndex) index = scan_all(copy, sample->file->len, 512, NULL, NULL);
    ck_assert_uint_le(kc_webm_index_total_bytes(index), sample->file->len);
}
END_TEST

#define EBML "\x1a\x45\xdf\xa3\x80"
#define SEGMENT "\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
#define CLUSTER "\x1f\x43\xb6\x75"
static const struct {
    const char *what;
    const char *bytes;
    gsize size;
} hostile[] = {
    {"zeros", "\0\0\0\0\0\0\0\0\0\0\0\0", 12},
    {"text", "<html><body>hello</body></html>", 31},
    {"a segment without a head", SEGMENT, 12},
    {"a head of a gigabyte", "\x1a\x45\xdf\xa3\x01\x00\x00\x00\x40\x00\x00\x00", 12},
    {"a cluster of unknown size", EBML SEGMENT CLUSTER "\xff\xe7\x81\x00", 25},
    {"a cluster of a petabyte", EBML SEGMENT CLUSTER "\x01\x04\x00\x00\x00\x00\x00\x00", 29},
    {"a cluster without a time", EBML SEGMENT CLUSTER "\x87\xa3\x85\x81\x00\x00\x80\x10", 29},
    {"two times", EBML SEGMENT CLUSTER "\x86\xe7\x81\x00\xe7\x81\x00", 28},
    {"a track of no one", EBML SEGMENT CLUSTER "\x8a\xe7\x81\x00\xa3\x85\x83\x00\x00\x80\x10", 32},
    {"a block without a frame", EBML SEGMENT CLUSTER "\x89\xe7\x81\x00\xa3\x84\x81\x00\x00\x80", 31},
    {"before time began", EBML SEGMENT CLUSTER "\x8a\xe7\x81\x00\xa3\x85\x81\xff\xff\x80\x10", 32},
    {"a block longer than its cluster", EBML SEGMENT CLUSTER "\x8a\xe7\x81\x00\xa3\xc0\x81\x00\x00\x80\x10", 32},
};

START_TEST(hostile_bytes_are_refused_and_stay_refused)
{
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) again = NULL;
    ck_assert_msg(!kc_webm_scan_push(scan, (const guint8 *)hostile[_i].bytes, hostile[_i].size, &error), "%s",
                  hostile[_i].what);
    ck_assert(g_error_matches(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED));
    ck_assert(!kc_webm_scan_push(scan, (const guint8 *)"\xec\x80", 2, &again));
    ck_assert_str_eq(error->message, again->message);
    ck_assert_uint_eq(kc_webm_scan_index(scan)->clusters->len, 0);
}
END_TEST

static Suite *
scan_suite(void)
{
    Suite *suite = suite_create("webm/scan");
    TCase *tc = tcase_create("scan");
    tcase_add_loop_test(tc, the_bytes_alone_give_the_writers_index, 0, G_N_ELEMENTS(pieces));
    tcase_add_test(tc, a_file_cut_anywhere_keeps_its_whole_clusters);
    tcase_add_loop_test(tc, random_damage_is_refused_or_harmless, 0, 200);
    tcase_add_loop_test(tc, hostile_bytes_are_refused_and_stay_refused, 0, G_N_ELEMENTS(hostile));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(scan_suite())
