/* One function for each file of schema/rules: from parsed JSON into KcRules. A refusal is in `reader->error`. */
#pragma once

#include "src/rules/data.h"
#include "src/rules/reader.h"

/* The names of the files that every set has, in the order in which they are read; NULL after the last. */
const char *kc_rules_file_name(guint index);

void kc_rules_read_codes(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_eligibility(KcReader *reader, const json_t *root, KcRules *rules); /* after the codes */
void kc_rules_read_settlement(KcReader *reader, const json_t *root, KcRules *rules); /* after the codes */
void kc_rules_read_scenarios(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_shots(KcReader *reader, const json_t *root, KcRules *rules); /* after the codes */
void kc_rules_read_counties(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_hospitals(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_insurers(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_review_wording(KcReader *reader, const json_t *root, KcReviewWording *wording);
void kc_rules_clear_review_wording(KcReviewWording *wording);
void kc_rules_read_documents(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_deadlines(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_retention(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_calendar(KcReader *reader, const json_t *root, KcRules *rules); /* once for each year */
void kc_rules_read_approval(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_consents(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_clear_consents(KcRules *rules);
void kc_rules_read_desk(KcReader *reader, const json_t *root, KcRules *rules);
void kc_rules_read_drafts(KcReader *reader, const json_t *root, KcRules *rules);

/* Free functions of the elements, for the arrays of KcRules. */
void kc_code_free(KcCode *code);
void kc_scenario_free(KcScenario *scenario);
void kc_shot_free(KcShot *shot);
void kc_shot_reason_free(KcShotReason *reason);
void kc_county_free(KcCounty *county);
void kc_hospital_free(KcHospital *hospital);
void kc_insurer_free(KcInsurer *insurer);
void kc_draft_text_free(KcDraftText *text);

/* What several files share. `effective_from` must be there and not after `effective_to`. */
void kc_rules_read_dates(KcReader *reader, const json_t *object, char **ret_from, char **ret_to);
KcRuleKind kc_rules_read_kind(KcReader *reader, const json_t *object);

/* An array of rules as eligibility.json has them, each code once a day; appends to `into`. */
void kc_rules_read_grounds(KcReader *reader, const json_t *items, const char *key, const KcRules *rules, GPtrArray *into);

/* A file that is {about, …, <key>: [items]}: NULL after a refusal, else the array, which isn't empty. */
const json_t *kc_rules_items_of(KcReader *reader, const json_t *root, const char *const *keys, const char *key);

/* What a list says of itself: refused if it is undated or without a basis. */
void kc_rules_read_list_head(KcReader *reader, const json_t *object);

/* Refuses two items of one code that are in force on the same day; NULL dates are open. The texts are borrowed for as
 * long as `seen` lives. */
typedef struct {
    const char *code;
    const char *from;
    const char *to;
} KcDated;

GHashTable *kc_rules_seen_new(void);
void kc_rules_check_unique(KcReader *reader, GHashTable *seen, KcDated item);
