/* Brings to an end what a process left unfinished: recordings of a worker or service that died.
 *
 * Invariants
 *
 * 1. A file is touched only when nobody else holds its lock: a worker that outlives its service by a moment still
 *    finishes what it has. (The lock belongs to the open file, which the worker inherited.)
 * 2. Every whole chunk is kept. What was recovered is marked so, and says so in the audit log of its case.
 * 3. A file with fewer chunks than were known to be durable, or a changed one, is marked failed, and left as it is.
 * 4. What a disk that is full or fails keeps from being done is tried again, once a minute and at the next start; until
 *    then the row stays live. */
#include "src/app/internal.h"
#include "src/app/log_figures.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "media/webm/index.h"
#include "media/webm/scan.h"
#include "src/base/hex.h"
#include "src/evidence/vault.h"

#define LOCK_WAIT_US (50 * 1000)
#define LOCK_TRIES 200

typedef struct {
    char *object_id;
    char *reason;
} KcRecoveryJob;

typedef struct {
    KcApp *app;
    const char *object_id;
    KcRecording *recording;
    guint8 key[KC_KEY_LEN];
    const char *reason;
    const char *log_kind;
    guint64 torn_bytes;
} Recovery;

static gboolean
load(KcTx *tx, gpointer data, GError **error)
{
    Recovery *self = data;
    if (!kc_recording_store_get(tx, self->object_id, &self->recording, error))
        return FALSE;
    return self->recording == NULL ||
           kc_object_store_key(tx, self->recording->object->case_id, self->object_id, self->key, error);
}

static int
open_unlocked(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_IO, "a recording can't be opened: %s", g_strerror(errno));
        return -1;
    }
    for (guint i = 0; i < LOCK_TRIES; i++, g_usleep(LOCK_WAIT_US)) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return fd;
    }
    close(fd);
    g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_IO, "a worker still has the file");
    return -1;
}

/* The disk's mood, not the file's: nothing is known to be wrong with what is there. */
static gboolean
is_passing(const GError *error)
{
    return g_error_matches(error, KC_VAULT_ERROR, KC_VAULT_ERROR_IO) ||
           g_error_matches(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FULL);
}

static gboolean
push_chunk(guint32 number, guint64 offset, const guint8 *data, gsize len, gpointer user_data, GError **error)
{
    return kc_webm_scan_push(*(KcWebmScan **)user_data, data, len, error);
}

static GBytes *
make_index(guint64 plaintext_size, gpointer user_data, GError **error)
{
    g_autoptr(KcWebmIndex) index = kc_webm_scan_finish(*(KcWebmScan **)user_data, NULL);
    return kc_webm_index_encode(index);
}

static char *
gaps_json(const KcWebmIndex *index)
{
    json_t *gaps = json_array();
    for (guint i = 0; i < index->gaps->len; i++) {
        const KcWebmGap *gap = &g_array_index(index->gaps, KcWebmGap, i);
        json_array_append_new(gaps, json_pack("[I, I]", (json_int_t)gap->from_ms, (json_int_t)gap->to_ms));
    }
    return kc_json_text(gaps);
}

static void
set_status(Recovery *self, const char *status)
{
    KcRecording *recording = self->recording;
    g_free(recording->object->status);
    recording->object->status = g_strdup(status);
    recording->object->finished_us = kc_app_now(self->app);
}

/* What the sealed index says, into the row. */
static gboolean
describe(Recovery *self, const char *path, GError **error)
{
    KcRecording *recording = self->recording;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fd, self->key, self->object_id, error);
    if (reader == NULL)
        return FALSE;
    g_autoptr(KcWebmIndex) index = kc_webm_index_decode(kc_vault_reader_index(reader), error);
    if (index == NULL)
        return FALSE;
    recording->object->size_bytes = kc_vault_reader_size(reader);
    g_free(recording->object->sha256);
    recording->object->sha256 = kc_hex_encode(kc_vault_reader_sha256(reader), KC_VAULT_SHA256_LEN);
    recording->started_us = index->started_at_us > 0 ? index->started_at_us : recording->started_us;
    recording->duration_ms = index->duration_ms;
    recording->ended_us = recording->started_us + index->duration_ms * 1000;
    recording->chunks = kc_vault_reader_chunk_count(reader);
    recording->has_audio = kc_webm_index_has_audio(index);
    recording->has_video = kc_webm_index_has_video(index);
    recording->width = index->width;
    recording->height = index->height;
    g_free(recording->gaps_json);
    recording->gaps_json = gaps_json(index);
    return TRUE;
}

static gboolean
recover_file(Recovery *self, GError **error)
{
    g_autofree char *path = kc_app_object_path(self->app, self->recording->object->path);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        /* The process died between the row and the file. */
        set_status(self, "failed");
        self->log_kind = "recording.empty";
        return TRUE;
    }
    int fd = open_unlocked(path, error);
    if (fd < 0)
        return FALSE;
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    KcVaultRecovery recovery = {0};
    if (!kc_vault_recover(fd, self->key, self->object_id, self->recording->chunks, push_chunk, make_index, &scan,
                          &recovery, error))
        return FALSE;
    self->torn_bytes = recovery.torn_bytes;
    if (recovery.outcome == KC_VAULT_NOTHING_THERE) {
        set_status(self, "failed");
        self->log_kind = "recording.empty";
        return TRUE;
    }
    set_status(self, "recovered");
    self->log_kind = "recording.recovered";
    return describe(self, path, error);
}

static gboolean
commit(KcTx *tx, gpointer data, GError **error)
{
    Recovery *self = data;
    const KcObject *object = self->recording->object;
    gint64 now = kc_app_now(self->app);
    if (kc_recording_store_update(tx, self->recording, error) != KC_UPDATE_DONE)
        return FALSE;
    json_t *entry = json_pack("{s:s, s:s, s:I, s:I, s:I}", "object_id", object->id, "reason", self->reason, "chunks",
                              (json_int_t)self->recording->chunks, "bytes", (json_int_t)object->size_bytes,
                              "torn_bytes", (json_int_t)self->torn_bytes);
    if (object->sha256 != NULL)
        json_object_set_new(entry, "sha256", json_string(object->sha256));
    kc_app_log_gaps(entry, self->recording->gaps_json);
    return kc_app_log(tx, NULL, object->case_id, self->log_kind, now, entry, error);
}

/* FALSE if it must be tried again. */
static gboolean
recover(Recovery *self, GError **error)
{
    g_autoptr(GError) local = NULL;
    if (!kc_store_read(self->app->store, load, self, error))
        return FALSE;
    if (self->recording == NULL || strcmp(self->recording->object->status, "live") != 0)
        return TRUE;
    if (!recover_file(self, &local)) {
        if (is_passing(local)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        g_warning("recording %s can't be recovered: %s", self->object_id, local->message);
        set_status(self, "failed");
        self->log_kind = "recording.damaged";
    }
    return kc_store_write(self->app->store, commit, self, error);
}

static void
settle_job(KcApp *app, KcRecoveryJob *job, gboolean done)
{
    g_mutex_lock(&app->lock);
    if (done) {
        app->objects_recovered++;
        g_free(job->object_id);
        g_free(job->reason);
        g_free(job);
    } else {
        g_queue_push_tail(&app->unrecovered, job);
    }
    app->jobs--;
    g_cond_broadcast(&app->idle);
    g_mutex_unlock(&app->lock);
}

static void
run_job(gpointer data, gpointer user_data)
{
    KcRecoveryJob *job = data;
    KcApp *app = user_data;
    g_autoptr(GError) error = NULL;
    Recovery self = {.app = app, .object_id = job->object_id, .reason = job->reason};
    gboolean done = recover(&self, &error);
    if (!done)
        g_warning("recording %s can't be recovered now: %s", job->object_id, error->message);
    kc_key_wipe(self.key, sizeof self.key);
    kc_recording_free(self.recording);
    kc_call_table_close_track(app->calls, job->object_id);
    settle_job(app, job, done);
}

void
kc_app_recovery_start(KcApp *app)
{
    app->background = g_thread_pool_new(run_job, app, 2, FALSE, NULL);
}

void
kc_app_recovery_stop(KcApp *app)
{
    if (app->background != NULL)
        g_thread_pool_free(g_steal_pointer(&app->background), FALSE, TRUE);
    for (KcRecoveryJob *job; (job = g_queue_pop_head(&app->unrecovered)) != NULL; g_free(job)) {
        g_free(job->object_id);
        g_free(job->reason);
    }
}

static void
push_job(KcApp *app, KcRecoveryJob *job)
{
    g_mutex_lock(&app->lock);
    app->jobs++;
    g_mutex_unlock(&app->lock);
    g_thread_pool_push(app->background, job, NULL);
}

void
kc_app_recover_recording(KcApp *app, const char *object_id, const char *reason)
{
    KcRecoveryJob *job = g_new0(KcRecoveryJob, 1);
    job->object_id = g_strdup(object_id);
    job->reason = g_strdup(reason);
    push_job(app, job);
}

void
kc_app_recover_again(KcApp *app)
{
    g_mutex_lock(&app->lock);
    GQueue jobs = app->unrecovered;
    g_queue_init(&app->unrecovered);
    g_mutex_unlock(&app->lock);
    for (KcRecoveryJob *job; (job = g_queue_pop_head(&jobs)) != NULL;)
        push_job(app, job);
}

void
kc_app_wait_idle(KcApp *app)
{
    g_mutex_lock(&app->lock);
    while (app->jobs > 0)
        g_cond_wait(&app->idle, &app->lock);
    g_mutex_unlock(&app->lock);
}

typedef struct {
    KcApp *app;
    GPtrArray *recordings;
} Live;

/* Photos and the like whose transaction never came: nobody was told that they were kept. */
static gboolean
settle_objects(KcTx *tx, gpointer data, GError **error)
{
    Live *live = data;
    gint64 now = kc_app_now(live->app);
    g_autoptr(GPtrArray) objects = kc_object_store_list_live(tx, error);
    live->recordings = objects != NULL ? kc_recording_store_list_live(tx, error) : NULL;
    if (live->recordings == NULL)
        return FALSE;
    for (guint i = 0; i < objects->len; i++) {
        KcObject *object = objects->pdata[i];
        g_free(object->status);
        object->status = g_strdup("failed");
        object->finished_us = now;
        json_t *entry = json_pack("{s:s, s:s}", "object_id", object->id, "kind", object->kind);
        if (kc_object_store_update(tx, object, error) != KC_UPDATE_DONE ||
            !kc_app_log(tx, NULL, object->case_id, "object.abandoned", now, entry, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_app_recover_live(KcApp *app, GError **error)
{
    Live live = {app, NULL};
    if (!kc_store_write(app->store, settle_objects, &live, error))
        return FALSE;
    for (guint i = 0; i < live.recordings->len; i++) {
        const KcRecording *recording = live.recordings->pdata[i];
        kc_app_recover_recording(app, recording->object->id, "restart");
    }
    g_ptr_array_unref(live.recordings);
    return TRUE;
}
