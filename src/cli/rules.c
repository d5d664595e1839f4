/* kuaichu rules: a folder or single files are checked, compared, or made the next version.
 *
 * A file is known by its name ("desk.json", "2027.json", "determination.json"); what isn't given is as it is in the data
 * folder, or as it is built in where there is none. */
#include "src/app/rule_versions.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
edit_clear(gpointer data)
{
    KcRuleEdit *edit = data;
    g_free((char *)edit->name);
    g_free((char *)edit->text);
}

/* "rules/desk.json" and "desk.json" are both that file; owned, NULL: no set has one. */
static char *
name_of(const char *path)
{
    static const char *const folders[] = {"", "calendars/", "templates/"};
    g_autofree char *base = g_path_get_basename(path);
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *name = g_strconcat(folders[i], base, NULL);
        KcRuleFileKind kind = kc_rule_file_kind(name);
        if (kind != KC_RULE_FILE_UNKNOWN && kind != KC_RULE_FILE_IMAGE)
            return g_steal_pointer(&name);
    }
    return NULL;
}

static gboolean
take_file(GArray *edits, const char *path)
{
    g_autoptr(GError) error = NULL;
    KcRuleEdit edit = {.name = name_of(path)};
    gsize size = 0;
    if (edit.name == NULL) {
        g_printerr("kuaichu: %s: there is no such file of rules\n", path);
        return FALSE;
    }
    if (!g_file_get_contents(path, (char **)&edit.text, &size, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        g_free((char *)edit.name);
        return FALSE;
    }
    g_array_append_val(edits, edit);
    if (size == strlen(edit.text))
        return TRUE;
    g_printerr("kuaichu: %s: not a text\n", path);
    return FALSE;
}

/* A folder as --rules takes one: all of its files that a set has. */
static gboolean
take_folder(GArray *edits, const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    gboolean taken = TRUE;
    for (const char *file; taken && folder != NULL && (file = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *inside = g_build_filename(path, file, NULL), *name = name_of(file);
        if (g_file_test(inside, G_FILE_TEST_IS_DIR))
            taken = take_folder(edits, inside);
        else if (name != NULL)
            taken = take_file(edits, inside);
    }
    return taken;
}

static GArray *
take(const char *const *paths)
{
    g_autoptr(GArray) edits = g_array_new(FALSE, FALSE, sizeof(KcRuleEdit));
    g_array_set_clear_func(edits, edit_clear);
    for (guint i = 0; paths[i] != NULL; i++)
        if (!(g_file_test(paths[i], G_FILE_TEST_IS_DIR) ? take_folder(edits, paths[i]) : take_file(edits, paths[i])))
            return NULL;
    if (edits->len > 0)
        return g_steal_pointer(&edits);
    g_printerr("kuaichu: there is no file of rules\n");
    return NULL;
}

/* ---- without a data folder ---- */

static int
check_built_in(const GArray *edits)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcRuleFiles) files = kc_rule_files_read(NULL, &error);
    for (guint i = 0; files != NULL && i < edits->len; i++) {
        const KcRuleEdit *edit = &g_array_index(edits, KcRuleEdit, i);
        g_autoptr(GBytes) bytes = g_bytes_new(edit->text, strlen(edit->text));
        kc_rule_files_set(files, edit->name, bytes);
    }
    if (files != NULL && kc_rule_files_check(files, &error)) {
        printf("The rules are sound.\n");
        return EXIT_SUCCESS;
    }
    g_printerr("%s\n", error->message);
    return EXIT_FAILURE;
}

/* ---- with one ---- */

static gboolean
preview(KcApp *app, const GArray *edits, KcRulePreview *ret_preview)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    const KcRuleProposal proposal = {.edits = (const KcRuleEdit *)(const void *)edits->data, .edit_count = edits->len};
    if (kc_app_preview_rules(app, NULL, &proposal, ret_preview, &result, &error))
        return TRUE;
    kc_cli_end(FALSE, &result, error, "");
    return FALSE;
}

static int
check(KcApp *app, const char *const *paths)
{
    g_autoptr(GArray) edits = take(paths);
    g_auto(KcRulePreview) shown = {0};
    if (edits == NULL)
        return EXIT_FAILURE;
    if (app == NULL)
        return check_built_in(edits);
    if (!preview(app, edits, &shown))
        return EXIT_FAILURE;
    if (shown.problem == NULL)
        printf("The rules are sound.\n");
    else
        g_printerr("%s\n", shown.problem->message);
    return shown.problem == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
diff(KcApp *app, const char *const *paths)
{
    static const char marks[] = {[KC_RULE_ADDED] = '+', [KC_RULE_REMOVED] = '-', [KC_RULE_CHANGED] = '~'};
    g_autoptr(GArray) edits = take(paths);
    g_auto(KcRulePreview) shown = {0};
    if (edits == NULL || !preview(app, edits, &shown))
        return EXIT_FAILURE;
    for (guint i = 0; i < shown.diffs->len; i++) {
        const KcRuleFileDiff *diff = shown.diffs->pdata[i];
        for (guint n = 0; n < diff->changes->len; n++) {
            const KcRuleChange *change = diff->changes->pdata[n];
            printf("%c %s › %s: %s%s%s\n", marks[change->kind], diff->name, change->entry,
                   change->before != NULL ? change->before : "",
                   change->before != NULL && change->after != NULL ? " → " : "",
                   change->after != NULL ? change->after : "");
        }
    }
    printf("Open cases that keep their rules: %" G_GINT64_FORMAT "\n", shown.open_cases);
    if (shown.problem != NULL)
        g_printerr("%s\n", shown.problem->message);
    return shown.problem == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
install(KcApp *app, const char *const *paths, const char *reason, const char *valid_from)
{
    g_autoptr(GArray) edits = take(paths);
    g_autoptr(KcRuleVersion) made = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (edits == NULL)
        return EXIT_FAILURE;
    const KcRuleProposal proposal = {.edits = (const KcRuleEdit *)(const void *)edits->data,
                                     .edit_count = edits->len,
                                     .reason = reason,
                                     .valid_from = valid_from};
    gboolean done = kc_app_change_rules(app, NULL, &proposal, &made, &result, &error);
    g_autofree char *words = done ? g_strdup_printf("Version %" G_GINT64_FORMAT " of the rules is made; a running service "
                                                    "takes it up by itself.",
                                                    made->number)
                                  : NULL;
    return kc_cli_end(done, &result, error, words);
}

enum { CHECK, DIFF, INSTALL };

static const KcCliVerb VERBS[] = {
    [CHECK] = {"check", "FILE…|DIR", 1, G_MAXUINT, "whether texts of rules are sound; needs no data folder"},
    [DIFF] = {"diff", "FILE…|DIR", 1, G_MAXUINT, "what they change"},
    [INSTALL] = {"install", "FILE…|DIR --reason TEXT", 1, G_MAXUINT, "make them the next version"},
    {0},
};

static int
run(KcCli *cli)
{
    g_autofree char *reason = NULL, *from = NULL;
    const GOptionEntry entries[] = {
        {"reason", 0, 0, G_OPTION_ARG_FILENAME /* bytes as they are */, &reason, "why the rules change", "TEXT"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &from, "the day from which they are in force", "YYYY-MM-DD"},
        G_OPTION_ENTRY_NULL,
    };
    int verb = kc_cli_parse(cli, entries);
    const char *const *paths = (const char *const *)cli->rest;
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    if (verb == CHECK && cli->data == NULL)
        return check(NULL, paths);
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    if (app == NULL)
        return kc_cli_no_app(cli);
    return verb == CHECK ? check(app, paths) : verb == DIFF ? diff(app, paths) : install(app, paths, reason, from);
}

const KcCliNoun kc_cli_rules = {"rules", VERBS, run};
