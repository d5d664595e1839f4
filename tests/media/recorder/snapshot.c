#include "tests/media/recorder/bench.h"
#include "tests/support/kc_test.h"
#include "media/gst/snapshot.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

/* The middle of the picture as a JPEG decoder sees it: its brightness, 0 to 255. */
static guint8
brightness(GBytes *jpeg, guint32 width, guint32 height)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GstElement) pipeline = gst_parse_launch(
        "appsrc name=in caps=image/jpeg ! jpegdec ! appsink name=out sync=false", &error);
    kc_assert_no_error(error);
    g_autoptr(GstElement) in = gst_bin_get_by_name(GST_BIN(pipeline), "in");
    g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    gst_app_src_push_buffer(GST_APP_SRC(in), gst_buffer_new_wrapped_bytes(jpeg));
    gst_app_src_end_of_stream(GST_APP_SRC(in));
    g_autoptr(GstSample) sample = gst_app_sink_pull_sample(GST_APP_SINK(out));
    ck_assert_ptr_nonnull(sample);
    GstVideoInfo info;
    GstVideoFrame frame;
    ck_assert(gst_video_info_from_caps(&info, gst_sample_get_caps(sample)));
    ck_assert_int_eq(GST_VIDEO_INFO_WIDTH(&info), (gint)width);
    ck_assert_int_eq(GST_VIDEO_INFO_HEIGHT(&info), (gint)height);
    ck_assert(gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ));
    const guint8 *plane = GST_VIDEO_FRAME_PLANE_DATA(&frame, 0);
    guint8 value = plane[(gint)height / 2 * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0) + (gint)width / 2];
    gst_video_frame_unmap(&frame);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    return value;
}

static void
keep_gop(KcGop *gop, const GError *error, gpointer user_data)
{
    kc_assert_no_error(error);
    g_async_queue_push(user_data, gop);
}

/* NULL: there is none. */
static KcGop *
gop_of(Bench *bench)
{
    g_autoptr(GAsyncQueue) read = g_async_queue_new();
    return kc_recorder_read_gop(bench->recorder, keep_gop, read) ? g_async_queue_pop(read) : NULL;
}

static KcGop *
gop_after(Bench *bench, const VideoSource *source)
{
    g_autoptr(GArray) packets = video_packets(source);
    bench_play(bench, packets);
    return gop_of(bench);
}

START_TEST(the_newest_picture_at_full_size)
{
    const VideoSource source = {.pattern = "white", .width = 642, .height = 362, .frames = 40};
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(KcGop) gop = gop_after(bench, &source);
    ck_assert_ptr_nonnull(gop);
    ck_assert_uint_eq(gop->frames->len, 15); /* since the keyframe at one second */
    ck_assert_int_eq(gop->media_time_ms, 39 * 40);
    ck_assert_int_eq(gop->taken_at_us, BENCH_EPOCH_US + 39 * 40000);
    g_autoptr(GError) error = NULL;
    g_autoptr(KcSnapshot) snapshot = kc_snapshot_decode(gop, &error);
    kc_assert_no_error(error);
    ck_assert_uint_eq(snapshot->width, 642);
    ck_assert_uint_eq(snapshot->height, 362);
    ck_assert_int_eq(snapshot->media_time_ms, 39 * 40);
    ck_assert_uint_ge(brightness(snapshot->jpeg, 642, 362), 250); /* white, not the grey of unscaled video levels */
}
END_TEST

START_TEST(black_is_black)
{
    const VideoSource source = {.pattern = "black", .width = 160, .height = 120, .frames = 1};
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(KcGop) gop = gop_after(bench, &source);
    g_autoptr(KcSnapshot) snapshot = kc_snapshot_decode(gop, NULL);
    ck_assert_ptr_nonnull(snapshot);
    ck_assert_uint_le(brightness(snapshot->jpeg, 160, 120), 5);
}
END_TEST

START_TEST(no_picture_no_snapshot)
{
    g_autoptr(Bench) bench = bench_new();
    ck_assert_ptr_null(gop_of(bench));
    kc_recorder_finish(bench->recorder);
    ck_assert_ptr_null(gop_of(bench));
}
END_TEST

START_TEST(frames_that_do_not_decode_are_an_error)
{
    gst_init(NULL, NULL);
    KcGop gop = {.frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref), .width = 16, .height = 16};
    g_ptr_array_add(gop.frames, g_bytes_new_static("no frame at all", 15));
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(kc_snapshot_decode(&gop, &error));
    ck_assert(g_error_matches(error, KC_SNAPSHOT_ERROR, KC_SNAPSHOT_ERROR_DECODE));
    g_ptr_array_unref(gop.frames);
}
END_TEST

static void
keep_snapshot(KcSnapshot *snapshot, const GError *error, gpointer user_data)
{
    g_async_queue_push(user_data, snapshot);
}

START_TEST(the_thread_calls_back_each_of_them)
{
    const VideoSource source = {.width = 160, .height = 120, .frames = 10};
    g_autoptr(Bench) bench = bench_new();
    kc_gop_free(gop_after(bench, &source));
    g_autoptr(GAsyncQueue) done = g_async_queue_new();
    KcSnapshotter *snapshotter = kc_snapshotter_new();
    for (guint i = 0; i < 3; i++)
        ck_assert(kc_snapshotter_take(snapshotter, gop_of(bench), keep_snapshot, done, NULL));
    kc_snapshotter_free(snapshotter);
    ck_assert_int_eq(g_async_queue_length(done), 3);
    for (guint i = 0; i < 3; i++)
        kc_snapshot_free(g_async_queue_pop(done));
}
END_TEST

static Suite *
snapshot_suite(void)
{
    Suite *suite = suite_create("recorder/snapshot");
    TCase *tc = tcase_create("snapshot");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, the_newest_picture_at_full_size);
    tcase_add_test(tc, black_is_black);
    tcase_add_test(tc, no_picture_no_snapshot);
    tcase_add_test(tc, frames_that_do_not_decode_are_an_error);
    tcase_add_test(tc, the_thread_calls_back_each_of_them);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(snapshot_suite())
