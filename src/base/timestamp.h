/* Times as the API writes them: RFC 3339 in UTC with milliseconds, "2026-11-23T08:30:00.000Z".
 *
 * Inside the service a time is a gint64 of microseconds since 1970 (suffix `_us`); 0 means "never". Thread-safe. */
#pragma once

#include <glib.h>

/* Owned text; NULL for 0 and for times before 1970, which the service never has. */
char *kc_timestamp_format(gint64 unix_us);

/* An RFC 3339 time (5.6) with its offset, and nothing looser; FALSE leaves `ret_us` alone. */
gboolean kc_timestamp_parse(const char *text, gint64 *ret_us);

gint64 kc_timestamp_now_us(void);

/* The wall clock as it was when this was first called, carried on by the monotonic one: for what must not jump with the
 * former, and need not be right, such as the times of sender reports. */
gint64 kc_timestamp_steady_us(void);
