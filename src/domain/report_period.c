#include "src/domain/report_period.h"

#include "src/base/timestamp.h"
#include "src/domain/local_time.h"
#include "src/domain/report.h"

#include <stdlib.h>
#include <string.h>

#define DAY_US (24 * G_TIME_SPAN_HOUR)

static gint64
midnight_of(const char *date)
{
    g_autofree char *moment = g_strconcat(date, "T00:00:00.000+08:00", NULL);
    gint64 us = 0;
    kc_timestamp_parse(moment, &us);
    return us;
}

/* `days`: what a day adds to its midnight. */
static gboolean
moment_of(const char *text, gint64 days, gint64 *ret_us)
{
    if (!kc_local_date_is_valid(text))
        return kc_timestamp_parse(text, ret_us);
    *ret_us = midnight_of(text) + days * DAY_US;
    return TRUE;
}

KcPeriodVerdict
kc_report_period_parse(const char *from, const char *to, gint64 now_us, KcReportPeriod *ret_period)
{
    KcReportPeriod period;
    if (from == NULL) {
        g_autofree char *today = kc_local_date(now_us);
        period.from_us = kc_report_period_of_year(atoi(today)).from_us;
    } else if (!moment_of(from, 0, &period.from_us)) {
        return KC_PERIOD_FROM_WRONG;
    }
    if (to == NULL)
        period.to_us = kc_local_midnight(now_us) + DAY_US;
    else if (!moment_of(to, 1, &period.to_us))
        return KC_PERIOD_TO_WRONG;
    if (period.to_us <= period.from_us)
        return KC_PERIOD_EMPTY;
    if (period.to_us - period.from_us > KC_REPORT_PERIOD_DAYS * DAY_US)
        return KC_PERIOD_TOO_LONG;
    *ret_period = period;
    return KC_PERIOD_RIGHT;
}

KcReportPeriod
kc_report_period_of_year(int year)
{
    g_autofree char *first = g_strdup_printf("%04d-01-01", year), *next = g_strdup_printf("%04d-01-01", year + 1);
    return (KcReportPeriod){midnight_of(first), midnight_of(next)};
}

gboolean
kc_report_year_parse(const char *text, int *ret_year)
{
    gboolean right = text != NULL && strlen(text) == 4 && strspn(text, "0123456789") == 4 && atoi(text) >= 1970 &&
                     atoi(text) <= 9998;
    if (right)
        *ret_year = atoi(text);
    return right;
}
