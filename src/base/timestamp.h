/* Times as the API writes them: RFC 3339 in UTC with milliseconds, "2026-11-23T08:30:00.000Z".
 *
 * Inside the service a time is a gint64 of microseconds since 1970 (suffix `_us`); 0 means "never". Thread-safe. */
#pragma once

#include <glib.h>

/* Owned text; NULL for 0. */
char *kc_timestamp_format(gint64 unix_us);

/* Any RFC 3339 time with an offset; FALSE leaves `ret_us` alone. */
gboolean kc_timestamp_parse(const char *text, gint64 *ret_us);

gint64 kc_timestamp_now_us(void);
