/* retention.json: how long what is kept of a case is kept. A set without it, as before there was one, erases nothing.
 */
#include "src/rules/lists.h"

static void
read_period(KcReader *reader, const json_t *object, KcRetentionRule *rule)
{
    g_autofree char *unit = kc_reader_text(reader, object, "unit");
    double count = kc_reader_number(reader, object, "count", 1, 36500);
    if (unit != NULL && !kc_period_unit_from_string(unit, &rule->period.unit))
        kc_reader_refuse(reader, "the unit \"%s\" is not known", unit);
    else if (unit != NULL && rule->period.unit != KC_UNIT_CALENDAR_DAY && rule->period.unit != KC_UNIT_MONTH &&
             rule->period.unit != KC_UNIT_YEAR)
        kc_reader_refuse(reader, "a time to be kept is in calendar_day, month or year");
    if (count != (double)(guint)count)
        kc_reader_refuse(reader, "\"count\" must be a whole number");
    rule->period.count = (guint)count;
    if (reader->error == NULL && rule->period.unit == KC_UNIT_YEAR && rule->period.count > 100)
        kc_reader_refuse(reader, "more than a hundred years are for ever: then leave the rule out");
}

static void
read_states(KcReader *reader, const json_t *object, KcRetentionRule *rule)
{
    static const char *const known[] = {"closed", "expired", NULL};
    rule->states = kc_reader_texts(reader, object, "states");
    rule->closing_codes = kc_reader_texts(reader, object, "closing_codes");
    for (guint i = 0; rule->states != NULL && rule->states[i] != NULL; i++)
        if (!g_strv_contains(known, rule->states[i]))
            kc_reader_refuse(reader, "no case ends in the state \"%s\": closed or expired", rule->states[i]);
    if (reader->error == NULL && (rule->states == NULL || rule->states[0] == NULL))
        kc_reader_refuse(reader, "it is for no state");
}

static KcRetentionRule *
read_rule(KcReader *reader, const json_t *object)
{
    static const char *const keys[] = {
        "code", "covers",      "states",   "closing_codes", "injured_only",   "unit",         "count",
        "kind", "legal_basis", "title_zh", "title_en",      "effective_from", "effective_to", NULL};
    KcRetentionRule *rule = g_new0(KcRetentionRule, 1);
    if (!kc_reader_object(reader, object, keys))
        return rule;
    rule->code = kc_reader_text(reader, object, "code");
    g_autofree char *covers = kc_reader_text(reader, object, "covers");
    if (covers != NULL && !kc_retained_from_string(covers, &rule->covers))
        kc_reader_refuse(reader, "\"%s\" is nothing that is kept: recordings or case", covers);
    read_states(reader, object, rule);
    rule->injured_only = kc_reader_boolean(reader, object, "injured_only");
    read_period(reader, object, rule);
    rule->kind = kc_rules_read_kind(reader, object);
    rule->legal_basis = kc_reader_text(reader, object, "legal_basis");
    rule->title_zh = kc_reader_text(reader, object, "title_zh");
    rule->title_en = kc_reader_text(reader, object, "title_en");
    kc_rules_read_dates(reader, object, &rule->effective_from, &rule->effective_to);
    return rule;
}

void
kc_rules_read_retention(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "key_destroyed_basis", "retention", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    const json_t *items =
        kc_reader_object(reader, root, keys) ? kc_reader_member(reader, root, "retention", JSON_ARRAY) : NULL;
    g_free(rules->key_destroyed_basis);
    rules->key_destroyed_basis = kc_reader_optional_text(reader, root, "key_destroyed_basis");
    gsize index;
    json_t *item;
    kc_reader_enter(reader, "retention");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcRetentionRule *rule = read_rule(reader, item);
        g_ptr_array_add(rules->retention, rule);
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){rule->code, rule->effective_from, rule->effective_to});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}
