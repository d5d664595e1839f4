#include "src/cli/keys.h"

#include "src/app/backup.h"
#include "src/app/retention.h"
#include "src/app/rotate_keys.h"
#include "src/cli/report.h"

#include <stdio.h>
#include <stdlib.h>

static void
progress(gint64 cases, gpointer unused G_GNUC_UNUSED)
{
    printf("%" G_GINT64_FORMAT " cases\n", cases);
    fflush(stdout);
}

int
kc_cli_keys_rotate_master(KcApp *app)
{
    g_auto(KcMasterRotation) rotation = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_rotate_master(app, progress, NULL, &rotation, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    if (rotation.from != NULL)
        printf("master key %s is retired; ", rotation.from);
    printf("%s is in use, and the keys of %" G_GINT64_FORMAT " cases were wrapped anew\n", rotation.to, rotation.cases);
    printf("Now replace the copies of keys/ that you keep: older ones open nothing that is written from here on. Where "
           "the "
           "master key is a credential, it is to be made of the new file, which then goes.\n");
    return EXIT_SUCCESS;
}

int
kc_cli_keys_rotate_signing(KcApp *app)
{
    g_autofree char *public = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_rotate_signing(app, &public, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    printf("%s\nsigns the log from now on. Tell it to whoever checks checkpoints; earlier ones stay valid under the "
           "key that "
           "signed them (kuaichu log keys).\n",
           public);
    return EXIT_SUCCESS;
}

int
kc_cli_backup(KcApp *app, const char *folder)
{
    gint64 files = 0;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_backup(app, folder, &files, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    printf("%s/kuaichu.db, and in %s/vault.list the %" G_GINT64_FORMAT
           " files of the vault that belong to it. keys/ is not part of it.\n",
           folder, folder, files);
    return EXIT_SUCCESS;
}

int
kc_cli_retention_preview(KcApp *app, const char *days)
{
    guint64 number = 30;
    gboolean more = FALSE;
    g_autoptr(GPtrArray) items = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (days != NULL && !g_ascii_string_to_unsigned(days, 10, 0, 36500, &number, NULL)) {
        g_printerr("kuaichu: --days takes a whole number from 0 to 36500\n");
        return 2;
    }
    if (!kc_app_preview_retention(app, NULL, (guint)number, &items, &more, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    g_autofree char *csv = kc_retention_csv(items);
    fputs(csv, stdout);
    if (more)
        g_printerr("kuaichu: there are more than the %d cases that were looked at\n", KC_RETENTION_PREVIEW_MAX);
    return EXIT_SUCCESS;
}

int
kc_cli_retention_run(KcApp *app)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    guint looked = 1, cases = 0;
    while (looked > 0) {
        if (!kc_app_run_retention(app, &looked, &error))
            return kc_cli_report(FALSE, &result, error, "");
        cases += looked;
    }
    printf("%u cases were looked at; what was due is gone, each with its rule in the log\n", cases);
    return EXIT_SUCCESS;
}
