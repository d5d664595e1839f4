/* kuaichu integration: keys of other systems. */
#include "src/app/integrations.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static int
needs_name(const char *verb)
{
    g_printerr("kuaichu: integration %s needs --name\n", verb);
    return 2;
}

static int
add(KcApp *app, const char *name, const char *scopes)
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
        return kc_cli_end(FALSE, &result, error, "");
    printf("%s\n", key);
    g_printerr("kuaichu: the key of \"%s\" is above; it is not shown again.\n", integration->name);
    return EXIT_SUCCESS;
}

static int
list(KcApp *app)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) all = NULL;
    if (!kc_app_list_integrations(app, NULL, &all, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    for (guint i = 0; i < all->len; i++) {
        const KcIntegration *one = all->pdata[i];
        g_autofree char *scopes = g_strjoinv(",", one->scopes);
        printf("%-24s %-8s %s\n", one->name, one->revoked_us > 0 ? "revoked" : "good", scopes);
    }
    return EXIT_SUCCESS;
}

static int
revoke_key(KcApp *app, const char *name)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (name == NULL)
        return needs_name("revoke");
    gboolean done = kc_app_revoke_integration(app, NULL, name, &result, &error);
    return kc_cli_end(done, &result, error, "The key is revoked.");
}

enum { ADD, LIST, REVOKE };

static const KcCliVerb VERBS[] = {
    [ADD] = {"add", "--name N", 0, 0, "make a key for another system; it is printed once"},
    [LIST] = {"list", NULL, 0, 0, "list the keys of other systems"},
    [REVOKE] = {"revoke", "--name N", 0, 0, "end such a key"},
    {0},
};

static int
run(KcCli *cli)
{
    g_autofree char *name = NULL, *scopes = NULL;
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_FILENAME /* bytes as they are */, &name, "the other system's name", "N"},
        {"scopes", 0, 0, G_OPTION_ARG_STRING, &scopes,
         "what its key may be used for: cases:open,cases:read,events:read", "S"},
        G_OPTION_ENTRY_NULL,
    };
    int verb = kc_cli_parse(cli, entries);
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    if (app == NULL)
        return kc_cli_no_app(cli);
    return verb == ADD ? add(app, name, scopes) : verb == LIST ? list(app) : revoke_key(app, name);
}

const KcCliNoun kc_cli_integration = {"integration", VERBS, run};
