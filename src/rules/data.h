/* What KcRules holds; shared by the files of this folder alone. */
#pragma once

#include "src/domain/review_text.h"
#include "src/rules/rules.h"

typedef struct {
    char *title;
    char *basis;
    char *liability_basis;
    char *mediated, *not_mediated;
    GStrv rights;
    char *footer;
} KcWordingData;

typedef struct {
    char *title;
    char *basis;
    char *liability_basis;
    char *compensation[KC_COMPENSATION_NONE + 1]; /* [UNSET] NULL */
    GStrv terms;
    char *footer;
} KcAgreementWordingData;

struct KcRules {
    gboolean demo;
    char *version;
    GPtrArray *codes[KC_CODES_LIST_COUNT]; /* KcCode * */
    GPtrArray *eligibility;
    GPtrArray *settlement; /* KcEligibilityRule * */
    KcEligibilityRule *settlement_vehicles;
    GPtrArray *scenarios;
    GPtrArray *shots;
    GPtrArray *shot_reasons;
    gboolean shot_gate;
    GPtrArray *counties;
    GPtrArray *hospitals;
    char *emergency_phone;
    GPtrArray *insurers;
    GPtrArray *deadlines; /* KcDeadlineRule * */
    GPtrArray *retention; /* KcRetentionRule * */
    GPtrArray *search_words; /* KcSearchWord * */
    char *key_destroyed_basis; /* NULL: a set from before it was said */
    KcCalendar *calendar;
    GPtrArray *draft_texts;
    GPtrArray *approval;
    KcDeskPolicy desk;
    KcConsentRule consents[KC_CONSENT_KIND_COUNT];
    KcAbortedRule aborted;
    char *centre_zh;
    char *centre_en;
    KcWordingData determination;
    KcAgreementWordingData agreement;
    KcReviewWording review; /* its texts are owned */
};
