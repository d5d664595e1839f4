#include "tests/support/kc_test.h"
#include "tests/unit/webm/webm_samples.h"
#include "media/webm/ebml.h"
#include "media/webm/scan.h"
#include "media/webm/virtual.h"

#include <string.h>

static gboolean
read_sample(guint64 offset, guint8 *out, gsize size, gpointer user_data, GError **error)
{
    const Sample *sample = user_data;
    ck_assert_uint_le(offset + size, sample->file->len);
    memcpy(out, sample->file->data + offset, size);
    return TRUE;
}

static guint8 *
read_whole(const KcWebmVirtual *file, Sample *sample)
{
    g_autoptr(GError) error = NULL;
    guint8 *whole = g_malloc(kc_webm_virtual_size(file));
    kc_webm_virtual_read(file, 0, whole, kc_webm_virtual_size(file), read_sample, sample, &error);
    kc_assert_no_error(error);
    return whole;
}

START_TEST(any_range_equals_the_same_part_of_the_whole)
{
    g_autoptr(Sample) sample = sample_call(6, TRUE, TRUE);
    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(sample->index);
    gsize size = kc_webm_virtual_size(file);
    g_autofree guint8 *whole = read_whole(file, sample);
    g_autofree guint8 *part = g_malloc(size);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (guint i = 0; i < 500; i++) {
        gsize offset = (gsize)g_rand_int_range(rand, 0, (gint)size + 1);
        gsize len = (gsize)g_rand_int_range(rand, 0, (gint)(size - offset) + 1);
        ck_assert(kc_webm_virtual_read(file, offset, part, len, read_sample, sample, NULL));
        ck_assert_mem_eq(part, whole + offset, len);
    }
}
END_TEST

START_TEST(ranges_outside_are_refused)
{
    g_autoptr(Sample) sample = sample_call(1, TRUE, TRUE);
    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(sample->index);
    guint64 size = kc_webm_virtual_size(file);
    const struct {
        guint64 offset;
        gsize len;
    } ranges[] = {{size, 1}, {size + 1, 0}, {0, (gsize)size + 1}, {G_MAXUINT64, 1}, {1, G_MAXSIZE}};
    for (guint i = 0; i < G_N_ELEMENTS(ranges); i++) {
        g_autoptr(GError) error = NULL;
        guint8 out;
        ck_assert(!kc_webm_virtual_read(file, ranges[i].offset, &out, ranges[i].len, read_sample, sample, &error));
        ck_assert(g_error_matches(error, KC_WEBM_ERROR, KC_WEBM_ERROR_RANGE));
    }
}
END_TEST

/* Finds the child `id` of what is in `data`; fails the test if it isn't there. */
static const guint8 *
find_child(const guint8 *data, gsize size, guint32 id, KcEbmlElement *ret_element)
{
    const guint8 *content = NULL;
    gsize pos = 0;
    while (kc_ebml_next(data, size, &pos, ret_element, &content))
        if (ret_element->id == id)
            return content;
    ck_abort_msg("no element %x", id);
}

/* Finds an element by its path of ids from the top, 0 at its end. */
static const guint8 *
find(const guint8 *data, gsize size, const guint32 *path, KcEbmlElement *ret_element)
{
    for (; *path != 0; path++, size = (gsize)ret_element->size)
        data = find_child(data, size, *path, ret_element);
    return data;
}

START_TEST(the_head_tells_duration_and_sizes)
{
    g_autoptr(Sample) sample = sample_call(6, TRUE, TRUE);
    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(sample->index);
    gsize size = kc_webm_virtual_size(file);
    g_autofree guint8 *whole = read_whole(file, sample);
    KcEbmlElement element;
    const guint8 *segment = find(whole, size, (guint32[]){KC_EBML_ID_SEGMENT, 0}, &element);
    ck_assert_ptr_eq(segment + element.size, whole + size);

    const guint8 *content =
        find(whole, size, (guint32[]){KC_EBML_ID_SEGMENT, KC_EBML_ID_INFO, KC_EBML_ID_DURATION, 0}, &element);
    guint64 bits = kc_ebml_uint(content, 8);
    double duration;
    memcpy(&duration, &bits, sizeof duration);
    ck_assert_double_eq(duration, 6000);
}
END_TEST

/* Each cue points to a Cluster with its time, and each keyframe has one. */
START_TEST(cues_point_to_clusters)
{
    g_autoptr(Sample) sample = sample_call(9, TRUE, TRUE);
    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(sample->index);
    gsize size = kc_webm_virtual_size(file);
    g_autofree guint8 *whole = read_whole(file, sample);
    KcEbmlElement element, cue, child;
    const guint8 *segment = find(whole, size, (guint32[]){KC_EBML_ID_SEGMENT, 0}, &element);
    const guint8 *cues = find(segment, (gsize)element.size, (guint32[]){KC_EBML_ID_CUES, 0}, &element);

    guint keyframes = 0;
    const guint8 *point, *content;
    for (gsize pos = 0; kc_ebml_next(cues, (gsize)element.size, &pos, &cue, &point);) {
        content = find(point, (gsize)cue.size, (guint32[]){KC_EBML_ID_CUE_TIME, 0}, &child);
        guint64 time_ms = kc_ebml_uint(content, child.size);
        const guint32 track_path[] = {KC_EBML_ID_CUE_TRACK_POSITIONS, KC_EBML_ID_CUE_TRACK, 0};
        content = find(point, (gsize)cue.size, track_path, &child);
        keyframes += kc_ebml_uint(content, child.size) == KC_WEBM_VIDEO;
        const guint32 position_path[] = {KC_EBML_ID_CUE_TRACK_POSITIONS, KC_EBML_ID_CUE_CLUSTER_POSITION, 0};
        content = find(point, (gsize)cue.size, position_path, &child);
        const guint8 *cluster = segment + kc_ebml_uint(content, child.size);
        content = find(cluster, size - (gsize)(cluster - whole),
                       (guint32[]){KC_EBML_ID_CLUSTER, KC_EBML_ID_TIMESTAMP, 0}, &child);
        ck_assert_uint_eq(kc_ebml_uint(content, child.size), time_ms);
    }
    ck_assert_uint_eq(keyframes, 5);
}
END_TEST

START_TEST(only_tracks_that_were_filled_are_announced)
{
    const struct {
        gboolean video, audio;
        const char *type;
    } kinds[] = {
        {TRUE, TRUE, "video/webm; codecs=\"vp8, opus\""},
        {TRUE, FALSE, "video/webm; codecs=\"vp8\""},
        {FALSE, TRUE, "audio/webm; codecs=\"opus\""},
        {FALSE, FALSE, "video/webm"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(Sample) sample = sample_call(2, kinds[i].video, kinds[i].audio);
        g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(sample->index);
        ck_assert_str_eq(kc_webm_virtual_content_type(file), kinds[i].type);
        g_autofree guint8 *whole = read_whole(file, sample);
        KcEbmlElement element, entry;
        const guint8 *tracks = find(whole, kc_webm_virtual_size(file),
                                    (guint32[]){KC_EBML_ID_SEGMENT, KC_EBML_ID_TRACKS, 0}, &element);
        const guint8 *content;
        guint count = 0;
        for (gsize pos = 0; kc_ebml_next(tracks, (gsize)element.size, &pos, &entry, &content);)
            count++;
        ck_assert_uint_eq(count, kinds[i].video + kinds[i].audio);
    }
}
END_TEST

START_TEST(cluster_offsets_are_those_of_the_served_file)
{
    g_autoptr(Sample) sample = sample_call(3, TRUE, TRUE);
    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(sample->index);
    g_autofree guint8 *whole = read_whole(file, sample);
    for (guint i = 0; i < sample->index->clusters->len; i++) {
        guint64 offset = kc_webm_virtual_cluster_offset(file, sample->index, i);
        ck_assert_uint_eq(kc_ebml_uint(whole + offset, 4), KC_EBML_ID_CLUSTER);
    }
}
END_TEST

static Suite *
virtual_suite(void)
{
    Suite *suite = suite_create("webm/virtual");
    TCase *tc = tcase_create("virtual");
    tcase_add_test(tc, any_range_equals_the_same_part_of_the_whole);
    tcase_add_test(tc, ranges_outside_are_refused);
    tcase_add_test(tc, the_head_tells_duration_and_sizes);
    tcase_add_test(tc, cues_point_to_clusters);
    tcase_add_test(tc, only_tracks_that_were_filled_are_announced);
    tcase_add_test(tc, cluster_offsets_are_those_of_the_served_file);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(virtual_suite())
