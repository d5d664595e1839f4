/* Days as the law counts them: working days with holidays and make-up days, and calendar periods that roll over.
 *
 * A day is a day in Beijing, counted from 1970-01-01, so that no time zone is left to get wrong. Order 146,
 * art. 112(5): one, two, three, five and ten days are working days, without holidays; procedure for administrative
 * cases, art. 35: the day on which a period starts isn't counted, and a last day that is a holiday moves to the first
 * day after it. Pure; a calendar is immutable once it is built, and thread-safe then. */
#pragma once

#include <glib.h>

typedef gint32 KcDay;

KcDay kc_day_of_time(gint64 unix_us);
/* The first moment of the day. */
gint64 kc_day_start_us(KcDay day);
/* "2026-11-23"; FALSE if that is no day. */
gboolean kc_day_from_text(const char *text, KcDay *ret_day);
char *kc_day_to_text(KcDay day); /* owned */
gboolean kc_day_is_weekend(KcDay day);

/* One year, as the State Council's notice has it. A notice may move days of the December before: they stand in the
 * file of the year that it is for. */
typedef struct {
    int year;
    GArray *holidays; /* KcDay: off, weekends within them too */
    GArray *make_up;  /* KcDay: weekends that are worked */
} KcCalendarYear;

KcCalendarYear *kc_calendar_year_new(int year);
void kc_calendar_year_free(KcCalendarYear *year);

typedef struct KcCalendar KcCalendar;

KcCalendar *kc_calendar_new(void);
void kc_calendar_free(KcCalendar *calendar);
/* Takes the year. Asserts that it isn't there yet. */
void kc_calendar_add_year(KcCalendar *calendar, KcCalendarYear *year);
/* The years of `calendar`, and those of `newer` that it has not. Owned. */
KcCalendar *kc_calendar_with_newer(const KcCalendar *calendar, const KcCalendar *newer);
gboolean kc_calendar_has_year(const KcCalendar *calendar, int year);

/* Whether what the calendar says of that day is final. The last week of December is so only once the next year is
 * there, since that year's notice may move it. */
gboolean kc_calendar_covers(const KcCalendar *calendar, KcDay day);
/* On a day that isn't covered weekends alone are off. */
gboolean kc_calendar_is_working(const KcCalendar *calendar, KcDay day);
gboolean kc_calendar_is_holiday(const KcCalendar *calendar, KcDay day); /* by a notice; a plain weekend is none */
gboolean kc_calendar_is_make_up(const KcCalendar *calendar, KcDay day);

typedef enum {
    KC_UNIT_AT_ONCE, /* the day itself; the count is 0 */
    KC_UNIT_WORKING_DAY,
    KC_UNIT_CALENDAR_DAY,
    KC_UNIT_MONTH,
    KC_UNIT_YEAR,
    KC_UNIT_COUNT
} KcPeriodUnit;

typedef struct {
    KcPeriodUnit unit;
    guint count;
} KcPeriod;

typedef struct {
    KcDay day;            /* the last one on which it is still in time */
    gboolean provisional; /* a day that isn't covered was counted: it may still move */
} KcDue;

/* The last day of a period that starts on `start`. A month or year ends on the day of the same number, or on the last
 * of a shorter month. All but AT_ONCE end on a working day. */
KcDue kc_calendar_due(const KcCalendar *calendar, KcDay start, KcPeriod period);

/* Working days after `from` up to and with `to`; as a negative number where `to` is before `from`. */
int kc_calendar_working_days(const KcCalendar *calendar, KcDay from, KcDay to);

/* "working_day", … */
const char *kc_period_unit_to_string(KcPeriodUnit unit);
gboolean kc_period_unit_from_string(const char *text, KcPeriodUnit *ret_unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCalendar, kc_calendar_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCalendarYear, kc_calendar_year_free)
