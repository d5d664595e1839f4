/* Stills that a phone sends by itself while its network carries only sound.
 *
 * Invariants
 *
 * 1. None of them changes the state of its case: evidence is fixed by somebody who chose it.
 * 2. They are counted apart from the pictures that people took, so that neither can crowd the other out. */
#include "src/app/internal.h"
#include "src/app/objects.h"

/* A still that is older says nothing of now. */
#define FRESH_US (30 * G_TIME_SPAN_SECOND)

static const char *const LIVE[] = {"live_still", NULL};

gboolean
kc_app_check_live_still(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, KcLeg **ret_leg, KcResult *result,
                        GError **error)
{
    gint64 count;
    if (who->party_id == NULL)
        return kc_refuse(result, KC_RESULT_FORBIDDEN, "role", "Only a party's phone sends live stills.");
    if (!kc_app_apply(row, KC_CASE_JOIN_CALL, NULL, 0, result))
        return FALSE;
    g_autoptr(KcLeg) leg = kc_call_table_find_participant(app->calls, row->id, who->party_id);
    if (leg == NULL)
        return kc_refuse(result, KC_RESULT_CONFLICT, "not-in-call", "You are not in the call now.");
    if (!kc_object_store_count(tx, row->id, LIVE[0], &count, error))
        return FALSE;
    if (count >= KC_LIMIT_LIVE_STILLS_PER_CASE)
        return kc_refuse(result, KC_RESULT_CONFLICT, "too-many-stills",
                         "This case holds as many live stills as a case may.");
    *ret_leg = g_steal_pointer(&leg);
    return TRUE;
}

gboolean
kc_app_commit_live_still(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, KcObject *object, gint64 now_us,
                         GError **error)
{
    json_t *entry = json_pack("{s:s, s:s, s:s, s:I}", "object_id", object->id, "kind", object->kind, "sha256",
                              object->sha256, "bytes", (json_int_t)object->size_bytes);
    return kc_app_log(tx, who, row->id, "still.arrived", now_us, entry, error) &&
           kc_object_store_update(tx, object, error) == KC_UPDATE_DONE;
}

static gboolean
fits(const KcObject *object, const char *case_id, const char *party_id)
{
    return strcmp(object->kind, LIVE[0]) == 0 && strcmp(object->status, "complete") == 0 &&
           strcmp(object->case_id, case_id) == 0 && g_strcmp0(object->party_id, party_id) == 0;
}

static gboolean
newest(KcApp *app, KcTx *tx, const char *case_id, const char *party_id, KcObject **ret_object, KcResult *result,
       GError **error)
{
    g_autoptr(GPtrArray) objects = kc_object_store_list(tx, case_id, LIVE, error);
    if (objects == NULL)
        return FALSE;
    for (guint i = objects->len; i-- > 0;) {
        const KcObject *object = objects->pdata[i];
        if (!fits(object, case_id, party_id))
            continue;
        if (kc_app_now(app) - object->created_us > FRESH_US)
            break;
        *ret_object = g_ptr_array_steal_index(objects, i);
        return TRUE;
    }
    return kc_refuse(result, KC_RESULT_CONFLICT, "no-still",
                     "对方网络只能传声音，还没有新的静止画面 / Only sound comes now, and no new still has come yet.");
}

gboolean
kc_app_find_live_still(KcApp *app, KcTx *tx, const char *case_id, const char *party_id, const char *still_id,
                       KcObject **ret_object, KcResult *result, GError **error)
{
    g_autoptr(KcObject) object = NULL;
    if (still_id == NULL)
        return newest(app, tx, case_id, party_id, ret_object, result, error);
    if (!kc_object_store_get(tx, still_id, &object, error))
        return FALSE;
    if (object == NULL || strcmp(object->case_id, case_id) != 0 || g_strcmp0(object->party_id, party_id) != 0)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "still-unknown", "There is no such live still of this party.");
    if (!fits(object, case_id, party_id))
        return kc_refuse(result, KC_RESULT_CONFLICT, "still-kept",
                         "这张画面已经固定 / This still is kept already; the next one comes by itself.");
    *ret_object = g_steal_pointer(&object);
    return TRUE;
}

typedef struct {
    const KcPrincipal *who;
    const char *case_id;
    GPtrArray *stills;
    KcResult *result;
} List;

static gboolean
read_list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_STILL, self->case_id, &row, self->result, error))
        return FALSE;
    g_autoptr(GPtrArray) objects = kc_object_store_list(tx, self->case_id, LIVE, error);
    for (guint i = 0; objects != NULL && i < objects->len; i++) {
        const KcObject *object = objects->pdata[i];
        gboolean shown =
            self->who->role != KC_ROLE_GUEST_INSURER || g_strcmp0(object->party_id, self->who->insured_id) == 0;
        if (shown && strcmp(object->status, "complete") == 0)
            g_ptr_array_add(self->stills, kc_app_still_view(object));
    }
    return objects != NULL;
}

gboolean
kc_app_list_live_stills(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_stills,
                        KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) stills = g_ptr_array_new_with_free_func((GDestroyNotify)kc_still_view_free);
    List self = {who, case_id, stills, result};
    if (!kc_app_read(app, read_list, &self, result, error))
        return FALSE;
    *ret_stills = g_steal_pointer(&stills);
    return TRUE;
}
