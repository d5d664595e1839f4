/* deadlines.json: every limit of time, what starts it and what ends it. */
#include "src/rules/lists.h"

#include <string.h>

static KcDeadlineEvent
read_event(KcReader *reader, const json_t *object, const char *key)
{
    KcDeadlineEvent event = KC_DEADLINE_EVENT_COUNT;
    g_autofree char *text = kc_reader_text(reader, object, key);
    if (text != NULL && !kc_deadline_event_from_string(text, &event))
        kc_reader_refuse(reader, "the event \"%s\" in \"%s\" is not known", text, key);
    return event;
}

/* A set of events that are not the start. */
static guint64
read_events(KcReader *reader, const json_t *object, const char *key, KcDeadlineEvent starts)
{
    guint64 events = 0;
    g_auto(GStrv) texts = kc_reader_texts(reader, object, key);
    for (guint i = 0; texts != NULL && texts[i] != NULL; i++) {
        KcDeadlineEvent event;
        if (!kc_deadline_event_from_string(texts[i], &event))
            kc_reader_refuse(reader, "the event \"%s\" in \"%s\" is not known", texts[i], key);
        else if (event == starts)
            kc_reader_refuse(reader, "the event \"%s\" can't both start it and be in \"%s\"", texts[i], key);
        else
            events |= G_GUINT64_CONSTANT(1) << event;
    }
    return events;
}

static guint
read_whole(KcReader *reader, const json_t *object, const char *key, guint max)
{
    double value = kc_reader_number(reader, object, key, 0, max);
    if (value != (double)(guint)value)
        kc_reader_refuse(reader, "\"%s\" must be a whole number", key);
    return (guint)value;
}

static void
read_period(KcReader *reader, const json_t *object, KcDeadlineRule *rule)
{
    g_autofree char *unit = kc_reader_text(reader, object, "unit");
    if (unit != NULL && !kc_period_unit_from_string(unit, &rule->period.unit))
        kc_reader_refuse(reader, "the unit \"%s\" is not known", unit);
    rule->period.count = read_whole(reader, object, "count", 366);
    rule->warn_days = read_whole(reader, object, "warn_days", 366);
    if (reader->error == NULL && (rule->period.unit == KC_UNIT_AT_ONCE) != (rule->period.count == 0))
        kc_reader_refuse(reader, "the count is 0 for at_once, and for nothing else");
    gboolean in_days = rule->period.unit == KC_UNIT_WORKING_DAY || rule->period.unit == KC_UNIT_CALENDAR_DAY;
    if (reader->error == NULL && in_days && rule->warn_days >= rule->period.count)
        kc_reader_refuse(reader, "a warning of %u days before comes with the start already", rule->warn_days);
}

static KcDeadlineRule *
read_rule(KcReader *reader, const json_t *object)
{
    static const char *const keys[] = {
        "code",     "starts",          "once",         "ends",   "unless", "unit",        "count",
        "warn_days", "bound",          "told_to_parties", "kind", "how_zh", "how_en",     "legal_basis",
        "title_zh", "title_en",        "effective_from", "effective_to", NULL};
    KcDeadlineRule *rule = g_new0(KcDeadlineRule, 1);

    if (!kc_reader_object(reader, object, keys))
        return rule;
    rule->code = kc_reader_text(reader, object, "code");
    rule->starts = read_event(reader, object, "starts");
    rule->once = json_object_get(object, "once") == NULL ? rule->starts : read_event(reader, object, "once");
    rule->ends = read_events(reader, object, "ends", rule->starts);
    if (reader->error == NULL && rule->ends == 0)
        kc_reader_refuse(reader, "nothing ends it");
    if (json_object_get(object, "unless") != NULL)
        rule->unless = read_events(reader, object, "unless", rule->starts);
    read_period(reader, object, rule);
    g_autofree char *bound = kc_reader_text(reader, object, "bound");
    if (bound != NULL && !kc_bound_from_string(bound, &rule->bound))
        kc_reader_refuse(reader, "nobody is called \"%s\" in \"bound\"", bound);
    rule->told_to_parties = kc_reader_boolean(reader, object, "told_to_parties");
    rule->kind = kc_rules_read_kind(reader, object);
    rule->legal_basis = kc_reader_text(reader, object, "legal_basis");
    rule->title_zh = kc_reader_text(reader, object, "title_zh");
    rule->title_en = kc_reader_text(reader, object, "title_en");
    rule->how_zh = kc_reader_optional_text(reader, object, "how_zh");
    rule->how_en = kc_reader_optional_text(reader, object, "how_en");
    if (reader->error == NULL && (rule->how_zh == NULL) != (rule->how_en == NULL))
        kc_reader_refuse(reader, "what to do is said in one language only");
    kc_rules_read_dates(reader, object, &rule->effective_from, &rule->effective_to);
    return rule;
}

void
kc_rules_read_deadlines(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "deadlines", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    const json_t *items =
        kc_reader_object(reader, root, keys) ? kc_reader_member(reader, root, "deadlines", JSON_ARRAY) : NULL;
    gsize index;
    json_t *item;

    kc_reader_enter(reader, "deadlines");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcDeadlineRule *rule = read_rule(reader, item);
        g_ptr_array_add(rules->deadlines, rule);
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){rule->code, rule->effective_from, rule->effective_to});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}
