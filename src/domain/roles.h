/* Who may do what: one table of action × role, so that 403 is decided in one place.
 *
 * Basis: Order 146, art. 5 (an auxiliary guides and collects, only a qualified officer determines), art. 20 (a party
 * may always ask for an officer on the scene). Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef enum {
    KC_ROLE_ANONYMOUS, /* no token at all */
    KC_ROLE_INTAKE_OPERATOR,
    KC_ROLE_OFFICER,
    KC_ROLE_SUPERVISOR,
    KC_ROLE_AUDITOR,
    KC_ROLE_ADMIN,
    KC_ROLE_INTEGRATION,
    KC_ROLE_PARTY,
    KC_ROLE_GUEST_EMERGENCY,   /* an operator of 120, 119 or 110: the call */
    KC_ROLE_GUEST_INTERPRETER, /* the call, and the texts that are read out */
    KC_ROLE_GUEST_INSURER,     /* the call, and the pictures of the party that is insured there */
    KC_ROLE_GUEST_SUPERVISOR,  /* sees what the officer sees, and decides nothing */
    KC_ROLE_COUNT
} KcRole;

typedef enum {
    KC_ACTION_OPEN_CASE,
    KC_ACTION_LIST_CASES, /* OWN: the list holds the one case */
    KC_ACTION_READ_CASE,
    KC_ACTION_READ_TIMELINE,
    KC_ACTION_ADD_PARTY,
    KC_ACTION_EDIT_PARTY,    /* OWN for a party: itself */
    KC_ACTION_INVITE,        /* OWN for a party: party A, its own case */
    KC_ACTION_MANAGE_GUESTS, /* invite, list, send away */
    KC_ACTION_READ_OWN_LINK, /* what a guest's link is for */
    KC_ACTION_ADD_PHOTO,
    KC_ACTION_QUEUE, /* join and leave */
    KC_ACTION_READ_QUEUE,
    KC_ACTION_CLAIM,
    KC_ACTION_RELEASE,
    KC_ACTION_READ_EVENTS,
    KC_ACTION_READ_ICE_SERVERS,
    KC_ACTION_JOIN_CALL,
    KC_ACTION_LISTEN, /* hear and see a call without being heard, seen or recorded; told to all in it */
    KC_ACTION_READ_CALL,
    KC_ACTION_SEND_MESSAGE,  /* to everybody in the call: whoever may speak there */
    KC_ACTION_READ_MESSAGES,
    KC_ACTION_READ_PHOTO_REQUESTS, /* OWN for a party: those asked of it */
    KC_ACTION_SNAPSHOT,
    KC_ACTION_READ_STILL,
    KC_ACTION_READ_SIGNATURE, /* the picture; OWN for a party: its own */
    KC_ACTION_DRAFT_DETERMINATION,
    KC_ACTION_ISSUE_DETERMINATION,
    KC_ACTION_SETTLE,         /* write and propose the parties' own agreement: an auxiliary may guide it (art. 20) */
    KC_ACTION_SIGN,           /* decide for oneself */
    KC_ACTION_RECORD_REFUSAL, /* an officer notes that a party refuses (art. 24) */
    KC_ACTION_PAUSE_SIGNING,  /* a party feels pressed; and takes that back */
    KC_ACTION_RESOLVE_PAUSE,  /* who has spoken with it alone */
    KC_ACTION_READ_DOCUMENT,
    KC_ACTION_CONFIRM_RECEIPT, /* of a document, by the party itself */
    KC_ACTION_RECORD_SERVICE,  /* on paper, or refused */
    KC_ACTION_SEND_ON_SCENE,
    KC_ACTION_CONSENT, /* say or write down what a party agrees to; OWN for a party: itself */
    KC_ACTION_CHANGE_PLACE, /* where it happened, in words or on the map */
    KC_ACTION_READ_CONSENTS, /* the ledger of a party; OWN for a party: its own */
    KC_ACTION_ASSESS, /* tell what was learned, and decide anew whether video will do */
    KC_ACTION_EVACUATE,
    KC_ACTION_CLOSE,
    KC_ACTION_REOPEN,
    KC_ACTION_READ_RECORDING,
    KC_ACTION_COMPOSE,       /* one video of a case's recordings: ask for it, see and remove it */
    KC_ACTION_EXPORT_BUNDLE, /* take the evidence away; a party: what it may see (art. 65) */
    KC_ACTION_MANAGE_USERS,
    KC_ACTION_READ_LAW, /* the official wording */
    KC_ACTION_IMPORT_LAW,
    KC_ACTION_READ_APPROVAL,
    KC_ACTION_APPROVE_DETERMINATION, /* the second pair of eyes */
    KC_ACTION_READ_SEATS,
    KC_ACTION_SET_SEAT, /* the own one */
    KC_ACTION_READ_DESK_DAY, /* how long callers waited */
    KC_ACTION_HAND_OVER,    /* offer a case to a colleague */
    KC_ACTION_ANSWER_OFFER, /* accept or decline one, or take back what one has offered */
    KC_ACTION_ASK_RECUSAL,  /* a party of who has the case; staff: of themselves */
    KC_ACTION_READ_RECUSALS, /* OWN for a party: its own requests */
    KC_ACTION_DECIDE_RECUSAL,
    KC_ACTION_ASK_REVIEW,            /* ask for one, and take it back (Order 146, arts. 71, 75) */
    KC_ACTION_READ_REVIEWS,          /* the list of them */
    KC_ACTION_HANDLE_REVIEW,         /* forward it with the file, serve what it came to (arts. 72, 78) */
    KC_ACTION_CONCLUDE_REVIEW,       /* enter what the higher unit concluded (arts. 74, 76) */
    KC_ACTION_READ_DRAWS, /* of cases assigned by lot */
    KC_ACTION_DECIDE_REPORT, /* one made after the scene was cleared (art. 18) */
    KC_ACTION_READ_RULES,    /* with their versions and who made them */
    KC_ACTION_MANAGE_RULES,
    KC_ACTION_MANAGE_INTEGRATIONS, /* keys of other systems */
    KC_ACTION_READ_REPORTS, /* how many cases, how long, what came of them, and which ones */
    KC_ACTION_READ_HOLDS,
    KC_ACTION_HOLD,           /* place and lift: nothing of a case on hold is erased */
    KC_ACTION_READ_RETENTION, /* what will be erased when, and why */
    KC_ACTION_STATE_PURPOSE,       /* why the evidence of a case is looked at */
    KC_ACTION_READ_ACCESSES,       /* who looked, when and what for; OWN for a party: of its own case */
    KC_ACTION_WRITE_FINDING,       /* and close it, and score a case */
    KC_ACTION_ANSWER_FINDING,
    KC_ACTION_READ_FINDINGS,
    KC_ACTION_READ_SAMPLES,
    KC_ACTION_LOOK_BLIND, /* be drawn to a second look, hand it in or give it back, and see what both came to */
    KC_ACTION_COUNT
} KcAction;

/* What the key of an integration may be used for. */
typedef enum {
    KC_SCOPE_CASES_OPEN,
    KC_SCOPE_CASES_READ, /* those it opened */
    KC_SCOPE_EVENTS_READ,
    KC_SCOPE_COUNT
} KcScope;

typedef enum {
    KC_GRANT_NONE,
    KC_GRANT_OWN, /* a party or guest: the case of its link; staff: a case that this person has claimed, or of which this person
                     has the second look;
                     an integration: a case it opened */
    KC_GRANT_ALL,
} KcGrant;

KcGrant kc_role_grant(KcRole role, KcAction action);

/* Not NONE: for a route that has no case, or before the case is known. */
gboolean kc_role_may(KcRole role, KcAction action);

/* A person with a user account (not anonymous, integration, party or guest). */
gboolean kc_role_is_staff(KcRole role);

/* Sits at the desk: intake operator, officer, supervisor. */
gboolean kc_role_is_desk(KcRole role);

/* Came by a link for a guest. */
gboolean kc_role_is_guest(KcRole role);
/* "emergency", "interpreter", "insurer", "supervisor"; NULL for who is no guest. */
const char *kc_role_guest_kind(KcRole role);
gboolean kc_role_from_guest_kind(const char *kind, KcRole *ret_role);

/* The scope that an integration needs for an action that its role may; FALSE: there is none. */
gboolean kc_action_scope(KcAction action, KcScope *ret_scope);
/* "cases:open" "cases:read" "events:read" */
const char *kc_scope_to_string(KcScope scope);
gboolean kc_scope_from_string(const char *text, KcScope *ret_scope);

/* "intake_operator", …; "anonymous" is never read back. */
const char *kc_role_to_string(KcRole role);
gboolean kc_role_from_string(const char *text, KcRole *ret_role);
const char *kc_action_to_string(KcAction action);
