#include "src/app/reports.h"

#include "src/app/blind.h"
#include "src/evidence/digest.h"
#include "src/print/print.h"
#include "src/store/report_store.h"

#define ENTRIES_A_TURN 2000 /* counted in one write, which others wait for: some hundredths of a second */
#define TURNS_A_TEND 20
#define DEFAULT_LIMIT 50
#define MAX_LIMIT 200

const KcReportBy kc_report_year_by[KC_REPORT_YEAR_BY_COUNT] = {
    KC_REPORT_BY_COUNTY, KC_REPORT_BY_CHANNEL, KC_REPORT_BY_FORM, KC_REPORT_BY_SCENARIO, KC_REPORT_BY_MONTH};

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    KcReportTargets targets;
    KcReportPeriod period;
    KcReportBy by[KC_REPORT_BY_COUNT];
    guint by_count;
    KcReport *report;
    const KcReportCasesRequest *cases_request;
    KcFigure figure;
    GPtrArray *cases;
    char *cursor;
    GPtrArray *users;
} Reading;

static void
reading_clear(Reading *self)
{
    g_clear_pointer(&self->report, kc_report_free);
    g_clear_pointer(&self->cases, g_ptr_array_unref);
    g_clear_pointer(&self->users, g_ptr_array_unref);
    g_clear_pointer(&self->cursor, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

void
kc_report_view_clear(KcReportView *view)
{
    g_clear_pointer(&view->report, kc_report_free);
    g_clear_pointer(&view->names, kc_report_names_free);
}

void
kc_report_cases_view_clear(KcReportCasesView *view)
{
    g_clear_pointer(&view->cases, g_ptr_array_unref);
    g_clear_pointer(&view->cursor, g_free);
    g_clear_pointer(&view->names, kc_report_names_free);
}

void
kc_report_year_view_clear(KcReportYearView *view)
{
    g_clear_pointer(&view->now, kc_report_free);
    g_clear_pointer(&view->before, kc_report_free);
    g_clear_pointer(&view->names, kc_report_names_free);
}

/* ---- up to the log's end ---- */

static gboolean
catch_up(KcTx *tx, gpointer more, GError **error)
{
    return kc_report_store_catch_up(tx, ENTRIES_A_TURN, more, error);
}

static gboolean
is_behind(KcTx *tx, gpointer behind, GError **error)
{
    gint64 through, newest;
    if (!kc_report_store_progress(tx, &through, &newest, error))
        return FALSE;
    *(gboolean *)behind = through < newest;
    return TRUE;
}

/* `turns` 0: to the end. */
static gboolean
read_log(KcApp *app, guint turns, GError **error)
{
    gboolean more = FALSE;
    if (!kc_store_read(app->store, is_behind, &more, error))
        return FALSE;
    for (guint turn = 0; more && (turns == 0 || turn < turns); turn++)
        if (!kc_store_write(app->store, catch_up, &more, error))
            return FALSE;
    return TRUE;
}

gboolean
kc_app_tend_reports(KcApp *app, GError **error)
{
    return read_log(app, TURNS_A_TEND, error);
}

/* ---- what is asked for ---- */

gboolean
kc_app_read_period(const char *from, const char *to, gint64 now_us, KcReportPeriod *ret_period, KcResult *result)
{
    static const struct {
        const char *pointer, *message;
    } wrong[] = {
        [KC_PERIOD_FROM_WRONG] = {"/from",
                                  "请用 2026-11-29 这样的日期 / a day such as 2026-11-29, or an RFC 3339 time"},
        [KC_PERIOD_TO_WRONG] = {"/to", "请用 2026-11-29 这样的日期 / a day such as 2026-11-29, or an RFC 3339 time"},
        [KC_PERIOD_EMPTY] = {"/to", "截止早于起始 / it ends before it begins"},
        [KC_PERIOD_TOO_LONG] = {"/to", "时间段超过十年 / a report spans ten years at most"},
    };
    KcPeriodVerdict verdict = kc_report_period_parse(from, to, now_us, ret_period);
    return verdict == KC_PERIOD_RIGHT || kc_refuse_field(result, wrong[verdict].pointer, wrong[verdict].message);
}

static gboolean
read_period(Reading *self, const char *from, const char *to, KcResult *result)
{
    return kc_app_read_period(from, to, kc_app_now(self->app), &self->period, result);
}

static gboolean
read_by(Reading *self, const char *by, KcResult *result)
{
    return kc_report_by_list(by, self->by, &self->by_count) ||
           kc_refuse_field(result, "/by",
                           "可用 county channel form scenario officer hour day week month outcome closing_code "
                           "ground，以逗号分隔 / one "
                           "of these, or several divided by commas, each once");
}

static Reading
reading_new(KcApp *app, const KcPrincipal *who)
{
    const KcDeskPolicy *policy = kc_rules_desk(kc_app_rules(app));
    return (Reading){.app = app, .who = who, .targets = {policy->answer_s, policy->clear_s, policy->close_s}};
}

/* NULL: every one. */
static const char *const *
counties_of(const Reading *self)
{
    const KcPrincipal *who = self->who;
    return who != NULL && who->counties != NULL && who->counties[0] != NULL ? (const char *const *)who->counties : NULL;
}

static gboolean
may_read(const KcPrincipal *who, KcResult *result)
{
    return who == NULL || kc_app_check_role(who, KC_ACTION_READ_REPORTS, result);
}

/* ---- a report ---- */

static gboolean
count(KcTx *tx, gpointer data, GError **error)
{
    Reading *self = data;
    gint64 through, newest;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    g_autoptr(KcReportCounter) counter =
        kc_report_counter_new(self->period.from_us, self->period.to_us, &self->targets, self->by, self->by_count);
    const KcReportScope scope = {counties_of(self), (const char *const *)hidden};
    if (hidden == NULL || !kc_report_store_progress(tx, &through, &newest, error) ||
        !kc_report_store_count(tx, counter, self->period.from_us, self->period.to_us, &scope, error))
        return FALSE;
    self->report = kc_report_counter_finish(counter, through);
    if (self->users == NULL)
        self->users = kc_user_store_list(tx, error);
    return self->users != NULL;
}

static KcReportNames *
names_of(const Reading *self)
{
    return kc_report_names_new(kc_app_rules(self->app), self->users);
}

gboolean
kc_app_report(KcApp *app, const KcPrincipal *who, const KcReportRequest *request, KcReportView *ret_view,
              KcResult *result, GError **error)
{
    g_auto(Reading) self = reading_new(app, who);
    if (!may_read(who, result) || !read_period(&self, request->from, request->to, result) ||
        !read_by(&self, request->by, result) || !read_log(app, 0, error) ||
        !kc_app_read(app, count, &self, result, error))
        return FALSE;
    ret_view->names = names_of(&self);
    ret_view->report = g_steal_pointer(&self.report);
    return TRUE;
}

/* ---- its cases ---- */

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    Reading *self = data;
    const KcReportCasesRequest *request = self->cases_request;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    if (hidden == NULL)
        return FALSE;
    const KcReportQuery query = {
        .from_us = self->period.from_us,
        .to_us = self->period.to_us,
        .targets = self->targets,
        .figure = self->figure,
        .by = self->by[0],
        .key = request->key,
        .scope = {counties_of(self), (const char *const *)hidden},
        .limit = request->limit == 0 ? DEFAULT_LIMIT : MIN(request->limit, MAX_LIMIT),
        .cursor = request->cursor,
    };
    self->cases = kc_report_store_list(tx, &query, &self->cursor, error);
    self->users = self->cases != NULL ? kc_user_store_list(tx, error) : NULL;
    return self->users != NULL;
}

static gboolean
read_group(Reading *self, const KcReportCasesRequest *request, KcResult *result)
{
    if (request->figure != NULL && !kc_figure_from_string(request->figure, &self->figure))
        return kc_refuse_field(result, "/figure", "没有这个数字 / no such figure");
    if (!read_by(self, request->by, result))
        return FALSE;
    return (self->by_count == (request->key != NULL ? 1 : 0)) ||
           kc_refuse_field(result, "/key", "by 与 key 要一起给，只能各一个 / by and key go together, one of each");
}

gboolean
kc_app_report_cases(KcApp *app, const KcPrincipal *who, const KcReportCasesRequest *request,
                    KcReportCasesView *ret_view, KcResult *result, GError **error)
{
    g_auto(Reading) self = reading_new(app, who);
    self.cases_request = request;
    self.figure = KC_FIGURE_CASES;
    if (!may_read(who, result) || !read_period(&self, request->from, request->to, result) ||
        !read_group(&self, request, result) || !read_log(app, 0, error) ||
        !kc_app_read(app, list, &self, result, error))
        return FALSE;
    ret_view->names = names_of(&self);
    ret_view->cases = g_steal_pointer(&self.cases);
    ret_view->cursor = g_steal_pointer(&self.cursor);
    return TRUE;
}

/* ---- a year ---- */

typedef struct {
    Reading *reading;
    int year;
    KcReport *now, *before;
} Years;

static gboolean
count_years(KcTx *tx, gpointer data, GError **error)
{
    Years *self = data;
    Reading *reading = self->reading;
    reading->period = kc_report_period_of_year(self->year);
    if (!count(tx, reading, error))
        return FALSE;
    self->now = g_steal_pointer(&reading->report);
    reading->period = kc_report_period_of_year(self->year - 1);
    if (!count(tx, reading, error))
        return FALSE;
    self->before = g_steal_pointer(&reading->report);
    return TRUE;
}

gboolean
kc_app_report_year(KcApp *app, const KcPrincipal *who, const char *year, KcReportYearView *ret_view, KcResult *result,
                   GError **error)
{
    g_auto(Reading) self = reading_new(app, who);
    Years years = {.reading = &self};
    if (!may_read(who, result))
        return FALSE;
    if (!kc_report_year_parse(year, &years.year))
        return kc_refuse_field(result, "/year", "请用 2026 这样的年份 / a year such as 2026");
    for (self.by_count = 0; self.by_count < KC_REPORT_YEAR_BY_COUNT; self.by_count++)
        self.by[self.by_count] = kc_report_year_by[self.by_count];
    if (!read_log(app, 0, error) || !kc_app_read(app, count_years, &years, result, error)) {
        kc_report_free(years.now);
        return FALSE;
    }
    const KcRules *rules = kc_app_rules(app);
    *ret_view = (KcReportYearView){.now = years.now, .before = years.before, .names = names_of(&self)};
    ret_view->year = (KcReportYear){.year = years.year,
                                    .centre_zh = kc_rules_centre_zh(rules),
                                    .centre_en = kc_rules_centre_en(rules),
                                    .now = years.now,
                                    .before = years.before,
                                    .name = kc_report_name,
                                    .name_data = ret_view->names};
    return TRUE;
}

GBytes *
kc_app_report_year_pdf(KcApp *app, const KcReportYearView *view, KcResult *result, GError **error)
{
    g_autoptr(GError) local = NULL;
    gint64 now_us = kc_app_now(app);
    g_autoptr(KcTemplate) template = kc_template_load_report(&local);
    g_autofree char *text = kc_report_document(&view->year, now_us);
    g_autofree char *sha256 = kc_sha256_hex(text, strlen(text)), *number = g_strdup_printf("%d", view->year.year);
    g_autofree char *qr = g_strdup_printf("SHA-256 %s", sha256);
    const KcPrintJob job = {.text = text, .sha256 = sha256, .number = number, .issued_at_us = now_us, .qr = qr};
    GBytes *pdf = template != NULL ? kc_print_pdf(template, &job, &local) : NULL;
    if (pdf == NULL && g_error_matches(local, KC_PRINT_ERROR, KC_PRINT_ERROR_TOO_LONG))
        kc_refuse_field(result, "/year", "报告过长 / the report has more pages than it may");
    else if (pdf == NULL)
        g_propagate_error(error, g_steal_pointer(&local));
    return pdf;
}
