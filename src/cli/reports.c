/* kuaichu report: figures of a period or a year, from a service's folder, or from the audit log and nothing else. */
#include "src/app/report_codec.h"
#include "src/app/reports.h"
#include "src/base/timestamp.h"
#include "src/cli/command.h"
#include "src/domain/report_period.h"
#include "src/rules/rules.h"
#include "src/store/report_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN 28

typedef struct {
    const char *data; /* the folder; the database of --from-log is in it */
    char *database;   /* another one, such as a copy */
    char *lines;      /* entries that were exported */
    gboolean from_log, check;
    gboolean json, csv;
    char *from, *to, *by, *year, *pdf;
} Options;

static void
options_clear(Options *options)
{
    char *texts[] = {options->database, options->lines, options->from, options->to, options->by, options->year, options->pdf};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static int
fail(const char *message)
{
    g_printerr("kuaichu: %s\n", message);
    return 2;
}

/* ---- writing ---- */

static void
print_json(json_t *root)
{
    g_autofree char *text = kc_json_canonical(root);
    json_decref(root);
    if (text != NULL)
        puts(text);
}

static void
print_time(const KcReportGroup *group, const KcReportTargets *targets, KcReportTime time)
{
    guint count = group->figures[kc_report_time_figure(time, FALSE)],
          within = group->figures[kc_report_time_figure(time, TRUE)];
    g_autofree char *share = kc_report_share(within, count);
    if (count == 0)
        return;
    printf("%-*s %u: median %" G_GINT64_FORMAT " s, 90th %" G_GINT64_FORMAT " s, %u (%s) within %" G_GINT64_FORMAT
           " s\n",
           COLUMN, kc_report_time_to_string(time), count, group->times[time].median_s, group->times[time].p90_s, within,
           share, kc_report_target_s(targets, time));
}

static void
print_text(const KcReport *report, KcReportNames *names)
{
    const KcReportGroup *total = report->total;
    g_autofree char *from = kc_timestamp_format(report->from_us), *to = kc_timestamp_format(report->to_us);
    printf("%s to %s, entries of the log through %" G_GINT64_FORMAT "\n\n", from, to, report->through_seq);
    for (KcFigure figure = 0; figure < KC_FIGURE_COUNT; figure++)
        printf("%-*s %u\n", COLUMN, kc_figure_to_string(figure), total->figures[figure]);
    for (KcReportTime time = 0; time < KC_REPORT_TIME_COUNT; time++)
        print_time(total, &report->targets, time);
    printf("%-*s %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "\n", COLUMN, "shots taken", total->shots_taken,
           total->shots_asked);
    printf("%-*s %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "\n", COLUMN, "participants recorded",
           total->people_recorded, total->people);
    printf("%-*s %" G_GINT64_FORMAT " (%" G_GINT64_FORMAT " ms)\n", COLUMN, "gaps in recordings", total->gaps,
           total->gap_ms);
    for (guint i = 0; i < report->breakdowns->len; i++) {
        const KcReportBreakdown *breakdown = report->breakdowns->pdata[i];
        printf("\nby %s: cases, handled by video, at the scene\n", kc_report_by_to_string(breakdown->by));
        for (guint k = 0; k < breakdown->groups->len; k++) {
            const KcReportGroup *group = breakdown->groups->pdata[k];
            const char *name = kc_report_name(breakdown->by, group->key, KC_REPORT_ZH, names);
            printf("  %-*s %u %u %u  %s\n", COLUMN - 2, *group->key != '\0' ? group->key : "-",
                   group->figures[KC_FIGURE_CASES], group->figures[KC_FIGURE_REMOTE],
                   group->figures[KC_FIGURE_ON_SCENE], name != NULL ? name : "");
        }
    }
}

static int
print_report(const Options *options, const KcReport *report, KcReportNames *names)
{
    if (options->json) {
        print_json(kc_report_to_json(report, NULL));
    } else if (options->csv) {
        g_autofree char *csv = kc_report_to_csv(report, NULL, KC_REPORT_ZH);
        fputs(csv, stdout);
    } else {
        print_text(report, names);
    }
    return EXIT_SUCCESS;
}

static int
print_year(const Options *options, const KcReportYear *year)
{
    if (options->json) {
        print_json(json_pack("{s:o, s:o}", "now", kc_report_to_json(year->now, NULL), "before",
                             kc_report_to_json(year->before, NULL)));
        return EXIT_SUCCESS;
    }
    for (KcReportLanguage language = KC_REPORT_ZH; language <= KC_REPORT_EN; language++) {
        g_autofree char *title = kc_report_prose_title(year, language);
        g_autoptr(GPtrArray) paragraphs = kc_report_prose(year, language);
        printf("%s%s\n", language == KC_REPORT_EN ? "\n" : "", title);
        for (guint i = 0; i < paragraphs->len; i++) {
            const KcReportParagraph *paragraph = paragraphs->pdata[i];
            g_autofree char *text = kc_report_paragraph_text(paragraph);
            printf(paragraph->is_heading ? "\n%s\n" : "%s\n", text);
        }
    }
    return EXIT_SUCCESS;
}

/* ---- from the log ---- */

static GPtrArray *
read_log(const Options *options, const KcReportLogQuery *queries, guint count, GError **error)
{
    if (options->lines != NULL)
        return kc_report_log_of_lines(options->lines, queries, count, error);
    g_autofree char *path =
        options->database != NULL ? g_strdup(options->database) : g_build_filename(options->data, "kuaichu.db", NULL);
    return kc_report_log_of_database(path, queries, count, error);
}

static int
run_year_of_log(const Options *options, KcReportNames *names, const KcRules *rules)
{
    int number = 0;
    g_autoptr(GError) error = NULL;
    if (!kc_report_year_parse(options->year, &number))
        return fail("--year needs a year such as 2026");
    KcReportLogQuery queries[2];
    for (int i = 0; i < 2; i++) {
        KcReportPeriod period = kc_report_period_of_year(number - i);
        queries[i] = (KcReportLogQuery){period.from_us, period.to_us, kc_report_year_by, KC_REPORT_YEAR_BY_COUNT};
    }
    g_autoptr(GPtrArray) reports = read_log(options, queries, 2, &error);
    if (reports == NULL)
        return fail(error->message);
    const KcReportYear year = {number,
                               kc_rules_centre_zh(rules),
                               kc_rules_centre_en(rules),
                               reports->pdata[0],
                               reports->pdata[1],
                               kc_report_name,
                               names};
    return print_year(options, &year);
}

/* NULL with what is wrong. */
static GPtrArray *
report_of_log(const Options *options, char **ret_wrong)
{
    KcReportBy by[KC_REPORT_BY_COUNT];
    KcReportPeriod period;
    guint count;
    g_autoptr(GError) error = NULL;
    *ret_wrong = NULL;
    if (kc_report_period_parse(options->from, options->to, kc_timestamp_now_us(), &period) != KC_PERIOD_RIGHT) {
        *ret_wrong = g_strdup("--from and --to need days such as 2026-11-29, ten years at most, the first one first");
        return NULL;
    }
    if (!kc_report_by_list(options->by, by, &count)) {
        *ret_wrong =
            g_strdup("--by needs some of county channel form scenario officer hour day week month outcome closing_code "
                     "ground, divided by commas, each once");
        return NULL;
    }
    const KcReportLogQuery query = {period.from_us, period.to_us, by, count};
    GPtrArray *reports = read_log(options, &query, 1, &error);
    if (reports == NULL)
        *ret_wrong = g_strdup(error->message);
    return reports;
}

static int
run_of_log(const Options *options)
{
    g_autofree char *wrong = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(KcRules) rules = kc_rules_load(NULL, FALSE, &error);
    if (rules == NULL)
        return fail(error->message);
    g_autoptr(KcReportNames) names = kc_report_names_new(rules, NULL);
    if (options->pdf != NULL)
        return fail("--pdf needs the service's folder: leave --from-log out");
    if (options->year != NULL)
        return run_year_of_log(options, names, rules);
    g_autoptr(GPtrArray) reports = report_of_log(options, &wrong);
    return reports != NULL ? print_report(options, reports->pdata[0], names) : fail(wrong);
}

/* ---- from the folder ---- */

static int
write_pdf(KcApp *app, const Options *options, const KcReportYearView *view)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = kc_app_report_year_pdf(app, view, &result, &error);
    if (pdf == NULL)
        return kc_cli_end(FALSE, &result, error, "");
    gsize size;
    const char *bytes = g_bytes_get_data(pdf, &size);
    if (!g_file_set_contents(options->pdf, bytes, (gssize)size, &error))
        return fail(error->message);
    printf("%s: %" G_GSIZE_FORMAT " bytes\n", options->pdf, size);
    return EXIT_SUCCESS;
}

static int
run_year(KcApp *app, const Options *options)
{
    g_auto(KcReportYearView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_report_year(app, NULL, options->year, &view, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    return options->pdf != NULL ? write_pdf(app, options, &view) : print_year(options, &view.year);
}

/* Whether what the service keeps of each case is what the log says. */
static int
run_check(const Options *options, const KcReport *kept)
{
    g_autofree char *wrong = NULL;
    g_autoptr(GPtrArray) reports = report_of_log(options, &wrong);
    if (reports == NULL)
        return fail(wrong);
    g_autoptr(json_t) a = kc_report_to_json(kept, NULL), b = kc_report_to_json(reports->pdata[0], NULL);
    g_autofree char *left = kc_json_canonical(a), *right = kc_json_canonical(b);
    if (strcmp(left, right) != 0) {
        printf("WRONG: the figures that are kept are not those of the log\n");
        return EXIT_FAILURE;
    }
    printf("right: %u cases, entries of the log through %" G_GINT64_FORMAT "\n", kept->total->figures[KC_FIGURE_CASES],
           kept->through_seq);
    return EXIT_SUCCESS;
}

static int
run_report(KcCli *cli, const Options *options)
{
    g_auto(KcReportView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (options->json && options->csv)
        return fail("--json or --csv, not both");
    if (options->pdf != NULL && options->year == NULL)
        return fail("--pdf is of a year: say --year as well");
    /* Of the log alone the service's folder isn't opened, though its database may be in it. */
    gboolean elsewhere = options->database != NULL || options->lines != NULL;
    if ((options->from_log || elsewhere) && !options->check)
        return options->data != NULL || elsewhere ? run_of_log(options) : fail("say --data DIR, --db FILE or --log FILE");
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    if (app == NULL)
        return kc_cli_no_app(cli);
    if (options->year != NULL)
        return run_year(app, options);
    const KcReportRequest request = {options->from, options->to, options->by};
    if (!kc_app_report(app, NULL, &request, &view, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    return options->check ? run_check(options, view.report) : print_report(options, view.report, view.names);
}

static const KcCliVerb VERBS[] = {
    {NULL, "[--from-log] [--year YYYY]", 0, 0, "counts, times and outcomes of a period, or the work report of a year"},
    {0},
};

static int
run(KcCli *cli)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"from", 0, 0, G_OPTION_ARG_STRING, &options.from, "the first day", "YYYY-MM-DD"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &options.to, "the last day", "YYYY-MM-DD"},
        {"by", 0, 0, G_OPTION_ARG_STRING, &options.by,
         "broken down by: county,channel,form,scenario,officer,hour,day,week,month,outcome,closing_code,ground", "X,Y"},
        {"year", 0, 0, G_OPTION_ARG_STRING, &options.year, "the year of a work report", "YYYY"},
        {"pdf", 0, 0, G_OPTION_ARG_FILENAME, &options.pdf, "where to write the work report as PDF", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "as JSON", NULL},
        {"csv", 0, 0, G_OPTION_ARG_NONE, &options.csv, "as CSV", NULL},
        {"from-log", 0, 0, G_OPTION_ARG_NONE, &options.from_log, "from the audit log and nothing else", NULL},
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &options.database, "the database whose log is read, such as a copy", "FILE"},
        {"log", 0, 0, G_OPTION_ARG_FILENAME, &options.lines, "exported entries that are read instead, one a line", "FILE"},
        {"check", 0, 0, G_OPTION_ARG_NONE, &options.check, "whether the figures that are kept are those of the log", NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (kc_cli_parse(cli, entries) == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    options.data = cli->data;
    return run_report(cli, &options);
}

const KcCliNoun kc_cli_report = {"report", VERBS, run};
