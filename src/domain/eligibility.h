/* May this accident be handled by video, or must an officer go there?
 *
 * The triage answers are fields; the rules are dated values (schema/rules/eligibility.json) that name a field, so that
 * no article stands in code. On the scene beats remote. Pure; thread-safe. Law: Order 146, arts. 13-15, 20, 23. */
#pragma once

#include <glib.h>

typedef enum {
    KC_INJURY_NONE,
    KC_INJURY_SLIGHT,
    KC_INJURY_SERIOUS,
} KcInjury;

/* Exactly the `triage` object of POST /api/v1/cases. */
typedef struct {
    gboolean death;
    KcInjury injury;
    gboolean licence_problem;
    gboolean alcohol_or_drugs;
    gboolean overloaded_or_speeding_passenger_vehicle;
    gboolean plate_problem;
    gboolean cannot_move;
    gboolean party_left;
    gboolean intent;
    gboolean no_inspection_or_insurance_mark;
    gboolean facility_damage;
    gboolean hazardous_goods;
    gboolean all_parties_agree; /* to the simplified procedure in spite of a slight injury (art. 23) */
} KcTriage;

typedef enum {
    KC_OUTCOME_REMOTE,
    KC_OUTCOME_ON_SCENE,
} KcOutcome;

typedef enum {
    KC_RULE_LAW,
    KC_RULE_LOCAL_POLICY, /* shown as such, never as law */
} KcRuleKind;

typedef struct {
    char *code;
    char *field;  /* a triage field, or "always" */
    char *value;  /* for `injury`: "slight", …; NULL: the answer yes */
    char *unless; /* a triage field that switches the rule off; NULL: none */
    KcOutcome outcome;
    KcRuleKind kind;
    char *legal_basis;
    char *title_zh;
    char *title_en;
    char *effective_from; /* YYYY-MM-DD */
    char *effective_to;   /* NULL: still in force */
} KcEligibilityRule;

typedef struct {
    KcOutcome outcome;
    GPtrArray *grounds; /* const KcEligibilityRule *, borrowed from the rules; never empty if the rules have "always" */
} KcEligibility;

/* `rules`: KcEligibilityRule *; `on_date`: the day of the accident, see kc_local_date. Owned. */
KcEligibility *kc_eligibility_decide(const KcTriage *triage, const GPtrArray *rules, const char *on_date);
void kc_eligibility_free(KcEligibility *eligibility);

/* Whether `field` can be named in a rule, and `value` be its answer (NULL: yes). */
gboolean kc_triage_field_is_known(const char *field, const char *value);

/* Sets or reads a yes/no answer by its name in the API; FALSE for an unknown name and for `injury`. */
gboolean kc_triage_set(KcTriage *triage, const char *field, gboolean answer);
gboolean kc_triage_get(const KcTriage *triage, const char *field, gboolean *ret_answer);

/* Names of the yes/no fields, NULL-terminated, static, in the order of the API. */
const char *const *kc_triage_fields(void);

const char *kc_injury_to_string(KcInjury injury);
gboolean kc_injury_from_string(const char *text, KcInjury *ret_injury);
const char *kc_outcome_to_string(KcOutcome outcome);
gboolean kc_outcome_from_string(const char *text, KcOutcome *ret_outcome);
const char *kc_rule_kind_to_string(KcRuleKind kind);
gboolean kc_rule_kind_from_string(const char *text, KcRuleKind *ret_kind);

void kc_eligibility_rule_free(KcEligibilityRule *rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcEligibility, kc_eligibility_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcEligibilityRule, kc_eligibility_rule_free)
