/* kuaichu keys: the master key and the key that signs the log are replaced. The service is stopped for it. */
#include "src/app/rotate_keys.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static void
progress(gint64 cases, gpointer unused G_GNUC_UNUSED)
{
    printf("%" G_GINT64_FORMAT " cases\n", cases);
    fflush(stdout);
}

static int
rotate_master(KcApp *app)
{
    g_auto(KcMasterRotation) rotation = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_rotate_master(app, progress, NULL, &rotation, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    if (rotation.from != NULL)
        printf("master key %s is retired; ", rotation.from);
    printf("%s is in use, and the keys of %" G_GINT64_FORMAT " cases were wrapped anew\n", rotation.to, rotation.cases);
    printf("Now replace the copies of keys/ that you keep: older ones open nothing that is written from here on. Where "
           "the master key is a credential, it is to be made of the new file, which then goes.\n");
    return EXIT_SUCCESS;
}

static int
rotate_signing(KcApp *app)
{
    g_autofree char *public = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_rotate_signing(app, &public, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    printf("%s\nsigns the log from now on. Tell it to whoever checks checkpoints; earlier ones stay valid under the "
           "key that signed them (kuaichu log keys).\n",
           public);
    return EXIT_SUCCESS;
}

enum { ROTATE_MASTER, ROTATE_SIGNING };

static const KcCliVerb VERBS[] = {
    [ROTATE_MASTER] = {"rotate-master", NULL, 0, 0, "a new master key; may be cut off and called again"},
    [ROTATE_SIGNING] = {"rotate-signing", NULL, 0, 0, "a new key for the log's checkpoints"},
    {0},
};

static int
run(KcCli *cli)
{
    g_autofree char *next = NULL;
    const GOptionEntry entries[] = {
        {"next-master-key", 0, 0, G_OPTION_ARG_FILENAME, &next,
         "file of the one that replaces it; made if it is not there", "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    int verb = kc_cli_parse(cli, entries);
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    const KcAppOptions options = {.exclusive = TRUE, .next_master_key = next};
    g_autoptr(KcApp) app = kc_cli_open(cli, &options);
    if (app == NULL)
        return kc_cli_no_app(cli);
    return verb == ROTATE_MASTER ? rotate_master(app) : rotate_signing(app);
}

const KcCliNoun kc_cli_keys = {"keys", VERBS, run};
