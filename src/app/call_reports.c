/* What the media plane reports becomes rows, log entries and events.
 *
 * Invariants
 *
 * 1. Called from the port's one thread; a failure to write is logged and never stops the call.
 * 2. A recording ends exactly once: finished by the worker, or recovered here after a failure or a loss. */
#include "src/app/internal.h"
#include "src/app/log_figures.h"

#include <fcntl.h>

#include "src/base/hex.h"
#include "src/evidence/vault.h"

#define TELL_PROGRESS_MS (60 * 1000) /* of a recording: how often the log gets to know what is in its file */

typedef struct {
    KcApp *app;
    const KcLeg *leg;
    const char *reason;
    const char *type;
} LegReport;

/* ---- legs ---- */

static gboolean
write_left(KcTx *tx, gpointer data, GError **error)
{
    LegReport *self = data;
    const KcLeg *leg = self->leg;
    gint64 now = kc_app_now(self->app);
    gboolean is_party = strcmp(leg->kind, "party") == 0;
    json_t *entry = json_pack("{s:s, s:s}", "leg_id", leg->leg_id, "reason", self->reason);
    json_t *event = json_pack("{s:s, s:s, s:{s:s, s:s}}", "leg_id", leg->leg_id, "reason", self->reason, "participant",
                              "kind", leg->kind, "id", leg->participant_id);
    return (!is_party || kc_party_store_seen(tx, leg->participant_id, now, error)) &&
           kc_app_log_as(tx, leg->kind, leg->participant_id, leg->case_id, "call.left", now, entry, error) &&
           kc_app_emit(tx, "call.left", leg->case_id, "case", NULL, now, event, error);
}

static void
end_listening(KcApp *app, const char *case_id)
{
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, case_id);
    for (guint i = 0; i < legs->len; i++)
        kc_app_end_leg(app, ((const KcLeg *)legs->pdata[i])->leg_id, "call-over");
}

gboolean
kc_app_emit_left(KcApp *app, const KcLeg *leg, const char *reason, GError **error)
{
    LegReport report = {app, leg, reason, NULL};
    gboolean told = kc_store_write(app->store, write_left, &report, error);
    if (!leg->listens && kc_call_table_is_empty(app->calls, leg->case_id))
        end_listening(app, leg->case_id);
    return told;
}

void
kc_app_end_leg(KcApp *app, const char *leg_id, const char *reason)
{
    g_autoptr(GError) error = NULL;
    kc_call_table_set_ending(app->calls, leg_id, reason);
    app->media.leave(app->media.self, leg_id, reason);
    g_autoptr(KcLeg) leg = kc_call_table_remove(app->calls, leg_id);
    if (leg != NULL && !kc_app_emit_left(app, leg, reason, &error))
        g_warning("the end of a leg can't be told: %s", error->message);
}

static gboolean
write_media(KcTx *tx, gpointer data, GError **error)
{
    LegReport *self = data;
    g_autoptr(KcParticipantView) view = kc_leg_view(self->leg);
    json_t *event =
        json_pack("{s:s, s:s, s:s}", "leg_id", view->leg_id, "media", view->media, "recording", view->recording);
    return kc_app_emit(tx, "call.media", self->leg->case_id, "case", NULL, kc_app_now(self->app), event, error);
}

static void
tell_media(KcApp *app, const KcLeg *leg)
{
    g_autoptr(GError) error = NULL;
    LegReport report = {app, leg, NULL, NULL};
    if (leg != NULL && !kc_store_write(app->store, write_media, &report, &error))
        g_warning("a leg's state can't be told: %s", error->message);
}

/* Whoever gave the case away was kept in the call until the one who took it is there. */
static void
end_relieved(KcApp *app, const KcLeg *connected)
{
    g_autofree char *leg_id = kc_call_table_take_relieved(app->calls, connected);
    if (leg_id != NULL)
        kc_app_end_leg(app, leg_id, KC_LEFT_HANDED_OVER);
}

static void
on_leg(gpointer data, const char *leg_id, KcMediaLegState state, const char *reason)
{
    KcApp *app = data;
    g_autoptr(GError) error = NULL;
    if (state != KC_MEDIA_GONE) {
        g_autoptr(KcLeg) leg = kc_call_table_set_media(app->calls, leg_id, state);
        tell_media(app, leg);
        if (leg != NULL)
            end_relieved(app, leg);
        return;
    }
    g_autoptr(KcLeg) leg = kc_call_table_remove(app->calls, leg_id);
    /* One that was taken over is told by the join that did it. */
    if (leg == NULL || g_strcmp0(reason, "replaced") == 0)
        return;
    const char *why = leg->ending != NULL ? leg->ending : reason != NULL ? reason : "";
    if (!kc_app_emit_left(app, leg, why, &error))
        g_warning("the end of a leg can't be told: %s", error->message);
}

static gboolean
write_slots(KcTx *tx, gpointer data, GError **error)
{
    LegReport *self = data;
    return kc_app_emit(tx, "call.slots", self->leg->case_id, "case", NULL, kc_app_now(self->app),
                       json_pack("{s:s}", "leg_id", self->leg->leg_id), error);
}

static void
on_slots(gpointer data, const char *leg_id, const KcMediaSlot *slots, guint n)
{
    KcApp *app = data;
    g_autoptr(GError) error = NULL;
    if (!kc_call_table_set_slots(app->calls, leg_id, slots, n))
        return;
    g_autoptr(KcLeg) leg = kc_call_table_find(app->calls, leg_id);
    LegReport report = {app, leg, NULL, NULL};
    if (leg != NULL && !kc_store_write(app->store, write_slots, &report, &error))
        g_warning("who is in a leg's slots can't be told: %s", error->message);
}

void
kc_app_end_call(KcApp *app, const char *case_id, const char *reason)
{
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, case_id);
    for (guint i = 0; i < legs->len; i++)
        app->media.leave(app->media.self, ((KcLeg *)legs->pdata[i])->leg_id, reason);
}

/* ---- recordings ---- */

typedef struct {
    KcApp *app;
    const KcMediaRecording *report;
} TrackReport;

static char *
gaps_json(const KcMediaRecording *report)
{
    json_t *gaps = json_array();
    for (guint i = 0; i < report->n_gaps; i++)
        json_array_append_new(
            gaps, json_pack("[I, I]", (json_int_t)report->gaps[i].from_ms, (json_int_t)report->gaps[i].to_ms));
    return kc_json_text(gaps);
}

static void
take_report(KcRecording *row, const KcMediaRecording *report)
{
    row->chunks = report->chunks;
    row->duration_ms = report->duration_ms;
    row->has_audio = report->has_audio;
    row->has_video = report->has_video;
    row->width = report->width;
    row->height = report->height;
    row->object->size_bytes = report->bytes;
    if (report->started_us > 0)
        row->started_us = report->started_us;
    g_free(row->gaps_json);
    row->gaps_json = gaps_json(report);
}

static gboolean
finish_row(KcTx *tx, KcRecording *row, const KcMediaRecording *report, gint64 now, GError **error)
{
    g_free(row->object->status);
    g_free(row->object->sha256);
    row->object->status = g_strdup("complete");
    row->object->sha256 = g_strdup(report->sha256);
    row->object->finished_us = now;
    row->ended_us = row->started_us + report->duration_ms * 1000;
    json_t *entry = json_pack("{s:s, s:s, s:I, s:I, s:I}", "object_id", row->object->id, "sha256", report->sha256,
                              "chunks", (json_int_t)report->chunks, "bytes", (json_int_t)report->bytes, "duration_ms",
                              (json_int_t)report->duration_ms);
    kc_app_log_gaps(entry, row->gaps_json);
    return kc_app_log(tx, NULL, row->object->case_id, "recording.finished", now, entry, error);
}

/* So that a file without its end can be told from one that was cut: what it held a minute ago is known. A file that can't
 * be read is a matter of its end, not of this. */
static gboolean
log_progress(KcApp *app, KcTx *tx, const KcRecording *row, gint64 now, GError **error)
{
    guint8 tags[KC_VAULT_SHA256_LEN];
    g_autofree char *path = kc_app_object_path(app, row->object->path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !kc_vault_hash_tags(fd, (guint32)row->chunks, tags, NULL))
        return TRUE;
    g_autofree char *hex = kc_hex_encode(tags, sizeof tags);
    return kc_app_log(tx, NULL, row->object->case_id, KC_LOG_RECORDING_PROGRESS, now,
                      json_pack("{s:s, s:I, s:s}", "object_id", row->object->id, "chunks", (json_int_t)row->chunks,
                                "tags_sha256", hex),
                      error);
}

static gboolean
write_report(KcTx *tx, gpointer data, GError **error)
{
    TrackReport *self = data;
    const KcMediaRecording *report = self->report;
    g_autoptr(KcRecording) row = NULL;
    gint64 now = kc_app_now(self->app);
    if (!kc_recording_store_get(tx, report->object_id, &row, error))
        return FALSE;
    if (row == NULL || strcmp(row->object->status, "live") != 0)
        return TRUE;
    gboolean tell = report->state == KC_MEDIA_RECORDING_PROGRESS &&
                    report->duration_ms / TELL_PROGRESS_MS > row->duration_ms / TELL_PROGRESS_MS;
    take_report(row, report);
    if (tell && !log_progress(self->app, tx, row, now, error))
        return FALSE;
    if (report->state == KC_MEDIA_RECORDING_FINISHED && !finish_row(tx, row, report, now, error))
        return FALSE;
    if (report->state == KC_MEDIA_RECORDING_STARTED &&
        !kc_app_log(tx, NULL, row->object->case_id, "recording.started", now,
                    json_pack("{s:s}", "object_id", row->object->id), error))
        return FALSE;
    return kc_recording_store_update(tx, row, error) != KC_UPDATE_FAILED;
}

static void
on_recording(gpointer data, const KcMediaRecording *report)
{
    KcApp *app = data;
    g_autoptr(GError) error = NULL;
    TrackReport self = {app, report};
    KcTrackState state = report->state == KC_MEDIA_RECORDING_FAILED     ? KC_TRACK_BROKEN
                         : report->state == KC_MEDIA_RECORDING_FINISHED ? KC_TRACK_STOPPED
                                                                        : KC_TRACK_LIVE;
    /* A worker that closed a track in which nothing came says so without a hash. */
    gboolean unfinished = report->state == KC_MEDIA_RECORDING_FAILED ||
                          (report->state == KC_MEDIA_RECORDING_FINISHED && report->sha256 == NULL);
    gboolean written = unfinished || kc_store_write(app->store, write_report, &self, &error);
    if (!written)
        g_warning("what is known of recording %s can't be written: %s", report->object_id, error->message);
    g_autoptr(KcLeg) leg = kc_call_table_set_track(app->calls, report->object_id, state);
    if (report->state != KC_MEDIA_RECORDING_PROGRESS)
        tell_media(app, leg);
    if (unfinished)
        kc_app_recover_recording(app, report->object_id, "recorder-failed");
    else if (!written && report->state == KC_MEDIA_RECORDING_FINISHED)
        kc_app_recover_recording(app, report->object_id, "report-lost");
    else if (report->state == KC_MEDIA_RECORDING_FINISHED)
        kc_call_table_close_track(app->calls, report->object_id);
}

/* ---- a worker is lost ---- */

typedef struct {
    KcApp *app;
    GHashTable *legs_by_case; /* case id -> GPtrArray of KcLeg */
    const char *reason;
} Loss;

static gboolean
write_loss(KcTx *tx, gpointer data, GError **error)
{
    Loss *loss = data;
    gint64 now = kc_app_now(loss->app);
    GHashTableIter iter;
    gpointer case_id, value;
    g_hash_table_iter_init(&iter, loss->legs_by_case);
    while (g_hash_table_iter_next(&iter, &case_id, &value)) {
        GPtrArray *legs = value;
        json_t *ids = json_array();
        for (guint i = 0; i < legs->len; i++)
            json_array_append_new(ids, json_string(((KcLeg *)legs->pdata[i])->leg_id));
        json_t *entry = json_pack("{s:O, s:s}", "leg_ids", ids, "reason", loss->reason);
        json_t *event = json_pack("{s:o, s:s}", "leg_ids", ids, "reason", loss->reason);
        if (!kc_app_log(tx, NULL, case_id, "call.lost", now, entry, error)) {
            json_decref(event);
            return FALSE;
        }
        if (!kc_app_emit(tx, "call.lost", case_id, "case", NULL, now, event, error))
            return FALSE;
    }
    return TRUE;
}

static void
on_lost(gpointer data, const char *const *leg_ids, const char *const *object_ids, const char *reason)
{
    KcApp *app = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) by_case =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    guint count = 0;
    for (; *leg_ids != NULL; leg_ids++) {
        KcLeg *leg = kc_call_table_remove(app->calls, *leg_ids);
        if (leg == NULL)
            continue;
        GPtrArray *legs = g_hash_table_lookup(by_case, leg->case_id);
        if (legs == NULL) {
            legs = g_ptr_array_new_with_free_func((GDestroyNotify)kc_leg_free);
            g_hash_table_insert(by_case, g_strdup(leg->case_id), legs);
        }
        g_ptr_array_add(legs, leg);
        count++;
    }
    Loss loss = {app, by_case, reason};
    if (count > 0 && !kc_store_write(app->store, write_loss, &loss, &error))
        g_warning("the loss of a worker can't be told: %s", error->message);
    for (; *object_ids != NULL; object_ids++)
        kc_app_recover_recording(app, *object_ids, reason);
    g_mutex_lock(&app->lock);
    app->legs_lost += count;
    g_mutex_unlock(&app->lock);
}

KcMediaListener
kc_app_media_listener(KcApp *app)
{
    return (KcMediaListener){on_leg, on_recording, on_lost, on_slots, app};
}
