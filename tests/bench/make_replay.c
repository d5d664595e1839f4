/* Puts recordings into a case of a data folder whose service is stopped, as a call would have left them: real VP8 and
 * Opus frames of a WebM file through the project's writer into the vault, a row and a log entry for each.
 *
 *     make_replay DATA CASE PARTICIPANT:FROM_MS:REPEAT:STATUS:FILE.webm[:GAP_FROM-GAP_TO] …
 *
 * PARTICIPANT is party:ID or user:ID with a dot for the colon ("party.0193…"); FROM_MS counts from the case's first
 * moment; the file's frames are written REPEAT times in a row; STATUS is complete, or cut: the file is left as a crash
 * leaves it, and the service recovers it at its next start. Prints the id of each recording. */
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/webm/scan.h"
#include "media/webm/writer.h"
#include "src/base/hex.h"
#include "src/base/id.h"
#include "src/evidence/vault.h"
#include "src/store/case_store.h"
#include "src/store/log_store.h"
#include "src/store/object_store.h"

#define BEGAN_US G_GINT64_CONSTANT(1793000000000000)
#define BATCH_MS 100 /* a worker seals ten times a second */

typedef struct {
    KcWebmTrack track;
    gint64 time_ms;
    GBytes *data;
} Frame;

typedef struct {
    KcStore *store;
    const char *data_dir, *case_id, *spec;
    KcRecording *recording;
    guint8 key[KC_KEY_LEN];
    gint64 repeat, gap_from_ms, gap_to_ms;
    gboolean cut;
    GArray *frames;
    gint64 clip_ms;
} Job;

static void
require(gboolean ok, GError **error, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "make_replay: %s: %s\n", what, error != NULL && *error != NULL ? (*error)->message : "failed");
    exit(EXIT_FAILURE);
}

/* ---- The clip ---- */

static void
pull(GstElement *pipeline, const char *name, KcWebmTrack track, GArray *frames, gint64 *length_ms)
{
    g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), name);
    GstSample *sample;
    while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(sink))) != NULL) {
        GstBuffer *buffer = gst_sample_get_buffer(sample);
        GstMapInfo map;
        gst_buffer_map(buffer, &map, GST_MAP_READ);
        Frame frame = {track, (gint64)(GST_BUFFER_PTS(buffer) / GST_MSECOND), g_bytes_new(map.data, map.size)};
        gst_buffer_unmap(buffer, &map);
        gst_sample_unref(sample);
        *length_ms = MAX(*length_ms, frame.time_ms + 40);
        g_array_append_val(frames, frame);
    }
}

static int
by_time(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const Frame *)a)->time_ms, y = ((const Frame *)b)->time_ms;
    return (x > y) - (x < y);
}

static GArray *
read_clip(const char *file, gint64 *ret_length_ms)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf(
        "filesrc location=%s ! matroskademux name=d "
        "d.video_0 ! queue max-size-bytes=0 max-size-buffers=0 max-size-time=0 ! appsink name=v sync=false "
        "d.audio_0 ! queue max-size-bytes=0 max-size-buffers=0 max-size-time=0 ! appsink name=a sync=false",
        file);
    g_autoptr(GstElement) pipeline = gst_parse_launch(text, &error);
    require(error == NULL, &error, file);
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(Frame));
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    pull(pipeline, "v", KC_WEBM_VIDEO, frames, ret_length_ms);
    pull(pipeline, "a", KC_WEBM_AUDIO, frames, ret_length_ms);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    g_array_sort(frames, by_time);
    require(frames->len > 0, NULL, file);
    return frames;
}

/* ---- A recording ---- */

static void
seal(KcWebmWriter *webm, KcWebmScan *scan, KcVaultWriter *vault)
{
    g_autoptr(GError) error = NULL;
    GBytes *piece;
    while ((piece = kc_webm_writer_take(webm)) != NULL) {
        gsize len;
        const guint8 *data = g_bytes_get_data(piece, &len);
        require(kc_webm_scan_push(scan, data, len, &error) && kc_vault_writer_append(vault, data, len, &error), &error,
                "sealing");
        g_bytes_unref(piece);
    }
}

static void
write_clip(const Job *job, gint64 base_ms, KcWebmWriter *webm, KcWebmScan *scan, KcVaultWriter *vault)
{
    for (guint i = 0; i < job->frames->len; i++) {
        const Frame *frame = &g_array_index(job->frames, Frame, i);
        gint64 at = base_ms + frame->time_ms;
        if (at > job->gap_from_ms && at < job->gap_to_ms)
            continue;
        if (job->gap_to_ms > 0 && at >= job->gap_to_ms && at < job->gap_to_ms + 20)
            kc_webm_writer_add_gap(webm, job->gap_from_ms, job->gap_to_ms, KC_WEBM_HAS_VIDEO | KC_WEBM_HAS_AUDIO);
        gsize size;
        const guint8 *data = g_bytes_get_data(frame->data, &size);
        const KcWebmFrame one = {frame->track, at, data, size};
        require(kc_webm_writer_add(webm, &one), NULL, "a frame");
        if (i % 8 == 7)
            seal(webm, scan, vault);
    }
}

static void
describe(Job *job, const KcWebmIndex *index, guint32 chunks)
{
    KcRecording *row = job->recording;
    GString *gaps = g_string_new("[");
    for (guint i = 0; i < index->gaps->len; i++) {
        const KcWebmGap *gap = &g_array_index(index->gaps, KcWebmGap, i);
        g_string_append_printf(gaps, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]", i > 0 ? "," : "", gap->from_ms,
                               gap->to_ms);
    }
    row->gaps_json = g_string_free(g_string_append_c(gaps, ']'), FALSE);
    row->duration_ms = index->duration_ms;
    row->ended_us = row->started_us + index->duration_ms * 1000;
    row->has_audio = kc_webm_index_has_audio(index);
    row->has_video = kc_webm_index_has_video(index);
    row->width = index->width;
    row->height = index->height;
    row->chunks = chunks;
    row->object->size_bytes = (gint64)kc_webm_index_total_bytes(index);
}

static void
write_file(Job *job)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(job->data_dir, "vault", job->recording->object->path, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
    int fd = kc_vault_create(path, &error);
    require(fd >= 0, &error, path);
    g_autoptr(KcVaultWriter) vault = kc_vault_writer_new(fd, job->key, job->recording->object->id, &error);
    g_autoptr(KcWebmWriter) webm = kc_webm_writer_new(job->recording->started_us);
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    for (gint64 i = 0; i < job->repeat; i++)
        write_clip(job, i * job->clip_ms, webm, scan, vault);
    kc_webm_writer_flush(webm);
    seal(webm, scan, vault);
    describe(job, kc_webm_scan_index(scan), kc_vault_writer_chunks(vault));
    if (job->cut)
        return;
    guint8 sha256[KC_VAULT_SHA256_LEN];
    g_autoptr(GBytes) index = kc_webm_index_encode(kc_webm_scan_index(scan));
    require(kc_vault_writer_finish(vault, index, sha256, &error), &error, "finishing");
    job->recording->object->sha256 = kc_hex_encode(sha256, sizeof sha256);
    job->recording->object->status = (g_free(job->recording->object->status), g_strdup("complete"));
    job->recording->object->finished_us = job->recording->ended_us;
}

/* ---- Its row ---- */

/* As a call begins one: its row says under which key it is. */
static gboolean
begin(KcTx *tx, gpointer data, GError **error)
{
    Job *job = data;
    return kc_recording_store_insert(tx, job->recording, error) &&
           kc_object_store_key(tx, job->case_id, job->recording->object->id, job->key, error);
}

static gboolean
end(KcTx *tx, gpointer data, GError **error)
{
    Job *job = data;
    const KcObject *object = job->recording->object;
    if (kc_recording_store_update(tx, job->recording, error) != KC_UPDATE_DONE)
        return FALSE;
    if (job->cut)
        return TRUE;
    json_t *entry = json_pack("{s:s, s:s, s:I, s:I, s:I}", "object_id", object->id, "sha256", object->sha256, "chunks",
                              (json_int_t)job->recording->chunks, "bytes", (json_int_t)object->size_bytes,
                              "duration_ms", (json_int_t)job->recording->duration_ms);
    KcLogEntry finished = {.at_us = job->recording->ended_us,
                           .case_id = (char *)job->case_id,
                           .kind = (char *)"recording.finished",
                           .actor_kind = (char *)"system",
                           .data = entry};
    gboolean done = kc_log_store_append(tx, &finished, error);
    json_decref(entry);
    return done;
}

static void
run(Job *job)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) part = g_strsplit(job->spec, ":", -1);
    require(g_strv_length(part) >= 5 && strchr(part[0], '.') != NULL, NULL, job->spec);
    gint64 from_ms = g_ascii_strtoll(part[1], NULL, 10);
    job->repeat = g_ascii_strtoll(part[2], NULL, 10);
    job->cut = strcmp(part[3], "cut") == 0;
    job->frames = read_clip(part[4], &job->clip_ms);
    if (part[5] != NULL)
        require(sscanf(part[5], "%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, &job->gap_from_ms, &job->gap_to_ms) == 2,
                NULL, part[5]);

    KcId id = kc_id_now(BEGAN_US + from_ms * 1000);
    KcRecording *recording = job->recording = g_new0(KcRecording, 1);
    KcObject *object = recording->object = g_new0(KcObject, 1);
    const char *who = strchr(part[0], '.') + 1;
    object->id = g_strdup(id.text);
    object->case_id = g_strdup(job->case_id);
    object->kind = g_strdup("recording");
    *(g_str_has_prefix(part[0], "party") ? &object->party_id : &object->user_id) = g_strdup(who);
    object->path = g_strdup_printf("%s/%s.kcv", job->case_id, id.text);
    object->status = g_strdup("live");
    object->content_type = g_strdup("video/webm");
    object->created_us = recording->started_us = BEGAN_US + from_ms * 1000;
    require(kc_store_write(job->store, begin, job, &error), &error, "the row");
    write_file(job);
    require(kc_store_write(job->store, end, job, &error), &error, "its end");
    printf("%s\n", id.text);
    kc_recording_free(recording);
    for (guint i = 0; i < job->frames->len; i++)
        g_bytes_unref(g_array_index(job->frames, Frame, i).data);
    g_array_unref(job->frames);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    gst_init(NULL, NULL);
    require(argc > 3, NULL, "DATA CASE TRACK …");
    g_autofree char *key = g_build_filename(argv[1], "keys", "master.key", NULL);
    g_autofree char *path = g_build_filename(argv[1], "kuaichu.db", NULL);
    g_autofree char *safe = g_build_filename(argv[1], "keys", "case-keys", NULL);
    const KcKeyFiles files = {.master = key, .safe = safe};
    g_autoptr(KcKeyring) keyring = kc_keyring_open_files(&files, FALSE, &error);
    require(keyring != NULL, &error, key);
    g_autoptr(KcStore) store = kc_store_open(path, keyring, &error);
    require(store != NULL, &error, path);
    for (int i = 3; i < argc; i++) {
        Job job = {.store = store, .data_dir = argv[1], .case_id = argv[2], .spec = argv[i]};
        run(&job);
    }
    return EXIT_SUCCESS;
}
