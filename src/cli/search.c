/* kuaichu search: what cases are found by. */
#include "src/app/reindex.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static int
reindex(KcApp *app, gboolean anew)
{
    gint64 done = 0, passed_over = 0;
    g_autoptr(GError) error = NULL;
    if ((anew && !kc_app_reset_index(app, &error)) || !kc_app_reindex(app, 0, &done, &passed_over, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (passed_over > 0) {
        g_printerr("kuaichu: %" G_GINT64_FORMAT " cases were indexed; %" G_GINT64_FORMAT
                   " can't be read, and are not found (kuaichu fsck says what is damaged).\n",
                   done, passed_over);
        return EXIT_FAILURE;
    }
    printf("%" G_GINT64_FORMAT " cases were indexed; every case can be found.\n", done);
    return EXIT_SUCCESS;
}

enum { COMPLETE, REINDEX };

static const KcCliVerb VERBS[] = {
    [COMPLETE] = {"complete", NULL, 0, 0, "index the cases that are not yet"},
    [REINDEX] = {"reindex", NULL, 0, 0, "index all of them anew"},
    {0},
};

static int
run(KcCli *cli)
{
    int verb = kc_cli_parse(cli, NULL);
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    return app != NULL ? reindex(app, verb == REINDEX) : kc_cli_no_app(cli);
}

const KcCliNoun kc_cli_search = {"search", VERBS, run};
