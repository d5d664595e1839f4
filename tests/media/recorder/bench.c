#include "tests/media/recorder/bench.h"
#include "tests/support/kc_test.h"
#include "media/webm/virtual.h"
#include "src/evidence/vault.h"

#include <fcntl.h>
#include <gst/video/video.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define OBJECT "0198c7a0-0000-7000-8000-000000000001"
#define WAIT_US (20 * G_USEC_PER_SEC)
#define TICK_US 50000

const guint8 bench_key[KC_RECORDER_KEY_BYTES] = "a key for tests, 32 bytes long.";

static void
take_report(const KcRecordingReport *report, gpointer user_data)
{
    Bench *bench = user_data;
    g_mutex_lock(&bench->lock);
    bench->n_started += report->state == KC_RECORDING_STARTED;
    if (report->state == KC_RECORDING_STARTED)
        bench->chunks_at_start = report->chunks;
    bench->n_progress += report->state == KC_RECORDING_PROGRESS;
    bench->n_failed += report->state == KC_RECORDING_FAILED;
    bench->n_finished += report->state == KC_RECORDING_FINISHED;
    bench->last = *report;
    g_free(bench->message);
    bench->message = g_strdup(report->message);
    g_cond_signal(&bench->changed);
    g_mutex_unlock(&bench->lock);
}

static void
count_freed(gpointer user_data)
{
    Bench *bench = user_data;
    g_mutex_lock(&bench->lock);
    bench->n_freed++;
    g_cond_signal(&bench->changed);
    g_mutex_unlock(&bench->lock);
}

static gboolean
source_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    Bench *bench = g_object_get_data(G_OBJECT(pad), "bench");
    bench->keyframes_asked += gst_video_event_is_force_key_unit(event);
    gst_event_unref(event);
    return TRUE;
}

static GstPad *
link_source(Bench *bench, const char *name)
{
    g_autoptr(GstPad) sink = gst_element_get_static_pad(GST_ELEMENT(bench->recorder), name);
    GstPad *source = gst_pad_new(NULL, GST_PAD_SRC);
    g_object_set_data(G_OBJECT(source), "bench", bench);
    gst_pad_set_event_function(source, source_event);
    gst_pad_set_active(source, TRUE);
    ck_assert_int_eq(gst_pad_link(source, sink), GST_PAD_LINK_OK);
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(source, gst_event_new_stream_start(name));
    gst_pad_push_event(source, gst_event_new_segment(&segment));
    return source;
}

static Bench *
new_with(KcRecorderWriter *shared)
{
    gst_init(NULL, NULL);
    Bench *bench = g_new0(Bench, 1);
    bench->shares_writer = shared != NULL;
    g_mutex_init(&bench->lock);
    g_cond_init(&bench->changed);
    bench->dir = kc_test_dir_new();
    bench->path = g_build_filename(bench->dir, "track.kcv", NULL);
    bench->writer = shared != NULL ? shared : kc_recorder_writer_new();
    bench->base_us = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    KcRecorderConfig config = {
        .object = OBJECT,
        .fd = kc_vault_create(bench->path, &error),
        .epoch_us = BENCH_EPOCH_US,
        .epoch_mono_us = bench->base_us,
        .report = take_report,
        .user_data = bench,
        .user_data_free = count_freed,
    };
    kc_assert_no_error(error);
    memcpy(config.key, bench_key, sizeof config.key);
    bench->recorder = kc_recorder_new(bench->writer, &config, &error);
    kc_assert_no_error(error);
    gst_object_ref_sink(bench->recorder);
    gst_element_set_state(GST_ELEMENT(bench->recorder), GST_STATE_PLAYING);
    bench->sources[KC_RECORDER_AUDIO] = link_source(bench, "audio_sink");
    bench->sources[KC_RECORDER_VIDEO] = link_source(bench, "video_sink");
    return bench;
}

Bench *
bench_new(void)
{
    return new_with(NULL);
}

Bench *
bench_new_beside(const Bench *first)
{
    return new_with(first->writer);
}

void
bench_free(Bench *bench)
{
    for (guint i = 0; i < G_N_ELEMENTS(bench->sources); i++)
        gst_object_unref(bench->sources[i]);
    if (bench->recorder != NULL) {
        gst_element_set_state(GST_ELEMENT(bench->recorder), GST_STATE_NULL);
        gst_object_unref(bench->recorder);
    }
    if (bench->shares_writer)
        bench_wait_last(bench);
    else
        kc_recorder_writer_free(bench->writer);
    g_mutex_lock(&bench->lock);
    for (gint64 end_us = g_get_monotonic_time() + WAIT_US; bench->n_freed == 0;)
        ck_assert_msg(g_cond_wait_until(&bench->changed, &bench->lock, end_us), "it was not let go");
    g_mutex_unlock(&bench->lock);
    g_mutex_clear(&bench->lock);
    g_cond_clear(&bench->changed);
    kc_test_dir_remove(bench->dir);
    g_free(bench->path);
    g_free(bench->message);
    g_free(bench);
}

void
bench_tick(Bench *bench, gint64 at_us)
{
    kc_recorder_tick(bench->recorder, bench->base_us + at_us);
}

void
bench_play(Bench *bench, const GArray *packets)
{
    gint64 ticked_us = packets->len > 0 ? g_array_index(packets, Packet, 0).at_us : 0;
    for (guint i = 0; i < packets->len; i++) {
        const Packet *packet = &g_array_index(packets, Packet, i);
        for (; ticked_us < packet->at_us; ticked_us += TICK_US)
            bench_tick(bench, ticked_us);
        GstBuffer *buffer = gst_buffer_new_wrapped_bytes(packet->data);
        GST_BUFFER_DTS(buffer) = (GstClockTime)(bench->base_us + packet->at_us) * 1000;
        ck_assert_int_eq(gst_pad_push(bench->sources[packet->media], buffer), GST_FLOW_OK);
    }
}

void
bench_wait_last(Bench *bench)
{
    gint64 end_us = g_get_monotonic_time() + WAIT_US;
    g_mutex_lock(&bench->lock);
    while (bench->n_finished + bench->n_failed == 0)
        ck_assert_msg(g_cond_wait_until(&bench->changed, &bench->lock, end_us), "no last report came");
    g_mutex_unlock(&bench->lock);
}

void
bench_finish(Bench *bench)
{
    kc_recorder_finish(bench->recorder);
    bench_wait_last(bench);
}

/* --- probing ---------------------------------------------------------------------------------------------------- */

static double
number(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? g_ascii_strtod(text, NULL) : 0;
}

static void
probe_file(const char *path, Probe *ret_probe)
{
    const char *const argv[] = {"ffprobe", "-v",   "error", "-show_format", "-show_streams", "-count_packets",
                                "-of",     "json", path,    NULL};
    g_autofree char *errors = NULL;
    g_autofree char *text = kc_test_output(argv, &errors);
    ck_assert_str_eq(errors, "");
    json_t *root = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(root);
    json_t *stream;
    size_t i;
    json_array_foreach(json_object_get(root, "streams"), i, stream)
    {
        gboolean video = strcmp(json_string_value(json_object_get(stream, "codec_type")), "video") == 0;
        *(video ? &ret_probe->video_packets : &ret_probe->audio_packets) = (gint)number(stream, "nb_read_packets");
        *(video ? &ret_probe->video_start_s : &ret_probe->audio_start_s) = number(stream, "start_time");
        if (video) {
            ret_probe->width = (gint)json_integer_value(json_object_get(stream, "width"));
            ret_probe->height = (gint)json_integer_value(json_object_get(stream, "height"));
        }
        ret_probe->n_streams++;
    }
    ret_probe->duration_s = number(json_object_get(root, "format"), "duration");
    json_decref(root);
}

void
probe_clear(Probe *probe)
{
    g_free(probe->errors);
}

static gboolean
read_vault(guint64 offset, guint8 *out, gsize size, gpointer user_data, GError **error)
{
    return kc_vault_reader_read_at(user_data, offset, out, size, error);
}

static void
export_served(const char *path, const char *out_path, KcWebmIndex **ret_index)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(open(path, O_RDONLY | O_CLOEXEC), bench_key, OBJECT, &error);
    kc_assert_no_error(error);
    ck_assert(kc_vault_reader_verify(reader, NULL));
    g_autoptr(KcWebmIndex) index = kc_webm_index_decode(kc_vault_reader_index(reader), &error);
    kc_assert_no_error(error);
    ck_assert_uint_eq(kc_webm_index_total_bytes(index), kc_vault_reader_size(reader));

    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(index);
    gsize size = kc_webm_virtual_size(file);
    g_autofree guint8 *served = g_malloc(size);
    kc_webm_virtual_read(file, 0, served, size, read_vault, reader, &error);
    kc_assert_no_error(error);
    g_file_set_contents(out_path, (const char *)served, (gssize)size, &error);
    kc_assert_no_error(error);
    if (ret_index != NULL)
        *ret_index = g_steal_pointer(&index);
}

static void
keep_served(const char *path)
{
    const char *folder = g_getenv("KC_TEST_KEEP");
    g_autofree char *served = NULL;
    gsize size;
    if (folder == NULL || !g_file_get_contents(path, &served, &size, NULL))
        return;
    g_autofree char *name = g_strdup_printf("%s/%d.webm", folder, (gint)getpid());
    ck_assert(g_file_set_contents(name, served, (gssize)size, NULL));
}

void
bench_probe(const char *path, Probe *ret_probe, KcWebmIndex **ret_index)
{
    g_autofree char *out_path = g_strconcat(path, ".webm", NULL);
    *ret_probe = (Probe){0};
    export_served(path, out_path, ret_index);
    keep_served(out_path);
    probe_file(out_path, ret_probe);
    const char *const argv[] = {"ffmpeg", "-v", "error", "-i", out_path, "-f", "null", "-", NULL};
    g_free(kc_test_output(argv, &ret_probe->errors));
}
