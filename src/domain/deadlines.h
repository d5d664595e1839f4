/* What runs out in a case, and when: from its facts, the dated rules of schema/rules/deadlines.json and the calendar.
 *
 * No limit of the law stands in code: a rule names the event that starts it, the period, who is bound and what ends it.
 * An event of a party starts a deadline of that party alone (the review runs from the service on each, art. 71).
 * Pure; the time comes in as a value. Law: Order 146, arts. 17, 18, 24, 62, 65, 69, 71-79, 84-94, 105, 106, 112(5). */
#pragma once

#include "src/domain/eligibility.h"
#include "src/domain/working_days.h"

/* What starts a deadline, or ends it. The list may grow: a rule can name an event before the service records it. */
typedef enum {
    KC_DEADLINE_OCCURRED, /* the accident */
    KC_DEADLINE_LATE_REPORTED,
    KC_DEADLINE_REPORT_DECIDED,
    KC_DEADLINE_OFFICER_ASKED,
    KC_DEADLINE_PATROL_SENT,
    KC_DEADLINE_HANDLING_BEGAN, /* an officer took the case */
    KC_DEADLINE_HANDED_OVER,    /* to a patrol */
    KC_DEADLINE_ABANDONED,
    KC_DEADLINE_DETERMINED,
    KC_DEADLINE_SERVED, /* on one party */
    KC_DEADLINE_SERVED_ON_ALL,
    KC_DEADLINE_CLOSED,
    KC_DEADLINE_INVESTIGATION_BEGAN, /* the general procedure */
    KC_DEADLINE_GENERAL_DETERMINED,
    KC_DEADLINE_FAST_ASKED,
    KC_DEADLINE_MEDIATION_ASKED,
    KC_DEADLINE_MEDIATION_BEGAN,
    KC_DEADLINE_MEDIATION_ENDED,
    KC_DEADLINE_SUIT_FILED,
    KC_DEADLINE_REVIEW_ASKED,
    KC_DEADLINE_REVIEW_FORWARDED,
    KC_DEADLINE_REVIEW_FILE_ASKED,
    KC_DEADLINE_REVIEW_FILE_SENT,
    KC_DEADLINE_REVIEW_ACCEPTED,
    KC_DEADLINE_REVIEW_WITHDRAWN,
    KC_DEADLINE_REVIEW_CONCLUDED,
    KC_DEADLINE_REVIEW_SERVED,
    KC_DEADLINE_REDO_ORDERED,
    KC_DEADLINE_REDETERMINED,
    KC_DEADLINE_RECUSAL_ASKED,
    KC_DEADLINE_RECUSAL_DECIDED,
    KC_DEADLINE_COURT_FILE_ASKED,
    KC_DEADLINE_COURT_FILE_SENT,
    KC_DEADLINE_CLAIM_MADE,
    KC_DEADLINE_CLAIM_PAPERS_LISTED,
    KC_DEADLINE_CLAIM_PAPERS_HANDED_IN,
    KC_DEADLINE_CLAIM_DECIDED,
    KC_DEADLINE_CLAIM_AGREED,
    KC_DEADLINE_CLAIM_PAID,
    KC_DEADLINE_EVENT_COUNT
} KcDeadlineEvent;

G_STATIC_ASSERT(KC_DEADLINE_EVENT_COUNT <= 64); /* a set of them is a guint64 */

typedef enum {
    KC_BOUND_UNIT,        /* the unit that handles the case */
    KC_BOUND_HIGHER_UNIT, /* the one that reviews */
    KC_BOUND_PARTY,
    KC_BOUND_PARTIES, /* together */
    KC_BOUND_INSURER,
    KC_BOUND_COUNT
} KcBound;

typedef struct {
    char *code;
    KcDeadlineEvent starts;
    KcDeadlineEvent once; /* listed only after this event, and for whom it is; `starts` where nothing else is said */
    guint64 ends;         /* one bit for each event that ends it */
    guint64 unless;       /* what keeps it off the list if it was there before the start; 0: nothing does */
    KcPeriod period;
    guint warn_days; /* due soon from so many days before, of the kind that it counts */
    KcBound bound;
    gboolean told_to_parties;
    KcRuleKind kind;
    char *legal_basis;
    char *title_zh, *title_en;
    char *how_zh, *how_en; /* what to do, in plain words; NULL: nothing */
    char *effective_from;  /* YYYY-MM-DD, of the day on which it starts */
    char *effective_to;    /* NULL: still in force */
} KcDeadlineRule;

void kc_deadline_rule_free(KcDeadlineRule *rule);

typedef struct {
    KcDeadlineEvent event;
    const char *party_id; /* whose; NULL: of the case. Borrowed */
    gint64 at_us;
} KcDeadlineFact;

typedef enum {
    KC_DEADLINE_RUNNING,
    KC_DEADLINE_DUE_SOON,
    KC_DEADLINE_PAST, /* the last day is over and nothing has ended it */
    KC_DEADLINE_ENDED,
    KC_DEADLINE_ENDED_LATE, /* ended, after its last day */
    KC_DEADLINE_STATE_COUNT
} KcDeadlineState;

typedef struct {
    const KcDeadlineRule *rule; /* borrowed from the rules */
    char *party_id;             /* NULL: of the case as a whole */
    gint64 started_us;
    KcDue due;
    int days_left; /* after today up to the last day, of the kind that it counts; 0: today is the last, < 0: past */
    KcDeadlineState state;
    gint64 ended_us; /* 0: not yet */
} KcDeadline;

void kc_deadline_free(KcDeadline *deadline);

/* Owned, of KcDeadline *: what still runs or has run out first, by its last day, then what is over. Facts that lie
 * after `now_us` are not looked at. */
GPtrArray *kc_deadlines_of(const GPtrArray *rules, const KcCalendar *calendar, const KcDeadlineFact *facts, gsize count,
                           gint64 now_us);

/* What this party is told: nothing of another party, and nothing that is the police's own. */
gboolean kc_deadline_is_told_to(const KcDeadline *deadline, const char *party_id);

/* The end of the last day of all that this party is told and that is counted in days; 0 if there is none. Its link has
 * to live as long. */
gint64 kc_deadlines_told_until_us(const GPtrArray *deadlines, const char *party_id);

const char *kc_deadline_event_to_string(KcDeadlineEvent event);
gboolean kc_deadline_event_from_string(const char *text, KcDeadlineEvent *ret_event);
const char *kc_bound_to_string(KcBound bound);
gboolean kc_bound_from_string(const char *text, KcBound *ret_bound);
const char *kc_deadline_state_to_string(KcDeadlineState state);
