/* Who looked at which evidence, and from where: one entry for each sitting, not for each range of a player. */
#include "src/app/object_reader.h"
#include "src/app/purpose.h"

#define SITTING_US (15 * G_TIME_SPAN_MINUTE)

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *kind;
    const char *object_id;
    const char *purpose; /* NULL: none is needed */
} Access;

static gboolean
write_access(KcTx *tx, gpointer data, GError **error)
{
    Access *self = data;
    /* Of stills that come by themselves the look is at all of a party's, of messages at all of a case's. */
    const char *name = strcmp(self->kind, KC_LOOK_LIVE_STILLS) == 0 ? "party_id"
                       : strcmp(self->kind, KC_LOOK_MESSAGES) == 0  ? NULL
                       : strcmp(self->kind, KC_LOOK_DISCLOSED) == 0 ? "look_id"
                                                                    : "object_id";
    json_t *entry = name != NULL ? json_pack("{s:s}", name, self->object_id) : json_object();
    /* An officer's or auditor's place of work; where a driver is, is the driver's own. */
    if (self->who->user_id != NULL && self->who->address != NULL)
        json_object_set_new(entry, "address", json_string(self->who->address));
    if (self->purpose != NULL)
        json_object_set_new(entry, "purpose", json_string(self->purpose));
    return kc_app_log(tx, self->who, self->case_id, self->kind, kc_app_now(self->app), entry, error);
}

static char *
sitting_key(const KcPrincipal *who, const char *kind, const char *object_id)
{
    return g_strjoin(" ", who->session != NULL ? who->session : "", kind, object_id, NULL);
}

static gboolean
is_recent(KcApp *app, const char *key)
{
    g_mutex_lock(&app->lock);
    const gint64 *at = g_hash_table_lookup(app->recent_looks, key);
    gboolean recent = at != NULL && kc_app_now(app) - *at < SITTING_US;
    g_mutex_unlock(&app->lock);
    return recent;
}

static void
remember(KcApp *app, char *key)
{
    gint64 *at = g_new(gint64, 1);
    *at = kc_app_now(app);
    g_mutex_lock(&app->lock);
    g_hash_table_insert(app->recent_looks, key, at);
    g_mutex_unlock(&app->lock);
}

gboolean
kc_app_is_sitting(KcApp *app, const KcPrincipal *who, const char *kind, const char *object_id)
{
    g_autofree char *key = sitting_key(who, kind, object_id);
    return is_recent(app, key);
}

gboolean
kc_app_log_access(KcApp *app, const KcPrincipal *who, const char *case_id, const char *kind, const char *object_id,
                  KcResult *result, GError **error)
{
    Access access = {app, who, case_id, kind, object_id, NULL};
    g_autofree char *key = sitting_key(who, kind, object_id);
    if (is_recent(app, key))
        return TRUE;
    if (!kc_app_check_purpose(app, who, case_id, kind, &access.purpose, result, error) ||
        !kc_app_write(app, write_access, &access, result, error))
        return FALSE;
    remember(app, g_steal_pointer(&key));
    return TRUE;
}
