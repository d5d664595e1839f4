#include "src/app/compositions.h"

#include <string.h>

#include "src/app/compose_queue.h"
#include "src/app/object_reader.h"
#include "src/app/purpose.h"
#include "src/store/hold_store.h"

void
kc_composition_view_free(KcCompositionView *view)
{
    if (view == NULL)
        return;
    kc_composition_free(view->composition);
    g_free(view->asked_by);
    g_free(view->sha256);
    g_free(view);
}

static gboolean
is_state(const KcComposition *composition, const char *state)
{
    return strcmp(composition->state, state) == 0;
}

static gboolean
is_open(const KcComposition *composition)
{
    return is_state(composition, "queued") || is_state(composition, "making");
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *id;
    const char *purpose; /* NULL: none is needed */
    KcCompositionView *view;
    GPtrArray *views;
    KcObject *object;
    guint8 key[KC_KEY_LEN];
    KcResult *result;
} Use;

/* ---- Views ---- */

static void
show_object(KcCompositionView *view, const KcObject *object)
{
    g_autoptr(json_t) meta = kc_json_parse(object->meta_json);
    if (object->erased_us > 0) {
        view->state = "erased";
        return;
    }
    view->bytes = object->size_bytes;
    view->sha256 = g_strdup(object->sha256);
    view->duration_ms = json_integer_value(json_object_get(meta, "duration_ms"));
    view->sources = (gint64)json_array_size(json_object_get(meta, "made_from"));
}

static gboolean
count_ahead(KcTx *tx, const KcComposition *composition, gint64 *ret_ahead, GError **error)
{
    g_autoptr(GPtrArray) open = kc_composition_store_list(tx, NULL, error);
    for (guint i = 0; open != NULL && i < open->len; i++) {
        if (strcmp(((KcComposition *)open->pdata[i])->id, composition->id) == 0)
            *ret_ahead = i;
    }
    return open != NULL;
}

/* Takes `composition`. */
static KcCompositionView *
make_view(const Use *self, KcTx *tx, KcComposition *composition, GError **error)
{
    g_autoptr(KcCompositionView) view = g_new0(KcCompositionView, 1);
    g_autoptr(KcObject) object = NULL;
    view->composition = composition;
    view->state = composition->state;
    if (!kc_app_user_name(tx, composition->asked_by, &view->asked_by, error))
        return NULL;
    if (is_state(composition, "queued") && !count_ahead(tx, composition, &view->ahead, error))
        return NULL;
    if (is_state(composition, "making"))
        view->permille = kc_compose_queue_permille(self->app, composition->id);
    if (is_state(composition, "done")) {
        if (!kc_object_store_get(tx, composition->object_id, &object, error))
            return NULL;
        show_object(view, object);
    }
    return g_steal_pointer(&view);
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    Use *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_COMPOSE, self->case_id, &row, self->result, error))
        return FALSE;
    g_autoptr(GPtrArray) all = kc_composition_store_list(tx, self->case_id, error);
    while (all != NULL && all->len > 0) {
        KcComposition *composition = g_ptr_array_steal_index(all, all->len - 1);
        if (is_state(composition, "removed")) {
            kc_composition_free(composition);
            continue;
        }
        KcCompositionView *view = make_view(self, tx, composition, error);
        if (view == NULL)
            return FALSE;
        g_ptr_array_add(self->views, view);
    }
    return all != NULL;
}

gboolean
kc_app_list_compositions(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_views,
                         KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_composition_view_free);
    Use self = {.app = app, .who = who, .case_id = case_id, .views = views, .result = result};
    if (!kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_views = g_steal_pointer(&views);
    return TRUE;
}

/* ---- Ask ---- */

static gboolean
check_recordings(const Use *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) recordings = kc_recording_store_list(tx, self->case_id, error);
    guint usable = 0;
    for (guint i = 0; recordings != NULL && i < recordings->len; i++) {
        const KcRecording *recording = recordings->pdata[i];
        if (strcmp(recording->object->status, "live") == 0)
            return kc_refuse(self->result, KC_RESULT_CONFLICT, "recording-live",
                             "通话仍在录制 / the call is still being recorded");
        if (recording->object->erased_us == 0 && recording->duration_ms > 0)
            usable++;
    }
    return recordings != NULL &&
           (usable > 0 || kc_refuse(self->result, KC_RESULT_CONFLICT, "nothing-recorded",
                                    "本案没有可用的录像 / this case has no recording that can be used"));
}

static gboolean
check_others(const Use *self, KcTx *tx, GError **error)
{
    guint kept = 0;
    g_autoptr(GPtrArray) own = kc_composition_store_list(tx, self->case_id, error);
    g_autoptr(GPtrArray) open = own != NULL ? kc_composition_store_list(tx, NULL, error) : NULL;
    for (guint i = 0; own != NULL && i < own->len; i++) {
        const KcComposition *one = own->pdata[i];
        if (is_open(one))
            return kc_refuse(self->result, KC_RESULT_CONFLICT, "composition-pending",
                             "本案的合成视频正在制作 / one is being made of this case already");
        kept += is_state(one, "done") ? 1 : 0;
    }
    if (kept >= KC_LIMIT_COMPOSITIONS_PER_CASE)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "too-many-compositions",
                         "本案的合成视频已达上限，请先删除一个 / this case holds as many as it may; remove one first");
    if (open != NULL && open->len >= KC_LIMIT_COMPOSITIONS_QUEUED)
        return kc_refuse_retry(self->result, KC_RESULT_UNAVAILABLE, "busy",
                               "等待制作的合成视频过多，请稍后再试 / too many are waiting; ask again later", 600);
    return open != NULL;
}

static gboolean
ask(KcTx *tx, gpointer data, GError **error)
{
    Use *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_COMPOSE, self->case_id, &row, self->result, error) ||
        !check_recordings(self, tx, error) || !check_others(self, tx, error))
        return FALSE;
    KcComposition *composition = g_new0(KcComposition, 1);
    composition->id = g_strdup(kc_app_new_id(self->app).text);
    composition->case_id = g_strdup(self->case_id);
    composition->state = g_strdup("queued");
    composition->asked_by = g_strdup(self->who->user_id);
    composition->asked_us = kc_app_now(self->app);
    json_t *entry = json_pack("{s:s}", "composition_id", composition->id);
    if (self->purpose != NULL)
        json_object_set_new(entry, "purpose", json_string(self->purpose));
    gboolean done = kc_composition_store_insert(tx, composition, error);
    if (!done)
        json_decref(entry);
    done = done && kc_app_log(tx, self->who, self->case_id, "composition.asked", composition->asked_us, entry, error);
    g_clear_pointer(&self->view, kc_composition_view_free);
    self->view = make_view(self, tx, composition, done ? error : NULL);
    return done && self->view != NULL;
}

static gboolean
check_case(KcTx *tx, gpointer data, GError **error)
{
    const Use *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    return kc_app_load_case(tx, self->who, KC_ACTION_COMPOSE, self->case_id, &row, self->result, error);
}

gboolean
kc_app_ask_composition(KcApp *app, const KcPrincipal *who, const char *case_id, KcCompositionView **ret_view,
                       KcResult *result, GError **error)
{
    Use self = {.app = app, .who = who, .case_id = case_id, .result = result};
    if (!kc_app_read(app, check_case, &self, result, error))
        return FALSE;
    if (app->composing == NULL)
        return kc_refuse_retry(result, KC_RESULT_UNAVAILABLE, "no-composer", "This service makes no composed videos.",
                               3600);
    if (!kc_app_check_purpose(app, who, case_id, "composition.asked", &self.purpose, result, error))
        return FALSE;
    if (!kc_app_write(app, ask, &self, result, error)) {
        kc_composition_view_free(self.view);
        return FALSE;
    }
    *ret_view = self.view;
    kc_compose_queue_wake(app);
    return TRUE;
}

/* ---- One of them ---- */

static gboolean
find(const Use *self, KcTx *tx, KcComposition **ret_composition, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcComposition) composition = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_COMPOSE, self->case_id, &row, self->result, error))
        return FALSE;
    if (kc_id_is_valid(self->id) && !kc_composition_store_get(tx, self->id, &composition, error))
        return FALSE;
    if (composition == NULL || strcmp(composition->case_id, self->case_id) != 0 || is_state(composition, "removed"))
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "composition-unknown",
                         "There is no such video in this case.");
    *ret_composition = g_steal_pointer(&composition);
    return TRUE;
}

/* Its file goes as those of erased recordings do; its row stays, and says that it went. */
static gboolean
take_away(const Use *self, KcTx *tx, const KcComposition *composition, gint64 now_us, GError **error)
{
    gint64 holds = 0;
    if (!kc_hold_store_count(tx, self->case_id, &holds, error))
        return FALSE;
    if (holds > 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "on-hold",
                         "本案已被依法保全，不得删除 / the case is on hold: nothing of it is removed");
    return kc_erasure_store_derivative(tx, composition->object_id, now_us, error);
}

static gboolean
remove_one(KcTx *tx, gpointer data, GError **error)
{
    Use *self = data;
    g_autoptr(KcComposition) composition = NULL;
    gint64 now_us = kc_app_now(self->app);
    if (!find(self, tx, &composition, error))
        return FALSE;
    gboolean open = is_open(composition);
    if (is_state(composition, "done") && !take_away(self, tx, composition, now_us, error))
        return FALSE;
    g_free(composition->state);
    composition->state = g_strdup(open ? "stopped" : "removed");
    g_clear_pointer(&composition->reason, g_free);
    if (open)
        composition->ended_us = now_us;
    json_t *entry = json_pack("{s:s}", "composition_id", composition->id);
    if (composition->object_id != NULL)
        json_object_set_new(entry, "object_id", json_string(composition->object_id));
    if (kc_composition_store_update(tx, composition, error) != KC_UPDATE_DONE) {
        json_decref(entry);
        return FALSE;
    }
    return kc_app_log(tx, self->who, self->case_id, open ? "composition.stopped" : "composition.removed", now_us, entry,
                      error);
}

gboolean
kc_app_remove_composition(KcApp *app, const KcPrincipal *who, const char *case_id, const char *composition_id,
                          KcResult *result, GError **error)
{
    Use self = {.app = app, .who = who, .case_id = case_id, .id = composition_id, .result = result};
    if (!kc_app_write(app, remove_one, &self, result, error))
        return FALSE;
    kc_compose_queue_cancel(app, composition_id, NULL);
    return kc_app_destroy_erased(app, error);
}

static gboolean
find_object(KcTx *tx, gpointer data, GError **error)
{
    Use *self = data;
    g_autoptr(KcComposition) composition = NULL;
    g_autoptr(KcObject) object = NULL;
    if (!find(self, tx, &composition, error))
        return FALSE;
    if (!is_state(composition, "done"))
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "composition-not-done", "This video is not made.");
    if (!kc_object_store_get(tx, composition->object_id, &object, error))
        return FALSE;
    if (object->erased_us > 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "erased", KC_ERASED_TEXT);
    self->object = g_steal_pointer(&object);
    return kc_object_store_key(tx, self->case_id, self->object->id, self->key, error);
}

gboolean
kc_app_open_composition(KcApp *app, const KcPrincipal *who, const char *case_id, const char *composition_id,
                        KcObjectReader **ret_reader, KcResult *result, GError **error)
{
    Use self = {.app = app, .who = who, .case_id = case_id, .id = composition_id, .result = result};
    *ret_reader = NULL;
    if (kc_app_read(app, find_object, &self, result, error) &&
        kc_app_log_access(app, who, case_id, "composition.viewed", self.object->id, result, error))
        *ret_reader = kc_object_reader_open(app, self.object, self.key, TRUE, NULL, error);
    kc_key_wipe(self.key, sizeof self.key);
    kc_object_free(self.object);
    return *ret_reader != NULL;
}
