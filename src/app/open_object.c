/* Opens a still, a photo or the picture of a signature for whoever may see it; the look is logged before a byte is
 * read. */
#include "src/app/object_reader.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *object_id;
    KcAction action;
    const char *const *kinds;
    KcObject *object;
    guint8 key[KC_KEY_LEN];
    KcResult *result;
} OpenObject;

static gboolean
find_object(KcTx *tx, gpointer data, GError **error)
{
    OpenObject *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcObject) object = NULL;
    if (!kc_app_load_case(tx, self->who, self->action, self->case_id, &row, self->result, error))
        return FALSE;
    if (kc_id_is_valid(self->object_id) && !kc_object_store_get(tx, self->object_id, &object, error))
        return FALSE;
    gboolean fits = object != NULL && strcmp(object->case_id, self->case_id) == 0 &&
                    g_strv_contains(self->kinds, object->kind) && strcmp(object->status, "complete") == 0;
    /* A party sees its own signature, not the others'. */
    if (fits && self->action == KC_ACTION_READ_SIGNATURE && self->who->party_id != NULL)
        fits = g_strcmp0(object->party_id, self->who->party_id) == 0;
    if (fits && self->action == KC_ACTION_READ_STILL)
        fits = kc_app_sees_picture(self->app, self->who, row, object);
    if (!fits)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "object-unknown", "There is no such picture in this case.");
    self->object = g_steal_pointer(&object);
    return kc_object_store_key(tx, self->case_id, self->object_id, self->key, error);
}

/* Of those that come by themselves, all that are looked at in one sitting are one look. */
static gboolean
log_look(KcApp *app, const OpenObject *self, const char *log_kind, GError **error)
{
    gboolean live = strcmp(self->object->kind, "live_still") == 0;
    return kc_app_log_access(app, self->who, self->case_id, live ? KC_LOOK_LIVE_STILLS : log_kind,
                             live ? self->object->party_id : self->object_id, self->result, error);
}

static gboolean
open_object(KcApp *app, OpenObject *self, const char *log_kind, KcObjectReader **ret_reader, GError **error)
{
    KcObjectReader *reader = NULL;
    if (kc_app_read(app, find_object, self, self->result, error) &&
        log_look(app, self, log_kind, error))
        reader = kc_object_reader_open(app, self->object, self->key, FALSE, NULL, error);
    kc_key_wipe(self->key, sizeof self->key);
    kc_object_free(self->object);
    *ret_reader = reader;
    return reader != NULL;
}

gboolean
kc_app_open_still(KcApp *app, const KcPrincipal *who, const char *case_id, const char *still_id,
                  KcObjectReader **ret_reader, KcResult *result, GError **error)
{
    static const char *const kinds[] = {"still", "photo", "live_still", NULL};
    OpenObject self = {.app = app,
                       .who = who,
                       .case_id = case_id,
                       .object_id = still_id,
                       .action = KC_ACTION_READ_STILL,
                       .kinds = kinds,
                       .result = result};
    return open_object(app, &self, "still.viewed", ret_reader, error);
}

gboolean
kc_app_open_signature(KcApp *app, const KcPrincipal *who, const char *case_id, const char *object_id,
                      KcObjectReader **ret_reader, KcResult *result, GError **error)
{
    static const char *const kinds[] = {"signature", NULL};
    OpenObject self = {.app = app,
                       .who = who,
                       .case_id = case_id,
                       .object_id = object_id,
                       .action = KC_ACTION_READ_SIGNATURE,
                       .kinds = kinds,
                       .result = result};
    return open_object(app, &self, "signature.viewed", ret_reader, error);
}
