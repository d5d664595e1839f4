/* Other systems that may report accidents and follow what becomes of them, by a key with scopes. */
#pragma once

#include "src/app/app.h"
#include "src/store/integration_store.h"

typedef struct {
    const char *name;
    const char *const *scopes; /* NULL-terminated, of kc_scope_to_string; at least one */
} KcNewIntegration;

/* `who` NULL: the command line. `*ret_key` is shown once; its hash is kept. CONFLICT "name-taken". */
gboolean kc_app_add_integration(KcApp *app, const KcPrincipal *who, const KcNewIntegration *request,
                                KcIntegration **ret_integration, char **ret_key, KcResult *result, GError **error);
/* of KcIntegration */
gboolean kc_app_list_integrations(KcApp *app, const KcPrincipal *who, GPtrArray **ret_integrations, KcResult *result,
                                  GError **error);
/* Its key is dead from now on; also if it was before. By id, or by name from the command line. */
gboolean kc_app_revoke_integration(KcApp *app, const KcPrincipal *who, const char *integration, KcResult *result,
                                   GError **error);
