/* Invariant: what an entry of the log says of a rotation has happened, or happens when it is gone on with. */
#include "src/app/rotate_keys.h"

#include "src/app/internal.h"
#include "src/app/log_signer.h"
#include "src/store/case_keys_store.h"
#include "src/store/checkpoint_store.h"

#define CASES_A_TURN 1000

void
kc_master_rotation_clear(KcMasterRotation *rotation)
{
    g_clear_pointer(&rotation->from, g_free);
    g_clear_pointer(&rotation->to, g_free);
}

typedef struct {
    KcApp *app;
    const char *kind;
    json_t *data;
} Entry;

static gboolean
append(KcTx *tx, gpointer data, GError **error)
{
    Entry *self = data;
    return kc_app_log(tx, NULL, NULL, self->kind, kc_app_now(self->app), json_incref(self->data), error);
}

/* Takes `data`. */
static gboolean
log_entry(KcApp *app, const char *kind, json_t *data, GError **error)
{
    Entry entry = {app, kind, data};
    gboolean done = kc_store_write(app->store, append, &entry, error);
    json_decref(data);
    return done;
}

static gboolean
check_alone(const KcApp *app, KcResult *result)
{
    return app->lock_fd >= 0 || kc_refuse(result, KC_RESULT_CONFLICT, "service-running",
                                          "Stop the service first: it holds the keys that are to go.");
}

/* ---- The master key ---- */

static gboolean
begin(KcApp *app, KcMasterRotation *rotation, GError **error)
{
    if (kc_keyring_is_rotating(app->keyring))
        return TRUE;
    rotation->from = kc_keyring_master_id(app->keyring);
    return log_entry(app, "keys.master_rotation_begun", json_pack("{s:s}", "from", rotation->from), error) &&
           kc_keyring_begin_rotation(app->keyring, error);
}

static gboolean
rewrap(KcTx *tx, gpointer done, GError **error)
{
    return kc_case_keys_rewrap(tx, CASES_A_TURN, done, error);
}

static gboolean
rewrap_all(KcApp *app, KcRotationFn progress, gpointer data, KcMasterRotation *rotation, GError **error)
{
    for (guint done = 1; done > 0; rotation->cases += done) {
        if (!kc_store_write(app->store, rewrap, &done, error))
            return FALSE;
        if (progress != NULL && done > 0)
            progress(rotation->cases + done, data);
    }
    return TRUE;
}

gboolean
kc_app_rotate_master(KcApp *app, KcRotationFn progress, gpointer data, KcMasterRotation *ret_rotation, KcResult *result,
                     GError **error)
{
    *ret_rotation = (KcMasterRotation){0};
    if (!check_alone(app, result) || !begin(app, ret_rotation, error) ||
        !rewrap_all(app, progress, data, ret_rotation, error) || !kc_keyring_end_rotation(app->keyring, error))
        return FALSE;
    ret_rotation->to = kc_keyring_master_id(app->keyring);
    json_t *entry = json_pack("{s:s, s:I}", "to", ret_rotation->to, "tree", (json_int_t)kc_keyring_tree(app->keyring));
    return log_entry(app, "keys.master_rotated", entry, error) && kc_store_flush(app->store, error);
}

/* ---- The signing key ---- */

typedef struct {
    KcApp *app;
    const char *from, *to;
} Signing;

static gboolean
change(KcTx *tx, gpointer data, GError **error)
{
    const Signing *self = data;
    gint64 now_us = kc_app_now(self->app);
    json_t *entry = json_pack("{s:s, s:s}", "from", self->from, "to", self->to);
    return kc_log_key_begin(tx, self->to, now_us, error) &&
           kc_app_log(tx, NULL, NULL, KC_LOG_KEY_ROTATED, now_us, entry, error);
}

gboolean
kc_app_rotate_signing(KcApp *app, char **ret_public, KcResult *result, GError **error)
{
    if (!check_alone(app, result))
        return FALSE;
    g_autoptr(KcNoteSigner) old = kc_log_signer_open(app->store, app->data_dir, NULL, kc_app_now(app), error);
    g_autoptr(KcNoteSigner) next =
        old != NULL ? kc_log_signer_next(app->data_dir, kc_note_signer_name(old), error) : NULL;
    if (next == NULL)
        return FALSE;
    g_autofree char *from = kc_note_signer_public(old), *to = kc_note_signer_public(next);
    Signing self = {app, from, to};
    if (!kc_store_write(app->store, change, &self, error) || !kc_log_signer_replace(app->data_dir, error))
        return FALSE;
    *ret_public = g_steal_pointer(&to);
    return TRUE;
}
