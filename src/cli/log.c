/* kuaichu log: whether the audit log is what it was, for whoever has the data folder. */
#include "src/app/public_log.h"
#include "src/base/timestamp.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static int
verify(KcApp *app, const char *held)
{
    g_autofree char *note = NULL;
    g_auto(KcLogVerdict) verdict = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (held != NULL && !g_file_get_contents(held, &note, NULL, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return 2;
    }
    if (!kc_app_verify_log(app, note, &verdict, &result, &error)) {
        kc_cli_end(FALSE, &result, error, "");
        return 2;
    }
    if (verdict.problem != NULL) {
        printf("WRONG: %s\n", verdict.problem);
        printf("right up to there: %" G_GINT64_FORMAT " entries\n", verdict.entries);
        return EXIT_FAILURE;
    }
    printf("right: %" G_GINT64_FORMAT " entries, %" G_GINT64_FORMAT " checkpoints%s\n", verdict.entries,
           verdict.checkpoints, held != NULL ? ", grown from the held checkpoint" : "");
    return EXIT_SUCCESS;
}

static int
list_keys(KcApp *app)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_log_keys(app, &keys, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    for (guint i = 0; i < keys->len; i++) {
        const KcLogKey *key = keys->pdata[i];
        g_autofree char *from = kc_timestamp_format(key->from_us);
        g_autofree char *until = key->until_us > 0 ? kc_timestamp_format(key->until_us) : NULL;
        printf("%s  from %s%s%s\n", key->public, from, until != NULL ? " until " : "", until != NULL ? until : "");
    }
    return EXIT_SUCCESS;
}

enum { VERIFY, KEYS };

static const KcCliVerb VERBS[] = {
    [VERIFY] = {"verify", "[CHECKPOINT]", 0, 1, "check the whole log, against a checkpoint that somebody kept too"},
    [KEYS] = {"keys", NULL, 0, 0, "the keys that sign its checkpoints"},
    {0},
};

static int
run(KcCli *cli)
{
    int verb = kc_cli_parse(cli, NULL);
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    if (app == NULL)
        return 2;
    return verb == VERIFY ? verify(app, cli->rest[0]) : list_keys(app);
}

const KcCliNoun kc_cli_log = {"log", VERBS, run};
