/* Invariants
 *
 * 1. One rule in force that says on_scene decides, whatever else is true.
 * 2. The grounds are the rules that decided: those on_scene, or, when there are none, those that say remote. */
#include "src/domain/eligibility.h"

#include "src/base/names.h"
#include "src/domain/local_time.h"

#include <string.h>

#define ALWAYS "always"
#define INJURY "injury"

static const char *const FIELDS[] = {
    "death",
    "licence_problem",
    "alcohol_or_drugs",
    "overloaded_or_speeding_passenger_vehicle",
    "plate_problem",
    "cannot_move",
    "party_left",
    "intent",
    "no_inspection_or_insurance_mark",
    "facility_damage",
    "hazardous_goods",
    "all_parties_agree",
    NULL,
};

static const gsize OFFSETS[] = {
    G_STRUCT_OFFSET(KcTriage, death),
    G_STRUCT_OFFSET(KcTriage, licence_problem),
    G_STRUCT_OFFSET(KcTriage, alcohol_or_drugs),
    G_STRUCT_OFFSET(KcTriage, overloaded_or_speeding_passenger_vehicle),
    G_STRUCT_OFFSET(KcTriage, plate_problem),
    G_STRUCT_OFFSET(KcTriage, cannot_move),
    G_STRUCT_OFFSET(KcTriage, party_left),
    G_STRUCT_OFFSET(KcTriage, intent),
    G_STRUCT_OFFSET(KcTriage, no_inspection_or_insurance_mark),
    G_STRUCT_OFFSET(KcTriage, facility_damage),
    G_STRUCT_OFFSET(KcTriage, hazardous_goods),
    G_STRUCT_OFFSET(KcTriage, all_parties_agree),
};

G_STATIC_ASSERT(G_N_ELEMENTS(FIELDS) == G_N_ELEMENTS(OFFSETS) + 1);

static const char *const INJURIES[] = {"none", "slight", "serious"};
static const char *const OUTCOMES[] = {"remote", "on_scene"};
static const char *const KINDS[] = {"law", "local_policy"};

/* The index of `text` among `count` names, or -1. */
static const gboolean *
answer_at(const KcTriage *triage, const char *field)
{
    int index = kc_names_find(FIELDS, G_N_ELEMENTS(OFFSETS), field);
    return index < 0 ? NULL : (const gboolean *)((const char *)triage + OFFSETS[index]);
}

gboolean
kc_triage_get(const KcTriage *triage, const char *field, gboolean *ret_answer)
{
    const gboolean *answer = answer_at(triage, field);
    if (answer == NULL)
        return FALSE;
    *ret_answer = *answer;
    return TRUE;
}

gboolean
kc_triage_set(KcTriage *triage, const char *field, gboolean answer)
{
    gboolean *slot = (gboolean *)answer_at(triage, field);
    if (slot == NULL)
        return FALSE;
    *slot = answer;
    return TRUE;
}

const char *const *
kc_triage_fields(void)
{
    return FIELDS;
}

gboolean
kc_triage_field_is_known(const char *field, const char *value)
{
    KcInjury injury;

    if (g_strcmp0(field, INJURY) == 0)
        return value != NULL && kc_injury_from_string(value, &injury);
    if (value != NULL)
        return FALSE;
    return g_strcmp0(field, ALWAYS) == 0 || kc_names_find(FIELDS, G_N_ELEMENTS(OFFSETS), field) >= 0;
}

static gboolean
rule_applies(const KcEligibilityRule *rule, const KcTriage *triage)
{
    const gboolean *answer = rule->unless == NULL ? NULL : answer_at(triage, rule->unless);
    if (answer != NULL && *answer)
        return FALSE;
    if (strcmp(rule->field, ALWAYS) == 0)
        return TRUE;
    if (strcmp(rule->field, INJURY) == 0)
        return g_strcmp0(rule->value, kc_injury_to_string(triage->injury)) == 0;
    answer = answer_at(triage, rule->field);
    return answer != NULL && *answer;
}

KcEligibility *
kc_eligibility_decide(const KcTriage *triage, const GPtrArray *rules, const char *on_date)
{
    KcEligibility *eligibility = g_new0(KcEligibility, 1);
    GPtrArray *grounds[] = {g_ptr_array_new(), g_ptr_array_new()};

    for (guint i = 0; i < rules->len; i++) {
        KcEligibilityRule *rule = rules->pdata[i];
        if (kc_local_date_in(on_date, rule->effective_from, rule->effective_to) && rule_applies(rule, triage))
            g_ptr_array_add(grounds[rule->outcome], rule);
    }
    eligibility->outcome = grounds[KC_OUTCOME_ON_SCENE]->len > 0 ? KC_OUTCOME_ON_SCENE : KC_OUTCOME_REMOTE;
    eligibility->grounds = grounds[eligibility->outcome];
    g_ptr_array_unref(grounds[!eligibility->outcome]);
    return eligibility;
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
    g_free(rule->value);
    g_free(rule->unless);
    g_free(rule->legal_basis);
    g_free(rule->title_zh);
    g_free(rule->title_en);
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
