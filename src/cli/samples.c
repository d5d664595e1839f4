/* kuaichu samples: closed cases that were drawn to be looked at. */
#include "src/app/samples.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static int
verify(KcApp *app)
{
    g_auto(KcSamplesCheck) check = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_verify_samples(app, &check, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (check.problem != NULL) {
        g_printerr("kuaichu: %s\n", check.problem);
        return EXIT_FAILURE;
    }
    printf("%" G_GINT64_FORMAT " samples of %" G_GINT64_FORMAT " cases are right: each comes to the same again from the "
           "log, and was committed to before its week ended; so does who looks a second time, %" G_GINT64_FORMAT
           " times.\n",
           check.samples, check.cases, check.looks);
    return EXIT_SUCCESS;
}

static const KcCliVerb VERBS[] = {
    {"verify", NULL, 0, 0, "draw every sample of closed cases again, from the log"},
    {0},
};

static int
run(KcCli *cli)
{
    if (kc_cli_parse(cli, NULL) == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    return app != NULL ? verify(app) : kc_cli_no_app(cli);
}

const KcCliNoun kc_cli_samples = {"samples", VERBS, run};
