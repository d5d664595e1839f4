/* The life of a case: which event leads from which state to which, and what is refused.
 *
 * One function decides every change. A refusal is a value and names the state, so that an edge can answer 409 with it.
 * Pure; thread-safe. Law behind it: Order 146, arts. 7, 17, 19, 20, 24-26; procedure for administrative cases, 52. */
#pragma once

#include <glib.h>

typedef enum {
    KC_CASE_TRIAGED,        /* opened, the caller has answered the triage questions */
    KC_CASE_WAITING,        /* in the queue */
    KC_CASE_IN_CALL,        /* an officer has taken it */
    KC_CASE_EVIDENCE_FIXED, /* at least one still or photo is sealed: the road may be cleared */
    KC_CASE_DETERMINED,     /* the determination is issued, parties read and decide */
    KC_CASE_AGREED,         /* the parties settled between themselves (art. 21) */
    KC_CASE_SERVED,         /* every party has signed, refused or objected */
    KC_CASE_CLOSED,
    KC_CASE_ON_SCENE,  /* handed to a patrol */
    KC_CASE_ABANDONED, /* the caller is long gone; the same link takes it up again */
    KC_CASE_EXPIRED,
    KC_CASE_REOPENED, /* by a supervisor's review, waits for an officer */
    KC_CASE_STATE_COUNT
} KcCaseState;

typedef enum {
    /* Events that may change the state. */
    KC_CASE_QUEUE,
    KC_CASE_LEAVE_QUEUE,
    KC_CASE_CLAIM,
    KC_CASE_RELEASE,
    KC_CASE_FIX_EVIDENCE, /* a still or photo arrives; changes the state only in `in_call` */
    KC_CASE_ISSUE_DETERMINATION,
    KC_CASE_AGREE, /* a party has signed the parties' own agreement: settles the case once nobody is left undecided */
    KC_CASE_SERVE, /* a party has decided: serves the document once nobody is left undecided */
    KC_CASE_CLOSE,
    KC_CASE_SEND_ON_SCENE,
    KC_CASE_ABANDON,
    KC_CASE_EXPIRE,
    KC_CASE_REOPEN,
    KC_CASE_DECLINE_REPORT, /* made after the scene was cleared, and not accepted (art. 18) */
    KC_CASE_ORDER_ANEW, /* by a review of the higher unit (art. 76(3)) */
    /* Acts that never change the state, but that not every state allows. */
    KC_CASE_EVACUATE,
    KC_CASE_JOIN_CALL,
    KC_CASE_EDIT_PARTICULARS, /* add a party, or change what is known of one, or of the place */
    KC_CASE_ASSESS, /* more is known: may it still be handled by video? */
    KC_CASE_CONSENT, /* what a party agrees to, or no longer */
    KC_CASE_DRAFT_DETERMINATION,
    KC_CASE_DRAFT_AGREEMENT,
    KC_CASE_PROPOSE_AGREEMENT,
    KC_CASE_SIGN,           /* sign a determination, refuse or object */
    KC_CASE_SIGN_AGREEMENT, /* the same of an agreement that is proposed */
    KC_CASE_ACCEPT_REPORT, /* made after the scene was cleared */
    KC_CASE_HAND_OVER, /* to a colleague, while it is being handled */
    KC_CASE_ASK_RECUSAL, /* of who has the case (art. 105) */
    KC_CASE_EVENT_COUNT
} KcCaseEvent;

typedef enum {
    KC_REFUSAL_NONE,
    KC_REFUSAL_STATE,        /* the state does not allow it */
    KC_REFUSAL_NO_EVIDENCE,  /* no still or photo is sealed yet */
    KC_REFUSAL_NO_RECORDING, /* no party's track is being recorded now: no recording, no determination */
} KcRefusal;

/* What the table can't see by itself; only ISSUE_DETERMINATION, PROPOSE_AGREEMENT, AGREE and SERVE look at it. */
typedef struct {
    guint stills;                 /* stills and photos sealed in this case */
    guint party_tracks_recording; /* tracks of parties that are being recorded at this moment */
    guint parties_undecided;      /* parties that have not yet signed, refused or objected */
} KcCaseFacts;

typedef struct {
    KcRefusal refusal; /* KC_REFUSAL_NONE: allowed */
    KcCaseState state; /* the state that holds from now on; after a refusal the old one */
    gboolean changed;
} KcCaseOutcome;

/* `facts` may be NULL for an event that does not look at them. A claim of a case that already has stills leads to
 * `in_call`; the use case applies FIX_EVIDENCE right after it, since the evidence is there. */
KcCaseOutcome kc_case_apply(KcCaseState state, KcCaseEvent event, const KcCaseFacts *facts);

/* Nothing can follow but a reopening, or an officer who goes to the scene after all. */
gboolean kc_case_state_is_final(KcCaseState state);

/* Why, as one English sentence that names the state; owned. Never call it for KC_REFUSAL_NONE. */
char *kc_case_refusal_text(KcRefusal refusal, KcCaseState state, KcCaseEvent event);

/* "evidence_fixed", … as the API writes them; never NULL for a value of the enum. */
const char *kc_case_state_to_string(KcCaseState state);
gboolean kc_case_state_from_string(const char *text, KcCaseState *ret_state);
const char *kc_case_event_to_string(KcCaseEvent event);
