#include "src/cli/log.h"
#include "src/app/public_log.h"
#include "src/base/timestamp.h"
#include "src/cli/report.h"

#include <stdio.h>
#include <stdlib.h>

int
kc_cli_log_verify(KcApp *app, const char *held)
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
        kc_cli_report(FALSE, &result, error, "");
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

int
kc_cli_log_keys(KcApp *app)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_log_keys(app, &keys, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    for (guint i = 0; i < keys->len; i++) {
        const KcLogKey *key = keys->pdata[i];
        g_autofree char *from = kc_timestamp_format(key->from_us);
        g_autofree char *until = key->until_us > 0 ? kc_timestamp_format(key->until_us) : NULL;
        printf("%s  from %s%s%s\n", key->public, from, until != NULL ? " until " : "", until != NULL ? until : "");
    }
    return EXIT_SUCCESS;
}
