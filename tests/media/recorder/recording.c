/* What calls look like when nothing is wrong with the network. */
#include "tests/media/recorder/bench.h"
#include "tests/support/kc_test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the writer thread asks of the disk, in order: "begin 7", "sync 7". The C library's are not called. */
static struct {
    GMutex lock;
    GPtrArray *calls; /* NULL: nobody looks */
} disk;

static void
note(const char *what, int fd)
{
    g_mutex_lock(&disk.lock);
    if (disk.calls != NULL)
        g_ptr_array_add(disk.calls, g_strdup_printf("%s %d", what, fd));
    g_mutex_unlock(&disk.lock);
}

int
sync_file_range(int fd, off64_t offset, off64_t count, unsigned int flags)
{
    note("begin", fd);
    return (int)syscall(SYS_sync_file_range, fd, offset, count, flags);
}

int
fdatasync(int fd)
{
    note("sync", fd);
    return (int)syscall(SYS_fdatasync, fd);
}

static const VideoSource four_seconds = {.width = 320, .height = 240, .frames = 100};

static GArray *
both(GArray *video, GArray *audio)
{
    packets_append(video, audio);
    packets_sort(video);
    return video;
}

START_TEST(sound_and_picture)
{
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = both(video_packets(&four_seconds), audio_packets(200, 0, 65500));
    bench_play(bench, packets);
    bench_finish(bench);
    ck_assert_uint_eq(bench->n_finished, 1);
    ck_assert_uint_eq(bench->n_started, 1);
    ck_assert_int_eq(bench->last.started_at_us, BENCH_EPOCH_US);
    ck_assert_uint_eq(strlen(bench->last.sha256), 64);
    ck_assert(bench->last.has_audio && bench->last.has_video);
    ck_assert_uint_eq(bench->last.durable_bytes, bench->last.bytes);

    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    bench_probe(bench->path, &probe, &index);
    ck_assert_str_eq(probe.errors, "");
    ck_assert_int_eq(probe.n_streams, 2);
    ck_assert_int_eq(probe.video_packets, 100);
    ck_assert_int_eq(probe.audio_packets, 200);
    ck_assert_int_eq(probe.width, 320);
    ck_assert_double_eq_tol(probe.duration_s, 4, 0.05);
    ck_assert_double_eq_tol(probe.video_start_s, probe.audio_start_s, 0.04);
    ck_assert_uint_eq(index->gaps->len, 0);
    ck_assert_int_eq(index->duration_ms, bench->last.duration_ms);
    ck_assert_int_eq(bench->keyframes_asked, 0); /* one a second came unasked */
}
END_TEST

START_TEST(sound_only)
{
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = audio_packets(150, 0, 0);
    bench_play(bench, packets);
    bench_finish(bench);
    ck_assert(bench->last.has_audio && !bench->last.has_video);
    g_auto(Probe) probe = {0};
    bench_probe(bench->path, &probe, NULL);
    ck_assert_str_eq(probe.errors, "");
    ck_assert_int_eq(probe.n_streams, 1);
    ck_assert_int_eq(probe.audio_packets, 150);
    ck_assert_double_eq_tol(probe.duration_s, 3, 0.05);
    ck_assert_int_eq(bench->keyframes_asked, 0);
}
END_TEST

START_TEST(picture_only)
{
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = video_packets(&four_seconds);
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    bench_probe(bench->path, &probe, NULL);
    ck_assert_str_eq(probe.errors, "");
    ck_assert_int_eq(probe.n_streams, 1);
    ck_assert_int_eq(probe.video_packets, 100);
}
END_TEST

START_TEST(camera_comes_late)
{
    const VideoSource late = {.width = 320, .height = 240, .frames = 50, .first_frame = 75};
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = both(video_packets(&late), audio_packets(250, 0, 0));
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    bench_probe(bench->path, &probe, &index);
    ck_assert_str_eq(probe.errors, "");
    ck_assert_double_eq_tol(probe.duration_s, 5, 0.05);
    ck_assert_int_eq(probe.video_packets, 50);
    ck_assert_int_eq(probe.audio_packets, 250);
    ck_assert_double_eq_tol(probe.video_start_s, 3, 0.04);
    ck_assert_uint_eq(index->gaps->len, 0);
}
END_TEST

START_TEST(microphone_is_muted_for_a_while)
{
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = both(video_packets(&four_seconds), audio_packets(50, 0, 0));
    packets_append(packets, audio_packets(50, 150, 50));
    packets_sort(packets);
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    bench_probe(bench->path, &probe, &index);
    ck_assert_str_eq(probe.errors, "");
    ck_assert_int_eq(probe.audio_packets, 100);
    ck_assert_int_eq(probe.video_packets, 100);
    ck_assert_double_eq_tol(probe.duration_s, 4, 0.05);
    ck_assert_uint_eq(index->gaps->len, 0); /* silence is no loss */
}
END_TEST

START_TEST(picture_changes_its_size)
{
    g_autoptr(GArray) packets = video_packets(&four_seconds);
    VideoSource larger = {.width = 640, .height = 360, .frames = 50, .first_frame = 100};
    larger.first_seq = (guint16)(packet_seq(&g_array_index(packets, Packet, packets->len - 1)) + 1);
    packets_append(packets, video_packets(&larger));
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    bench_probe(bench->path, &probe, NULL);
    ck_assert_str_eq(probe.errors, "");
    ck_assert_int_eq(probe.video_packets, 150);
    ck_assert_uint_eq(bench->last.width, 640);
    ck_assert_uint_eq(bench->last.height, 360);
}
END_TEST

START_TEST(keyframes_are_asked_for_as_seek_points)
{
    const VideoSource source = {.width = 160, .height = 120, .frames = 300, .key_distance = 1000};
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = video_packets(&source);
    bench_play(bench, packets);
    /* When it is due, and again each second, since none comes. */
    ck_assert_int_eq(bench->keyframes_asked, 12 - KC_RECORDER_KEYFRAME_MS / 1000);
}
END_TEST

START_TEST(nothing_ever_comes)
{
    g_autoptr(Bench) bench = bench_new();
    bench_tick(bench, 1000000);
    bench_finish(bench);
    ck_assert_uint_eq(bench->n_finished, 1);
    ck_assert(!bench->last.has_audio && !bench->last.has_video);
    ck_assert_int_eq(bench->last.duration_ms, 0);
}
END_TEST

static void
wait_progress(Bench *bench)
{
    gint64 end_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
    g_mutex_lock(&bench->lock);
    while (bench->n_progress == 0)
        ck_assert(g_cond_wait_until(&bench->changed, &bench->lock, end_us));
    g_mutex_unlock(&bench->lock);
}

/* "begin a", "begin b", "sync a", "sync b", one after the other. */
static gboolean
has_pair(const GPtrArray *calls)
{
    for (guint i = 0; i + 3 < calls->len; i++) {
        int fds[4];
        char *const *call = (char *const *)&calls->pdata[i];
        if (sscanf(call[0], "begin %d", &fds[0]) == 1 && sscanf(call[1], "begin %d", &fds[1]) == 1 &&
            sscanf(call[2], "sync %d", &fds[2]) == 1 && sscanf(call[3], "sync %d", &fds[3]) == 1 &&
            fds[0] == fds[2] && fds[1] == fds[3] && fds[0] != fds[1])
            return TRUE;
    }
    return FALSE;
}

START_TEST(recordings_of_a_worker_are_synced_together)
{
    g_autoptr(Bench) first = bench_new();
    g_autoptr(Bench) second = bench_new_beside(first);
    g_autoptr(GArray) beginning = audio_packets(100, 0, 0);
    g_autoptr(GArray) rest = audio_packets(100, 100, 100);
    g_autoptr(GPtrArray) calls = g_ptr_array_new_with_free_func(g_free);
    bench_play(first, beginning);
    bench_play(second, beginning);
    g_mutex_lock(&disk.lock);
    disk.calls = calls;
    g_mutex_unlock(&disk.lock);
    bench_play(first, rest);
    bench_play(second, rest);
    wait_progress(first);
    wait_progress(second);
    g_mutex_lock(&disk.lock);
    disk.calls = NULL;
    g_mutex_unlock(&disk.lock);
    ck_assert(has_pair(calls));
    kc_recorder_finish(second->recorder);
}
END_TEST

START_TEST(clusters_close_when_packets_stop)
{
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = audio_packets(10, 0, 0);
    bench_play(bench, packets);
    bench_tick(bench, 1000000);
    gint64 end_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
    g_mutex_lock(&bench->lock);
    while (bench->last.duration_ms < 150)
        ck_assert(g_cond_wait_until(&bench->changed, &bench->lock, end_us));
    ck_assert_uint_eq(bench->last.durable_bytes, bench->last.bytes);
    g_mutex_unlock(&bench->lock);
}
END_TEST

START_TEST(an_end_without_finish_is_one)
{
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = audio_packets(50, 0, 0);
    bench_play(bench, packets);
    gst_element_set_state(GST_ELEMENT(bench->recorder), GST_STATE_NULL);
    g_clear_object(&bench->recorder);
    bench_wait_last(bench);
    g_auto(Probe) probe = {0};
    bench_probe(bench->path, &probe, NULL);
    ck_assert_int_eq(probe.audio_packets, 50);
}
END_TEST

static Suite *
recording_suite(void)
{
    Suite *suite = suite_create("recorder/recording");
    TCase *tc = tcase_create("recording");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, sound_and_picture);
    tcase_add_test(tc, sound_only);
    tcase_add_test(tc, picture_only);
    tcase_add_test(tc, camera_comes_late);
    tcase_add_test(tc, microphone_is_muted_for_a_while);
    tcase_add_test(tc, picture_changes_its_size);
    tcase_add_test(tc, keyframes_are_asked_for_as_seek_points);
    tcase_add_test(tc, nothing_ever_comes);
    tcase_add_test(tc, recordings_of_a_worker_are_synced_together);
    tcase_add_test(tc, clusters_close_when_packets_stop);
    tcase_add_test(tc, an_end_without_finish_is_one);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(recording_suite())
