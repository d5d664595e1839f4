#include "media/webm/cluster.h"
#include "media/webm/scan.h"
#include "tests/support/kc_test.h"
#include "tests/unit/webm/webm_samples.h"

static KcWebmScan *scan;

static void
scan_begin(void)
{
    scan = kc_webm_scan_new();
}

static void
scan_end(void)
{
    g_clear_pointer(&scan, kc_webm_scan_free);
}

/* Of all that the writer has finished, read from its bytes. */
static const KcWebmIndex *
written(KcWebmWriter *writer)
{
    for (GBytes *piece; (piece = kc_webm_writer_take(writer)) != NULL; g_bytes_unref(piece))
        ck_assert(kc_webm_scan_push(scan, g_bytes_get_data(piece, NULL), g_bytes_get_size(piece), NULL));
    return kc_webm_scan_index(scan);
}

static const KcWebmCluster *
cluster(KcWebmWriter *writer, guint i)
{
    const KcWebmIndex *index = written(writer);
    ck_assert_uint_lt(i, index->clusters->len);
    return &g_array_index(index->clusters, KcWebmCluster, i);
}

START_TEST(nothing_comes_out_before_a_cluster_is_finished)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    ck_assert_ptr_null(kc_webm_writer_take(writer));
    sample_add(writer, KC_WEBM_VIDEO, 0, sample_keyframe(320, 240, 100));
    ck_assert_ptr_null(kc_webm_writer_take(writer));
    kc_webm_writer_flush(writer);
    g_autoptr(GBytes) head = kc_webm_writer_take(writer);
    g_autoptr(GBytes) first = kc_webm_writer_take(writer);
    ck_assert_ptr_null(kc_webm_writer_take(writer));
    ck_assert(kc_webm_scan_push(scan, g_bytes_get_data(head, NULL), g_bytes_get_size(head), NULL));
    ck_assert_uint_eq(kc_webm_scan_index(scan)->head_size, g_bytes_get_size(head));
    ck_assert(kc_webm_scan_push(scan, g_bytes_get_data(first, NULL), g_bytes_get_size(first), NULL));
    ck_assert_uint_eq(cluster(writer, 0)->size, g_bytes_get_size(first));
}
END_TEST

START_TEST(a_keyframe_opens_a_cluster)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    sample_add(writer, KC_WEBM_AUDIO, 0, sample_sound(50));
    sample_add(writer, KC_WEBM_VIDEO, 10, sample_keyframe(320, 240, 100));
    sample_add(writer, KC_WEBM_AUDIO, 20, sample_sound(50));
    sample_add(writer, KC_WEBM_VIDEO, 50, sample_interframe(100));
    sample_add(writer, KC_WEBM_VIDEO, 90, sample_keyframe(640, 480, 100));
    kc_webm_writer_flush(writer);
    ck_assert_uint_eq(written(writer)->clusters->len, 3);
    ck_assert_uint_eq(cluster(writer, 0)->flags, KC_WEBM_HAS_AUDIO);
    ck_assert_uint_eq(cluster(writer, 1)->flags, KC_WEBM_KEYFRAME | KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO);
    ck_assert_int_eq(cluster(writer, 1)->time_ms, 10);
    ck_assert_uint_eq(cluster(writer, 2)->flags, KC_WEBM_KEYFRAME | KC_WEBM_HAS_VIDEO);
    ck_assert_uint_eq(written(writer)->width, 640);
    ck_assert_int_eq(written(writer)->duration_ms, 90 + 40); /* the last stays as long as the one before */
}
END_TEST

START_TEST(a_cluster_ends_with_its_time_or_its_size)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    sample_add(writer, KC_WEBM_AUDIO, 0, sample_sound(50));
    sample_add(writer, KC_WEBM_AUDIO, KC_WEBM_CLUSTER_MS - 1, sample_sound(50));
    ck_assert_uint_eq(written(writer)->clusters->len, 0);
    sample_add(writer, KC_WEBM_AUDIO, KC_WEBM_CLUSTER_MS, sample_sound(50));
    ck_assert_uint_eq(written(writer)->clusters->len, 1);
    sample_add(writer, KC_WEBM_VIDEO, 800, sample_interframe(KC_WEBM_CLUSTER_BYTES - 200));
    ck_assert_uint_eq(written(writer)->clusters->len, 1);
    sample_add(writer, KC_WEBM_VIDEO, 801, sample_interframe(200));
    ck_assert_uint_eq(written(writer)->clusters->len, 2);
    kc_webm_writer_tick(writer, 801 + KC_WEBM_CLUSTER_MS - 1);
    ck_assert_uint_eq(written(writer)->clusters->len, 2);
    kc_webm_writer_tick(writer, 801 + KC_WEBM_CLUSTER_MS);
    ck_assert_uint_eq(written(writer)->clusters->len, 3);
}
END_TEST

START_TEST(time_of_a_track_never_stands_still)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    sample_add(writer, KC_WEBM_AUDIO, 100, sample_sound(50));
    sample_add(writer, KC_WEBM_AUDIO, 100, sample_sound(50));
    sample_add(writer, KC_WEBM_AUDIO, 40, sample_sound(50));
    kc_webm_writer_flush(writer);
    ck_assert_int_eq(written(writer)->audio_end_ms, 102 + 20);
}
END_TEST

START_TEST(tracks_far_apart_get_clusters_of_their_own)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    sample_add(writer, KC_WEBM_VIDEO, 100000, sample_interframe(50));
    sample_add(writer, KC_WEBM_AUDIO, 20, sample_sound(50));
    kc_webm_writer_flush(writer);
    ck_assert_uint_eq(written(writer)->clusters->len, 2);
    ck_assert_int_eq(cluster(writer, 1)->time_ms, 20);
}
END_TEST

START_TEST(what_is_over_a_limit_is_refused)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    ck_assert(sample_add(writer, KC_WEBM_VIDEO, 0, sample_interframe(KC_WEBM_FRAME_MAX_BYTES)));
    ck_assert(!sample_add(writer, KC_WEBM_VIDEO, 0, sample_interframe(KC_WEBM_FRAME_MAX_BYTES + 1)));
    ck_assert(!sample_add(writer, KC_WEBM_VIDEO, -1, sample_interframe(50)));
    ck_assert(!sample_add(writer, KC_WEBM_VIDEO, KC_WEBM_MAX_TIME_MS + 1, sample_interframe(50)));
    KcWebmFrame empty = {.track = KC_WEBM_AUDIO, .data = (const guint8 *)""};
    ck_assert(!kc_webm_writer_add(writer, &empty));
    kc_webm_writer_flush(writer);
    ck_assert_uint_eq(written(writer)->clusters->len, 1);
}
END_TEST

START_TEST(gaps_are_kept_and_empty_ones_are_not)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    kc_webm_writer_add_gap(writer, 10, 10, KC_WEBM_HAS_VIDEO);
    kc_webm_writer_add_gap(writer, -50, 40, KC_WEBM_HAS_VIDEO);
    sample_add(writer, KC_WEBM_VIDEO, 40, sample_keyframe(320, 240, 100));
    kc_webm_writer_add_gap(writer, 60, 90, KC_WEBM_HAS_AUDIO);
    kc_webm_writer_flush(writer);
    const GArray *gaps = written(writer)->gaps;
    ck_assert_uint_eq(gaps->len, 2);
    ck_assert_int_eq(g_array_index(gaps, KcWebmGap, 0).from_ms, 0);
    ck_assert_int_eq(g_array_index(gaps, KcWebmGap, 0).to_ms, 40);
    ck_assert_uint_eq(g_array_index(gaps, KcWebmGap, 1).tracks, KC_WEBM_HAS_AUDIO);
}
END_TEST

typedef struct {
    gint64 times_ms[4];
    gsize sizes[4];
    guint n;
} Frames;

static void
keep_frame(gint64 time_ms, const guint8 *data, gsize size, gpointer user_data)
{
    Frames *frames = user_data;
    ck_assert_uint_lt(frames->n, 4);
    ck_assert_uint_eq(data[size - 1], (guint8)(size - 1));
    frames->times_ms[frames->n] = time_ms;
    frames->sizes[frames->n++] = size;
}

START_TEST(a_cluster_gives_its_frames_back)
{
    g_autoptr(KcWebmWriter) writer = kc_webm_writer_new(SAMPLE_STARTED_AT_US);
    sample_add(writer, KC_WEBM_VIDEO, 1000, sample_keyframe(320, 240, 100));
    sample_add(writer, KC_WEBM_AUDIO, 980, sample_sound(50));
    sample_add(writer, KC_WEBM_VIDEO, 1040, sample_interframe(70));
    kc_webm_writer_flush(writer);
    g_autoptr(GBytes) head = kc_webm_writer_take(writer);
    g_autoptr(GBytes) first = kc_webm_writer_take(writer);
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(first, &size);
    Frames video = {0}, audio = {0};
    ck_assert(kc_webm_cluster_frames(data, size, KC_WEBM_VIDEO, keep_frame, &video));
    ck_assert(kc_webm_cluster_frames(data, size, KC_WEBM_AUDIO, keep_frame, &audio));
    ck_assert_uint_eq(video.n, 2);
    ck_assert_int_eq(video.times_ms[0], 1000);
    ck_assert_uint_eq(video.sizes[0], 100);
    ck_assert_int_eq(video.times_ms[1], 1040);
    ck_assert_uint_eq(video.sizes[1], 70);
    ck_assert_uint_eq(audio.n, 1);
    ck_assert_int_eq(audio.times_ms[0], 980);
    ck_assert(!kc_webm_cluster_frames(data, size - 1, KC_WEBM_VIDEO, keep_frame, &video));
    ck_assert(!kc_webm_cluster_frames(g_bytes_get_data(head, NULL), g_bytes_get_size(head), KC_WEBM_VIDEO, keep_frame,
                                      &video));
}
END_TEST

static Suite *
writer_suite(void)
{
    Suite *suite = suite_create("webm/writer");
    TCase *tc = tcase_create("writer");
    tcase_add_checked_fixture(tc, scan_begin, scan_end);
    tcase_add_test(tc, nothing_comes_out_before_a_cluster_is_finished);
    tcase_add_test(tc, a_keyframe_opens_a_cluster);
    tcase_add_test(tc, a_cluster_ends_with_its_time_or_its_size);
    tcase_add_test(tc, time_of_a_track_never_stands_still);
    tcase_add_test(tc, tracks_far_apart_get_clusters_of_their_own);
    tcase_add_test(tc, what_is_over_a_limit_is_refused);
    tcase_add_test(tc, gaps_are_kept_and_empty_ones_are_not);
    tcase_add_test(tc, a_cluster_gives_its_frames_back);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(writer_suite())
