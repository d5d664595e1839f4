/* Does this determination need a second pair of eyes before it is issued?
 *
 * Local policy, as data (schema/rules/approval.json): a rule measures something of the draft and asks whether it is
 * more than a number. Order 146, art. 5 asks for a qualified officer; that a supervisor looks as well is the centre's
 * own choice. Pure; thread-safe. */
#pragma once

#include "src/domain/determination.h"
#include "src/domain/eligibility.h"

typedef enum {
    KC_MEASURE_INJURED,        /* people hurt: what the draft says, at least one if the triage says so */
    KC_MEASURE_DAMAGE_CNY,     /* 0 where it is not estimated */
    KC_MEASURE_LIABLE_PARTIES, /* that bear any liability, or for whom it can't be determined */
    KC_MEASURE_COUNT
} KcMeasure;

typedef struct {
    char *code;
    KcMeasure measure;
    gint64 more_than;
    gboolean enabled;
    char *title_zh;
    char *title_en;
} KcApprovalRule;

void kc_approval_rule_free(KcApprovalRule *rule);

gint64 kc_approval_measure(KcMeasure measure, const KcDetermination *draft, const KcTriage *triage);

/* The enabled rules that ask for it, in their order; owned array of borrowed KcApprovalRule *. Empty: it may be issued.
 */
GPtrArray *kc_approval_grounds(const KcDetermination *draft, const KcTriage *triage, const GPtrArray *rules);

/* "injured", … */
const char *kc_measure_to_string(KcMeasure measure);
gboolean kc_measure_from_string(const char *text, KcMeasure *ret_measure);
