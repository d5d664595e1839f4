/* A recording whose writer died: the vault's recovery with the index scanned from what is there. */
#include "tests/media/recorder/bench.h"
#include "tests/support/kc_test.h"
#include "media/webm/scan.h"
#include "src/evidence/vault.h"

#include <fcntl.h>

#define OBJECT "0198c7a0-0000-7000-8000-000000000001"
#define CUTS 12

static gboolean
scan_chunk(guint32 number, guint64 offset, const guint8 *data, gsize size, gpointer user_data, GError **error)
{
    return kc_webm_scan_push(user_data, data, size, error);
}

static GBytes *
scan_index(guint64 plaintext_size, gpointer user_data, GError **error)
{
    const KcWebmIndex *index = kc_webm_scan_index(user_data);
    ck_assert_uint_eq(kc_webm_index_total_bytes(index), plaintext_size);
    return kc_webm_index_encode(index);
}

static KcVaultRecovery
recover(const char *path)
{
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    g_autoptr(GError) error = NULL;
    KcVaultRecovery recovery = {0};
    kc_vault_recover(open(path, O_RDWR | O_CLOEXEC), bench_key, OBJECT, 0, scan_chunk, scan_index, scan, &recovery,
                     &error);
    kc_assert_no_error(error);
    return recovery;
}

static char *
record_call(Bench *bench, gsize *ret_size)
{
    const VideoSource source = {.width = 320, .height = 240, .frames = 150};
    g_autoptr(GArray) packets = video_packets(&source);
    packets_append(packets, audio_packets(300, 0, 0));
    packets_sort(packets);
    bench_play(bench, packets);
    bench_finish(bench);
    char *file = NULL;
    ck_assert(g_file_get_contents(bench->path, &file, ret_size, NULL));
    return file;
}

START_TEST(a_file_cut_anywhere_plays_up_to_there)
{
    g_autoptr(Bench) bench = bench_new();
    gsize size;
    g_autofree char *file = record_call(bench, &size);
    double before_s = 0;
    for (guint i = 1; i <= CUTS; i++) {
        g_autofree char *path = g_strdup_printf("%s/cut-%u.kcv", bench->dir, i);
        gsize cut = size * i / (CUTS + 1);
        ck_assert(g_file_set_contents(path, file, (gssize)cut, NULL));
        KcVaultRecovery recovery = recover(path);
        if (recovery.chunks < 2)
            continue; /* the head alone, or not even that */
        ck_assert_int_eq(recovery.outcome, KC_VAULT_RECOVERED);
        g_auto(Probe) probe = {0};
        bench_probe(path, &probe, NULL);
        ck_assert_str_eq(probe.errors, "");
        ck_assert_int_eq(probe.n_streams, 2);
        ck_assert_double_ge(probe.duration_s, before_s);
        ck_assert_double_ge(probe.duration_s, 6.0 * i / (CUTS + 1) - 2);
        before_s = probe.duration_s;
    }
    ck_assert_double_ge(before_s, 4);
}
END_TEST

/* The same index, whether the writer lived to seal it or not. */
START_TEST(a_recording_that_lacks_only_its_end_lacks_nothing_else)
{
    g_autoptr(Bench) bench = bench_new();
    gsize size;
    g_autofree char *file = record_call(bench, &size);
    g_auto(Probe) probe = {0}, again = {0};
    g_autoptr(KcWebmIndex) index = NULL;
    g_autoptr(KcWebmIndex) recovered = NULL;
    bench_probe(bench->path, &probe, &index);

    g_autofree char *path = g_strdup_printf("%s/cut.kcv", bench->dir);
    ck_assert(g_file_set_contents(path, file, (gssize)size - 100, NULL));
    ck_assert_int_eq(recover(path).outcome, KC_VAULT_RECOVERED);
    bench_probe(path, &again, &recovered);
    g_autoptr(GBytes) a = kc_webm_index_encode(index);
    g_autoptr(GBytes) b = kc_webm_index_encode(recovered);
    ck_assert(g_bytes_equal(a, b));
    ck_assert_int_eq(again.video_packets, probe.video_packets);
}
END_TEST

START_TEST(what_was_played_is_on_disk_within_a_second)
{
    g_autoptr(Bench) bench = bench_new();
    g_autoptr(GArray) packets = audio_packets(150, 0, 0);
    bench_play(bench, packets);
    gint64 end_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
    g_mutex_lock(&bench->lock);
    while (bench->last.duration_ms < 2000)
        ck_assert(g_cond_wait_until(&bench->changed, &bench->lock, end_us));
    g_mutex_unlock(&bench->lock);

    /* The writer is still at it; a copy of the file is what a crash would leave. */
    g_autofree char *file = NULL;
    gsize size;
    ck_assert(g_file_get_contents(bench->path, &file, &size, NULL));
    g_autofree char *path = g_strdup_printf("%s/copy.kcv", bench->dir);
    ck_assert(g_file_set_contents(path, file, (gssize)size, NULL));
    ck_assert_int_eq(recover(path).outcome, KC_VAULT_RECOVERED);
    g_auto(Probe) probe = {0};
    bench_probe(path, &probe, NULL);
    ck_assert_double_ge(probe.duration_s, 2);
}
END_TEST

static Suite *
recovery_suite(void)
{
    Suite *suite = suite_create("recorder/recovery");
    TCase *tc = tcase_create("recovery");
    tcase_set_timeout(tc, 90);
    tcase_add_test(tc, a_file_cut_anywhere_plays_up_to_there);
    tcase_add_test(tc, a_recording_that_lacks_only_its_end_lacks_nothing_else);
    tcase_add_test(tc, what_was_played_is_on_disk_within_a_second);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(recovery_suite())
