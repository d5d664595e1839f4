/* Invariants
 *
 * 1. The start day is never counted, so a period of one day or more never ends on it.
 * 2. What is worked: a make-up day; else a weekday that is no holiday.
 * 3. An answer that looked at a day without a calendar says so (provisional); it is never refused and never silent. */
#include "src/domain/working_days.h"

#include "src/base/names.h"
#include "src/domain/local_time.h"

#include <stdlib.h>

#define BEIJING_US (8 * G_TIME_SPAN_HOUR)
/* A GDate counts from 1 January of the year 1, which is its day 1. */
#define JULIAN_OF_1970 719163
/* From this day of December on the notice of the next year may have its say. */
#define DECEMBER_UNCERTAIN_FROM 25

static const char *const UNITS[KC_UNIT_COUNT] = {
    [KC_UNIT_AT_ONCE] = "at_once",
    [KC_UNIT_WORKING_DAY] = "working_day",
    [KC_UNIT_CALENDAR_DAY] = "calendar_day",
    [KC_UNIT_MONTH] = "month",
    [KC_UNIT_YEAR] = "year",
};

struct KcCalendar {
    GHashTable *years;    /* of int -> KcCalendarYear */
    GHashTable *holidays; /* of KcDay */
    GHashTable *make_up;  /* of KcDay */
};

/* ---- days ---- */

KcDay
kc_day_of_time(gint64 unix_us)
{
    gint64 local = unix_us + BEIJING_US;
    return (KcDay)(local / G_TIME_SPAN_DAY - (local % G_TIME_SPAN_DAY < 0));
}

gint64
kc_day_start_us(KcDay day)
{
    return day * G_TIME_SPAN_DAY - BEIJING_US;
}

static GDate
date_of(KcDay day)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(day + JULIAN_OF_1970));
    return date;
}

static KcDay
day_of(const GDate *date)
{
    return (KcDay)g_date_get_julian(date) - JULIAN_OF_1970;
}

gboolean
kc_day_from_text(const char *text, KcDay *ret_day)
{
    GDate date;
    if (!kc_local_date_is_valid(text))
        return FALSE;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)atoi(text + 8), (GDateMonth)atoi(text + 5), (GDateYear)atoi(text));
    *ret_day = day_of(&date);
    return TRUE;
}

char *
kc_day_to_text(KcDay day)
{
    GDate date = date_of(day);
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), g_date_get_month(&date), g_date_get_day(&date));
}

gboolean
kc_day_is_weekend(KcDay day)
{
    GDate date = date_of(day);
    return g_date_get_weekday(&date) >= G_DATE_SATURDAY;
}

/* ---- the calendar ---- */

KcCalendarYear *
kc_calendar_year_new(int year)
{
    KcCalendarYear *self = g_new0(KcCalendarYear, 1);
    self->year = year;
    self->holidays = g_array_new(FALSE, FALSE, sizeof(KcDay));
    self->make_up = g_array_new(FALSE, FALSE, sizeof(KcDay));
    return self;
}

void
kc_calendar_year_free(KcCalendarYear *year)
{
    if (year == NULL)
        return;
    g_array_unref(year->holidays);
    g_array_unref(year->make_up);
    g_free(year);
}

KcCalendar *
kc_calendar_new(void)
{
    KcCalendar *calendar = g_new(KcCalendar, 1);
    calendar->years = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)kc_calendar_year_free);
    calendar->holidays = g_hash_table_new(NULL, NULL);
    calendar->make_up = g_hash_table_new(NULL, NULL);
    return calendar;
}

void
kc_calendar_free(KcCalendar *calendar)
{
    if (calendar == NULL)
        return;
    g_hash_table_unref(calendar->years);
    g_hash_table_unref(calendar->holidays);
    g_hash_table_unref(calendar->make_up);
    g_free(calendar);
}

static void
add_days(GHashTable *set, const GArray *days)
{
    for (guint i = 0; i < days->len; i++)
        g_hash_table_add(set, GINT_TO_POINTER(g_array_index(days, KcDay, i)));
}

void
kc_calendar_add_year(KcCalendar *calendar, KcCalendarYear *year)
{
    g_assert(!kc_calendar_has_year(calendar, year->year));
    add_days(calendar->holidays, year->holidays);
    add_days(calendar->make_up, year->make_up);
    g_hash_table_insert(calendar->years, GINT_TO_POINTER(year->year), year);
}

static void
copy_years(KcCalendar *copy, const KcCalendar *from)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, from->years);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const KcCalendarYear *year = value;
        if (kc_calendar_has_year(copy, year->year))
            continue;
        KcCalendarYear *own = kc_calendar_year_new(year->year);
        g_array_append_vals(own->holidays, year->holidays->data, year->holidays->len);
        g_array_append_vals(own->make_up, year->make_up->data, year->make_up->len);
        kc_calendar_add_year(copy, own);
    }
}

KcCalendar *
kc_calendar_with_newer(const KcCalendar *calendar, const KcCalendar *newer)
{
    KcCalendar *copy = kc_calendar_new();
    copy_years(copy, calendar);
    copy_years(copy, newer);
    return copy;
}

gboolean
kc_calendar_has_year(const KcCalendar *calendar, int year)
{
    return g_hash_table_contains(calendar->years, GINT_TO_POINTER(year));
}

gboolean
kc_calendar_covers(const KcCalendar *calendar, KcDay day)
{
    GDate date = date_of(day);
    int year = g_date_get_year(&date);
    gboolean uncertain = g_date_get_month(&date) == G_DATE_DECEMBER && g_date_get_day(&date) >= DECEMBER_UNCERTAIN_FROM;
    return kc_calendar_has_year(calendar, year) && (!uncertain || kc_calendar_has_year(calendar, year + 1));
}

gboolean
kc_calendar_is_holiday(const KcCalendar *calendar, KcDay day)
{
    return g_hash_table_contains(calendar->holidays, GINT_TO_POINTER(day));
}

gboolean
kc_calendar_is_make_up(const KcCalendar *calendar, KcDay day)
{
    return g_hash_table_contains(calendar->make_up, GINT_TO_POINTER(day));
}

gboolean
kc_calendar_is_working(const KcCalendar *calendar, KcDay day)
{
    return kc_calendar_is_make_up(calendar, day) || (!kc_day_is_weekend(day) && !kc_calendar_is_holiday(calendar, day));
}

/* ---- periods ---- */

static KcDay
add_months(KcDay start, guint months)
{
    GDate date = date_of(start);
    g_date_add_months(&date, months); /* stays within the month it comes to */
    return day_of(&date);
}

/* A last day that is off moves to the first that is worked. */
static KcDue
roll_over(const KcCalendar *calendar, KcDay day)
{
    KcDue due = {day, !kc_calendar_covers(calendar, day)};
    while (!kc_calendar_is_working(calendar, due.day)) {
        due.day++;
        due.provisional |= !kc_calendar_covers(calendar, due.day);
    }
    return due;
}

static KcDue
count_working_days(const KcCalendar *calendar, KcDay start, guint count)
{
    KcDue due = {start, FALSE};
    while (count > 0) {
        due.day++;
        due.provisional |= !kc_calendar_covers(calendar, due.day);
        count -= kc_calendar_is_working(calendar, due.day);
    }
    return due;
}

KcDue
kc_calendar_due(const KcCalendar *calendar, KcDay start, KcPeriod period)
{
    switch (period.unit) {
    case KC_UNIT_WORKING_DAY:
        return count_working_days(calendar, start, period.count);
    case KC_UNIT_CALENDAR_DAY:
        return roll_over(calendar, start + (KcDay)period.count);
    case KC_UNIT_MONTH:
        return roll_over(calendar, add_months(start, period.count));
    case KC_UNIT_YEAR:
        return roll_over(calendar, add_months(start, 12 * period.count));
    case KC_UNIT_AT_ONCE:
    case KC_UNIT_COUNT:
        break;
    }
    return (KcDue){start, FALSE};
}

int
kc_calendar_working_days(const KcCalendar *calendar, KcDay from, KcDay to)
{
    int count = 0;
    for (KcDay day = MIN(from, to) + 1; day <= MAX(from, to); day++)
        count += kc_calendar_is_working(calendar, day);
    return to < from ? -count : count;
}

const char *
kc_period_unit_to_string(KcPeriodUnit unit)
{
    g_assert(unit < KC_UNIT_COUNT);
    return UNITS[unit];
}

gboolean
kc_period_unit_from_string(const char *text, KcPeriodUnit *ret_unit)
{
    gint place = kc_names_find(UNITS, KC_UNIT_COUNT, text);
    if (place >= 0)
        *ret_unit = (KcPeriodUnit)place;
    return place >= 0;
}
