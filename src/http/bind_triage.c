#include "src/http/bind_triage.h"

G_STATIC_ASSERT(sizeof(KcInjury) == sizeof(int));

static const char *const injuries[] = {"none", "slight", "serious", NULL}; /* in the order of KcInjury */

#define MAX_LOSS_CNY 1e9

/* The driver has been asked these: to leave one out is a mistake of the page. */
#define ASKED(member)                                                                                                  \
    {                                                                                                                  \
#member, KC_BIND_BOOL, G_STRUCT_OFFSET(KcTriage, member), KC_BIND_REQUIRED                                     \
    }
#define MAYBE(member)                                                                                                  \
    {                                                                                                                  \
#member, KC_BIND_BOOL, G_STRUCT_OFFSET(KcTriage, member), KC_BIND_OPTIONAL                                     \
    }
#define CODE(member)                                                                                                   \
    {                                                                                                                  \
#member, KC_BIND_CODE, G_STRUCT_OFFSET(KcTriage, member), KC_BIND_CLEARABLE, .size = KC_TRIAGE_CODE_BYTES      \
    }

const KcBindField kc_bind_triage_fields[] = {
    ASKED(death),
    {"injury", KC_BIND_CHOICE, G_STRUCT_OFFSET(KcTriage, injury), KC_BIND_REQUIRED, .choices = injuries},
    ASKED(licence_problem),
    ASKED(alcohol_or_drugs),
    ASKED(overloaded_or_speeding_passenger_vehicle),
    ASKED(plate_problem),
    ASKED(cannot_move),
    ASKED(party_left),
    ASKED(intent),
    ASKED(no_inspection_or_insurance_mark),
    ASKED(facility_damage),
    ASKED(hazardous_goods),
    MAYBE(all_parties_agree),
    MAYBE(crime_suspected),
    MAYBE(vehicles_moved),
    MAYBE(late_report),
    MAYBE(single_vehicle),
    CODE(weather),
    CODE(road_type),
    {"loss_cny", KC_BIND_INT, G_STRUCT_OFFSET(KcTriage, loss_cny), KC_BIND_NULLABLE, .max = MAX_LOSS_CNY},
    {NULL},
};

#define SAID(number) (G_STRUCT_OFFSET(KcLearned, said) + (number) * sizeof(gboolean))
#define YES_NO(member, number)                                                                                         \
    {                                                                                                                  \
#member, KC_BIND_BOOL, G_STRUCT_OFFSET(KcLearned, triage.member), KC_BIND_OPTIONAL, SAID(number)               \
    }
#define LEARNED_CODE(member, number)                                                                                   \
    {                                                                                                                  \
#member, KC_BIND_CODE, G_STRUCT_OFFSET(KcLearned, triage.member), KC_BIND_CLEARABLE, SAID(number),             \
            .size = KC_TRIAGE_CODE_BYTES                                                                               \
    }

const KcBindField kc_bind_learned_fields[] = {
    YES_NO(death, KC_TRIAGE_DEATH),
    {"injury", KC_BIND_CHOICE, G_STRUCT_OFFSET(KcLearned, triage.injury), KC_BIND_OPTIONAL, SAID(KC_TRIAGE_INJURY),
     .choices = injuries},
    YES_NO(licence_problem, KC_TRIAGE_LICENCE_PROBLEM),
    YES_NO(alcohol_or_drugs, KC_TRIAGE_ALCOHOL_OR_DRUGS),
    YES_NO(overloaded_or_speeding_passenger_vehicle, KC_TRIAGE_OVERLOADED_OR_SPEEDING_PASSENGER_VEHICLE),
    YES_NO(plate_problem, KC_TRIAGE_PLATE_PROBLEM),
    YES_NO(cannot_move, KC_TRIAGE_CANNOT_MOVE),
    YES_NO(party_left, KC_TRIAGE_PARTY_LEFT),
    YES_NO(intent, KC_TRIAGE_INTENT),
    YES_NO(no_inspection_or_insurance_mark, KC_TRIAGE_NO_INSPECTION_OR_INSURANCE_MARK),
    YES_NO(facility_damage, KC_TRIAGE_FACILITY_DAMAGE),
    YES_NO(hazardous_goods, KC_TRIAGE_HAZARDOUS_GOODS),
    YES_NO(all_parties_agree, KC_TRIAGE_ALL_PARTIES_AGREE),
    YES_NO(crime_suspected, KC_TRIAGE_CRIME_SUSPECTED),
    YES_NO(vehicles_moved, KC_TRIAGE_VEHICLES_MOVED),
    YES_NO(late_report, KC_TRIAGE_LATE_REPORT),
    YES_NO(single_vehicle, KC_TRIAGE_SINGLE_VEHICLE),
    LEARNED_CODE(weather, KC_TRIAGE_WEATHER),
    LEARNED_CODE(road_type, KC_TRIAGE_ROAD_TYPE),
    {"loss_cny", KC_BIND_INT, G_STRUCT_OFFSET(KcLearned, triage.loss_cny), KC_BIND_OPTIONAL, SAID(KC_TRIAGE_LOSS_CNY),
     .max = MAX_LOSS_CNY},
    {NULL},
};
