/* kuaichu backup: a copy that the keys are not part of. */
#include "src/app/backup.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static int
make(KcApp *app, const char *folder)
{
    gint64 files = 0;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_backup(app, folder, &files, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    printf("%s/kuaichu.db, and in %s/vault.list the %" G_GINT64_FORMAT
           " files of the vault that belong to it. keys/ is not part of it.\n",
           folder, folder, files);
    return EXIT_SUCCESS;
}

static const KcCliVerb VERBS[] = {
    {"make", "FOLDER", 1, 1, "the database, and a list of the vault's files; never the keys"},
    {0},
};

static int
run(KcCli *cli)
{
    if (kc_cli_parse(cli, NULL) == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    return app != NULL ? make(app, cli->rest[0]) : kc_cli_no_app(cli);
}

const KcCliNoun kc_cli_backup = {"backup", VERBS, run};
