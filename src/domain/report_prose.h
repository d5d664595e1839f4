/* The year of a centre as a work report (工作报告): prose with figures, in Chinese and English.
 *
 * Each figure that is a number of cases says which (KcReportPart), so that a page can lead to them. What can't be said
 * of a year, since there was nothing of it, is left out. Pure; thread-safe. */
#pragma once

#include "src/domain/report.h"
#include "src/domain/report_words.h"

/* How a key reads; borrowed, or NULL where it has no name: then it is shown as it is. */
typedef const char *(*KcReportNameFn)(KcReportBy by, const char *key, KcReportLanguage language, gpointer data);

typedef struct {
    int year;
    const char *centre_zh, *centre_en;
    const KcReport *now;    /* with breakdowns by county, channel, form, scenario and month */
    const KcReport *before; /* the year before; without cases nothing is compared */
    KcReportNameFn name;
    gpointer name_data;
} KcReportYear;

typedef struct {
    char *text;
    gboolean is_figure; /* `text` is a number of cases: those of `figure`, and of the group where `key` is not NULL */
    KcFigure figure;
    KcReportBy by;
    char *key;
    gboolean before; /* of the year before */
} KcReportPart;

typedef struct {
    gboolean is_heading;
    GPtrArray *parts; /* KcReportPart *, at least one */
} KcReportParagraph;

/* "2026年度…工作报告"; owned. */
char *kc_report_prose_title(const KcReportYear *year, KcReportLanguage language);
/* Owned, of KcReportParagraph *. */
GPtrArray *kc_report_prose(const KcReportYear *year, KcReportLanguage language);
/* A paragraph without its links; owned. */
char *kc_report_paragraph_text(const KcReportParagraph *paragraph);

/* The report as a text of document_outline.h, to be set on pages; owned. `made_us`: when. */
char *kc_report_document(const KcReportYear *year, gint64 made_us);
