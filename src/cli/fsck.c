/* kuaichu fsck: whether everything of a data folder is what the service put there.
 *
 * Exit code 0: nothing is damaged; 1: something is, each on a line; 2: it could not be checked. */
#include "src/app/check.h"
#include "src/cli/command.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    json_t *findings; /* NULL: said as they come */
    gboolean on_terminal;
    gint64 told_us;
    gboolean line; /* a line of progress stands */
} Report;

/* ---- For people ---- */

static void
clear_line(Report *report)
{
    if (report->line)
        fputs("\r\033[K", stderr);
    report->line = FALSE;
}

static void
print_finding(const KcDamage *finding)
{
    printf("DAMAGED: %s", finding->text);
    if (finding->case_id != NULL)
        printf(" [case %s]", finding->case_number != NULL ? finding->case_number : finding->case_id);
    if (finding->file != NULL)
        printf(" [vault/%s]", finding->file);
    putchar('\n');
}

static void
on_progress(const char *what, gint64 done, gint64 of, gpointer user_data)
{
    Report *report = user_data;
    gint64 now = g_get_monotonic_time();
    if (!report->on_terminal || (of > 0 && done < of && now - report->told_us < 200000))
        return;
    report->told_us = now;
    clear_line(report);
    if (of > 0)
        fprintf(stderr, "%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, what, done, of);
    else
        fprintf(stderr, "%s …", what);
    report->line = TRUE;
}

static void
print_totals(const KcCheckTotals *totals)
{
    printf("looked at: log entries %" G_GINT64_FORMAT ", checkpoints %" G_GINT64_FORMAT ", cases %" G_GINT64_FORMAT
           ", rows %" G_GINT64_FORMAT ", sealed values %" G_GINT64_FORMAT ", documents %" G_GINT64_FORMAT
           ", files %" G_GINT64_FORMAT " (bytes %" G_GINT64_FORMAT ")\n",
           totals->entries, totals->checkpoints, totals->cases, totals->rows, totals->sealed, totals->documents,
           totals->files, totals->bytes);
    if (totals->unfinished > 0)
        printf("recordings that are being made, or wait for the service to finish them: %" G_GINT64_FORMAT "\n",
               totals->unfinished);
    if (totals->unbound)
        printf("the log does not say yet what the rows must be: start the service of this version once\n");
    if (totals->findings > 0)
        printf("damaged: findings %" G_GINT64_FORMAT "\n", totals->findings);
    else
        printf("nothing is damaged\n");
}

/* ---- For programs ---- */

static void
put(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, json_string(text));
}

static json_t *
json_of(const KcDamage *finding)
{
    json_t *object = json_object();
    put(object, "kind", finding->kind);
    put(object, "text", finding->text);
    put(object, "table", finding->table);
    put(object, "row", finding->row);
    put(object, "case_id", finding->case_id);
    put(object, "case_number", finding->case_number);
    put(object, "file", finding->file);
    if (finding->entry > 0)
        json_object_set_new(object, "entry", json_integer(finding->entry));
    if (finding->chunk >= 0)
        json_object_set_new(object, "chunk", json_integer(finding->chunk));
    return object;
}

static void
print_json(const Report *report, const KcCheckTotals *totals)
{
    json_t *all = json_pack("{s:O, s:b, s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}}", "findings", report->findings,
                            "states_bound", !totals->unbound, "checked", "entries", (json_int_t)totals->entries,
                            "checkpoints", (json_int_t)totals->checkpoints, "rows", (json_int_t)totals->rows, "cases",
                            (json_int_t)totals->cases, "sealed", (json_int_t)totals->sealed, "documents",
                            (json_int_t)totals->documents, "files", (json_int_t)totals->files, "bytes",
                            (json_int_t)totals->bytes, "unfinished", (json_int_t)totals->unfinished);
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    putchar('\n');
    json_decref(all);
}

/* ---- */

static void
on_found(const KcDamage *finding, gpointer user_data)
{
    Report *report = user_data;
    clear_line(report);
    if (report->findings != NULL)
        json_array_append_new(report->findings, json_of(finding));
    else
        print_finding(finding);
}

/* NULL after saying why. */
static GStrv
read_notes(const char *const *files)
{
    g_autoptr(GStrvBuilder) notes = g_strv_builder_new();
    for (; files != NULL && *files != NULL; files++) {
        g_autofree char *note = NULL;
        g_autoptr(GError) error = NULL;
        if (!g_file_get_contents(*files, &note, NULL, &error)) {
            g_printerr("kuaichu: %s\n", error->message);
            return NULL;
        }
        g_strv_builder_add(notes, note);
    }
    return g_strv_builder_end(notes);
}

static int
fsck(const KcCli *cli, const char *const *held, gboolean as_json)
{
    Report report = {.findings = as_json ? json_array() : NULL, .on_terminal = !as_json && isatty(STDERR_FILENO)};
    g_auto(GStrv) notes = read_notes(held);
    KcCheckOptions options = {.data_dir = cli->data,
                              .master_key = cli->master_key,
                              .held = (const char *const *)notes,
                              .found = on_found,
                              .progress = on_progress,
                              .user_data = &report};
    KcCheckTotals totals = {0};
    g_autoptr(GError) error = NULL;
    gboolean done = notes != NULL && kc_app_check_folder(&options, &totals, &error);
    clear_line(&report);
    if (error != NULL)
        g_printerr("kuaichu: it could not be checked: %s\n", error->message);
    else if (done && as_json)
        print_json(&report, &totals);
    else if (done)
        print_totals(&totals);
    json_decref(report.findings);
    return !done ? 2 : totals.findings > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static const KcCliVerb VERBS[] = {
    {NULL, "[--checkpoint FILE]…", 0, 0, "check everything: schema, log, every row, sealed value and file"},
    {0},
};

static int
run(KcCli *cli)
{
    g_auto(GStrv) held = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &held, "a checkpoint that somebody kept; may be repeated", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "the findings as JSON", NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (kc_cli_parse(cli, entries) == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    return cli->data != NULL ? fsck(cli, (const char *const *)held, json) : kc_cli_usage("fsck needs --data DIR");
}

const KcCliNoun kc_cli_fsck = {"fsck", VERBS, run};
