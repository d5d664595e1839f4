/* What becomes of a recording when the network, the disk or the sender fails. */
#include "tests/media/recorder/bench.h"
#include "tests/support/kc_test.h"
#include "src/evidence/vault.h"

#include <signal.h>
#include <sys/resource.h>

static const VideoSource four_seconds = {.width = 320, .height = 240, .frames = 100};

static GArray *
call_packets(void)
{
    GArray *packets = video_packets(&four_seconds);
    packets_append(packets, audio_packets(200, 0, 0));
    packets_sort(packets);
    return packets;
}

static void
probe_clean(const Bench *bench, Probe *ret_probe, KcWebmIndex **ret_index)
{
    bench_probe(bench->path, ret_probe, ret_index);
    ck_assert_str_eq(ret_probe->errors, "");
}

START_TEST(what_comes_late_or_twice_is_put_in_order)
{
    g_autoptr(GArray) packets = call_packets();
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    guint count = packets->len;
    for (guint i = 0; i < count; i++) {
        Packet *packet = &g_array_index(packets, Packet, i);
        if (i > 0 && g_rand_int_range(rand, 0, 10) == 0)
            packet->at_us += g_rand_int_range(rand, 0, 150000);
        if (g_rand_int_range(rand, 0, 20) == 0) {
            Packet twice = *packet;
            g_bytes_ref(twice.data);
            twice.at_us += 5000;
            g_array_append_val(packets, twice);
        }
    }
    packets_sort(packets);
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    probe_clean(bench, &probe, &index);
    ck_assert_int_eq(probe.video_packets, 100);
    ck_assert_int_eq(probe.audio_packets, 200);
    ck_assert_uint_eq(index->gaps->len, 0);
}
END_TEST

/* Drops the packets of one medium that arrive in [from, to). */
static void
drop(GArray *packets, KcRecorderMedia media, gint64 from_us, gint64 to_us)
{
    for (guint i = packets->len; i-- > 0;) {
        const Packet *packet = &g_array_index(packets, Packet, i);
        if (packet->media == media && packet->at_us >= from_us && packet->at_us < to_us)
            g_array_remove_index(packets, i);
    }
}

START_TEST(lost_pictures_are_a_gap_up_to_the_next_keyframe)
{
    g_autoptr(GArray) packets = call_packets();
    drop(packets, KC_RECORDER_VIDEO, 1400000, 1500000); /* frames 35, 36, 37 of 40 ms; keyframes are 25 apart */
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    probe_clean(bench, &probe, &index);
    ck_assert_int_eq(probe.audio_packets, 200);
    ck_assert_int_eq(probe.video_packets, 85);
    ck_assert_uint_eq(index->gaps->len, 1);
    const KcWebmGap *gap = &g_array_index(index->gaps, KcWebmGap, 0);
    ck_assert_uint_eq(gap->tracks, KC_WEBM_HAS_VIDEO);
    ck_assert_int_eq(gap->to_ms, 2000);
    ck_assert_int_le(ABS(gap->from_ms - 1400), 10);
    ck_assert_int_ge(bench->keyframes_asked, 1);
}
END_TEST

START_TEST(lost_sound_is_a_gap_of_its_own)
{
    g_autoptr(GArray) packets = call_packets();
    drop(packets, KC_RECORDER_AUDIO, 1000000, 1200000);
    drop(packets, KC_RECORDER_AUDIO, 2000000, 2020000); /* too short to speak of */
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    probe_clean(bench, &probe, &index);
    ck_assert_int_eq(probe.video_packets, 100);
    ck_assert_uint_eq(index->gaps->len, 1);
    const KcWebmGap *gap = &g_array_index(index->gaps, KcWebmGap, 0);
    ck_assert_uint_eq(gap->tracks, KC_WEBM_HAS_AUDIO);
    ck_assert_int_le(ABS(gap->to_ms - gap->from_ms - 200), 30);
}
END_TEST

START_TEST(pictures_lost_for_good_are_a_gap_up_to_the_end)
{
    const VideoSource source = {.width = 320, .height = 240, .frames = 100, .key_distance = 1000};
    g_autoptr(GArray) packets = video_packets(&source);
    packets_append(packets, audio_packets(200, 0, 0));
    drop(packets, KC_RECORDER_VIDEO, 2000000, 2100000);
    packets_sort(packets);
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    ck_assert_int_ge(bench->keyframes_asked, 2); /* at the loss, and a second later again */
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    probe_clean(bench, &probe, &index);
    ck_assert_double_eq_tol(probe.duration_s, 4, 0.05);
    ck_assert_uint_eq(index->gaps->len, 1);
    ck_assert_int_ge(g_array_index(index->gaps, KcWebmGap, 0).to_ms, 3900);
}
END_TEST

START_TEST(another_source_goes_on_in_the_same_file)
{
    g_autoptr(GArray) packets = call_packets();
    for (guint i = 0; i < packets->len; i++) {
        Packet *packet = &g_array_index(packets, Packet, i);
        if (packet->at_us < 2000000)
            continue;
        gsize size = g_bytes_get_size(packet->data);
        guint8 *data = g_bytes_unref_to_data(packet->data, &size);
        data[2] += 0x55; /* sequence number, timestamp and SSRC are all new */
        data[4] += 0x55;
        data[8] += 0x55;
        packet->data = g_bytes_new_take(data, size);
    }
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    probe_clean(bench, &probe, NULL);
    ck_assert_int_eq(probe.audio_packets, 200);
    ck_assert_int_eq(probe.video_packets, 100);
    ck_assert_double_eq_tol(probe.duration_s, 4, 0.05);
}
END_TEST

START_TEST(garbage_is_ignored)
{
    g_autoptr(GArray) packets = call_packets();
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    guint count = packets->len;
    for (guint i = 0; i < count; i += 3) {
        Packet garbage = g_array_index(packets, Packet, i);
        gsize size = (gsize)g_rand_int_range(rand, 1, 40);
        guint8 *data = g_malloc(size);
        for (gsize n = 0; n < size; n++)
            data[n] = (guint8)g_rand_int(rand);
        data[0] &= 0x3f; /* no version 2 */
        garbage.data = g_bytes_new_take(data, size);
        g_array_append_val(packets, garbage);
    }
    packets_sort(packets);
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    bench_finish(bench);
    g_auto(Probe) probe = {0};
    probe_clean(bench, &probe, NULL);
    ck_assert_int_eq(probe.audio_packets, 200);
    ck_assert_int_eq(probe.video_packets, 100);
}
END_TEST

/* A file size limit stands for a full disk. */
static void
limit_files(rlim_t bytes)
{
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_full_disk_is_waited_for)
{
    g_autoptr(GArray) packets = call_packets();
    g_autoptr(Bench) bench = bench_new();
    limit_files(40000);
    bench_play(bench, packets);
    g_usleep(600 * 1000);
    ck_assert_uint_eq(bench->n_failed, 0);
    kc_recorder_finish(bench->recorder);
    g_usleep(600 * 1000);
    limit_files(RLIM_INFINITY);
    bench_wait_last(bench);
    g_auto(Probe) probe = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    probe_clean(bench, &probe, &index);
    ck_assert_int_eq(probe.video_packets, 100);
    ck_assert_int_eq(probe.audio_packets, 200);
}
END_TEST

START_TEST(a_full_disk_fails_the_recording_and_nothing_else)
{
    g_autoptr(GArray) packets = call_packets();
    g_autoptr(Bench) bench = bench_new();
    limit_files(40000);
    bench_play(bench, packets); /* every push is answered with OK */
    kc_recorder_finish(bench->recorder);
    bench_wait_last(bench); /* for some seconds there may still be room to be made */
    ck_assert_uint_eq(bench->n_failed, 1);
    ck_assert_uint_eq(bench->n_finished, 0);
    ck_assert_ptr_nonnull(bench->message);
}
END_TEST

static void
wait_at_gate(const KcRecordingReport *report, gpointer gate)
{
    (void)report;
    g_mutex_lock(gate);
    g_mutex_unlock(gate);
}

/* Stops the writer thread of `bench` in the last report of another recording, until `gate` is unlocked. */
static void
block_writer(Bench *bench, GMutex *gate)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(bench->dir, "other.kcv", NULL);
    KcRecorderConfig config = {
        .object = "0198c7a0-0000-7000-8000-000000000002",
        .fd = kc_vault_create(path, &error),
        .report = wait_at_gate,
        .user_data = gate,
    };
    g_autoptr(KcRecorder) other = gst_object_ref_sink(kc_recorder_new(bench->writer, &config, &error));
    kc_assert_no_error(error);
    kc_recorder_finish(other);
}

START_TEST(a_long_queue_delays_neither_sync_nor_start)
{
    GMutex gate;
    g_mutex_init(&gate);
    g_mutex_lock(&gate);
    g_autoptr(GArray) packets = call_packets();
    g_autoptr(Bench) bench = bench_new();
    block_writer(bench, &gate);
    bench_play(bench, packets);
    kc_recorder_finish(bench->recorder);
    g_mutex_unlock(&gate);
    bench_wait_last(bench);
    ck_assert_uint_eq(bench->n_started, 1);
    ck_assert_uint_eq(bench->chunks_at_start, 1);
    ck_assert_uint_gt(bench->last.chunks, 1);
    g_mutex_clear(&gate);
}
END_TEST

START_TEST(any_length_of_packet_is_safe)
{
    g_autoptr(GArray) packets = call_packets();
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    for (guint i = 0; i < packets->len; i++) {
        Packet *packet = &g_array_index(packets, Packet, i);
        gsize size = g_bytes_get_size(packet->data);
        guint8 *data = g_bytes_unref_to_data(packet->data, &size);
        if (g_rand_int_range(rand, 0, 4) == 0)
            data[g_rand_int_range(rand, 0, MIN((gint)size, 24))] ^= (guint8)(1 << g_rand_int_range(rand, 0, 8));
        if (g_rand_int_range(rand, 0, 8) == 0)
            size = (gsize)g_rand_int_range(rand, 1, (gint)size + 1);
        packet->data = g_bytes_new_take(data, size);
    }
    g_autoptr(Bench) bench = bench_new();
    bench_play(bench, packets);
    bench_finish(bench);
    ck_assert_uint_eq(bench->n_finished, 1);
}
END_TEST

static Suite *
trouble_suite(void)
{
    Suite *suite = suite_create("recorder/trouble");
    TCase *tc = tcase_create("trouble");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, what_comes_late_or_twice_is_put_in_order);
    tcase_add_test(tc, lost_pictures_are_a_gap_up_to_the_next_keyframe);
    tcase_add_test(tc, lost_sound_is_a_gap_of_its_own);
    tcase_add_test(tc, pictures_lost_for_good_are_a_gap_up_to_the_end);
    tcase_add_test(tc, another_source_goes_on_in_the_same_file);
    tcase_add_test(tc, garbage_is_ignored);
    tcase_add_test(tc, a_long_queue_delays_neither_sync_nor_start);
    tcase_add_test(tc, a_full_disk_is_waited_for);
    tcase_add_test(tc, a_full_disk_fails_the_recording_and_nothing_else);
    tcase_add_loop_test(tc, any_length_of_packet_is_safe, 0, 10);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(trouble_suite())
