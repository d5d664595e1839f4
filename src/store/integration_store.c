#include "src/store/integration_store.h"
#include "src/store/sql.h"

#define SELECT "SELECT id, name, key_hash, scopes_json, created_us, created_by, revoked_us FROM integrations "

void
kc_integration_free(KcIntegration *integration)
{
    if (integration == NULL)
        return;
    g_free(integration->id);
    g_free(integration->name);
    g_free(integration->key_hash);
    g_strfreev(integration->scopes);
    g_free(integration->created_by);
    g_free(integration);
}

static gpointer
read_integration(KcTx *tx, KcQuery *query, GError **error)
{
    KcIntegration *integration = g_new0(KcIntegration, 1);
    integration->id = kc_take_text(query);
    integration->name = kc_take_text(query);
    integration->key_hash = kc_take_text(query);
    integration->scopes = kc_take_strv(query);
    integration->created_us = kc_take_int(query);
    integration->created_by = kc_take_text(query);
    integration->revoked_us = kc_take_int(query);
    return integration;
}

gboolean
kc_integration_store_insert(KcTx *tx, const KcIntegration *integration, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO integrations (id, name, key_hash, scopes_json, created_us, "
                                            "created_by) VALUES (?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, integration->id);
    kc_bind_text(query, integration->name);
    kc_bind_text(query, integration->key_hash);
    kc_bind_strv(query, (const char *const *)integration->scopes);
    kc_bind_int(query, integration->created_us);
    kc_bind_text(query, integration->created_by);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_integration_store_get(KcTx *tx, const char *id, KcIntegration **ret_integration, GError **error)
{
    *ret_integration = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_integration, (gpointer *)ret_integration, error);
}

gboolean
kc_integration_store_find(KcTx *tx, const char *key_hash, KcIntegration **ret_integration, GError **error)
{
    *ret_integration = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE key_hash = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, key_hash);
    return kc_query_one(tx, query, read_integration, (gpointer *)ret_integration, error);
}

gboolean
kc_integration_store_revoke(KcTx *tx, const char *id, gint64 at_us, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE integrations SET revoked_us = ? WHERE id = ? AND revoked_us = 0", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, at_us);
    kc_bind_text(query, id);
    return kc_query_run(query, NULL, error);
}

GPtrArray *
kc_integration_store_list(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "ORDER BY name", error);
    if (query == NULL)
        return NULL;
    return kc_query_all(tx, query, read_integration, (GDestroyNotify)kc_integration_free, error);
}
