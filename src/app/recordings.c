/* The tracks of a case, and their replay. */
#include "src/app/blind.h"
#include "src/app/object_reader.h"
#include "src/app/reader_shelf.h"
#include "src/app/standing.h"
#include "src/store/guest_store.h"
#include "src/store/user_store.h"

void
kc_recording_view_free(KcRecordingView *view)
{
    if (view == NULL)
        return;
    g_free(view->id);
    g_free(view->case_id);
    g_free(view->party_id);
    g_free(view->user_id);
    g_free(view->guest_id);
    g_free(view->guest_kind);
    g_free(view->label);
    g_free(view->name);
    g_free(view->status);
    g_free(view->sha256);
    g_clear_pointer(&view->gaps, g_array_unref);
    g_free(view);
}

void
kc_recording_index_clear(KcRecordingIndex *index)
{
    g_clear_pointer(&index->keyframes, g_array_unref);
    *index = (KcRecordingIndex){0};
}

static GArray *
read_gaps(const char *text)
{
    GArray *gaps = g_array_new(FALSE, FALSE, sizeof(KcMediaGap));
    g_autoptr(json_t) root = json_loads(text != NULL ? text : "[]", 0, NULL);
    const json_t *item;
    size_t i;
    json_array_foreach(root, i, item)
    {
        KcMediaGap gap = {json_integer_value(json_array_get(item, 0)), json_integer_value(json_array_get(item, 1))};
        g_array_append_val(gaps, gap);
    }
    return gaps;
}

static gboolean
name_participant(KcTx *tx, KcRecordingView *view, GError **error)
{
    g_autoptr(KcParty) party = NULL;
    g_autoptr(KcUser) user = NULL;
    g_autoptr(KcGuest) guest = NULL;
    if (view->party_id != NULL && !kc_party_store_get(tx, view->party_id, &party, error))
        return FALSE;
    if (view->user_id != NULL && !kc_user_store_get(tx, view->user_id, &user, error))
        return FALSE;
    if (view->guest_id != NULL && !kc_guest_store_get(tx, view->guest_id, &guest, error))
        return FALSE;
    view->guest_kind = g_strdup(guest != NULL ? guest->kind : NULL);
    view->label = g_strdup(party != NULL ? party->label : NULL);
    view->name = g_strdup(party != NULL ? party->name : user != NULL ? user->name : guest != NULL ? guest->name : NULL);
    return TRUE;
}

/* Of staff not even the id, by which one officer's cases would be known as such: the case's stands in for it. */
static void
forget_names(KcRecordingView *view)
{
    g_clear_pointer(&view->name, g_free);
    if (view->user_id == NULL)
        return;
    g_free(view->user_id);
    view->user_id = g_strdup(view->case_id);
}

static KcRecordingView *
make_view(const KcRecording *from)
{
    KcRecordingView *view = g_new0(KcRecordingView, 1);
    view->id = g_strdup(from->object->id);
    view->case_id = g_strdup(from->object->case_id);
    view->party_id = g_strdup(from->object->party_id);
    view->user_id = g_strdup(from->object->user_id);
    view->guest_id = g_strdup(from->object->guest_id);
    view->segment = from->segment;
    view->started_us = from->started_us;
    view->ended_us = from->ended_us;
    view->duration_ms = from->duration_ms;
    view->bytes = from->object->size_bytes;
    view->status = g_strdup(from->object->erased_us > 0 ? "erased" : from->object->status);
    view->sha256 = g_strdup(from->object->sha256);
    view->has_audio = from->has_audio;
    view->has_video = from->has_video;
    view->width = from->width;
    view->height = from->height;
    view->gaps = read_gaps(from->gaps_json);
    return view;
}

typedef struct {
    const KcPrincipal *who;
    const char *case_id;
    GPtrArray *views;
    KcResult *result;
} ListRecordings;

static gboolean
list_recordings(KcTx *tx, gpointer data, GError **error)
{
    ListRecordings *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_RECORDING, self->case_id, &row, self->result, error))
        return FALSE;
    gboolean blind;
    g_autoptr(GPtrArray) recordings = kc_recording_store_list(tx, self->case_id, error);
    if (recordings == NULL || !kc_app_is_blind(tx, self->who, self->case_id, &blind, error))
        return FALSE;
    for (guint i = 0; i < recordings->len; i++) {
        const KcRecording *recording = recordings->pdata[i];
        gboolean empty = strcmp(recording->object->status, "failed") == 0 && recording->object->size_bytes == 0;
        if (empty)
            continue;
        KcRecordingView *view = make_view(recording);
        g_ptr_array_add(self->views, view);
        if (!name_participant(tx, view, error))
            return FALSE;
        if (blind)
            forget_names(view);
    }
    return TRUE;
}

gboolean
kc_app_list_recordings(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_recordings,
                       KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_recording_view_free);
    ListRecordings self = {who, case_id, views, result};
    if (!kc_app_read(app, list_recordings, &self, result, error))
        return FALSE;
    *ret_recordings = g_steal_pointer(&views);
    return TRUE;
}

/* ---- replay ---- */

typedef struct {
    const KcPrincipal *who;
    const char *recording_id;
    KcRecording *recording;
    guint8 key[KC_KEY_LEN];
    KcResult *result;
} OpenRecording;

static gboolean
find_recording(KcTx *tx, gpointer data, GError **error)
{
    OpenRecording *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcRecording) recording = NULL;
    if (!kc_app_check_role(self->who, KC_ACTION_READ_RECORDING, self->result))
        return FALSE;
    if (kc_id_is_valid(self->recording_id) && !kc_recording_store_get(tx, self->recording_id, &recording, error))
        return FALSE;
    if (recording == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "recording-unknown", "There is no such recording.");
    const KcObject *object = recording->object;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_RECORDING, object->case_id, &row, self->result, error))
        return FALSE;
    if (strcmp(object->status, "live") == 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "recording-live", "This recording is still being made.");
    if (strcmp(object->status, "failed") == 0)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "recording-failed", "Nothing was recorded here.");
    if (!kc_object_store_key(tx, object->case_id, object->id, self->key, error))
        return FALSE;
    self->recording = g_steal_pointer(&recording);
    return TRUE;
}

static KcObjectReader *
open_recording(KcApp *app, OpenRecording *self, KcWebmIndex **ret_index, GError **error)
{
    KcObjectReader *reader = NULL;
    if (kc_app_read(app, find_recording, self, self->result, error) &&
        kc_app_log_access(app, self->who, self->recording->object->case_id, KC_LOOK_RECORDING, self->recording_id,
                          self->result, error))
        reader = kc_object_reader_open(app, self->recording->object, self->key, TRUE, ret_index, error);
    kc_key_wipe(self->key, sizeof self->key);
    kc_recording_free(self->recording);
    return reader;
}

/* Of a player's next range everything was decided, logged and opened already. */
static KcObjectReader *
take_again(KcApp *app, const KcPrincipal *who, const char *recording_id, const char *decision, gint64 *ret_version)
{
    return kc_standing_find(app, decision, NULL, ret_version) &&
                   kc_app_is_sitting(app, who, KC_LOOK_RECORDING, recording_id)
               ? kc_app_take_reader(app, recording_id, NULL)
               : NULL;
}

gboolean
kc_app_open_recording(KcApp *app, const KcPrincipal *who, const char *recording_id, KcObjectReader **ret_reader,
                      KcResult *result, GError **error)
{
    OpenRecording self = {.who = who, .recording_id = recording_id, .result = result};
    g_autofree char *decision = g_strconcat("recording ", who->session, " ", recording_id, NULL);
    gint64 version;
    *ret_reader = take_again(app, who, recording_id, decision, &version);
    if (*ret_reader != NULL)
        return TRUE;
    *ret_reader = open_recording(app, &self, NULL, error);
    if (*ret_reader != NULL && who->session != NULL)
        kc_standing_keep(app, decision, NULL, version);
    return *ret_reader != NULL;
}

gboolean
kc_app_recording_is_at_hand(KcApp *app, const KcPrincipal *who, const char *recording_id)
{
    return kc_app_has_reader(app, recording_id) && kc_app_is_sitting(app, who, KC_LOOK_RECORDING, recording_id);
}

gboolean
kc_app_recording_index(KcApp *app, const KcPrincipal *who, const char *recording_id, KcRecordingIndex *ret_index,
                       KcResult *result, GError **error)
{
    OpenRecording self = {.who = who, .recording_id = recording_id, .result = result};
    g_autoptr(KcWebmIndex) index = NULL;
    g_autoptr(KcObjectReader) reader = open_recording(app, &self, &index, error);
    if (reader == NULL)
        return FALSE;
    GArray *keyframes = g_array_new(FALSE, FALSE, sizeof(KcKeyframe));
    for (guint i = 0; i < index->clusters->len; i++) {
        const KcWebmCluster *cluster = &g_array_index(index->clusters, KcWebmCluster, i);
        if ((cluster->flags & KC_WEBM_KEYFRAME) == 0)
            continue;
        KcKeyframe keyframe = {cluster->time_ms,
                               kc_webm_virtual_cluster_offset(kc_object_reader_webm(reader), index, i)};
        g_array_append_val(keyframes, keyframe);
    }
    *ret_index = (KcRecordingIndex){index->duration_ms, index->width, index->height, keyframes};
    return TRUE;
}
