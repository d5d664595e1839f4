#include "src/base/timestamp.h"

char *
kc_timestamp_format(gint64 unix_us)
{
    if (unix_us <= 0)
        return NULL;
    g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(unix_us / G_USEC_PER_SEC);
    if (t == NULL)
        return NULL;
    g_autofree char *seconds = g_date_time_format(t, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", seconds, (int)(unix_us % G_USEC_PER_SEC / 1000));
}

/* RFC 3339, 5.6, exactly: GLib's reader also takes week dates, basic forms and bare hours of offset. */
static gboolean
is_rfc3339(const char *text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    gsize at = 0;
    for (; shape[at] != '\0'; at++) {
        if (shape[at] == 'd' ? !g_ascii_isdigit(text[at]) : text[at] != shape[at])
            return FALSE;
    }
    if (text[at] == '.') {
        gsize from = ++at;
        while (g_ascii_isdigit(text[at]))
            at++;
        if (at == from)
            return FALSE;
    }
    if (text[at] == 'Z')
        return text[at + 1] == '\0';
    static const char offset[] = "dd:dd";
    if (text[at] != '+' && text[at] != '-')
        return FALSE;
    at++;
    for (gsize i = 0; i < sizeof offset - 1; i++) {
        if (offset[i] == 'd' ? !g_ascii_isdigit(text[at + i]) : text[at + i] != offset[i])
            return FALSE;
    }
    return text[at + sizeof offset - 1] == '\0';
}

gboolean
kc_timestamp_parse(const char *text, gint64 *ret_us)
{
    if (text == NULL || !is_rfc3339(text))
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

gint64
kc_timestamp_steady_us(void)
{
    static gsize ready;
    static gint64 ahead_us;
    if (g_once_init_enter(&ready)) {
        ahead_us = g_get_real_time() - g_get_monotonic_time();
        g_once_init_leave(&ready, 1);
    }
    return g_get_monotonic_time() + ahead_us;
}
