/* kuaichu retention: what the rules erase, and when. */
#include "src/app/retention.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static int
preview(KcApp *app, const char *days)
{
    guint64 number = 30;
    gboolean more = FALSE;
    g_autoptr(GPtrArray) items = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (days != NULL && !g_ascii_string_to_unsigned(days, 10, 0, 36500, &number, NULL))
        return kc_cli_usage("--days takes a whole number from 0 to 36500");
    if (!kc_app_preview_retention(app, NULL, (guint)number, &items, &more, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    g_autofree char *csv = kc_retention_csv(items);
    fputs(csv, stdout);
    if (more)
        g_printerr("kuaichu: there are more than the %d cases that were looked at\n", KC_RETENTION_PREVIEW_MAX);
    return EXIT_SUCCESS;
}

static int
carry_out(KcApp *app)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    guint looked = 1, cases = 0;
    while (looked > 0) {
        if (!kc_app_run_retention(app, &looked, &error))
            return kc_cli_end(FALSE, &result, error, "");
        cases += looked;
    }
    printf("%u cases were looked at; what was due is gone, each with its rule in the log\n", cases);
    return EXIT_SUCCESS;
}

enum { PREVIEW, RUN };

static const KcCliVerb VERBS[] = {
    [PREVIEW] = {"preview", "[--days N]", 0, 0, "what will be erased, when and why, as CSV"},
    [RUN] = {"run", NULL, 0, 0, "erase what is due, with the service stopped; running, it does so by itself"},
    {0},
};

static int
run(KcCli *cli)
{
    g_autofree char *days = NULL;
    const GOptionEntry entries[] = {
        {"days", 0, 0, G_OPTION_ARG_STRING, &days, "how far ahead (30)", "N"},
        G_OPTION_ENTRY_NULL,
    };
    int verb = kc_cli_parse(cli, entries);
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    const KcAppOptions options = {.exclusive = verb == RUN};
    g_autoptr(KcApp) app = kc_cli_open(cli, &options);
    if (app == NULL)
        return kc_cli_no_app(cli);
    return verb == PREVIEW ? preview(app, days) : carry_out(app);
}

const KcCliNoun kc_cli_retention = {"retention", VERBS, run};
