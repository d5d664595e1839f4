#include "src/cli/reports.h"

#include "src/app/report_codec.h"
#include "src/app/reports.h"
#include "src/base/timestamp.h"
#include "src/cli/report.h"
#include "src/domain/report_period.h"
#include "src/rules/rules.h"
#include "src/store/report_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN 28

gboolean
kc_cli_report_is_of_log(const KcCliReport *options)
{
    return options->from_log && !options->check;
}

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
print_report(const KcCliReport *options, const KcReport *report, KcReportNames *names)
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
print_year(const KcCliReport *options, const KcReportYear *year)
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
read_log(const KcCliReport *options, const KcReportLogQuery *queries, guint count, GError **error)
{
    if (options->lines != NULL)
        return kc_report_log_of_lines(options->lines, queries, count, error);
    g_autofree char *path =
        options->database != NULL ? g_strdup(options->database) : g_build_filename(options->data, "kuaichu.db", NULL);
    return kc_report_log_of_database(path, queries, count, error);
}

static int
run_year_of_log(const KcCliReport *options, KcReportNames *names, const KcRules *rules)
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
report_of_log(const KcCliReport *options, char **ret_wrong)
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
run_of_log(const KcCliReport *options)
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
write_pdf(KcApp *app, const KcCliReport *options, const KcReportYearView *view)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = kc_app_report_year_pdf(app, view, &result, &error);
    if (pdf == NULL)
        return kc_cli_report(FALSE, &result, error, "");
    gsize size;
    const char *bytes = g_bytes_get_data(pdf, &size);
    if (!g_file_set_contents(options->pdf, bytes, (gssize)size, &error))
        return fail(error->message);
    printf("%s: %" G_GSIZE_FORMAT " bytes\n", options->pdf, size);
    return EXIT_SUCCESS;
}

static int
run_year(KcApp *app, const KcCliReport *options)
{
    g_auto(KcReportYearView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_report_year(app, NULL, options->year, &view, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    return options->pdf != NULL ? write_pdf(app, options, &view) : print_year(options, &view.year);
}

/* Whether what the service keeps of each case is what the log says. */
static int
run_check(const KcCliReport *options, const KcReport *kept)
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

int
kc_cli_report_run(KcApp *app, const KcCliReport *options)
{
    g_auto(KcReportView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (options->json && options->csv)
        return fail("--json or --csv, not both");
    if (options->pdf != NULL && options->year == NULL)
        return fail("--pdf is of a year: say --year as well");
    if (kc_cli_report_is_of_log(options))
        return run_of_log(options);
    if (options->year != NULL)
        return run_year(app, options);
    const KcReportRequest request = {options->from, options->to, options->by};
    if (!kc_app_report(app, NULL, &request, &view, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    return options->check ? run_check(options, view.report) : print_report(options, view.report, view.names);
}
