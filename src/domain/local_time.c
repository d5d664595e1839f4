#include "src/domain/local_time.h"

#include <stdlib.h>
#include <string.h>

static GDateTime *
beijing(gint64 unix_us)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_offset(8 * 3600);
    gint64 seconds = unix_us / G_USEC_PER_SEC - (unix_us % G_USEC_PER_SEC < 0);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(seconds);
    g_assert(utc != NULL);
    return g_date_time_to_timezone(utc, zone);
}

char *
kc_local_date(gint64 unix_us)
{
    g_autoptr(GDateTime) local = beijing(unix_us);
    return g_date_time_format(local, "%Y-%m-%d");
}

gint64
kc_local_midnight(gint64 unix_us)
{
    const gint64 day = 24 * G_TIME_SPAN_HOUR, ahead = 8 * G_TIME_SPAN_HOUR;
    gint64 into = (unix_us + ahead) % day;
    return unix_us - (into < 0 ? into + day : into);
}

char *
kc_local_time_zh(gint64 unix_us)
{
    g_autoptr(GDateTime) local = beijing(unix_us);
    /* Not g_date_time_format: it converts through the locale, and this text must not depend on one. */
    return g_strdup_printf("%d年%02d月%02d日%02d时%02d分", g_date_time_get_year(local), g_date_time_get_month(local),
                           g_date_time_get_day_of_month(local), g_date_time_get_hour(local),
                           g_date_time_get_minute(local));
}

int
kc_local_minute(gint64 unix_us)
{
    g_autoptr(GDateTime) local = beijing(unix_us);
    return g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local);
}

gboolean
kc_local_date_is_valid(const char *text)
{
    if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return FALSE;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && !g_ascii_isdigit(text[i]))
            return FALSE;
    int year = atoi(text);
    int month = atoi(text + 5);
    int day = atoi(text + 8);
    return year > 0 && month >= 1 && month <= 12 && g_date_valid_dmy(day, month, year);
}

gboolean
kc_local_date_in(const char *date, const char *from, const char *to)
{
    return (from == NULL || strcmp(date, from) >= 0) && (to == NULL || strcmp(date, to) <= 0);
}
