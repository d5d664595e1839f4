/* eligibility.json: each rule is one condition on one field, and the condition fits what the field holds. */
#include "src/rules/lists.h"

#include <string.h>

static void
read_codes(KcReader *reader, const char *field, const char *value, const KcRules *rules)
{
    KcCodeList list = strcmp(field, "weather") == 0 ? KC_CODES_WEATHER : KC_CODES_ROAD_TYPE;
    if (kc_rules_code(rules, list, value, NULL) == NULL)
        kc_reader_refuse(reader, "there is no %s \"%s\"", field, value);
}

static void
read_values(KcReader *reader, const json_t *object, KcEligibilityRule *rule, KcAnswerKind kind, const KcRules *rules)
{
    KcInjury injury;
    rule->values = kc_reader_texts(reader, object, "values");
    if (rule->values != NULL && rule->values[0] == NULL)
        kc_reader_refuse(reader, "the list \"values\" is empty");
    for (guint i = 0; rule->values != NULL && rule->values[i] != NULL; i++) {
        if (kind == KC_ANSWER_CODE)
            read_codes(reader, rule->field, rule->values[i], rules);
        else if (!kc_injury_from_string(rule->values[i], &injury))
            kc_reader_refuse(reader, "no injury is called \"%s\"", rule->values[i]);
    }
}

/* "HH:MM" as minutes of the day; 24:00 is its end. */
static int
read_minute(KcReader *reader, const json_t *object, const char *key)
{
    g_autofree char *text = kc_reader_text(reader, object, key);
    int hour = 0, minute = 0;
    if (text == NULL)
        return 0;
    gboolean shaped = g_regex_match_simple("^[0-2][0-9]:[0-5][0-9]$", text, G_REGEX_DOLLAR_ENDONLY, 0);
    if (shaped) {
        hour = (text[0] - '0') * 10 + text[1] - '0';
        minute = (text[3] - '0') * 10 + text[4] - '0';
    }
    if (!shaped || hour * 60 + minute > 24 * 60)
        kc_reader_refuse(reader, "\"%s\" is no time of the day (HH:MM)", text);
    return hour * 60 + minute;
}

static void
read_hours(KcReader *reader, const json_t *object, KcEligibilityRule *rule)
{
    static const char *const keys[] = {"from", "to", NULL};
    const json_t *hours = kc_reader_member(reader, object, "outside", JSON_OBJECT);
    if (hours == NULL)
        return;
    kc_reader_enter(reader, "outside");
    if (kc_reader_object(reader, hours, keys)) {
        rule->from_min = read_minute(reader, hours, "from");
        rule->to_min = read_minute(reader, hours, "to");
        if (reader->error == NULL && rule->from_min == rule->to_min)
            kc_reader_refuse(reader, "the hours begin and end at once");
    }
    kc_reader_leave(reader);
}

static void
read_condition(KcReader *reader, const json_t *object, KcEligibilityRule *rule, const KcRules *rules)
{
    const KcAnswerKind kind = kc_triage_field_kind(rule->field);
    const struct {
        const char *key;
        gboolean fits;
    } keys[] = {{"values", kind == KC_ANSWER_INJURY || kind == KC_ANSWER_CODE},
                {"more_than", kind == KC_ANSWER_NUMBER},
                {"outside", kind == KC_ANSWER_TIME_OF_DAY}};

    if (kind == KC_ANSWER_NONE)
        kc_reader_refuse(reader, "no triage answer is called \"%s\"", rule->field);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (json_object_get(object, keys[i].key) != NULL && !keys[i].fits)
            kc_reader_refuse(reader, "\"%s\" says nothing of \"%s\"", keys[i].key, rule->field);
    if (kind == KC_ANSWER_INJURY || kind == KC_ANSWER_CODE)
        read_values(reader, object, rule, kind, rules);
    else if (kind == KC_ANSWER_NUMBER)
        rule->more_than = (gint64)kc_reader_number(reader, object, "more_than", 0, 1e12);
    else if (kind == KC_ANSWER_TIME_OF_DAY)
        read_hours(reader, object, rule);
}

static char *
read_switch(KcReader *reader, const json_t *object, const char *key)
{
    char *name = kc_reader_optional_text(reader, object, key);
    if (name != NULL && kc_triage_field_kind(name) != KC_ANSWER_YES_NO)
        kc_reader_refuse(reader, "no yes or no of the triage is called \"%s\"", name);
    return name;
}

/* Both or neither: a grade without its basis would be nobody's rule. */
static void
read_grade(KcReader *reader, const json_t *object, KcEligibilityRule *rule)
{
    g_autofree char *grade = kc_reader_optional_text(reader, object, "officer_grade");
    rule->grade_basis = kc_reader_optional_text(reader, object, "grade_basis");
    if ((grade == NULL) != (rule->grade_basis == NULL))
        kc_reader_refuse(reader, "\"officer_grade\" and \"grade_basis\" go together");
    if (!kc_grade_from_string(grade, &rule->officer_grade))
        kc_reader_refuse(reader, "no grade is called \"%s\"", grade);
}

static KcEligibilityRule *
read_rule(KcReader *reader, const json_t *object, const KcRules *rules)
{
    static const char *const keys[] = {"code",     "field",          "values",       "more_than", "outside",
                                       "unless",   "only_if",        "enabled",      "outcome",   "kind",
                                       "title_zh", "title_en",       "legal_basis",  "note",      "effective_from",
                                       "effective_to", "officer_grade", "grade_basis", NULL};
    KcEligibilityRule *rule = g_new0(KcEligibilityRule, 1);

    if (!kc_reader_object(reader, object, keys))
        return rule;
    rule->code = kc_reader_text(reader, object, "code");
    rule->field = kc_reader_text(reader, object, "field");
    rule->unless = read_switch(reader, object, "unless");
    rule->only_if = read_switch(reader, object, "only_if");
    rule->enabled = json_object_get(object, "enabled") == NULL || kc_reader_boolean(reader, object, "enabled");
    rule->kind = kc_rules_read_kind(reader, object);
    rule->legal_basis = kc_reader_text(reader, object, "legal_basis");
    rule->title_zh = kc_reader_text(reader, object, "title_zh");
    rule->title_en = kc_reader_text(reader, object, "title_en");
    g_free(kc_reader_optional_text(reader, object, "note"));
    kc_rules_read_dates(reader, object, &rule->effective_from, &rule->effective_to);
    g_autofree char *outcome = kc_reader_text(reader, object, "outcome");
    if (outcome != NULL && !kc_outcome_from_string(outcome, &rule->outcome))
        kc_reader_refuse(reader, "the outcome \"%s\" is neither \"remote\" nor \"on_scene\"", outcome);
    read_grade(reader, object, rule);
    if (reader->error == NULL)
        read_condition(reader, object, rule, rules);
    return rule;
}

/* What the law decides no installation switches off. */
static void
check_switch(KcReader *reader, const KcEligibilityRule *rule)
{
    if (rule->kind == KC_RULE_LAW && !rule->enabled)
        kc_reader_refuse(reader, "a rule of the law can't be switched off: \"%s\"", rule->code);
}

void
kc_rules_read_grounds(KcReader *reader, const json_t *items, const char *key, const KcRules *rules, GPtrArray *into)
{
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    gsize index;
    json_t *item;

    kc_reader_enter(reader, key);
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcEligibilityRule *rule = read_rule(reader, item, rules);
        g_ptr_array_add(into, rule);
        if (reader->error == NULL) {
            check_switch(reader, rule);
            kc_rules_check_unique(reader, seen, (KcDated){rule->code, rule->effective_from, rule->effective_to});
        }
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

void
kc_rules_read_eligibility(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "rules", NULL};
    kc_rules_read_grounds(reader, kc_rules_items_of(reader, root, keys, "rules"), "rules", rules, rules->eligibility);
}
