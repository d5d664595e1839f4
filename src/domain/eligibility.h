/* May this accident be handled by video, or must an officer go there?
 *
 * What is known is a KcTriage: the driver's answers first, later what the officer learns. The rules are dated values
 * (schema/rules/eligibility.json), each a condition on one field, so that no article and no local limit stands in code.
 * On the scene beats remote. Pure; thread-safe. Law: Order 146, arts. 13-15, 18, 20, 23. */
#pragma once

#include "src/domain/grade.h"

typedef enum {
    KC_INJURY_NONE,
    KC_INJURY_SLIGHT,
    KC_INJURY_SERIOUS,
} KcInjury;

#define KC_TRIAGE_CODE_BYTES 8

/* Exactly the `triage` object of the API. What is not said stands for the harmless answer. */
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
    gboolean crime_suspected;   /* a traffic crime: never the simplified procedure (art. 23) */
    gboolean vehicles_moved;    /* from where they came to rest */
    gboolean late_report;       /* made after the scene was cleared (art. 18) */
    gboolean single_vehicle;    /* nobody else took part */
    char weather[KC_TRIAGE_CODE_BYTES];   /* of the code lists; "": not said */
    char road_type[KC_TRIAGE_CODE_BYTES];
    gint64 loss_cny; /* estimated; 0: not said */
} KcTriage;

/* The fields by number, in the order of the API. */
typedef enum {
    KC_TRIAGE_DEATH,
    KC_TRIAGE_INJURY,
    KC_TRIAGE_LICENCE_PROBLEM,
    KC_TRIAGE_ALCOHOL_OR_DRUGS,
    KC_TRIAGE_OVERLOADED_OR_SPEEDING_PASSENGER_VEHICLE,
    KC_TRIAGE_PLATE_PROBLEM,
    KC_TRIAGE_CANNOT_MOVE,
    KC_TRIAGE_PARTY_LEFT,
    KC_TRIAGE_INTENT,
    KC_TRIAGE_NO_INSPECTION_OR_INSURANCE_MARK,
    KC_TRIAGE_FACILITY_DAMAGE,
    KC_TRIAGE_HAZARDOUS_GOODS,
    KC_TRIAGE_ALL_PARTIES_AGREE,
    KC_TRIAGE_CRIME_SUSPECTED,
    KC_TRIAGE_VEHICLES_MOVED,
    KC_TRIAGE_LATE_REPORT,
    KC_TRIAGE_SINGLE_VEHICLE,
    KC_TRIAGE_WEATHER,
    KC_TRIAGE_ROAD_TYPE,
    KC_TRIAGE_LOSS_CNY,
    KC_TRIAGE_FIELD_COUNT
} KcTriageField;

/* What a field holds; beside them a rule may ask for the time of the report, or for nothing. */
typedef enum {
    KC_ANSWER_NONE, /* no field is called so */
    KC_ANSWER_YES_NO,
    KC_ANSWER_INJURY,
    KC_ANSWER_CODE,
    KC_ANSWER_NUMBER,
    KC_ANSWER_TIME_OF_DAY, /* "time_of_day" */
    KC_ANSWER_ALWAYS,      /* "always" */
} KcAnswerKind;

/* What somebody has learned: values of those fields that are said. */
typedef struct {
    KcTriage triage;
    gboolean said[KC_TRIAGE_FIELD_COUNT];
} KcLearned;

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
    char *field;         /* of the triage, "time_of_day" or "always"; a yes/no field: the answer yes */
    GStrv values;        /* of an injury or code: one of these */
    gint64 more_than;    /* of a number */
    int from_min, to_min; /* time_of_day: outside of these hours, minutes of the day; `from` may be the later one */
    char *unless;        /* a yes/no field that switches the rule off; NULL: none */
    char *only_if;       /* a yes/no field that must hold as well; NULL: none */
    gboolean enabled;
    KcOutcome outcome;
    KcRuleKind kind;
    char *legal_basis;
    char *title_zh;
    char *title_en;
    KcGrade officer_grade; /* what whoever handles such a case needs */
    char *grade_basis;     /* NULL: no grade */
    char *effective_from;  /* YYYY-MM-DD */
    char *effective_to;    /* NULL: still in force */
} KcEligibilityRule;

typedef struct {
    KcOutcome outcome;
    GPtrArray *grounds; /* const KcEligibilityRule *, borrowed from the rules; never empty if the rules have "always" */
} KcEligibility;

typedef struct {
    const char *date;     /* the day of the accident, see kc_local_date: by it rules are in force */
    int minute_of_report; /* of the day it was reported, see kc_local_minute: by it the centre answers */
} KcOccasion;

/* `rules`: KcEligibilityRule *. Owned. */
KcEligibility *kc_eligibility_decide(const KcTriage *triage, const GPtrArray *rules, KcOccasion occasion);
void kc_eligibility_free(KcEligibility *eligibility);

/* The ground that asks for the highest grade; NULL: none asks for any. */
const KcEligibilityRule *kc_eligibility_graded(const KcEligibility *eligibility);

/* Somebody is hurt, or worse: 120 and a hospital are named. */
gboolean kc_triage_needs_help(const KcTriage *triage);

/* Takes over what is said. FALSE: nothing is another than before. `ret_changed` may be NULL. */
gboolean kc_triage_learn(KcTriage *triage, const KcLearned *learned, gboolean ret_changed[KC_TRIAGE_FIELD_COUNT]);

const char *kc_triage_field_to_string(KcTriageField field);
/* What a rule may ask of the field of that name. */
KcAnswerKind kc_triage_field_kind(const char *name);

/* Sets or reads a yes/no answer by its name in the API; FALSE for any other name. */
gboolean kc_triage_set(KcTriage *triage, const char *field, gboolean answer);
gboolean kc_triage_get(const KcTriage *triage, const char *field, gboolean *ret_answer);

/* Sets or reads a code by its name in the API, "" for none; NULL or FALSE for any other name, or a code that is too
 * long to be any. */
gboolean kc_triage_set_code(KcTriage *triage, const char *field, const char *code);
const char *kc_triage_get_code(const KcTriage *triage, const char *field);

const char *kc_injury_to_string(KcInjury injury);
gboolean kc_injury_from_string(const char *text, KcInjury *ret_injury);
const char *kc_outcome_to_string(KcOutcome outcome);
gboolean kc_outcome_from_string(const char *text, KcOutcome *ret_outcome);
const char *kc_rule_kind_to_string(KcRuleKind kind);
gboolean kc_rule_kind_from_string(const char *text, KcRuleKind *ret_kind);

void kc_eligibility_rule_free(KcEligibilityRule *rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcEligibility, kc_eligibility_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcEligibilityRule, kc_eligibility_rule_free)
