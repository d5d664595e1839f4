/* Invariants
 *
 * 1. The row says `making`, and the object's row is there, before its file is; a crash leaves nothing that no row knows
 * of.
 * 2. Its object is complete only in the transaction that says so of the composition, with the entry that names its
 * sources.
 * 3. Whoever stops one, or erases its case, wins: what comes after finds the row changed, and drops the file. */
#include "src/app/compose_queue.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "src/evidence/vault.h"

/* A second of a composed video, at most, as it was measured: for the room on the disk. */
#define BYTES_A_SECOND (220 * 1000)

typedef struct {
    KcRecording *recording;
    guint tile;
    guint8 key[KC_KEY_LEN];
} KcComposeInput;

static void
input_clear(gpointer data)
{
    KcComposeInput *input = data;
    kc_key_wipe(input->key, sizeof input->key);
    kc_recording_free(input->recording);
}

void
kc_compose_job_clear(KcComposeJob *job)
{
    kc_composition_free(job->composition);
    g_free(job->case_number);
    g_clear_pointer(&job->labels, g_ptr_array_unref);
    g_clear_pointer(&job->sources, g_array_unref);
    kc_object_free(job->object);
    kc_key_wipe(job->key, sizeof job->key);
    kc_compose_result_clear(&job->made);
    kc_compose_failure_clear(&job->failure);
}

static void
set_state(KcComposition *composition, const char *state, const char *reason)
{
    g_free(composition->state);
    g_free(composition->reason);
    composition->state = g_strdup(state);
    composition->reason = g_strdup(reason);
}

static json_t *
entry_of(const KcComposition *composition)
{
    return json_pack("{s:s}", "composition_id", composition->id);
}

/* ---- Who is in it ---- */

static const char *
maker_of(const KcObject *object)
{
    return object->party_id != NULL ? object->party_id : object->user_id != NULL ? object->user_id : object->guest_id;
}

/* The parties first, as the desk shows them; then by when they came. */
static gint
by_party(gconstpointer a, gconstpointer b)
{
    const KcRecording *one = *(KcRecording *const *)a, *other = *(KcRecording *const *)b;
    gboolean first = one->object->party_id != NULL, second = other->object->party_id != NULL;
    if (first != second)
        return first ? -1 : 1;
    return (one->started_us > other->started_us) - (one->started_us < other->started_us);
}

static gboolean
find_tile(KcComposeJob *job, KcTx *tx, const KcObject *object, GPtrArray *makers, guint *ret_tile, GError **error)
{
    const char *maker = maker_of(object);
    for (guint i = 0; i < makers->len; i++)
        if (g_strcmp0(makers->pdata[i], maker) == 0) {
            *ret_tile = i;
            return TRUE;
        }
    char *label = kc_compose_label(tx, object, error);
    if (label == NULL)
        return FALSE;
    g_ptr_array_add(job->labels, label);
    g_ptr_array_add(makers, g_strdup(maker));
    *ret_tile = makers->len - 1;
    return TRUE;
}

static gboolean
is_usable(const KcRecording *recording)
{
    const KcObject *object = recording->object;
    return object->erased_us == 0 && recording->duration_ms > 0 &&
           (strcmp(object->status, "complete") == 0 || strcmp(object->status, "recovered") == 0);
}

static gboolean
load_sources(KcComposeJob *job, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) recordings = kc_recording_store_list(tx, job->composition->case_id, error);
    g_autoptr(GPtrArray) makers = g_ptr_array_new_with_free_func(g_free);
    if (recordings == NULL)
        return FALSE;
    g_ptr_array_sort(recordings, by_party);
    for (guint i = 0; i < recordings->len; i++) {
        const KcRecording *recording = recordings->pdata[i];
        KcComposeInput input = {0};
        if (!is_usable(recording))
            continue;
        if (!find_tile(job, tx, recording->object, makers, &input.tile, error) ||
            !kc_object_store_key(tx, recording->object->case_id, recording->object->id, input.key, error) ||
            !kc_recording_store_get(tx, recording->object->id, &input.recording, error))
            return FALSE;
        g_array_append_val(job->sources, input);
    }
    return TRUE;
}

/* NULL: it can be made. */
static const char *
find_obstacle(const KcComposeJob *job)
{
    g_auto(KcResult) full = {0};
    gint64 seconds = 0;
    for (guint i = 0; i < job->sources->len; i++)
        seconds += g_array_index(job->sources, KcComposeInput, i).recording->duration_ms / 1000;
    if (job->sources->len == 0)
        return "nothing-recorded";
    if (job->sources->len > KC_COMPOSE_SOURCES_MAX)
        return "too-many-recordings";
    if (job->labels->len > KC_COMPOSE_TILES_MAX)
        return "too-many-participants";
    if (!kc_app_check_disk(job->app, KC_DISK_NEW, seconds * BYTES_A_SECOND, &full))
        return "disk-full";
    return NULL;
}

/* ---- Taken ---- */

static gboolean
find_next(KcTx *tx, gpointer data, GError **error)
{
    KcComposeJob *job = data;
    g_autoptr(GPtrArray) open = kc_composition_store_list(tx, NULL, error);
    for (guint i = 0; open != NULL && i < open->len && job->composition == NULL; i++)
        if (strcmp(((KcComposition *)open->pdata[i])->state, "queued") == 0)
            job->composition = g_ptr_array_steal_index(open, i);
    return open != NULL;
}

static KcObject *
new_object(const KcComposeJob *job, const char *id, const char *path)
{
    KcObject *object = g_new0(KcObject, 1);
    object->id = g_strdup(id);
    object->case_id = g_strdup(job->composition->case_id);
    object->kind = g_strdup("derivative");
    object->user_id = g_strdup(job->composition->asked_by);
    object->path = g_strdup(path);
    object->status = g_strdup("live");
    object->content_type = g_strdup("video/webm");
    object->created_us = kc_app_now(job->app);
    return object;
}

static gboolean
save(KcTx *tx, const KcComposition *composition, const char *kind, gint64 now_us, json_t *entry, GError **error)
{
    if (kc_composition_store_update(tx, composition, error) == KC_UPDATE_FAILED) {
        json_decref(entry);
        return FALSE;
    }
    return kc_app_log(tx, NULL, composition->case_id, kind, now_us, entry, error);
}

static gboolean
write_failed(KcTx *tx, KcComposition *composition, const char *reason, gint64 now_us, GError **error)
{
    set_state(composition, "failed", reason);
    composition->ended_us = now_us;
    g_clear_pointer(&composition->object_id, g_free);
    json_t *entry = entry_of(composition);
    json_object_set_new(entry, "reason", json_string(reason));
    return save(tx, composition, "composition.failed", now_us, entry, error);
}

typedef struct {
    KcComposeJob *job;
    const char *object_id, *path;
    gboolean taken;
} Take;

static gboolean
take(KcTx *tx, gpointer data, GError **error)
{
    Take *self = data;
    KcComposeJob *job = self->job;
    g_autoptr(KcCaseRow) row = NULL;
    g_autofree char *id = g_strdup(job->composition->id);
    gint64 now_us = kc_app_now(job->app);
    g_clear_pointer(&job->composition, kc_composition_free);
    if (!kc_composition_store_get(tx, id, &job->composition, error))
        return FALSE;
    KcComposition *composition = job->composition;
    if (composition == NULL || strcmp(composition->state, "queued") != 0)
        return TRUE; /* it was stopped, or went with its case */
    if (!kc_case_store_get(tx, composition->case_id, &row, error) || !load_sources(job, tx, error))
        return FALSE;
    const char *obstacle = find_obstacle(job);
    if (obstacle != NULL)
        return write_failed(tx, composition, obstacle, now_us, error);
    job->case_number = g_strdup(row->number);
    job->object = new_object(job, self->object_id, self->path);
    set_state(composition, "making", NULL);
    composition->attempts++;
    composition->started_us = now_us;
    composition->object_id = g_strdup(self->object_id);
    self->taken = TRUE;
    return kc_object_store_insert(tx, job->object, error) &&
           kc_object_store_key(tx, composition->case_id, self->object_id, job->key, error) &&
           save(tx, composition, "composition.started", now_us, entry_of(composition), error);
}

static void
begin(KcApp *app, KcComposeJob *job)
{
    *job = (KcComposeJob){.app = app,
                          .labels = g_ptr_array_new_with_free_func(g_free),
                          .sources = g_array_new(FALSE, FALSE, sizeof(KcComposeInput))};
    g_array_set_clear_func(job->sources, input_clear);
}

gboolean
kc_compose_job_take(KcApp *app, KcComposeJob *job, GError **error)
{
    for (;;) {
        begin(app, job);
        if (!kc_store_read(app->store, find_next, job, error))
            return FALSE;
        if (job->composition == NULL)
            return TRUE;
        KcId id = kc_app_new_id(app);
        g_autofree char *path = kc_app_object_new_path(app, job->composition->case_id, id.text, error);
        Take self = {job, id.text, path, FALSE};
        if (path == NULL || !kc_store_write(app->store, take, &self, error))
            return FALSE;
        if (self.taken)
            return TRUE;
        kc_compose_job_clear(job);
    }
}

/* ---- Made ---- */

/* FALSE: one can't be opened, which is said. */
static gboolean
open_sources(KcComposeJob *job, KcComposeSource *sources)
{
    for (guint i = 0; i < job->sources->len; i++) {
        const KcComposeInput *input = &g_array_index(job->sources, KcComposeInput, i);
        const KcObject *object = input->recording->object;
        g_autofree char *path = kc_app_object_path(job->app, object->path);
        sources[i] = (KcComposeSource){
            object->id,    input->key, open(path, O_RDONLY | O_CLOEXEC), input->tile, input->recording->started_us,
            object->sha256};
        if (sources[i].fd < 0) {
            job->failure.code = g_strdup("recording-damaged");
            job->failure.detail = g_strdup_printf("recording %s is absent", object->id);
            return FALSE;
        }
    }
    return TRUE;
}

static void
close_sources(KcComposeSource *sources, guint n)
{
    for (guint i = 0; i < n; i++)
        if (sources[i].fd >= 0)
            close(sources[i].fd);
}

gboolean
kc_compose_job_run(KcComposeJob *job, KcComposeProgressFn progress, gpointer data, GCancellable *cancel)
{
    g_autoptr(GError) error = NULL;
    g_autofree KcComposeSource *sources = g_new0(KcComposeSource, job->sources->len);
    g_autofree char *path = kc_app_object_path(job->app, job->object->path);
    for (guint i = 0; i < job->sources->len; i++)
        sources[i].fd = -1;
    int fd = kc_vault_create(path, &error);
    if (fd < 0) {
        gboolean full = g_error_matches(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FULL);
        job->failure = (KcComposeFailure){g_strdup(full ? "disk-full" : "not-made"), g_strdup(error->message)};
        return FALSE;
    }
    const KcComposeOrder order = {.case_number = job->case_number,
                                  .labels = (const char *const *)job->labels->pdata,
                                  .n_labels = job->labels->len,
                                  .sources = sources,
                                  .n_sources = job->sources->len,
                                  .object_id = job->object->id,
                                  .object_key = job->key,
                                  .object_fd = fd};
    const KcComposePort *port = &job->app->compose;
    gboolean done = open_sources(job, sources) &&
                    port->compose(port->self, &order, progress, data, cancel, &job->made, &job->failure);
    close_sources(sources, job->sources->len);
    close(fd);
    return done;
}

/* ---- Settled ---- */

static json_t *
sources_json(const KcComposeJob *job)
{
    json_t *sources = json_array();
    for (guint i = 0; i < job->sources->len; i++) {
        const KcObject *object = g_array_index(job->sources, KcComposeInput, i).recording->object;
        json_array_append_new(sources, json_pack("{s:s, s:s}", "object_id", object->id, "sha256", object->sha256));
    }
    return sources;
}

static gboolean
write_done(KcTx *tx, KcComposeJob *job, KcComposition *composition, KcObject *object, gint64 now_us, GError **error)
{
    const KcComposeResult *made = &job->made;
    g_free(object->status);
    object->status = g_strdup("complete");
    object->sha256 = g_strdup(made->sha256);
    object->size_bytes = made->bytes;
    object->finished_us = now_us;
    object->meta_json =
        kc_json_text(json_pack("{s:I, s:I, s:I, s:I, s:o}", "duration_ms", (json_int_t)made->duration_ms, "width",
                               (json_int_t)made->width, "height", (json_int_t)made->height, "broken_frames",
                               (json_int_t)made->broken_frames, "made_from", sources_json(job)));
    set_state(composition, "done", NULL);
    composition->ended_us = now_us;
    json_t *entry = json_pack("{s:s, s:s, s:s, s:I, s:I, s:o}", "composition_id", composition->id, "object_id",
                              object->id, "sha256", made->sha256, "bytes", (json_int_t)made->bytes, "duration_ms",
                              (json_int_t)made->duration_ms, "sources", sources_json(job));
    if (kc_object_store_update(tx, object, error) != KC_UPDATE_DONE) {
        json_decref(entry);
        return FALSE;
    }
    return save(tx, composition, "composition.made", now_us, entry, error);
}

static gboolean
write_again(KcTx *tx, KcComposition *composition, gint64 now_us, GError **error)
{
    set_state(composition, "queued", NULL);
    g_clear_pointer(&composition->object_id, g_free);
    return save(tx, composition, "composition.interrupted", now_us, entry_of(composition), error);
}

/* The file is nobody's any more; its row stays, as one that was given up. */
static gboolean
write_given_up(KcTx *tx, KcObject *object, gint64 now_us, GError **error)
{
    g_free(object->status);
    object->status = g_strdup("failed");
    object->finished_us = now_us;
    return kc_object_store_update(tx, object, error) == KC_UPDATE_DONE;
}

typedef struct {
    KcComposeJob *job;
    KcComposeEnd end;
    gboolean kept; /* the file is evidence now */
} Settle;

static gboolean
settle(KcTx *tx, gpointer data, GError **error)
{
    Settle *self = data;
    KcComposeJob *job = self->job;
    g_autoptr(KcComposition) composition = NULL;
    g_autoptr(KcObject) object = NULL;
    gint64 now_us = kc_app_now(job->app);
    self->kept = FALSE;
    if (!kc_composition_store_get(tx, job->composition->id, &composition, error) ||
        !kc_object_store_get(tx, job->object->id, &object, error))
        return FALSE;
    if (composition == NULL || object == NULL)
        return TRUE; /* erased with its case */
    gboolean wanted = strcmp(composition->state, "making") == 0;
    if (wanted && self->end == KC_COMPOSE_DONE && object->erased_us == 0) {
        self->kept = TRUE;
        return write_done(tx, job, composition, object, now_us, error);
    }
    if (object->erased_us == 0 && !write_given_up(tx, object, now_us, error))
        return FALSE;
    if (!wanted) /* stopped; the entry is there, and binds the object's row by this one */
        return kc_app_log(tx, NULL, composition->case_id, "composition.dropped", now_us, entry_of(composition), error);
    if (self->end == KC_COMPOSE_POSTPONED)
        composition->attempts--;
    if (self->end == KC_COMPOSE_AGAIN || self->end == KC_COMPOSE_POSTPONED)
        return write_again(tx, composition, now_us, error);
    return write_failed(tx, composition, object->erased_us > 0 ? "erased" : job->failure.code, now_us, error);
}

gboolean
kc_compose_job_settle(KcComposeJob *job, KcComposeEnd end, GError **error)
{
    Settle self = {job, end, FALSE};
    g_autofree char *path = kc_app_object_path(job->app, job->object->path);
    if (!kc_store_write(job->app->store, settle, &self, error))
        return FALSE; /* the next start finds it being made, and its object live */
    if (!self.kept)
        g_unlink(path);
    return TRUE;
}

/* ---- After a start ---- */

typedef struct {
    KcApp *app;
    GPtrArray *paths; /* of char *: files that were given up */
} Resume;

static gboolean
resume_one(Resume *self, KcTx *tx, KcComposition *composition, GError **error)
{
    g_autoptr(KcObject) object = NULL;
    gint64 now_us = kc_app_now(self->app);
    if (composition->object_id != NULL && !kc_object_store_get(tx, composition->object_id, &object, error))
        return FALSE;
    if (object != NULL)
        g_ptr_array_add(self->paths, g_strdup(object->path));
    if (composition->attempts >= KC_COMPOSE_ATTEMPTS_ALL)
        return write_failed(tx, composition, "interrupted", now_us, error);
    return write_again(tx, composition, now_us, error);
}

static gboolean
resume(KcTx *tx, gpointer data, GError **error)
{
    Resume *self = data;
    g_autoptr(GPtrArray) open = kc_composition_store_list(tx, NULL, error);
    g_ptr_array_set_size(self->paths, 0);
    for (guint i = 0; open != NULL && i < open->len; i++) {
        KcComposition *composition = open->pdata[i];
        if (strcmp(composition->state, "making") == 0 && !resume_one(self, tx, composition, error))
            return FALSE;
    }
    return open != NULL;
}

gboolean
kc_compose_job_resume_all(KcApp *app, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    Resume self = {app, paths};
    if (!kc_store_write(app->store, resume, &self, error))
        return FALSE;
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *path = kc_app_object_path(app, paths->pdata[i]);
        g_unlink(path);
    }
    return TRUE;
}
