#include "src/cli/integration.h"

#include "src/app/integrations.h"
#include "src/cli/report.h"

#include <stdio.h>
#include <stdlib.h>

static int
needs_name(const char *verb)
{
    g_printerr("kuaichu: integration %s needs --name\n", verb);
    return 2;
}

int
kc_cli_integration_add(KcApp *app, const char *name, const char *scopes)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(KcIntegration) integration = NULL;
    g_autofree char *key = NULL;
    g_auto(GStrv) wanted = g_strsplit(scopes != NULL ? scopes : "cases:open,cases:read", ",", -1);
    const KcNewIntegration request = {name, (const char *const *)wanted};
    if (name == NULL)
        return needs_name("add");
    if (!kc_app_add_integration(app, NULL, &request, &integration, &key, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    printf("%s\n", key);
    g_printerr("kuaichu: the key of \"%s\" is above; it is not shown again.\n", integration->name);
    return EXIT_SUCCESS;
}

int
kc_cli_integration_list(KcApp *app)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) all = NULL;
    if (!kc_app_list_integrations(app, NULL, &all, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    for (guint i = 0; i < all->len; i++) {
        const KcIntegration *one = all->pdata[i];
        g_autofree char *scopes = g_strjoinv(",", one->scopes);
        printf("%-24s %-8s %s\n", one->name, one->revoked_us > 0 ? "revoked" : "good", scopes);
    }
    return EXIT_SUCCESS;
}

int
kc_cli_integration_revoke(KcApp *app, const char *name)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (name == NULL)
        return needs_name("revoke");
    gboolean done = kc_app_revoke_integration(app, NULL, name, &result, &error);
    return kc_cli_report(done, &result, error, "The key is revoked.");
}
