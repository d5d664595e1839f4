/* Invariants
 *
 * 1. One enabled rule in force that says on_scene decides, whatever else is true.
 * 2. The grounds are the rules that decided: those on_scene, or, when there are none, those that say remote. */
#include "src/domain/eligibility.h"

#include "src/base/names.h"
#include "src/domain/local_time.h"

#include <string.h>

#define ALWAYS "always"
#define TIME_OF_DAY "time_of_day"

typedef struct {
    const char *name;
    KcAnswerKind kind;
    gsize offset;
} Field;

#define FIELD(member, kind)                                                                                            \
    {                                                                                                                  \
#member, KC_ANSWER_##kind, G_STRUCT_OFFSET(KcTriage, member)                                                   \
    }

static const Field FIELDS[KC_TRIAGE_FIELD_COUNT] = {
    [KC_TRIAGE_DEATH] = FIELD(death, YES_NO),
    [KC_TRIAGE_INJURY] = FIELD(injury, INJURY),
    [KC_TRIAGE_LICENCE_PROBLEM] = FIELD(licence_problem, YES_NO),
    [KC_TRIAGE_ALCOHOL_OR_DRUGS] = FIELD(alcohol_or_drugs, YES_NO),
    [KC_TRIAGE_OVERLOADED_OR_SPEEDING_PASSENGER_VEHICLE] = FIELD(overloaded_or_speeding_passenger_vehicle, YES_NO),
    [KC_TRIAGE_PLATE_PROBLEM] = FIELD(plate_problem, YES_NO),
    [KC_TRIAGE_CANNOT_MOVE] = FIELD(cannot_move, YES_NO),
    [KC_TRIAGE_PARTY_LEFT] = FIELD(party_left, YES_NO),
    [KC_TRIAGE_INTENT] = FIELD(intent, YES_NO),
    [KC_TRIAGE_NO_INSPECTION_OR_INSURANCE_MARK] = FIELD(no_inspection_or_insurance_mark, YES_NO),
    [KC_TRIAGE_FACILITY_DAMAGE] = FIELD(facility_damage, YES_NO),
    [KC_TRIAGE_HAZARDOUS_GOODS] = FIELD(hazardous_goods, YES_NO),
    [KC_TRIAGE_ALL_PARTIES_AGREE] = FIELD(all_parties_agree, YES_NO),
    [KC_TRIAGE_CRIME_SUSPECTED] = FIELD(crime_suspected, YES_NO),
    [KC_TRIAGE_VEHICLES_MOVED] = FIELD(vehicles_moved, YES_NO),
    [KC_TRIAGE_LATE_REPORT] = FIELD(late_report, YES_NO),
    [KC_TRIAGE_SINGLE_VEHICLE] = FIELD(single_vehicle, YES_NO),
    [KC_TRIAGE_WEATHER] = FIELD(weather, CODE),
    [KC_TRIAGE_ROAD_TYPE] = FIELD(road_type, CODE),
    [KC_TRIAGE_LOSS_CNY] = FIELD(loss_cny, NUMBER),
};

static const gsize SIZES[] = {
    [KC_ANSWER_YES_NO] = sizeof(gboolean),
    [KC_ANSWER_INJURY] = sizeof(KcInjury),
    [KC_ANSWER_CODE] = KC_TRIAGE_CODE_BYTES,
    [KC_ANSWER_NUMBER] = sizeof(gint64),
};

static const char *const INJURIES[] = {"none", "slight", "serious"};
static const char *const OUTCOMES[] = {"remote", "on_scene"};
static const char *const KINDS[] = {"law", "local_policy"};

static const Field *
find_field(const char *name)
{
    for (guint i = 0; i < KC_TRIAGE_FIELD_COUNT; i++)
        if (g_strcmp0(FIELDS[i].name, name) == 0)
            return &FIELDS[i];
    return NULL;
}

/* Where the answer stands if the field is of that kind, else NULL. */
static gconstpointer
answer_at(const KcTriage *triage, const char *name, KcAnswerKind kind)
{
    const Field *field = find_field(name);
    return field != NULL && field->kind == kind ? (const char *)triage + field->offset : NULL;
}

KcAnswerKind
kc_triage_field_kind(const char *name)
{
    if (g_strcmp0(name, ALWAYS) == 0)
        return KC_ANSWER_ALWAYS;
    if (g_strcmp0(name, TIME_OF_DAY) == 0)
        return KC_ANSWER_TIME_OF_DAY;
    const Field *field = find_field(name);
    return field != NULL ? field->kind : KC_ANSWER_NONE;
}

const char *
kc_triage_field_to_string(KcTriageField field)
{
    g_assert(field < KC_TRIAGE_FIELD_COUNT);
    return FIELDS[field].name;
}

gboolean
kc_triage_get(const KcTriage *triage, const char *field, gboolean *ret_answer)
{
    const gboolean *answer = answer_at(triage, field, KC_ANSWER_YES_NO);
    if (answer == NULL)
        return FALSE;
    *ret_answer = *answer;
    return TRUE;
}

gboolean
kc_triage_set(KcTriage *triage, const char *field, gboolean answer)
{
    gboolean *slot = (gboolean *)answer_at(triage, field, KC_ANSWER_YES_NO);
    if (slot == NULL)
        return FALSE;
    *slot = answer;
    return TRUE;
}

const char *
kc_triage_get_code(const KcTriage *triage, const char *field)
{
    return answer_at(triage, field, KC_ANSWER_CODE);
}

gboolean
kc_triage_set_code(KcTriage *triage, const char *field, const char *code)
{
    char *slot = (char *)answer_at(triage, field, KC_ANSWER_CODE);
    if (slot == NULL || strlen(code) >= KC_TRIAGE_CODE_BYTES)
        return FALSE;
    memset(slot, 0, KC_TRIAGE_CODE_BYTES); /* so that two triages compare byte by byte */
    strcpy(slot, code);
    return TRUE;
}

gboolean
kc_triage_learn(KcTriage *triage, const KcLearned *learned, gboolean ret_changed[KC_TRIAGE_FIELD_COUNT])
{
    gboolean any = FALSE;
    for (guint i = 0; i < KC_TRIAGE_FIELD_COUNT; i++) {
        char *slot = (char *)triage + FIELDS[i].offset;
        const char *said = (const char *)&learned->triage + FIELDS[i].offset;
        gsize size = SIZES[FIELDS[i].kind];
        gboolean changed = learned->said[i] && memcmp(slot, said, size) != 0;
        if (changed)
            memcpy(slot, said, size);
        if (ret_changed != NULL)
            ret_changed[i] = changed;
        any = any || changed;
    }
    return any;
}

gboolean
kc_triage_needs_help(const KcTriage *triage)
{
    return triage->death || triage->injury != KC_INJURY_NONE;
}

/* ---- Rules ---- */

static gboolean
is_outside(const KcEligibilityRule *rule, int minute)
{
    if (rule->from_min <= rule->to_min)
        return minute < rule->from_min || minute >= rule->to_min;
    return minute < rule->from_min && minute >= rule->to_min; /* through midnight */
}

static gboolean
condition_holds(const KcEligibilityRule *rule, const KcTriage *triage, KcOccasion occasion)
{
    const char *const *values = (const char *const *)rule->values;
    switch (kc_triage_field_kind(rule->field)) {
    case KC_ANSWER_ALWAYS:
        return TRUE;
    case KC_ANSWER_TIME_OF_DAY:
        return is_outside(rule, occasion.minute_of_report);
    case KC_ANSWER_INJURY:
        return values != NULL && g_strv_contains(values, kc_injury_to_string(triage->injury));
    case KC_ANSWER_CODE:
        return values != NULL && g_strv_contains(values, kc_triage_get_code(triage, rule->field));
    case KC_ANSWER_NUMBER:
        return *(const gint64 *)answer_at(triage, rule->field, KC_ANSWER_NUMBER) > rule->more_than;
    case KC_ANSWER_YES_NO:
        return *(const gboolean *)answer_at(triage, rule->field, KC_ANSWER_YES_NO);
    case KC_ANSWER_NONE:
        break;
    }
    return FALSE;
}

static gboolean
rule_applies(const KcEligibilityRule *rule, const KcTriage *triage, KcOccasion occasion)
{
    gboolean answer = FALSE;
    if (!rule->enabled || !kc_local_date_in(occasion.date, rule->effective_from, rule->effective_to))
        return FALSE;
    if (rule->unless != NULL && kc_triage_get(triage, rule->unless, &answer) && answer)
        return FALSE;
    if (rule->only_if != NULL && !(kc_triage_get(triage, rule->only_if, &answer) && answer))
        return FALSE;
    return condition_holds(rule, triage, occasion);
}

KcEligibility *
kc_eligibility_decide(const KcTriage *triage, const GPtrArray *rules, KcOccasion occasion)
{
    KcEligibility *eligibility = g_new0(KcEligibility, 1);
    GPtrArray *grounds[] = {g_ptr_array_new(), g_ptr_array_new()};

    for (guint i = 0; i < rules->len; i++) {
        KcEligibilityRule *rule = rules->pdata[i];
        if (rule_applies(rule, triage, occasion))
            g_ptr_array_add(grounds[rule->outcome], rule);
    }
    eligibility->outcome = grounds[KC_OUTCOME_ON_SCENE]->len > 0 ? KC_OUTCOME_ON_SCENE : KC_OUTCOME_REMOTE;
    eligibility->grounds = grounds[eligibility->outcome];
    g_ptr_array_unref(grounds[!eligibility->outcome]);
    return eligibility;
}

const KcEligibilityRule *
kc_eligibility_graded(const KcEligibility *eligibility)
{
    const KcEligibilityRule *highest = NULL;
    for (guint i = 0; i < eligibility->grounds->len; i++) {
        const KcEligibilityRule *rule = eligibility->grounds->pdata[i];
        if (rule->officer_grade > (highest != NULL ? highest->officer_grade : KC_GRADE_NONE))
            highest = rule;
    }
    return highest;
}

void
kc_eligibility_free(KcEligibility *eligibility)
{
    if (eligibility == NULL)
        return;
    g_clear_pointer(&eligibility->grounds, g_ptr_array_unref);
    g_free(eligibility);
}

void
kc_eligibility_rule_free(KcEligibilityRule *rule)
{
    if (rule == NULL)
        return;
    g_free(rule->code);
    g_free(rule->field);
    g_strfreev(rule->values);
    g_free(rule->unless);
    g_free(rule->only_if);
    g_free(rule->legal_basis);
    g_free(rule->title_zh);
    g_free(rule->title_en);
    g_free(rule->grade_basis);
    g_free(rule->effective_from);
    g_free(rule->effective_to);
    g_free(rule);
}

const char *
kc_injury_to_string(KcInjury injury)
{
    return INJURIES[injury];
}

gboolean
kc_injury_from_string(const char *text, KcInjury *ret_injury)
{
    int index = kc_names_find(INJURIES, G_N_ELEMENTS(INJURIES), text);
    if (index >= 0)
        *ret_injury = (KcInjury)index;
    return index >= 0;
}

const char *
kc_outcome_to_string(KcOutcome outcome)
{
    return OUTCOMES[outcome];
}

gboolean
kc_outcome_from_string(const char *text, KcOutcome *ret_outcome)
{
    int index = kc_names_find(OUTCOMES, G_N_ELEMENTS(OUTCOMES), text);
    if (index >= 0)
        *ret_outcome = (KcOutcome)index;
    return index >= 0;
}

const char *
kc_rule_kind_to_string(KcRuleKind kind)
{
    return KINDS[kind];
}

gboolean
kc_rule_kind_from_string(const char *text, KcRuleKind *ret_kind)
{
    int index = kc_names_find(KINDS, G_N_ELEMENTS(KINDS), text);
    if (index >= 0)
        *ret_kind = (KcRuleKind)index;
    return index >= 0;
}
