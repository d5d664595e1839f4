/* kuaichu law: the official texts of an installation. */
#include "src/app/laws.h"
#include "src/base/limits.h"
#include "src/cli/command.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

static void
clear_file(gpointer data)
{
    g_bytes_unref(((KcLawFile *)data)->text);
}

static gboolean
read_file(const char *name, GArray *files)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    gsize size = 0;
    GStatBuf info;
    /* Looked at before it is read: a wrong name may be that of a disk image. */
    if (g_stat(name, &info) == 0 && info.st_size > KC_LIMIT_LAW_BYTES) {
        g_printerr("kuaichu: %s: larger than 4 MB\n", name);
        return FALSE;
    }
    if (!g_file_get_contents(name, &text, &size, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return FALSE;
    }
    KcLawFile file = {name, g_bytes_new_take(text, size)};
    g_array_append_val(files, file);
    return TRUE;
}

static void
print_law(const KcLawRow *law, const char *word)
{
    printf("%s %-3" G_GINT64_FORMAT " %.12s  %s%s%s\n", law->dated, law->articles, law->sha256, law->title,
           word != NULL ? "  " : "", word != NULL ? word : "");
}

static int
import_files(KcApp *app, const char *const *names)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(KcLawFile));
    g_autoptr(GPtrArray) imported = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;

    g_array_set_clear_func(files, clear_file);
    for (guint i = 0; names[i] != NULL; i++)
        if (!read_file(names[i], files))
            return EXIT_FAILURE;
    if (!kc_app_import_laws(app, NULL, (const KcLawFile *)files->data, files->len, &imported, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    for (guint i = 0; i < imported->len; i++) {
        const KcImportedLaw *one = imported->pdata[i];
        print_law(one->law, one->added ? "imported" : "was there already");
    }
    return EXIT_SUCCESS;
}

static int
list(KcApp *app)
{
    g_autoptr(GPtrArray) laws = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_laws(app, NULL, &laws, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    for (guint i = 0; i < laws->len; i++)
        print_law(laws->pdata[i], NULL);
    return EXIT_SUCCESS;
}

enum { IMPORT, LIST };

static const KcCliVerb VERBS[] = {
    [IMPORT] = {"import", "FILE…", 1, G_MAXUINT, "take official texts (Markdown): all of them or none"},
    [LIST] = {"list", NULL, 0, 0, "list the texts"},
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
        return kc_cli_no_app(cli);
    return verb == IMPORT ? import_files(app, (const char *const *)cli->rest) : list(app);
}

const KcCliNoun kc_cli_law = {"law", VERBS, run};
