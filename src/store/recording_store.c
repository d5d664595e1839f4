/* A recording is an object and one more row; both are written in the transaction of the caller. */
#include "src/store/object_row.h"
#include "src/store/object_store.h"

#define SELECT                                                                                                         \
    "SELECT " KC_OBJECT_COLUMNS ", r.segment, r.started_us, r.ended_us, r.duration_ms, r.chunks, r.has_audio, "        \
    "r.has_video, r.width, r.height, r.gaps_json FROM recordings r JOIN objects o ON o.id = r.object_id "

void
kc_recording_free(KcRecording *recording)
{
    if (recording == NULL)
        return;
    kc_object_free(recording->object);
    g_free(recording->gaps_json);
    g_free(recording);
}

static gpointer
read_recording(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcRecording) recording = g_new0(KcRecording, 1);
    recording->object = kc_object_read(tx, query, error);
    if (recording->object == NULL)
        return NULL;
    recording->segment = kc_take_int(query);
    recording->started_us = kc_take_int(query);
    recording->ended_us = kc_take_int(query);
    recording->duration_ms = kc_take_int(query);
    recording->chunks = kc_take_int(query);
    recording->has_audio = kc_take_int(query) != 0;
    recording->has_video = kc_take_int(query) != 0;
    recording->width = kc_take_int(query);
    recording->height = kc_take_int(query);
    recording->gaps_json = kc_take_text(query);
    return g_steal_pointer(&recording);
}

static gboolean
next_segment(KcTx *tx, const KcObject *object, gint64 *ret_segment, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT coalesce(max(r.segment), 0) + 1 FROM recordings r JOIN objects o ON o.id = r.object_id "
                     "WHERE o.case_id = ? AND o.party_id IS ? AND o.user_id IS ? AND o.guest_id IS ?",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, object->case_id);
    kc_bind_text(query, object->party_id);
    kc_bind_text(query, object->user_id);
    kc_bind_text(query, object->guest_id);
    return kc_query_number(query, ret_segment, error);
}

static void
bind_changing(KcQuery *query, const KcRecording *recording)
{
    kc_bind_int(query, recording->started_us);
    kc_bind_int(query, recording->ended_us);
    kc_bind_int(query, recording->duration_ms);
    kc_bind_int(query, recording->chunks);
    kc_bind_int(query, recording->has_audio != 0);
    kc_bind_int(query, recording->has_video != 0);
    kc_bind_int(query, recording->width);
    kc_bind_int(query, recording->height);
    kc_bind_text(query, recording->gaps_json == NULL ? "[]" : recording->gaps_json);
}

gboolean
kc_recording_store_insert(KcTx *tx, KcRecording *recording, GError **error)
{
    if (recording->segment == 0 && !next_segment(tx, recording->object, &recording->segment, error))
        return FALSE;
    if (!kc_object_store_insert(tx, recording->object, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO recordings (object_id, segment, started_us, ended_us, duration_ms, chunks, "
                     "has_audio, has_video, width, height, gaps_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, recording->object->id);
    kc_bind_int(query, recording->segment);
    bind_changing(query, recording);
    return kc_query_run(query, NULL, error);
}

KcUpdate
kc_recording_store_update(KcTx *tx, const KcRecording *recording, GError **error)
{
    KcUpdate update = kc_object_store_update(tx, recording->object, error);
    if (update != KC_UPDATE_DONE)
        return update;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "UPDATE recordings SET started_us = ?, ended_us = ?, duration_ms = ?, chunks = ?, has_audio = ?, "
                     "has_video = ?, width = ?, height = ?, gaps_json = ? WHERE object_id = ?",
                     error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    bind_changing(query, recording);
    kc_bind_text(query, recording->object->id);
    return kc_query_update(query, error);
}

gboolean
kc_recording_store_get(KcTx *tx, const char *id, KcRecording **ret_recording, GError **error)
{
    *ret_recording = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE r.object_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_recording, (gpointer *)ret_recording, error);
}

GPtrArray *
kc_recording_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE o.case_id = ? ORDER BY o.created_us, r.segment", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_recording, (GDestroyNotify)kc_recording_free, error);
}

GPtrArray *
kc_recording_store_list_live(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE o.status = 'live' ORDER BY o.id", error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_recording, (GDestroyNotify)kc_recording_free, error);
}
