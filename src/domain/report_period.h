/* The period of a report, as people name it: days of the place, both counted in, or moments. Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef struct {
    gint64 from_us, to_us; /* the end is not in it */
} KcReportPeriod;

typedef enum {
    KC_PERIOD_RIGHT,
    KC_PERIOD_FROM_WRONG, /* neither a day nor a moment */
    KC_PERIOD_TO_WRONG,
    KC_PERIOD_EMPTY,    /* it ends before it begins */
    KC_PERIOD_TOO_LONG, /* more than KC_REPORT_PERIOD_DAYS */
} KcPeriodVerdict;

/* `from`: "2026-11-29", from its midnight, or an RFC 3339 moment; NULL: the first day of the year of `now_us`. `to`: a
 * day, to its end, or a moment, which is not counted in; NULL: the end of the day of `now_us`. */
KcPeriodVerdict kc_report_period_parse(const char *from, const char *to, gint64 now_us, KcReportPeriod *ret_period);

/* Of a calendar year, 1970 to 9998. */
KcReportPeriod kc_report_period_of_year(int year);
/* Exactly "YYYY". */
gboolean kc_report_year_parse(const char *text, int *ret_year);
