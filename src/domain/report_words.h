/* How numbers read in reports, in both languages. All owned. Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef enum { KC_REPORT_ZH, KC_REPORT_EN } KcReportLanguage;

/* "1,701" */
char *kc_report_number(gint64 number);
/* "97.5%" of what is not nothing, else "—" */
char *kc_report_share(gint64 part, gint64 whole);
/* "2 分 5 秒", "2 min 5 s"; "—" for less than nothing */
char *kc_report_duration(gint64 s, KcReportLanguage language);
