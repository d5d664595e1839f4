/* How long what is kept of a case is kept, and when it may go: from how the case ended and the dated rules of
 * schema/rules/retention.json.
 *
 * Personal data is kept for the shortest time that its purpose needs (个人信息保护法 art. 19), and goes when that has
 * ended (art. 47); where several rules apply to one thing, the longest wins. Nothing goes while the case is open, on a
 * legal hold, under review, or while a limit runs or the unit owes something to it. What no rule covers stays. Pure. */
#pragma once

#include "src/domain/deadlines.h"

typedef enum {
    KC_RETAINED_RECORDINGS, /* of the calls */
    KC_RETAINED_CASE,       /* everything: documents, pictures, particulars, and what is left of recordings */
    KC_RETAINED_COUNT
} KcRetained;

typedef struct {
    char *code;
    KcRetained covers;
    GStrv states;          /* the state in which it ended: "closed", "expired"; any of them */
    GStrv closing_codes;   /* any of them; empty: whatever it was closed with */
    gboolean injured_only; /* where somebody was hurt */
    KcPeriod period;       /* from the day on which it ended: days, months or years */
    KcRuleKind kind;
    char *legal_basis;
    char *title_zh, *title_en;
    char *effective_from, *effective_to; /* of the day on which it ended; `effective_to` NULL: still in force */
} KcRetentionRule;

void kc_retention_rule_free(KcRetentionRule *rule);

typedef struct {
    const char *state, *closing_code; /* closing_code NULL: none */
    gboolean injured;
    gint64 ended_us; /* 0: it has not */
    gboolean on_hold, under_review;
    const GPtrArray *deadlines; /* of KcDeadline, as they are now; NULL: none */
} KcRetentionFacts;

typedef enum {
    KC_RETENTION_DUE,  /* it goes now */
    KC_RETENTION_RUNS, /* until at_us */
    KC_RETENTION_OPEN, /* the case has not ended */
    KC_RETENTION_ON_HOLD,
    KC_RETENTION_UNDER_REVIEW,
    KC_RETENTION_DEADLINE, /* a limit runs, or the unit has not done what it owes */
    KC_RETENTION_NO_RULE,  /* it stays */
    KC_RETENTION_STATE_COUNT
} KcRetentionState;

typedef struct {
    KcRetentionState state;
    const KcRetentionRule *rule; /* the longest; borrowed; NULL: none applies */
    gint64 at_us;                /* the first moment at which it may go, as far as is known now; 0: not known */
} KcRetentionVerdict;

KcRetentionVerdict kc_retention_of(const GPtrArray *rules, const KcCalendar *calendar, KcRetained what,
                                   const KcRetentionFacts *facts, gint64 now_us);

const char *kc_retained_to_string(KcRetained what);
gboolean kc_retained_from_string(const char *text, KcRetained *ret_what);
const char *kc_retention_state_to_string(KcRetentionState state);
