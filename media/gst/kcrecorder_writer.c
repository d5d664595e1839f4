/*  OPEN ──finish──▶ FINISHED        each ends with one last report, after which nothing of the recording is touched
 *    └──disk error, overflow──▶ FAILED
 *
 * A full disk is no error yet: what it does not take is held and tried again, as the daemon lets its reserve go within a
 * second or two (src/app/disk_reserve.c). What is held counts as waiting for the disk, and has that limit.
 *
 * Invariants: a recording belongs to the writer thread but for `queued_bytes` and `broken`, which are atomic, and the
 * fields that never change. Jobs of one recording are done in order; its finish job is its last. */
#include "media/gst/kcrecorder_writer.h"
#include "media/gst/kcrecorder_gop.h"
#include "media/webm/scan.h"
#include "src/base/hex.h"
#include "src/evidence/vault.h"

#define SYNC_US G_USEC_PER_SEC
#define REPORT_US G_USEC_PER_SEC

/* A chunk may wait so long: waking the thread for each costs as much as writing it. With KC_WEBM_CLUSTER_MS it is what a
 * crash costs at most. */
#define GATHER_US (100 * 1000)
#define GATHER_BYTES (512 * 1024) /* more is written at once */

#define RETRY_US (200 * 1000)               /* on a full disk */
#define FINISH_WAIT_US (5 * G_USEC_PER_SEC) /* so long it is waited for room to finish in … */
#define STOP_WAIT_US (2 * G_USEC_PER_SEC)   /* … and so long by a worker that ends */

#define ROOM_CLUSTERS 6000 /* a quarter of an hour at 1.5 Mbit/s; then it doubles, mapped as before */

struct _KcRecording {
    KcRecorderWriter *writer;
    char *object;
    KcRecordingReportFunc report;
    gpointer user_data;
    GDestroyNotify user_data_free;

    gint queued_bytes; /* atomic */
    gint broken;       /* atomic: nothing more is taken */

    KcVaultWriter *vault; /* NULL after the last report */
    GQueue held;          /* of GBytes: what a full disk has not taken yet */
    gint64 finish_by_us;  /* it is to be finished, before that time; 0: it goes on */
    KcWebmScan *scan;
    guint64 chunks;
    guint64 bytes;
    guint64 durable_bytes;
    gboolean started;
    gint64 synced_at_us;
    gint64 reported_at_us;
};

typedef enum {
    JOB_OPEN,
    JOB_CHUNK,
    JOB_GOP,
    JOB_OVERFLOW,
    JOB_FINISH,
    JOB_STOP,
} JobKind;

typedef struct {
    JobKind kind;
    KcRecording *recording;
    GBytes *chunk;
    KcGopFunc gop_func;
    gpointer gop_data;
} Job;

struct _KcRecorderWriter {
    GThread *thread;
    GMutex mutex; /* guards the next four */
    GCond wake;
    GQueue jobs;
    gsize chunk_bytes; /* that wait in `jobs` */
    gboolean called;   /* and not to wait any longer */
    GPtrArray *open;   /* of KcRecording; the writer thread's own, as are … */
    gboolean stopping; /* … this … */
    gint64 retry_at_us; /* … and this: when a full disk is tried again */
};

/* Takes over the job's chunk. Chunks wait for the thread to look by itself, unless there are many. */
static void
post(KcRecorderWriter *writer, const Job *job)
{
    gpointer copy = g_memdup2(job, sizeof *job);
    g_mutex_lock(&writer->mutex);
    g_queue_push_tail(&writer->jobs, copy);
    if (job->chunk != NULL)
        writer->chunk_bytes += g_bytes_get_size(job->chunk);
    if (job->chunk == NULL || writer->chunk_bytes > GATHER_BYTES) {
        writer->called = TRUE;
        g_cond_signal(&writer->wake);
    }
    g_mutex_unlock(&writer->mutex);
}

static void
post_kind(KcRecorderWriter *writer, JobKind kind, KcRecording *recording)
{
    post(writer, &(Job){.kind = kind, .recording = recording});
}

/* --- on the writer thread --------------------------------------------------------------------------------------- */

static void
send_report(KcRecording *recording, KcRecordingState state, const char *sha256, const char *message)
{
    const KcWebmIndex *index = kc_webm_scan_index(recording->scan);
    KcRecordingReport report = {
        .state = state,
        .object = recording->object,
        .chunks = recording->chunks,
        .bytes = recording->bytes,
        .durable_bytes = recording->durable_bytes,
        .started_at_us = index->started_at_us,
        .duration_ms = index->duration_ms,
        .has_audio = index->audio_end_ms > 0,
        .has_video = index->video_end_ms > 0,
        .width = index->width,
        .height = index->height,
        .index = index,
        .message = message,
    };
    if (sha256 != NULL)
        g_strlcpy(report.sha256, sha256, sizeof report.sha256);
    if (recording->report != NULL)
        recording->report(&report, recording->user_data);
    recording->reported_at_us = g_get_monotonic_time();
}

static void
drop_first_held(KcRecording *recording)
{
    g_autoptr(GBytes) chunk = g_queue_pop_head(&recording->held);
    g_atomic_int_add(&recording->queued_bytes, -(gint)g_bytes_get_size(chunk));
}

/* What was written stays on disk, unfinished, so that the vault's recovery can bring it to its end. */
static void
fail(KcRecording *recording, const char *message)
{
    if (recording->vault == NULL)
        return;
    while (!g_queue_is_empty(&recording->held))
        drop_first_held(recording);
    g_atomic_int_set(&recording->broken, TRUE);
    g_clear_pointer(&recording->vault, kc_vault_writer_free);
    send_report(recording, KC_RECORDING_FAILED, NULL, message);
}

static void
sync_and_report(KcRecording *recording, gint64 now_us)
{
    g_autoptr(GError) error = NULL;
    recording->synced_at_us = now_us;
    if (!kc_vault_writer_sync(recording->vault, &error)) {
        fail(recording, error->message);
        return;
    }
    recording->durable_bytes = recording->bytes;
    if (!recording->started) {
        recording->started = TRUE;
        send_report(recording, KC_RECORDING_STARTED, NULL, NULL);
    } else if (now_us - recording->reported_at_us >= REPORT_US - REPORT_US / 10) {
        send_report(recording, KC_RECORDING_PROGRESS, NULL, NULL);
    }
}

/* FALSE if the disk is full; any other error fails the recording. */
static gboolean
append(KcRecording *recording, GBytes *chunk)
{
    g_autoptr(GError) error = NULL;
    gsize size;
    const guint8 *data = g_bytes_get_data(chunk, &size);
    if (!kc_vault_writer_append(recording->vault, data, size, &error)) {
        if (g_error_matches(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FULL))
            return FALSE;
        fail(recording, error->message);
        return TRUE;
    }
    if (!kc_webm_scan_push(recording->scan, data, size, &error)) {
        fail(recording, error->message);
        return TRUE;
    }
    recording->chunks++;
    recording->bytes += size;
    return TRUE;
}

static void
write_chunk(KcRecording *recording, GBytes *chunk)
{
    gboolean waits = recording->vault != NULL &&
                     (!g_queue_is_empty(&recording->held) || !append(recording, chunk));
    if (!waits) {
        g_atomic_int_add(&recording->queued_bytes, -(gint)g_bytes_get_size(chunk));
        return;
    }
    if (g_queue_is_empty(&recording->held))
        g_warning("recording %s waits: the disk is full", recording->object);
    g_queue_push_tail(&recording->held, g_bytes_ref(chunk));
}

/* TRUE if nothing waits any more. */
static gboolean
write_held(KcRecording *recording)
{
    while (recording->vault != NULL && !g_queue_is_empty(&recording->held)) {
        if (!append(recording, g_queue_peek_head(&recording->held)))
            return FALSE;
        if (recording->vault != NULL)
            drop_first_held(recording);
    }
    return TRUE;
}

static void
tell_gop(KcRecording *recording, const Job *job)
{
    g_autoptr(GError) error = NULL;
    KcGop *gop = NULL;
    if (recording->vault != NULL)
        gop = kc_gop_read(recording->vault, kc_webm_scan_index(recording->scan), &error);
    else
        g_set_error(&error, KC_VAULT_ERROR, KC_VAULT_ERROR_IO,
                    "the recording has stopped, and stills are taken from it");
    job->gop_func(gop, error, job->gop_data);
}

/* FALSE if there is no room on the disk to end it, and it may still be waited for. */
static gboolean
finish(KcRecording *recording)
{
    gint64 now_us = g_get_monotonic_time();
    gboolean in_time = now_us < recording->finish_by_us;
    if (!write_held(recording)) {
        if (!in_time)
            fail(recording, "the disk is full");
        return !in_time;
    }
    if (recording->vault != NULL && !recording->started && recording->bytes > 0)
        sync_and_report(recording, now_us); /* even the shortest is started before it is finished */
    if (recording->vault == NULL)
        return TRUE;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) index = kc_webm_index_encode(kc_webm_scan_index(recording->scan));
    guint8 sha256[KC_VAULT_SHA256_LEN];
    if (!kc_vault_writer_finish(recording->vault, index, sha256, &error)) {
        if (in_time && g_error_matches(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FULL))
            return FALSE;
        fail(recording, error->message);
        return TRUE;
    }
    g_clear_pointer(&recording->vault, kc_vault_writer_free);
    recording->durable_bytes = recording->bytes;
    g_autofree char *hex = kc_hex_encode(sha256, sizeof sha256);
    send_report(recording, KC_RECORDING_FINISHED, hex, NULL);
    return TRUE;
}

static void
recording_free(KcRecording *recording)
{
    kc_vault_writer_free(recording->vault);
    g_queue_clear_full(&recording->held, (GDestroyNotify)g_bytes_unref);
    kc_webm_scan_free(recording->scan);
    if (recording->user_data_free != NULL)
        recording->user_data_free(recording->user_data);
    g_free(recording->object);
    g_free(recording);
}

static gboolean
waits_since(const KcRecording *recording, gint64 since_us)
{
    return recording->vault != NULL && recording->durable_bytes != recording->bytes &&
           recording->synced_at_us <= since_us;
}

/* When the next one is due; G_MAXINT64 for none. */
static gint64
sync_next_us(const KcRecorderWriter *writer)
{
    gint64 next_us = G_MAXINT64;
    for (guint i = 0; i < writer->open->len; i++) {
        const KcRecording *recording = g_ptr_array_index(writer->open, i);
        if (waits_since(recording, G_MAXINT64))
            next_us = MIN(next_us, recording->synced_at_us + SYNC_US);
    }
    return next_us;
}

/* What is due, and with it what soon will be: the file system then commits its journal once for all. */
static void
sync_together(const KcRecorderWriter *writer, gint64 now_us)
{
    for (guint i = 0; i < writer->open->len; i++) {
        const KcRecording *recording = g_ptr_array_index(writer->open, i);
        if (waits_since(recording, now_us - SYNC_US / 2))
            kc_vault_writer_sync_begin(recording->vault);
    }
    for (guint i = 0; i < writer->open->len; i++) {
        KcRecording *recording = g_ptr_array_index(writer->open, i);
        if (waits_since(recording, now_us - SYNC_US / 2))
            sync_and_report(recording, now_us);
    }
}

static void
finish_or_wait(KcRecorderWriter *writer, KcRecording *recording)
{
    if (!finish(recording))
        return;
    g_ptr_array_remove_fast(writer->open, recording);
    recording_free(recording);
}

/* What a full disk has not taken yet. */
static void
retry(KcRecorderWriter *writer, gint64 now_us)
{
    if (now_us < writer->retry_at_us)
        return;
    writer->retry_at_us = now_us + RETRY_US;
    for (guint i = writer->open->len; i-- > 0;) { /* one that ends is replaced by the last */
        KcRecording *recording = g_ptr_array_index(writer->open, i);
        if (recording->finish_by_us > 0)
            finish_or_wait(writer, recording);
        else
            write_held(recording);
    }
}

/* Syncs what is due; returns when to look again, on g_get_monotonic_time(), or -1 for when somebody calls. */
static gint64
sync_due(KcRecorderWriter *writer)
{
    gint64 now_us = g_get_monotonic_time();
    retry(writer, now_us);
    if (sync_next_us(writer) <= now_us)
        sync_together(writer, now_us);
    return writer->open->len == 0 ? -1 : MIN(sync_next_us(writer), g_get_monotonic_time() + GATHER_US);
}

static void
do_job(KcRecorderWriter *writer, const Job *job)
{
    KcRecording *recording = job->recording;
    switch (job->kind) {
    case JOB_OPEN:
        g_ptr_array_add(writer->open, recording);
        break;
    case JOB_CHUNK:
        write_chunk(recording, job->chunk);
        break;
    case JOB_GOP:
        tell_gop(recording, job);
        break;
    case JOB_OVERFLOW:
        fail(recording, "the disk is too slow: too much waited to be written");
        break;
    case JOB_FINISH:
        recording->finish_by_us = g_get_monotonic_time() + FINISH_WAIT_US;
        finish_or_wait(writer, recording);
        break;
    case JOB_STOP:
        writer->stopping = TRUE;
        break;
    }
}

/* All that has come until somebody calls, or until `until_us` (-1: for ever), which may be nothing. */
static void
take_jobs(KcRecorderWriter *writer, gint64 until_us, GQueue *ret_jobs)
{
    g_mutex_lock(&writer->mutex);
    gboolean in_time = TRUE;
    while (!writer->called && in_time) {
        if (until_us < 0)
            g_cond_wait(&writer->wake, &writer->mutex);
        else
            in_time = g_cond_wait_until(&writer->wake, &writer->mutex, until_us);
    }
    *ret_jobs = writer->jobs;
    g_queue_init(&writer->jobs);
    writer->chunk_bytes = 0;
    writer->called = FALSE;
    g_mutex_unlock(&writer->mutex);
}

/* What is due is synced between any two jobs, so that a long queue delays no sync. */
static gpointer
run(gpointer data)
{
    KcRecorderWriter *writer = data;
    while (!writer->stopping) {
        GQueue jobs;
        take_jobs(writer, sync_due(writer), &jobs);
        for (Job *job; (job = g_queue_pop_head(&jobs)) != NULL; sync_due(writer)) {
            do_job(writer, job);
            g_clear_pointer(&job->chunk, g_bytes_unref);
            g_free(job);
        }
    }
    return NULL;
}

/* --- from any thread -------------------------------------------------------------------------------------------- */

KcRecorderWriter *
kc_recorder_writer_new(void)
{
    KcRecorderWriter *writer = g_new0(KcRecorderWriter, 1);
    g_mutex_init(&writer->mutex);
    g_cond_init(&writer->wake);
    g_queue_init(&writer->jobs);
    writer->open = g_ptr_array_new();
    writer->thread = g_thread_new("kc-recordings", run, writer);
    return writer;
}

static void
finish_all(KcRecorderWriter *writer)
{
    gint64 by_us = g_get_monotonic_time() + STOP_WAIT_US;
    for (guint i = 0; i < writer->open->len; i++) {
        KcRecording *recording = g_ptr_array_index(writer->open, i);
        recording->finish_by_us = by_us;
        while (!finish(recording))
            g_usleep(RETRY_US);
        recording_free(recording);
    }
}

void
kc_recorder_writer_free(KcRecorderWriter *writer)
{
    if (writer == NULL)
        return;
    post_kind(writer, JOB_STOP, NULL);
    g_thread_join(writer->thread);
    finish_all(writer);
    g_ptr_array_unref(writer->open);
    g_mutex_clear(&writer->mutex);
    g_cond_clear(&writer->wake);
    g_free(writer);
}

KcRecording *
kc_recording_new(KcRecorderWriter *writer, const KcRecorderConfig *config, GError **error)
{
    KcVaultWriter *vault = kc_vault_writer_new(config->fd, config->key, config->object, error);
    if (vault == NULL)
        return NULL;
    KcRecording *recording = g_new0(KcRecording, 1);
    recording->writer = writer;
    recording->vault = vault;
    g_queue_init(&recording->held);
    recording->object = g_strdup(config->object);
    recording->report = config->report;
    recording->user_data = config->user_data;
    recording->user_data_free = config->user_data_free;
    recording->scan = kc_webm_scan_new();
    kc_webm_scan_reserve(recording->scan, ROOM_CLUSTERS);
    post_kind(writer, JOB_OPEN, recording);
    return recording;
}

gboolean
kc_recording_push(KcRecording *recording, GBytes *chunk)
{
    gint size = (gint)g_bytes_get_size(chunk);
    if (g_atomic_int_get(&recording->broken)) {
        g_bytes_unref(chunk);
        return FALSE;
    }
    if (g_atomic_int_get(&recording->queued_bytes) + size > KC_RECORDER_QUEUE_BYTES) {
        g_atomic_int_set(&recording->broken, TRUE);
        g_bytes_unref(chunk);
        post_kind(recording->writer, JOB_OVERFLOW, recording);
        return FALSE;
    }
    g_atomic_int_add(&recording->queued_bytes, size);
    post(recording->writer, &(Job){.kind = JOB_CHUNK, .recording = recording, .chunk = chunk});
    return TRUE;
}

void
kc_recording_read_gop(KcRecording *recording, KcGopFunc func, gpointer user_data)
{
    post(recording->writer,
         &(Job){.kind = JOB_GOP, .recording = recording, .gop_func = func, .gop_data = user_data});
}

void
kc_recording_finish(KcRecording *recording)
{
    post_kind(recording->writer, JOB_FINISH, recording);
}
