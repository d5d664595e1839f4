/* Reports: how many cases, how long they took and what came of them, and which cases a figure is of.
 *
 * Cases to which the caller is blind (blind_looks.h) are in no figure and no list.
 *
 * Everything is counted from what the audit log says (store/report_store.h), in one snapshot. Whoever may see the cases
 * of some counties only is told of those, and of cases whose county nobody knows. */
#pragma once

#include "src/app/app.h"
#include "src/app/report_names.h"
#include "src/domain/report.h"
#include "src/domain/report_period.h"

typedef struct {
    const char *from, *to; /* as kc_report_period_parse; NULL: this year until today */
    const char *by;        /* names divided by commas; NULL: none */
} KcReportRequest;

typedef struct {
    KcReport *report;
    KcReportNames *names;
} KcReportView;

void kc_report_view_clear(KcReportView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcReportView, kc_report_view_clear)

/* As kc_report_period_parse; INVALID with "/from" or "/to". */
gboolean kc_app_read_period(const char *from, const char *to, gint64 now_us, KcReportPeriod *ret_period,
                            KcResult *result);

/* INVALID with "/from", "/to" or "/by". */
gboolean kc_app_report(KcApp *app, const KcPrincipal *who, const KcReportRequest *request, KcReportView *ret_view,
                       KcResult *result, GError **error);

typedef struct {
    const char *from, *to;
    const char *by, *key; /* one name, and a key of it; both NULL: of all */
    const char *figure;   /* NULL: cases */
    guint limit;
    const char *cursor; /* NULL: from the newest */
} KcReportCasesRequest;

typedef struct {
    GPtrArray *cases; /* KcReportCase * */
    char *cursor;     /* NULL: the last page */
    KcReportNames *names;
} KcReportCasesView;

void kc_report_cases_view_clear(KcReportCasesView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcReportCasesView, kc_report_cases_view_clear)

/* As many as that figure of that report says. INVALID as above, or with "/key" or "/figure". */
gboolean kc_app_report_cases(KcApp *app, const KcPrincipal *who, const KcReportCasesRequest *request,
                             KcReportCasesView *ret_view, KcResult *result, GError **error);

typedef struct {
    KcReport *now, *before;
    KcReportNames *names;
    KcReportYear year; /* borrows the above */
} KcReportYearView;

void kc_report_year_view_clear(KcReportYearView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcReportYearView, kc_report_year_view_clear)

/* INVALID with "/year": "YYYY" is meant. */
gboolean kc_app_report_year(KcApp *app, const KcPrincipal *who, const char *year, KcReportYearView *ret_view,
                            KcResult *result, GError **error);
/* The year on pages; NULL with a refusal or an error. Owned. */
GBytes *kc_app_report_year_pdf(KcApp *app, const KcReportYearView *view, KcResult *result, GError **error);

/* What the two reports of a year are broken down by. */
extern const KcReportBy kc_report_year_by[];
#define KC_REPORT_YEAR_BY_COUNT 5

/* Some thousand entries of the log that nobody has counted yet; a while of work at most. */
gboolean kc_app_tend_reports(KcApp *app, GError **error);
