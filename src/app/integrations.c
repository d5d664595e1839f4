#include "src/app/integrations.h"

#include "src/app/internal.h"
#include "src/evidence/tokens.h"

#include <string.h>

#define MAX_NAME 64

typedef struct {
    const KcPrincipal *who; /* NULL: the command line */
    KcIntegration *row;
    const char *wanted;
    GPtrArray *list;
    gint64 now_us;
    KcResult *result;
} Integrating;

static gboolean
may(const KcPrincipal *who, KcResult *result)
{
    return who == NULL || kc_app_check_role(who, KC_ACTION_MANAGE_INTEGRATIONS, result);
}

static gboolean
check_request(const KcNewIntegration *request, KcResult *result)
{
    gsize length = request->name != NULL ? (gsize)g_utf8_strlen(request->name, -1) : 0;
    if (length == 0 || length > MAX_NAME)
        kc_refuse_field(result, "/name", "请填写名称 / a name of at most 64 characters is needed");
    if (request->scopes == NULL || request->scopes[0] == NULL)
        kc_refuse_field(result, "/scopes", "cases:open, cases:read or events:read");
    for (gsize i = 0; request->scopes != NULL && request->scopes[i] != NULL; i++) {
        KcScope scope;
        g_autofree char *pointer = g_strdup_printf("/scopes/%" G_GSIZE_FORMAT, i);
        if (!kc_scope_from_string(request->scopes[i], &scope))
            kc_refuse_field(result, pointer, "cases:open, cases:read or events:read");
    }
    return result->kind == KC_RESULT_OK;
}

static gboolean
insert(KcTx *tx, gpointer data, GError **error)
{
    Integrating *self = data;
    g_autoptr(GError) local = NULL;
    if (!kc_integration_store_insert(tx, self->row, &local)) {
        if (g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_CONFLICT))
            return kc_refuse(self->result, KC_RESULT_CONFLICT, "name-taken", "There is an integration of that name.");
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    json_t *entry = json_pack("{s:s}", "integration_id", self->row->id);
    return kc_app_log(tx, self->who, NULL, "integration.added", self->now_us, entry, error);
}

gboolean
kc_app_add_integration(KcApp *app, const KcPrincipal *who, const KcNewIntegration *request,
                       KcIntegration **ret_integration, char **ret_key, KcResult *result, GError **error)
{
    if (!may(who, result) || !check_request(request, result))
        return FALSE;
    KcToken key = kc_token_new();
    g_autoptr(KcIntegration) row = g_new0(KcIntegration, 1);
    row->id = g_strdup(kc_app_new_id(app).text);
    row->name = g_strdup(request->name);
    row->key_hash = g_strdup(key.hash);
    row->scopes = g_strdupv((char **)request->scopes);
    row->created_us = kc_app_now(app);
    row->created_by = g_strdup(who != NULL ? who->user_id : NULL);
    Integrating self = {.who = who, .row = row, .now_us = row->created_us, .result = result};
    if (!kc_app_write(app, insert, &self, result, error))
        return FALSE;
    *ret_key = g_strdup(key.text);
    *ret_integration = g_steal_pointer(&row);
    return TRUE;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    Integrating *self = data;
    self->list = kc_integration_store_list(tx, error);
    return self->list != NULL;
}

gboolean
kc_app_list_integrations(KcApp *app, const KcPrincipal *who, GPtrArray **ret_integrations, KcResult *result,
                         GError **error)
{
    Integrating self = {.who = who, .result = result};
    if (!may(who, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_integrations = self.list;
    return TRUE;
}

static gboolean
is_wanted(const KcIntegration *one, const char *wanted)
{
    return strcmp(one->id, wanted) == 0 || g_ascii_strcasecmp(one->name, wanted) == 0;
}

static gboolean
revoke_key(KcTx *tx, gpointer data, GError **error)
{
    Integrating *self = data;
    g_autoptr(GPtrArray) all = kc_integration_store_list(tx, error);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        const KcIntegration *one = all->pdata[i];
        if (!is_wanted(one, self->wanted))
            continue;
        if (one->revoked_us > 0)
            return TRUE;
        json_t *entry = json_pack("{s:s}", "integration_id", one->id);
        return kc_app_log(tx, self->who, NULL, "integration.revoked", self->now_us, entry, error) &&
               kc_integration_store_revoke(tx, one->id, self->now_us, error);
    }
    return all != NULL && kc_refuse(self->result, KC_RESULT_NOT_FOUND, "integration-unknown", "There is no such integration.");
}

gboolean
kc_app_revoke_integration(KcApp *app, const KcPrincipal *who, const char *integration, KcResult *result, GError **error)
{
    Integrating self = {.who = who, .wanted = integration, .now_us = kc_app_now(app), .result = result};
    return may(who, result) && kc_app_write(app, revoke_key, &self, result, error);
}
