#include "src/base/timestamp.h"

#include <string.h>

char *
kc_timestamp_format(gint64 unix_us)
{
    if (unix_us == 0)
        return NULL;
    g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(unix_us / G_USEC_PER_SEC);
    if (t == NULL)
        return NULL;
    g_autofree char *seconds = g_date_time_format(t, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", seconds, (int)(unix_us % G_USEC_PER_SEC / 1000));
}

gboolean
kc_timestamp_parse(const char *text, gint64 *ret_us)
{
    if (text == NULL || strchr(text, 'T') == NULL)
        return FALSE;
    g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(text, NULL);
    if (t == NULL)
        return FALSE;
    *ret_us = g_date_time_to_unix(t) * G_USEC_PER_SEC + g_date_time_get_microsecond(t);
    return TRUE;
}

gint64
kc_timestamp_now_us(void)
{
    return g_get_real_time();
}
