/* Puts recordings into a case of a data folder whose service is stopped, as a call would have left them: real VP8 and
 * Opus frames of a WebM file through the project's writer into the vault, a row and a log entry for each.
 *
 *     make_replay DATA CASE PARTICIPANT:FROM_MS:REPEAT:STATUS:FILE.webm[:GAP_FROM-GAP_TO] …
 *
 * PARTICIPANT is party:ID or user:ID with a dot for the colon ("party.0193…"); FROM_MS counts from the case's first
 * moment; the file's frames are written REPEAT times in a row; STATUS is complete, or cut: the file is left as a crash
 * leaves it, and the service recovers it at its next start. Prints the id of each recording. */
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/hex.h"
#include "src/base/id.h"
#include "src/store/case_store.h"
#include "src/store/log_store.h"
#include "src/store/object_store.h"
#include "tests/support/clip.h"

#define BEGAN_US G_GINT64_CONSTANT(1793000000000000)

typedef struct {
    KcStore *store;
    const char *data_dir, *case_id, *spec;
    KcRecording *recording;
    guint8 key[KC_KEY_LEN];
    KcClipUse use;
    gboolean cut;
    KcClip *clip;
} Job;

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
    kc_clip_require(fd >= 0, &error, path);
    g_autoptr(KcVaultWriter) vault = kc_vault_writer_new(fd, job->key, job->recording->object->id, &error);
    g_autoptr(KcWebmIndex) index = kc_clip_seal(job->clip, &job->use, job->recording->started_us, vault);
    describe(job, index, kc_vault_writer_chunks(vault));
    if (job->cut)
        return;
    guint8 sha256[KC_VAULT_SHA256_LEN];
    g_autoptr(GBytes) sealed = kc_webm_index_encode(index);
    kc_clip_require(kc_vault_writer_finish(vault, sealed, sha256, &error), &error, "finishing");
    job->recording->object->sha256 = kc_hex_encode(sha256, sizeof sha256);
    job->recording->object->status = (g_free(job->recording->object->status), g_strdup("complete"));
    job->recording->object->finished_us = job->recording->ended_us;
}

/* ---- Its row ---- */

/* The row before the file, as the service does; its key is by the row. */
static gboolean
begin(KcTx *tx, gpointer data, GError **error)
{
    Job *job = data;
    KcLogEntry started = {.at_us = job->recording->started_us,
                          .case_id = (char *)job->case_id,
                          .kind = (char *)"recording.started",
                          .actor_kind = (char *)"system"};
    return kc_recording_store_insert(tx, job->recording, error) &&
           kc_object_store_key(tx, job->case_id, job->recording->object->id, job->key, error) &&
           kc_log_store_append(tx, &started, error);
}

static gboolean
finish(KcTx *tx, gpointer data, GError **error)
{
    Job *job = data;
    const KcObject *object = job->recording->object;
    json_t *entry = json_pack("{s:s, s:s, s:I, s:I, s:I}", "object_id", object->id, "sha256", object->sha256, "chunks",
                              (json_int_t)job->recording->chunks, "bytes", (json_int_t)object->size_bytes,
                              "duration_ms", (json_int_t)job->recording->duration_ms);
    KcLogEntry finished = {.at_us = job->recording->ended_us,
                           .case_id = (char *)job->case_id,
                           .kind = (char *)"recording.finished",
                           .actor_kind = (char *)"system",
                           .data = entry};
    gboolean done = kc_recording_store_update(tx, job->recording, error) == KC_UPDATE_DONE &&
                    kc_log_store_append(tx, &finished, error);
    json_decref(entry);
    return done;
}

static void
run(Job *job)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) part = g_strsplit(job->spec, ":", -1);
    kc_clip_require(g_strv_length(part) >= 5 && strchr(part[0], '.') != NULL, NULL, job->spec);
    gint64 from_ms = g_ascii_strtoll(part[1], NULL, 10);
    job->use.repeat = g_ascii_strtoll(part[2], NULL, 10);
    job->cut = strcmp(part[3], "cut") == 0;
    job->clip = kc_clip_read(part[4]);
    if (part[5] != NULL)
        kc_clip_require(
            sscanf(part[5], "%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, &job->use.gap_from_ms, &job->use.gap_to_ms) == 2,
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
    kc_clip_require(kc_store_write(job->store, begin, job, &error), &error, "the row");
    write_file(job);
    kc_clip_require(job->cut || kc_store_write(job->store, finish, job, &error), &error, "the row's end");
    printf("%s\n", id.text);
    kc_recording_free(recording);
    kc_clip_free(job->clip);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    gst_init(NULL, NULL);
    kc_clip_require(argc > 3, NULL, "DATA CASE TRACK …");
    g_autofree char *key = g_build_filename(argv[1], "keys", "master.key", NULL);
    g_autofree char *safe = g_build_filename(argv[1], "keys", "case-keys", NULL);
    g_autofree char *path = g_build_filename(argv[1], "kuaichu.db", NULL);
    const KcKeyFiles files = {.master = key, .safe = safe};
    g_autoptr(KcKeyring) keyring = kc_keyring_open_files(&files, FALSE, &error);
    kc_clip_require(keyring != NULL, &error, key);
    g_autoptr(KcStore) store = kc_store_open(path, keyring, &error);
    kc_clip_require(store != NULL, &error, path);
    for (int i = 3; i < argc; i++) {
        Job job = {.store = store, .data_dir = argv[1], .case_id = argv[2], .spec = argv[i]};
        run(&job);
    }
    return EXIT_SUCCESS;
}
