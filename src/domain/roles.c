/* The table is read row by row: an action, then what each role may do with it. A role left out may not. */
#include "src/domain/roles.h"

#include "src/base/names.h"

#include <string.h>

#define OWN KC_GRANT_OWN
#define ALL KC_GRANT_ALL
#define EVERY_GUEST                                                                                                    \
    [KC_ROLE_GUEST_EMERGENCY] = OWN, [KC_ROLE_GUEST_INTERPRETER] = OWN, [KC_ROLE_GUEST_INSURER] = OWN,                 \
    [KC_ROLE_GUEST_SUPERVISOR] = OWN

#define GUEST_PREFIX "guest_"

static const guint8 GRANTS[KC_ACTION_COUNT][KC_ROLE_COUNT] = {
    [KC_ACTION_OPEN_CASE] = {[KC_ROLE_ANONYMOUS] = ALL,
                             [KC_ROLE_INTAKE_OPERATOR] = ALL,
                             [KC_ROLE_OFFICER] = ALL,
                             [KC_ROLE_SUPERVISOR] = ALL,
                             [KC_ROLE_AUDITOR] = ALL,
                             [KC_ROLE_ADMIN] = ALL,
                             [KC_ROLE_INTEGRATION] = ALL,
                             [KC_ROLE_PARTY] = ALL},
    [KC_ACTION_LIST_CASES] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                              [KC_ROLE_OFFICER] = ALL,
                              [KC_ROLE_SUPERVISOR] = ALL,
                              [KC_ROLE_AUDITOR] = ALL,
                              [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_READ_CASE] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                             [KC_ROLE_OFFICER] = ALL,
                             [KC_ROLE_SUPERVISOR] = ALL,
                             [KC_ROLE_AUDITOR] = ALL,
                             [KC_ROLE_INTEGRATION] = OWN,
                             [KC_ROLE_PARTY] = OWN,
                             [KC_ROLE_GUEST_SUPERVISOR] = OWN},
    [KC_ACTION_READ_TIMELINE] = {[KC_ROLE_OFFICER] = ALL,
                                 [KC_ROLE_SUPERVISOR] = ALL,
                                 [KC_ROLE_AUDITOR] = ALL,
                                 [KC_ROLE_GUEST_SUPERVISOR] = OWN},
    [KC_ACTION_ADD_PARTY] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_EDIT_PARTY] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_INVITE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_MANAGE_GUESTS] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN},
    [KC_ACTION_READ_OWN_LINK] = {EVERY_GUEST},
    [KC_ACTION_ADD_PHOTO] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_QUEUE] = {[KC_ROLE_PARTY] = OWN},
    [KC_ACTION_READ_QUEUE] = {[KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_CLAIM] = {[KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_RELEASE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_EVENTS] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                               [KC_ROLE_OFFICER] = ALL,
                               [KC_ROLE_SUPERVISOR] = ALL,
                               [KC_ROLE_AUDITOR] = ALL,
                               [KC_ROLE_ADMIN] = ALL,
                               [KC_ROLE_INTEGRATION] = OWN,
                               [KC_ROLE_PARTY] = OWN,
                               EVERY_GUEST},
    [KC_ACTION_READ_ICE_SERVERS] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                                    [KC_ROLE_OFFICER] = ALL,
                                    [KC_ROLE_SUPERVISOR] = ALL,
                                    [KC_ROLE_AUDITOR] = ALL,
                                    [KC_ROLE_ADMIN] = ALL,
                                    [KC_ROLE_PARTY] = OWN,
                                    EVERY_GUEST},
    [KC_ACTION_JOIN_CALL] = {[KC_ROLE_INTAKE_OPERATOR] = OWN,
                             [KC_ROLE_OFFICER] = OWN,
                             [KC_ROLE_SUPERVISOR] = OWN,
                             [KC_ROLE_PARTY] = OWN,
                             EVERY_GUEST},
    [KC_ACTION_LISTEN] = {[KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_CALL] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                             [KC_ROLE_OFFICER] = ALL,
                             [KC_ROLE_SUPERVISOR] = ALL,
                             [KC_ROLE_PARTY] = OWN,
                             EVERY_GUEST},
    [KC_ACTION_SEND_MESSAGE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN,
                                [KC_ROLE_OFFICER] = OWN,
                                [KC_ROLE_SUPERVISOR] = OWN,
                                [KC_ROLE_PARTY] = OWN,
                                EVERY_GUEST},
    [KC_ACTION_READ_MESSAGES] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                                 [KC_ROLE_OFFICER] = ALL,
                                 [KC_ROLE_SUPERVISOR] = ALL,
                                 [KC_ROLE_AUDITOR] = ALL,
                                 [KC_ROLE_PARTY] = OWN,
                                 EVERY_GUEST},
    [KC_ACTION_READ_PHOTO_REQUESTS] =
        {[KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_SNAPSHOT] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = OWN},
    [KC_ACTION_READ_STILL] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                              [KC_ROLE_OFFICER] = ALL,
                              [KC_ROLE_SUPERVISOR] = ALL,
                              [KC_ROLE_AUDITOR] = ALL,
                              [KC_ROLE_PARTY] = OWN,
                              [KC_ROLE_GUEST_INSURER] = OWN,
                              [KC_ROLE_GUEST_SUPERVISOR] = OWN},
    [KC_ACTION_READ_SIGNATURE] = {[KC_ROLE_OFFICER] = ALL,
                                  [KC_ROLE_SUPERVISOR] = ALL,
                                  [KC_ROLE_AUDITOR] = ALL,
                                  [KC_ROLE_PARTY] = OWN,
                                  [KC_ROLE_GUEST_SUPERVISOR] = OWN},
    [KC_ACTION_DRAFT_DETERMINATION] = {[KC_ROLE_OFFICER] = OWN},
    [KC_ACTION_ISSUE_DETERMINATION] = {[KC_ROLE_OFFICER] = OWN},
    [KC_ACTION_SETTLE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_SIGN] = {[KC_ROLE_PARTY] = OWN},
    [KC_ACTION_RECORD_REFUSAL] = {[KC_ROLE_OFFICER] = OWN},
    [KC_ACTION_PAUSE_SIGNING] = {[KC_ROLE_PARTY] = OWN},
    [KC_ACTION_RESOLVE_PAUSE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_DOCUMENT] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                                 [KC_ROLE_OFFICER] = ALL,
                                 [KC_ROLE_SUPERVISOR] = ALL,
                                 [KC_ROLE_AUDITOR] = ALL,
                                 [KC_ROLE_PARTY] = OWN,
                                 [KC_ROLE_GUEST_INTERPRETER] = OWN,
                                 [KC_ROLE_GUEST_SUPERVISOR] = OWN},
    [KC_ACTION_CONFIRM_RECEIPT] = {[KC_ROLE_PARTY] = OWN},
    /* An auxiliary may take it there, led by an officer (procedure, art. 52). */
    [KC_ACTION_RECORD_SERVICE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_SEND_ON_SCENE] =
        {[KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_CONSENT] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_CHANGE_PLACE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN},
    [KC_ACTION_READ_CONSENTS] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                                 [KC_ROLE_OFFICER] = ALL,
                                 [KC_ROLE_SUPERVISOR] = ALL,
                                 [KC_ROLE_AUDITOR] = ALL,
                                 [KC_ROLE_PARTY] = OWN,
                                 [KC_ROLE_GUEST_SUPERVISOR] = OWN},
    [KC_ACTION_ASSESS] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_EVACUATE] = {[KC_ROLE_OFFICER] = OWN},
    /* A supervisor as well: a case sent on the scene before anyone took it has no officer of its own. */
    [KC_ACTION_CLOSE] = {[KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_REOPEN] = {[KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_RECORDING] = {[KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = OWN, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_COMPOSE] = {[KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_EXPORT_BUNDLE] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_MANAGE_USERS] = {[KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_READ_LAW] = {[KC_ROLE_INTAKE_OPERATOR] = ALL,
                            [KC_ROLE_OFFICER] = ALL,
                            [KC_ROLE_SUPERVISOR] = ALL,
                            [KC_ROLE_AUDITOR] = ALL,
                            [KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_IMPORT_LAW] = {[KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_READ_APPROVAL] = {[KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_APPROVE_DETERMINATION] = {[KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_SEATS] = {[KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_SET_SEAT] = {[KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_DESK_DAY] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_HAND_OVER] = {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_ANSWER_OFFER] = {[KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_ASK_RECUSAL] =
        {[KC_ROLE_INTAKE_OPERATOR] = OWN, [KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = OWN, [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_READ_RECUSALS] = {[KC_ROLE_INTAKE_OPERATOR] = OWN,
                                 [KC_ROLE_OFFICER] = OWN,
                                 [KC_ROLE_SUPERVISOR] = ALL,
                                 [KC_ROLE_AUDITOR] = ALL,
                                 [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_DECIDE_RECUSAL] = {[KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_ASK_REVIEW] = {[KC_ROLE_PARTY] = OWN},
    [KC_ACTION_READ_REVIEWS] = {[KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_HANDLE_REVIEW] = {[KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_CONCLUDE_REVIEW] = {[KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_DRAWS] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_DECIDE_REPORT] = {[KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_RULES] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL, [KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_MANAGE_RULES] = {[KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_MANAGE_INTEGRATIONS] = {[KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_READ_REPORTS] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_READ_HOLDS] =
        {[KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL, [KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_HOLD] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_READ_RETENTION] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL, [KC_ROLE_ADMIN] = ALL},
    [KC_ACTION_STATE_PURPOSE] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_READ_ACCESSES] = {[KC_ROLE_OFFICER] = OWN,
                                 [KC_ROLE_SUPERVISOR] = ALL,
                                 [KC_ROLE_AUDITOR] = ALL,
                                 [KC_ROLE_PARTY] = OWN},
    [KC_ACTION_WRITE_FINDING] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_ANSWER_FINDING] = {[KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL},
    [KC_ACTION_READ_SAMPLES] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_LOOK_BLIND] = {[KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
    [KC_ACTION_READ_FINDINGS] = {[KC_ROLE_OFFICER] = OWN, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL},
};

static const char *const ROLE_NAMES[KC_ROLE_COUNT] = {
    [KC_ROLE_ANONYMOUS] = "anonymous",
    [KC_ROLE_INTAKE_OPERATOR] = "intake_operator",
    [KC_ROLE_OFFICER] = "officer",
    [KC_ROLE_SUPERVISOR] = "supervisor",
    [KC_ROLE_AUDITOR] = "auditor",
    [KC_ROLE_ADMIN] = "admin",
    [KC_ROLE_INTEGRATION] = "integration",
    [KC_ROLE_PARTY] = "party",
    [KC_ROLE_GUEST_EMERGENCY] = "guest_emergency",
    [KC_ROLE_GUEST_INTERPRETER] = "guest_interpreter",
    [KC_ROLE_GUEST_INSURER] = "guest_insurer",
    [KC_ROLE_GUEST_SUPERVISOR] = "guest_supervisor",
};

static const char *const ACTION_NAMES[KC_ACTION_COUNT] = {
    [KC_ACTION_OPEN_CASE] = "open_case",
    [KC_ACTION_LIST_CASES] = "list_cases",
    [KC_ACTION_READ_CASE] = "read_case",
    [KC_ACTION_READ_TIMELINE] = "read_timeline",
    [KC_ACTION_ADD_PARTY] = "add_party",
    [KC_ACTION_EDIT_PARTY] = "edit_party",
    [KC_ACTION_INVITE] = "invite",
    [KC_ACTION_MANAGE_GUESTS] = "manage_guests",
    [KC_ACTION_READ_OWN_LINK] = "read_own_link",
    [KC_ACTION_ADD_PHOTO] = "add_photo",
    [KC_ACTION_QUEUE] = "queue",
    [KC_ACTION_READ_QUEUE] = "read_queue",
    [KC_ACTION_CLAIM] = "claim",
    [KC_ACTION_RELEASE] = "release",
    [KC_ACTION_READ_EVENTS] = "read_events",
    [KC_ACTION_READ_ICE_SERVERS] = "read_ice_servers",
    [KC_ACTION_JOIN_CALL] = "join_call",
    [KC_ACTION_LISTEN] = "listen",
    [KC_ACTION_READ_CALL] = "read_call",
    [KC_ACTION_SEND_MESSAGE] = "send_message",
    [KC_ACTION_READ_MESSAGES] = "read_messages",
    [KC_ACTION_READ_PHOTO_REQUESTS] = "read_photo_requests",
    [KC_ACTION_SNAPSHOT] = "snapshot",
    [KC_ACTION_READ_STILL] = "read_still",
    [KC_ACTION_READ_SIGNATURE] = "read_signature",
    [KC_ACTION_DRAFT_DETERMINATION] = "draft_determination",
    [KC_ACTION_ISSUE_DETERMINATION] = "issue_determination",
    [KC_ACTION_SETTLE] = "settle",
    [KC_ACTION_SIGN] = "sign",
    [KC_ACTION_RECORD_REFUSAL] = "record_refusal",
    [KC_ACTION_PAUSE_SIGNING] = "pause_signing",
    [KC_ACTION_RESOLVE_PAUSE] = "resolve_pause",
    [KC_ACTION_READ_DOCUMENT] = "read_document",
    [KC_ACTION_CONFIRM_RECEIPT] = "confirm_receipt",
    [KC_ACTION_RECORD_SERVICE] = "record_service",
    [KC_ACTION_SEND_ON_SCENE] = "send_on_scene",
    [KC_ACTION_CONSENT] = "consent",
    [KC_ACTION_CHANGE_PLACE] = "change_place",
    [KC_ACTION_READ_CONSENTS] = "read_consents",
    [KC_ACTION_ASSESS] = "assess",
    [KC_ACTION_EVACUATE] = "evacuate",
    [KC_ACTION_CLOSE] = "close",
    [KC_ACTION_REOPEN] = "reopen",
    [KC_ACTION_READ_RECORDING] = "read_recording",
    [KC_ACTION_COMPOSE] = "compose",
    [KC_ACTION_EXPORT_BUNDLE] = "export_bundle",
    [KC_ACTION_MANAGE_USERS] = "manage_users",
    [KC_ACTION_READ_LAW] = "read_law",
    [KC_ACTION_IMPORT_LAW] = "import_law",
    [KC_ACTION_READ_APPROVAL] = "read_approval",
    [KC_ACTION_APPROVE_DETERMINATION] = "approve_determination",
    [KC_ACTION_READ_SEATS] = "read_seats",
    [KC_ACTION_SET_SEAT] = "set_seat",
    [KC_ACTION_READ_DESK_DAY] = "read_desk_day",
    [KC_ACTION_HAND_OVER] = "hand_over",
    [KC_ACTION_ANSWER_OFFER] = "answer_offer",
    [KC_ACTION_ASK_RECUSAL] = "ask_recusal",
    [KC_ACTION_READ_RECUSALS] = "read_recusals",
    [KC_ACTION_DECIDE_RECUSAL] = "decide_recusal",
    [KC_ACTION_ASK_REVIEW] = "ask_review",
    [KC_ACTION_READ_REVIEWS] = "read_reviews",
    [KC_ACTION_HANDLE_REVIEW] = "handle_review",
    [KC_ACTION_CONCLUDE_REVIEW] = "conclude_review",
    [KC_ACTION_READ_DRAWS] = "read_draws",
    [KC_ACTION_DECIDE_REPORT] = "decide_report",
    [KC_ACTION_READ_RULES] = "read_rules",
    [KC_ACTION_MANAGE_RULES] = "manage_rules",
    [KC_ACTION_MANAGE_INTEGRATIONS] = "manage_integrations",
    [KC_ACTION_READ_REPORTS] = "read_reports",
    [KC_ACTION_READ_HOLDS] = "read_holds",
    [KC_ACTION_HOLD] = "hold",
    [KC_ACTION_READ_RETENTION] = "read_retention",
    [KC_ACTION_STATE_PURPOSE] = "state_purpose",
    [KC_ACTION_READ_ACCESSES] = "read_accesses",
    [KC_ACTION_WRITE_FINDING] = "write_finding",
    [KC_ACTION_ANSWER_FINDING] = "answer_finding",
    [KC_ACTION_READ_FINDINGS] = "read_findings",
    [KC_ACTION_READ_SAMPLES] = "read_samples",
    [KC_ACTION_LOOK_BLIND] = "look_blind",
};

KcGrant
kc_role_grant(KcRole role, KcAction action)
{
    g_assert(role < KC_ROLE_COUNT && action < KC_ACTION_COUNT);
    return GRANTS[action][role];
}

gboolean
kc_role_may(KcRole role, KcAction action)
{
    return kc_role_grant(role, action) != KC_GRANT_NONE;
}

gboolean
kc_role_is_staff(KcRole role)
{
    return kc_role_is_desk(role) || role == KC_ROLE_AUDITOR || role == KC_ROLE_ADMIN;
}

gboolean
kc_role_is_desk(KcRole role)
{
    return role == KC_ROLE_INTAKE_OPERATOR || role == KC_ROLE_OFFICER || role == KC_ROLE_SUPERVISOR;
}

gboolean
kc_role_is_guest(KcRole role)
{
    return kc_role_guest_kind(role) != NULL;
}

const char *
kc_role_guest_kind(KcRole role)
{
    const char *name = kc_role_to_string(role);
    return g_str_has_prefix(name, GUEST_PREFIX) ? name + strlen(GUEST_PREFIX) : NULL;
}

gboolean
kc_role_from_guest_kind(const char *kind, KcRole *ret_role)
{
    g_autofree char *name = g_strconcat(GUEST_PREFIX, kind, NULL);
    return kc_role_from_string(name, ret_role);
}

const char *
kc_role_to_string(KcRole role)
{
    g_assert(role < KC_ROLE_COUNT);
    return ROLE_NAMES[role];
}

gboolean
kc_role_from_string(const char *text, KcRole *ret_role)
{
    gint place = kc_names_find(ROLE_NAMES, KC_ROLE_COUNT, text);
    if (place > KC_ROLE_ANONYMOUS)
        *ret_role = (KcRole)place;
    return place > KC_ROLE_ANONYMOUS;
}

const char *
kc_action_to_string(KcAction action)
{
    g_assert(action < KC_ACTION_COUNT);
    return ACTION_NAMES[action];
}

/* Of the actions in the column of integrations, all. */
static const struct {
    KcAction action;
    KcScope scope;
} SCOPES[] = {
    {KC_ACTION_OPEN_CASE, KC_SCOPE_CASES_OPEN},
    {KC_ACTION_READ_CASE, KC_SCOPE_CASES_READ},
    {KC_ACTION_READ_EVENTS, KC_SCOPE_EVENTS_READ},
};

static const char *const SCOPE_NAMES[KC_SCOPE_COUNT] = {
    [KC_SCOPE_CASES_OPEN] = "cases:open",
    [KC_SCOPE_CASES_READ] = "cases:read",
    [KC_SCOPE_EVENTS_READ] = "events:read",
};

gboolean
kc_action_scope(KcAction action, KcScope *ret_scope)
{
    for (gsize i = 0; i < G_N_ELEMENTS(SCOPES); i++) {
        if (SCOPES[i].action != action)
            continue;
        *ret_scope = SCOPES[i].scope;
        return TRUE;
    }
    return FALSE;
}

const char *
kc_scope_to_string(KcScope scope)
{
    g_assert(scope < KC_SCOPE_COUNT);
    return SCOPE_NAMES[scope];
}

gboolean
kc_scope_from_string(const char *text, KcScope *ret_scope)
{
    gint place = kc_names_find(SCOPE_NAMES, KC_SCOPE_COUNT, text);
    if (place >= 0)
        *ret_scope = (KcScope)place;
    return place >= 0;
}
