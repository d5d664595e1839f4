/* calendars/YEAR.json: the holidays and make-up days of one year. */
#include "src/rules/lists.h"

#include <string.h>

#define LONGEST_FESTIVAL_DAYS 31

/* Days of one file, while it is read: each stands in it once, as one thing. */
typedef struct {
    KcCalendarYear *year;
    GHashTable *seen; /* of KcDay */
    KcDay first, last;
} Year;

/* Its own year, and the December before, which a notice may move (2018-12-29 was worked for New Year 2019). */
static void
set_bounds(Year *self)
{
    g_autofree char *first = g_strdup_printf("%04d-12-01", self->year->year - 1);
    g_autofree char *last = g_strdup_printf("%04d-12-31", self->year->year);
    kc_day_from_text(first, &self->first);
    kc_day_from_text(last, &self->last);
}

static void
add_day(KcReader *reader, Year *self, GArray *days, KcDay day)
{
    g_autofree char *text = kc_day_to_text(day);
    if (day < self->first || day > self->last)
        kc_reader_refuse(reader, "%s is not of the year %d, nor of the December before", text, self->year->year);
    else if (!g_hash_table_add(self->seen, GINT_TO_POINTER(day)))
        kc_reader_refuse(reader, "%s stands here twice", text);
    else
        g_array_append_val(days, day);
}

static void
read_days_off(KcReader *reader, const json_t *object, Year *self)
{
    KcDay from, to;
    g_autofree char *from_text = kc_reader_date(reader, object, "from");
    g_autofree char *to_text = kc_reader_date(reader, object, "to");
    if (reader->error != NULL)
        return;
    kc_day_from_text(from_text, &from);
    kc_day_from_text(to_text, &to);
    if (to < from)
        kc_reader_refuse(reader, "the festival ends before it begins");
    else if (to - from >= LONGEST_FESTIVAL_DAYS)
        kc_reader_refuse(reader, "a festival has at most %d days", LONGEST_FESTIVAL_DAYS);
    for (KcDay day = from; reader->error == NULL && day <= to; day++)
        add_day(reader, self, self->year->holidays, day);
}

static void
read_make_up(KcReader *reader, const json_t *object, Year *self)
{
    g_auto(GStrv) texts = kc_reader_texts(reader, object, "make_up");
    kc_reader_enter(reader, "make_up");
    for (guint i = 0; texts != NULL && texts[i] != NULL; i++) {
        KcDay day;
        kc_reader_enter_index(reader, i);
        if (!kc_day_from_text(texts[i], &day))
            kc_reader_refuse(reader, "\"%s\" is not a date (YYYY-MM-DD)", texts[i]);
        else if (!kc_day_is_weekend(day))
            kc_reader_refuse(reader, "%s is a weekday: only a weekend can be made up", texts[i]);
        else
            add_day(reader, self, self->year->make_up, day);
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

static void
read_festivals(KcReader *reader, const json_t *root, Year *self)
{
    static const char *const keys[] = {"zh", "en", "from", "to", "make_up", NULL};
    const json_t *festivals = kc_reader_member(reader, root, "festivals", JSON_ARRAY);
    gsize index;
    json_t *festival;

    kc_reader_enter(reader, "festivals");
    json_array_foreach(festivals, index, festival)
    {
        kc_reader_enter_index(reader, index);
        if (kc_reader_object(reader, festival, keys)) {
            g_free(kc_reader_text(reader, festival, "zh"));
            g_free(kc_reader_text(reader, festival, "en"));
            read_days_off(reader, festival, self);
            read_make_up(reader, festival, self);
        }
        kc_reader_leave(reader);
    }
    if (reader->error == NULL && json_array_size(festivals) == 0)
        kc_reader_refuse(reader, "a year without holidays is none");
    kc_reader_leave(reader);
}

/* A day off in one year's file may not be worked in another's: December stands in two. */
static void
check_neighbours(KcReader *reader, const KcCalendar *calendar, const Year *self)
{
    const GArray *make_up = self->year->make_up, *holidays = self->year->holidays;
    for (guint i = 0; i < make_up->len; i++)
        if (kc_calendar_is_holiday(calendar, g_array_index(make_up, KcDay, i)))
            kc_reader_refuse(reader, "a make-up day is a holiday in the calendar of another year");
    for (guint i = 0; i < holidays->len; i++)
        if (kc_calendar_is_make_up(calendar, g_array_index(holidays, KcDay, i)))
            kc_reader_refuse(reader, "a holiday is a make-up day in the calendar of another year");
}

void
kc_rules_read_calendar(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "year", "kind", "legal_basis", "festivals", NULL};
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    Year self = {.seen = seen};

    if (!kc_reader_object(reader, root, keys))
        return;
    g_autoptr(KcCalendarYear) year = kc_calendar_year_new((int)kc_reader_number(reader, root, "year", 1990, 2200));
    self.year = year;
    g_free(kc_reader_text(reader, root, "legal_basis"));
    kc_rules_read_kind(reader, root);
    if (reader->error == NULL && kc_calendar_has_year(rules->calendar, year->year))
        kc_reader_refuse(reader, "the year %d stands in another file already", year->year);
    if (reader->error != NULL)
        return;
    set_bounds(&self);
    read_festivals(reader, root, &self);
    check_neighbours(reader, rules->calendar, &self);
    if (reader->error == NULL)
        kc_calendar_add_year(rules->calendar, g_steal_pointer(&year));
}
