/* Reports: many cases counted, timed and broken down.
 *
 * A figure is a number of cases, and says which: kc_report_figures_of names the figures that a case counts towards, so
 * that a list of the cases behind a figure has as many as it says. A breakdown sorts the cases of a period by a key;
 * one of several scenarios stands in each of its groups, so that those of `scenario` may add up to more than all.
 *
 * A case belongs to the period in which it was opened. Days, weeks (from Monday), months and hours are those of the
 * place, UTC+8. Median and 90th percentile are by nearest rank, in whole seconds, rounded down (as domain/seats.h):
 * each of them really occurred. Pure; thread-safe. */
#pragma once

#include "src/domain/report_case.h"

#define KC_REPORT_KEYS_MAX 24      /* groups that one case can stand in */
#define KC_REPORT_PERIOD_DAYS 3660 /* what one report may span */

typedef enum {
    KC_REPORT_BY_COUNTY,
    KC_REPORT_BY_CHANNEL,
    KC_REPORT_BY_FORM,
    KC_REPORT_BY_SCENARIO,
    KC_REPORT_BY_OFFICER,
    KC_REPORT_BY_HOUR,  /* "00" … "23" */
    KC_REPORT_BY_DAY,   /* "2026-11-29" */
    KC_REPORT_BY_WEEK,  /* its Monday */
    KC_REPORT_BY_MONTH, /* "2026-11" */
    KC_REPORT_BY_OUTCOME,
    KC_REPORT_BY_CLOSING_CODE,
    KC_REPORT_BY_GROUND, /* why an officer went */
    KC_REPORT_BY_COUNT
} KcReportBy;

typedef enum {
    KC_FIGURE_CASES,  /* all */
    KC_FIGURE_REMOTE, /* determined or agreed: handled by video to the end */
    KC_FIGURE_DETERMINED,
    KC_FIGURE_AGREED,
    KC_FIGURE_ON_SCENE,
    KC_FIGURE_ABANDONED,
    KC_FIGURE_DECLINED,
    KC_FIGURE_OPEN,
    KC_FIGURE_CLOSED,
    KC_FIGURE_ANSWERED, /* those with such a time */
    KC_FIGURE_ANSWERED_IN_TIME,
    KC_FIGURE_CLEARED,
    KC_FIGURE_CLEARED_IN_TIME,
    KC_FIGURE_ENDED, /* with a time to the end */
    KC_FIGURE_ENDED_IN_TIME,
    KC_FIGURE_REVIEW_ASKED, /* whatever became of it */
    KC_FIGURE_REVIEW_CONCLUDED,
    KC_FIGURE_REVIEW_OVERTURNED,
    KC_FIGURE_SHOTS_LISTED, /* with a shot list that asked for something */
    KC_FIGURE_SHOTS_COMPLETE,
    KC_FIGURE_CALLED,   /* somebody joined to be heard */
    KC_FIGURE_RECORDED, /* all of them are recorded */
    KC_FIGURE_WITH_GAPS,
    KC_FIGURE_COUNT
} KcFigure;

typedef struct {
    gint64 answer_s, clear_s, close_s;
} KcReportTargets;

extern const KcReportTargets kc_report_targets; /* 60, 240, 900 */

typedef enum { KC_REPORT_ANSWER, KC_REPORT_CLEAR, KC_REPORT_CLOSE, KC_REPORT_TIME_COUNT } KcReportTime;

typedef struct {
    gint64 median_s, p90_s; /* -1: there is none */
} KcReportTimes;

typedef struct {
    char *key; /* "" where it isn't known */
    guint figures[KC_FIGURE_COUNT];
    KcReportTimes times[KC_REPORT_TIME_COUNT];
    gint64 shots_asked, shots_taken;
    gint64 people, people_recorded;
    gint64 gaps, gap_ms;
} KcReportGroup;

typedef struct {
    KcReportBy by;
    GPtrArray *groups; /* KcReportGroup *; by key where that is a time, else the largest first */
} KcReportBreakdown;

typedef struct {
    gint64 from_us, to_us; /* the end is not in it */
    KcReportTargets targets;
    gint64 through_seq; /* the last entry of the log that is in it */
    KcReportGroup *total;
    GPtrArray *breakdowns; /* KcReportBreakdown *, as asked for */
} KcReport;

/* ---- what a case counts towards ---- */

/* Bit n: KcFigure n. */
guint32 kc_report_figures_of(const KcReportCase *one, const KcReportTargets *targets);

/* Its keys, each a text within `one` or `buffer`; how many, at least one. */
guint kc_report_keys_of(const KcReportCase *one, KcReportBy by, char buffer[KC_REPORT_CODES_MAX],
                        const char *ret_keys[KC_REPORT_KEYS_MAX]);
gboolean kc_report_has_key(const KcReportCase *one, KcReportBy by, const char *key);

/* ---- counting ---- */

typedef struct KcReportCounter KcReportCounter;
KcReportCounter *kc_report_counter_new(gint64 from_us, gint64 to_us, const KcReportTargets *targets,
                                       const KcReportBy *by, guint by_count);
void kc_report_counter_free(KcReportCounter *counter);
/* One outside the period is left out. */
void kc_report_counter_add(KcReportCounter *counter, const KcReportCase *one);
/* Owned; the counter is empty afterwards. */
KcReport *kc_report_counter_finish(KcReportCounter *counter, gint64 through_seq);
void kc_report_free(KcReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReportCounter, kc_report_counter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReport, kc_report_free)

/* NULL: that was not asked for. Borrowed. */
const KcReportBreakdown *kc_report_breakdown(const KcReport *report, KcReportBy by);
/* NULL: no case has it. Borrowed. */
const KcReportGroup *kc_report_group(const KcReport *report, KcReportBy by, const char *key);

/* ---- names ---- */

const char *kc_report_by_to_string(KcReportBy by);
gboolean kc_report_by_from_string(const char *text, KcReportBy *ret_by);
/* A list divided by commas, each once; "" is an empty one. FALSE: one of them is none. */
gboolean kc_report_by_list(const char *text, KcReportBy ret_by[KC_REPORT_BY_COUNT], guint *ret_count);
const char *kc_figure_to_string(KcFigure figure);
gboolean kc_figure_from_string(const char *text, KcFigure *ret_figure);
/* "answer", "clear", "close" */
const char *kc_report_time_to_string(KcReportTime time);
gint64 kc_report_target_s(const KcReportTargets *targets, KcReportTime time);
/* The figures that a time counts: all that have it, and those within the target. */
KcFigure kc_report_time_figure(KcReportTime time, gboolean in_time);
