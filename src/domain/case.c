/* Invariants
 *
 * 1. The state of a case changes here and nowhere else.
 * 2. SEND_ON_SCENE is refused in no state at all (art. 20).
 * 3. No determination without a sealed still and a party's track being recorded now; no agreement is proposed without a
 *    sealed still (Order 146, art. 19: fix the evidence, clear the road, then negotiate).
 * 4. A dropped call is no event: the case stays with its officer.
 * 5. Proposing an agreement, and refusing one, leave the state as it is: until everybody has signed nothing is settled.
 *
 *          QUEUE          CLAIM          FIX_EVIDENCE              ISSUE              SERVE           CLOSE
 *  triaged ----> waiting ----> in_call ----------> evidence_fixed ----> determined ----> served ----> closed
 *     ^  <----      ^  <----------|------RELEASE---------|                                     ^        | REOPEN
 *     | LEAVE_QUEUE |             ^                                                            |        v
 *     |             | QUEUE       +-------------------- CLAIM ---------------------------------|---- reopened
 *     |             |                                                                          |
 *     |          abandoned <-- ABANDON -- triaged, waiting, in_call, evidence_fixed            |
 *     |             | EXPIRE                                                                   |
 *     +---------> expired                                 any -- SEND_ON_SCENE --> on_scene ---+ CLOSE
 *
 *  triaged, waiting, in_call, evidence_fixed, abandoned -- AGREE --> agreed -- SERVE --> served */
#include "src/domain/case.h"

#include "src/base/names.h"

/* One cell: what the event does in that state. A cell left out (0) refuses. */
typedef struct {
    guint8 allowed;
    guint8 next;
} Cell;

#define TO(state)                                                                                                      \
    {                                                                                                                  \
        TRUE, state                                                                                                    \
    }

static const Cell TABLE[KC_CASE_EVENT_COUNT][KC_CASE_STATE_COUNT] = {
    [KC_CASE_QUEUE] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_WAITING),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING), /* asked twice, for the position */
            [KC_CASE_ABANDONED] = TO(KC_CASE_WAITING),
        },
    [KC_CASE_LEAVE_QUEUE] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_TRIAGED),
        },
    [KC_CASE_CLAIM] =
        {
            [KC_CASE_WAITING] = TO(KC_CASE_IN_CALL),
            [KC_CASE_REOPENED] = TO(KC_CASE_IN_CALL),
        },
    [KC_CASE_RELEASE] =
        {
            [KC_CASE_IN_CALL] = TO(KC_CASE_WAITING),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_WAITING),
        },
    [KC_CASE_FIX_EVIDENCE] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_DETERMINED] = TO(KC_CASE_DETERMINED),
            [KC_CASE_AGREED] = TO(KC_CASE_AGREED),
            [KC_CASE_SERVED] = TO(KC_CASE_SERVED),
            [KC_CASE_ON_SCENE] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
            [KC_CASE_REOPENED] = TO(KC_CASE_REOPENED),
        },
    [KC_CASE_ISSUE_DETERMINATION] =
        {
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_DETERMINED),
        },
    [KC_CASE_AGREE] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_AGREED),
            [KC_CASE_WAITING] = TO(KC_CASE_AGREED),
            [KC_CASE_IN_CALL] = TO(KC_CASE_AGREED),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_AGREED),
            [KC_CASE_ABANDONED] = TO(KC_CASE_AGREED),
        },
    [KC_CASE_SERVE] =
        {
            [KC_CASE_DETERMINED] = TO(KC_CASE_SERVED),
            [KC_CASE_AGREED] = TO(KC_CASE_SERVED),
        },
    [KC_CASE_CLOSE] =
        {
            [KC_CASE_SERVED] = TO(KC_CASE_CLOSED),
            [KC_CASE_ON_SCENE] = TO(KC_CASE_CLOSED),
        },
    [KC_CASE_SEND_ON_SCENE] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_WAITING] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_IN_CALL] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_DETERMINED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_AGREED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_SERVED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_CLOSED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_ON_SCENE] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_EXPIRED] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_REOPENED] = TO(KC_CASE_ON_SCENE),
        },
    [KC_CASE_ABANDON] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_ABANDONED),
            [KC_CASE_WAITING] = TO(KC_CASE_ABANDONED),
            [KC_CASE_IN_CALL] = TO(KC_CASE_ABANDONED),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_ABANDONED),
        },
    [KC_CASE_EXPIRE] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_EXPIRED),
            [KC_CASE_ABANDONED] = TO(KC_CASE_EXPIRED),
        },
    [KC_CASE_REOPEN] =
        {
            [KC_CASE_CLOSED] = TO(KC_CASE_REOPENED),
        },
    [KC_CASE_ACCEPT_REPORT] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
        },
    [KC_CASE_DECLINE_REPORT] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_CLOSED),
            [KC_CASE_WAITING] = TO(KC_CASE_CLOSED),
            [KC_CASE_ABANDONED] = TO(KC_CASE_CLOSED),
        },
    /* Who handles it already, goes on. */
    [KC_CASE_ORDER_ANEW] =
        {
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_DETERMINED] = TO(KC_CASE_REOPENED),
            [KC_CASE_SERVED] = TO(KC_CASE_REOPENED),
            [KC_CASE_CLOSED] = TO(KC_CASE_REOPENED),
            [KC_CASE_ON_SCENE] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_REOPENED] = TO(KC_CASE_REOPENED),
        },
    [KC_CASE_EVACUATE] =
        {
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_DETERMINED] = TO(KC_CASE_DETERMINED),
            [KC_CASE_AGREED] = TO(KC_CASE_AGREED),
            [KC_CASE_SERVED] = TO(KC_CASE_SERVED),
        },
    [KC_CASE_JOIN_CALL] =
        {
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_DETERMINED] = TO(KC_CASE_DETERMINED),
            [KC_CASE_AGREED] = TO(KC_CASE_AGREED),
            [KC_CASE_SERVED] = TO(KC_CASE_SERVED),
        },
    [KC_CASE_EDIT_PARTICULARS] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_ON_SCENE] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
            [KC_CASE_REOPENED] = TO(KC_CASE_REOPENED),
        },
    [KC_CASE_ASSESS] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_ON_SCENE] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
            [KC_CASE_REOPENED] = TO(KC_CASE_REOPENED),
        },
    /* What a party agrees to is its own to say as long as there is a case (PIPL, art. 15). */
    [KC_CASE_CONSENT] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_DETERMINED] = TO(KC_CASE_DETERMINED),
            [KC_CASE_AGREED] = TO(KC_CASE_AGREED),
            [KC_CASE_SERVED] = TO(KC_CASE_SERVED),
            [KC_CASE_CLOSED] = TO(KC_CASE_CLOSED),
            [KC_CASE_ON_SCENE] = TO(KC_CASE_ON_SCENE),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
            [KC_CASE_EXPIRED] = TO(KC_CASE_EXPIRED),
            [KC_CASE_REOPENED] = TO(KC_CASE_REOPENED),
        },
    [KC_CASE_DRAFT_DETERMINATION] =
        {
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
        },
    [KC_CASE_DRAFT_AGREEMENT] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
        },
    [KC_CASE_PROPOSE_AGREEMENT] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
        },
    [KC_CASE_SIGN] =
        {
            [KC_CASE_DETERMINED] = TO(KC_CASE_DETERMINED),
        },
    [KC_CASE_HAND_OVER] =
        {
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_DETERMINED] = TO(KC_CASE_DETERMINED),
            [KC_CASE_AGREED] = TO(KC_CASE_AGREED),
            [KC_CASE_SERVED] = TO(KC_CASE_SERVED),
        },
    [KC_CASE_ASK_RECUSAL] =
        {
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
        },
    [KC_CASE_SIGN_AGREEMENT] =
        {
            [KC_CASE_TRIAGED] = TO(KC_CASE_TRIAGED),
            [KC_CASE_WAITING] = TO(KC_CASE_WAITING),
            [KC_CASE_IN_CALL] = TO(KC_CASE_IN_CALL),
            [KC_CASE_EVIDENCE_FIXED] = TO(KC_CASE_EVIDENCE_FIXED),
            [KC_CASE_ABANDONED] = TO(KC_CASE_ABANDONED),
        },
};

static const char *const STATE_NAMES[KC_CASE_STATE_COUNT] = {
    [KC_CASE_TRIAGED] = "triaged",       [KC_CASE_WAITING] = "waiting",
    [KC_CASE_IN_CALL] = "in_call",       [KC_CASE_EVIDENCE_FIXED] = "evidence_fixed",
    [KC_CASE_DETERMINED] = "determined", [KC_CASE_AGREED] = "agreed",
    [KC_CASE_SERVED] = "served",         [KC_CASE_CLOSED] = "closed",
    [KC_CASE_ON_SCENE] = "on_scene",     [KC_CASE_ABANDONED] = "abandoned",
    [KC_CASE_EXPIRED] = "expired",       [KC_CASE_REOPENED] = "reopened",
};

static const char *const EVENT_NAMES[KC_CASE_EVENT_COUNT] = {
    [KC_CASE_QUEUE] = "queue",
    [KC_CASE_LEAVE_QUEUE] = "leave_queue",
    [KC_CASE_CLAIM] = "claim",
    [KC_CASE_RELEASE] = "release",
    [KC_CASE_FIX_EVIDENCE] = "fix_evidence",
    [KC_CASE_ISSUE_DETERMINATION] = "issue_determination",
    [KC_CASE_AGREE] = "agree",
    [KC_CASE_SERVE] = "serve",
    [KC_CASE_CLOSE] = "close",
    [KC_CASE_SEND_ON_SCENE] = "on_scene",
    [KC_CASE_ABANDON] = "abandon",
    [KC_CASE_EXPIRE] = "expire",
    [KC_CASE_REOPEN] = "reopen",
    [KC_CASE_ORDER_ANEW] = "order_anew",
    [KC_CASE_DECLINE_REPORT] = "decline_report",
    [KC_CASE_ACCEPT_REPORT] = "accept_report",
    [KC_CASE_EVACUATE] = "evacuate",
    [KC_CASE_JOIN_CALL] = "join_call",
    [KC_CASE_EDIT_PARTICULARS] = "edit_particulars",
    [KC_CASE_ASSESS] = "assess",
    [KC_CASE_CONSENT] = "consent",
    [KC_CASE_DRAFT_DETERMINATION] = "draft_determination",
    [KC_CASE_DRAFT_AGREEMENT] = "draft_agreement",
    [KC_CASE_PROPOSE_AGREEMENT] = "propose_agreement",
    [KC_CASE_SIGN] = "sign",
    [KC_CASE_HAND_OVER] = "hand_over",
    [KC_CASE_ASK_RECUSAL] = "ask_recusal",
    [KC_CASE_SIGN_AGREEMENT] = "sign_agreement",
};

static KcCaseOutcome
refuse(KcCaseState state, KcRefusal refusal)
{
    return (KcCaseOutcome){.refusal = refusal, .state = state, .changed = FALSE};
}

/* What an officer in a running call can mend is named, instead of the state alone. */
static KcRefusal
issue_refusal(KcCaseState state, const KcCaseFacts *facts)
{
    if (state != KC_CASE_IN_CALL && state != KC_CASE_EVIDENCE_FIXED)
        return KC_REFUSAL_STATE;
    if (state == KC_CASE_IN_CALL || facts->stills == 0)
        return KC_REFUSAL_NO_EVIDENCE;
    if (facts->party_tracks_recording == 0)
        return KC_REFUSAL_NO_RECORDING;
    return KC_REFUSAL_NONE;
}

KcCaseOutcome
kc_case_apply(KcCaseState state, KcCaseEvent event, const KcCaseFacts *facts)
{
    static const KcCaseFacts nothing = {0};

    g_assert(state < KC_CASE_STATE_COUNT && event < KC_CASE_EVENT_COUNT);
    if (facts == NULL)
        facts = &nothing;
    if (event == KC_CASE_ISSUE_DETERMINATION) {
        KcRefusal refusal = issue_refusal(state, facts);
        if (refusal != KC_REFUSAL_NONE)
            return refuse(state, refusal);
    }
    if (event == KC_CASE_EVACUATE && state == KC_CASE_IN_CALL)
        return refuse(state, KC_REFUSAL_NO_EVIDENCE);

    Cell cell = TABLE[event][state];
    if (!cell.allowed)
        return refuse(state, KC_REFUSAL_STATE);
    if (event == KC_CASE_PROPOSE_AGREEMENT && facts->stills == 0)
        return refuse(state, KC_REFUSAL_NO_EVIDENCE);
    KcCaseState next = cell.next;
    if ((event == KC_CASE_SERVE || event == KC_CASE_AGREE) && facts->parties_undecided > 0)
        next = state;
    return (KcCaseOutcome){.refusal = KC_REFUSAL_NONE, .state = next, .changed = next != state};
}

gboolean
kc_case_state_is_final(KcCaseState state)
{
    return state == KC_CASE_CLOSED || state == KC_CASE_EXPIRED;
}

char *
kc_case_refusal_text(KcRefusal refusal, KcCaseState state, KcCaseEvent event)
{
    const char *state_name = kc_case_state_to_string(state);
    const char *event_name = kc_case_event_to_string(event);

    switch (refusal) {
    case KC_REFUSAL_STATE:
        return g_strdup_printf("The case is in the state '%s', which does not allow '%s'.", state_name, event_name);
    case KC_REFUSAL_NO_EVIDENCE:
        return g_strdup_printf("The case is in the state '%s' and '%s' needs at least one still or photo first.",
                               state_name, event_name);
    case KC_REFUSAL_NO_RECORDING:
        return g_strdup_printf("The case is in the state '%s' and '%s' needs a party's call that is being recorded "
                               "now: no party track is.",
                               state_name, event_name);
    case KC_REFUSAL_NONE:
        break;
    }
    g_assert_not_reached();
}

const char *
kc_case_state_to_string(KcCaseState state)
{
    g_assert(state < KC_CASE_STATE_COUNT);
    return STATE_NAMES[state];
}

gboolean
kc_case_state_from_string(const char *text, KcCaseState *ret_state)
{
    gint place = kc_names_find(STATE_NAMES, KC_CASE_STATE_COUNT, text);
    if (place >= 0)
        *ret_state = (KcCaseState)place;
    return place >= 0;
}

const char *
kc_case_event_to_string(KcCaseEvent event)
{
    g_assert(event < KC_CASE_EVENT_COUNT);
    return EVENT_NAMES[event];
}
