/* Times as the law and the people see them: Beijing time, UTC+8 the whole year. Pure; thread-safe. */
#pragma once

#include <glib.h>

/* Owned "2026-11-23": dated rules are looked up with it, and case numbers carry it. */
char *kc_local_date(gint64 unix_us);

/* Owned "2026年11月23日16时05分". */
char *kc_local_time_zh(gint64 unix_us);

/* Minutes since midnight. */
int kc_local_minute(gint64 unix_us);

/* The midnight before, or that very moment. */
gint64 kc_local_midnight(gint64 unix_us);

/* Exactly "YYYY-MM-DD" of a day that exists. */
gboolean kc_local_date_is_valid(const char *text);

/* Whether a rule dated [from, to] is in force; NULL is open on either side. Dates as above. */
gboolean kc_local_date_in(const char *date, const char *from, const char *to);
