/* The table. A handler that touches the disk for writing, hashes a password or waits for a media worker is SLOW; what
 * is one quick read runs where it is. */
#include "src/http/routes.h"

#include "src/base/limits.h"

#define JSON KC_BODY_JSON, KC_LIMIT_JSON_BODY_BYTES
#define MAYBE_JSON KC_BODY_OPTIONAL_JSON, KC_LIMIT_JSON_BODY_BYTES
#define NOTHING KC_BODY_NONE, 0
#define SDP KC_BODY_SDP, KC_LIMIT_SDP_BYTES
#define FRAGMENT KC_BODY_SDP_FRAGMENT, KC_LIMIT_SDP_BYTES
#define IMAGE KC_BODY_IMAGE, KC_LIMIT_PHOTO_BYTES
/* base64 takes four bytes for three; the rest is the statement */
#define SIGNATURE KC_BODY_JSON, (KC_LIMIT_SIGNATURE_BYTES / 3 * 4 + 64 * 1024)

#define RULES KC_BODY_JSON, KC_LIMIT_RULES_BODY_BYTES

#define ANYONE KC_ACCESS_ANYONE, 0, 0
#define LOCAL KC_ACCESS_LOCAL, 0, 0
#define STAFF KC_ACCESS_STAFF, 0, 0
#define MAY(action) KC_ACCESS_ACTION, KC_ACTION_##action, 0
#define MAY_EITHER(action, other) KC_ACCESS_ACTION, KC_ACTION_##action, KC_ACTION_##other

#define QUICK KC_ROUTE_QUICK
#define SLOW KC_ROUTE_SLOW

#define API "/api/v1"
#define CASE API "/cases/{case_id}"

/* clang-format off */
const KcRoute kc_routes[] = {
    {"GET",    "/healthz",                         ANYONE,                  NOTHING, QUICK, kc_get_health},
    {"GET",    "/readyz",                          ANYONE,                  NOTHING, SLOW,  kc_get_readiness},
    {"GET",    "/metrics",                         LOCAL,                   NOTHING, SLOW,  kc_get_metrics},
    {"GET",    "/openapi.json",                    ANYONE,                  NOTHING, QUICK, kc_get_contract},
    {"GET",    API "/config",                      ANYONE,                  NOTHING, QUICK, kc_get_config},
    {"GET",    API "/codes",                       ANYONE,                  NOTHING, QUICK, kc_get_codes},

    {"GET",    "/log/checkpoint",                  ANYONE,                  NOTHING, SLOW,  kc_get_log_checkpoint},
    {"GET",    "/log/service.pub",                 ANYONE,                  NOTHING, QUICK, kc_get_service_key},
    {"GET",    "/log/tile/{*}",                    ANYONE,                  NOTHING, SLOW,  kc_get_log_tile},
    {"GET",    API "/log/keys",                    ANYONE,                  NOTHING, QUICK, kc_get_log_keys},
    {"GET",    API "/log/proof",                   ANYONE,                  NOTHING, SLOW,  kc_get_log_proof},
    {"GET",    API "/log/witnesses",               ANYONE,                  NOTHING, SLOW,  kc_get_witnesses},
    {"POST",   API "/log/cosignatures",            ANYONE,                  JSON,    SLOW,  kc_post_cosignatures},

    {"GET",    API "/verification",                ANYONE,                  NOTHING, QUICK, kc_get_verification},
    {"GET",    API "/law",                         MAY(READ_LAW),           NOTHING, QUICK, kc_get_laws},
    {"GET",    API "/law/wording",                 MAY(READ_LAW),           NOTHING, QUICK, kc_get_wording},

    {"POST",   API "/sessions",                    ANYONE,                  JSON,    SLOW,  kc_post_session},
    {"GET",    API "/sessions/current",            STAFF,                   NOTHING, QUICK, kc_get_session},
    {"DELETE", API "/sessions/current",            STAFF,                   NOTHING, SLOW,  kc_delete_session},
    {"GET",    API "/admin/users",                 MAY(MANAGE_USERS),       NOTHING, QUICK, kc_get_users},
    {"POST",   API "/admin/users",                 MAY(MANAGE_USERS),       JSON,    SLOW,  kc_post_user},
    {"PUT",    API "/admin/users/{user_id}/grade", MAY(MANAGE_USERS),       JSON,    SLOW,  kc_put_grade},
    {"PUT",    API "/admin/users/{user_id}/disabled", MAY(MANAGE_USERS),    JSON,    SLOW,  kc_put_disabled},
    {"GET",    API "/admin/integrations",          MAY(MANAGE_INTEGRATIONS), NOTHING, QUICK, kc_get_integrations},
    {"POST",   API "/admin/integrations",          MAY(MANAGE_INTEGRATIONS), JSON,   SLOW,  kc_post_integration},
    {"DELETE", API "/admin/integrations/{integration_id}", MAY(MANAGE_INTEGRATIONS), NOTHING, SLOW, kc_delete_integration},

    {"GET",    API "/admin/rules",                 MAY(READ_RULES),         NOTHING, SLOW,  kc_get_rules},
    {"POST",   API "/admin/rules",                 MAY(MANAGE_RULES),       RULES,   SLOW,  kc_post_rules},
    {"GET",    API "/admin/rules/versions",        MAY(READ_RULES),         NOTHING, SLOW,  kc_get_rule_versions},
    {"GET",    API "/admin/rules/file",            MAY(READ_RULES),         NOTHING, SLOW,  kc_get_rule_file},
    {"POST",   API "/admin/rules/preview",         MAY(MANAGE_RULES),       RULES,   SLOW,  kc_post_rules_preview},
    {"POST",   API "/admin/rules/withdrawal",      MAY(MANAGE_RULES),       JSON,    SLOW,  kc_post_rules_withdrawal},

    {"POST",   API "/cases",                       MAY(OPEN_CASE),          JSON,    SLOW,  kc_post_case},
    {"GET",    API "/cases",                       MAY(LIST_CASES),         NOTHING, SLOW,  kc_get_cases},
    {"GET",    CASE,                               MAY(READ_CASE),          NOTHING, QUICK, kc_get_case},
    {"PATCH",  CASE,                               MAY(CHANGE_PLACE),       JSON,    SLOW,  kc_patch_case},
    {"GET",    CASE "/timeline",                   MAY(READ_TIMELINE),      NOTHING, QUICK, kc_get_timeline},
    {"POST",   CASE "/parties",                    MAY(ADD_PARTY),          JSON,    SLOW,  kc_post_party},
    {"PATCH",  CASE "/parties/{party_id}",         MAY(EDIT_PARTY),         JSON,    SLOW,  kc_patch_party},
    {"PUT",    CASE "/parties/{party_id}/consents", MAY(CONSENT),           JSON,    SLOW,  kc_put_consent},
    {"GET",    CASE "/parties/{party_id}/consents", MAY(READ_CONSENTS),     NOTHING, QUICK, kc_get_consents},
    {"POST",   CASE "/invitations",                MAY(INVITE),             JSON,    SLOW,  kc_post_invitation},

    {"GET",    CASE "/guests",                     MAY(MANAGE_GUESTS),      NOTHING, QUICK, kc_get_guests},
    {"DELETE", CASE "/guests/{guest_id}",          MAY(MANAGE_GUESTS),      NOTHING, SLOW,  kc_delete_guest},
    {"GET",    API "/guest",                       MAY(READ_OWN_LINK),      NOTHING, QUICK, kc_get_own_link},

    {"GET",    API "/queue",                       MAY(READ_QUEUE),         NOTHING, QUICK, kc_get_queue},
    {"POST",   CASE "/queue",                      MAY(QUEUE),              NOTHING, SLOW,  kc_post_queue},
    {"DELETE", CASE "/queue",                      MAY(QUEUE),              NOTHING, SLOW,  kc_delete_queue},
    {"POST",   CASE "/claim",                      MAY(CLAIM),              NOTHING, SLOW,  kc_post_claim},
    {"POST",   CASE "/release",                    MAY(RELEASE),            NOTHING, SLOW,  kc_post_release},
    {"POST",   CASE "/eligibility",                MAY(ASSESS),             JSON,    SLOW,  kc_post_eligibility},
    {"POST",   CASE "/on-scene",                   MAY(SEND_ON_SCENE),      MAYBE_JSON, SLOW, kc_post_on_scene},
    {"POST",   CASE "/evacuate",                   MAY(EVACUATE),           MAYBE_JSON, SLOW, kc_post_evacuate},
    {"POST",   CASE "/close",                      MAY(CLOSE),              JSON,    SLOW,  kc_post_close},
    {"POST",   CASE "/reopen",                     MAY(REOPEN),             MAYBE_JSON, SLOW, kc_post_reopen},

    {"POST",   CASE "/offers",                     MAY(HAND_OVER),          JSON,    SLOW,  kc_post_offer},
    {"GET",    API "/offers",                      MAY(ANSWER_OFFER),       NOTHING, QUICK, kc_get_offers},
    {"POST",   API "/offers/{offer_id}/accept",    MAY(ANSWER_OFFER),       NOTHING, SLOW,  kc_post_offer_accept},
    {"POST",   API "/offers/{offer_id}/decline",   MAY(ANSWER_OFFER),       NOTHING, SLOW,  kc_post_offer_decline},
    {"DELETE", API "/offers/{offer_id}",           MAY(ANSWER_OFFER),       NOTHING, SLOW,  kc_delete_offer},
    {"POST",   CASE "/holds",                      MAY(HOLD),               JSON,    SLOW,  kc_post_hold},
    {"GET",    CASE "/holds",                      MAY(READ_HOLDS),         NOTHING, QUICK, kc_get_case_holds},
    {"GET",    API "/holds",                       MAY(READ_HOLDS),         NOTHING, QUICK, kc_get_holds},
    {"POST",   API "/holds/{hold_id}/lift",        MAY(HOLD),               JSON,    SLOW,  kc_post_hold_lift},
    {"GET",    API "/admin/retention",             MAY(READ_RETENTION),     NOTHING, SLOW,  kc_get_retention},
    {"POST",   CASE "/recusals",                   MAY(ASK_RECUSAL),        JSON,    SLOW,  kc_post_recusal},
    {"GET",    CASE "/recusals",                   MAY(READ_RECUSALS),      NOTHING, QUICK, kc_get_case_recusals},
    {"GET",    API "/recusals",                    MAY(DECIDE_RECUSAL),     NOTHING, QUICK, kc_get_recusals},
    {"POST",   API "/recusals/{recusal_id}/decision", MAY(DECIDE_RECUSAL),  JSON,    SLOW,  kc_post_recusal_decision},

    {"GET",    API "/seats",                       MAY(READ_SEATS),         NOTHING, QUICK, kc_get_seats},
    {"PUT",    API "/seats/own",                   MAY(SET_SEAT),           JSON,    SLOW,  kc_put_own_seat},
    {"GET",    API "/seats/today",                 MAY(READ_DESK_DAY),      NOTHING, QUICK, kc_get_desk_day},

    {"GET",    API "/draws",                       MAY(READ_DRAWS),         NOTHING, QUICK, kc_get_draws},
    {"GET",    API "/reports/summary",             MAY(READ_REPORTS),       NOTHING, SLOW,  kc_get_report_summary},
    {"GET",    API "/reports/cases",               MAY(READ_REPORTS),       NOTHING, SLOW,  kc_get_report_cases},
    {"GET",    API "/reports/year",                MAY(READ_REPORTS),       NOTHING, SLOW,  kc_get_report_year},
    {"GET",    API "/draws/next",                  ANYONE,                  NOTHING, QUICK, kc_get_next_draw},

    {"GET",    API "/events",                      MAY(READ_EVENTS),        NOTHING, QUICK, kc_get_events},
    {"GET",    API "/ice-servers",                 MAY(READ_ICE_SERVERS),   NOTHING, QUICK, kc_get_ice_servers},
    {"POST",   CASE "/call",                       MAY(JOIN_CALL),          SDP,     SLOW,  kc_post_call},
    {"GET",    CASE "/call",                       MAY(READ_CALL),          NOTHING, SLOW,  kc_get_call},
    {"PUT",    CASE "/call/view",                  MAY(JOIN_CALL),          JSON,    SLOW,  kc_put_call_view},
    {"PUT",    CASE "/call/mode",                  MAY(JOIN_CALL),          JSON,    SLOW,  kc_put_call_mode},
    {"POST",   CASE "/messages",                   MAY(SEND_MESSAGE),       JSON,    SLOW,  kc_post_message},
    {"GET",    CASE "/messages",                   MAY(READ_MESSAGES),      NOTHING, SLOW,  kc_get_messages},
    {"POST",   CASE "/call/{leg_id}",              MAY(JOIN_CALL),          SDP,     QUICK, kc_post_leg},
    {"PATCH",  CASE "/call/{leg_id}",              MAY(JOIN_CALL),          FRAGMENT, SLOW, kc_patch_leg},
    {"DELETE", CASE "/call/{leg_id}",              MAY(JOIN_CALL),          NOTHING, SLOW,  kc_delete_leg},

    {"POST",   CASE "/photos",                     MAY(ADD_PHOTO),          IMAGE,   SLOW,  kc_post_photo},
    {"POST",   CASE "/snapshots",                  MAY(SNAPSHOT),           JSON,    SLOW,  kc_post_snapshot},
    {"POST",   CASE "/photo-requests",             MAY(SNAPSHOT),           JSON,    SLOW,  kc_post_photo_request},
    {"GET",    CASE "/photo-requests",             MAY(READ_PHOTO_REQUESTS),          NOTHING, QUICK, kc_get_photo_requests},
    {"PATCH",  CASE "/photo-requests/{request_id}", MAY(ADD_PHOTO),         JSON,    SLOW,  kc_patch_photo_request},
    {"GET",    CASE "/live-stills",                MAY(READ_STILL),         NOTHING, QUICK, kc_get_live_stills},
    {"GET",    CASE "/stills/{still_id}",          MAY(READ_STILL),         NOTHING, SLOW,  kc_get_still},
    {"GET",    CASE "/objects/{object_id}",        MAY(READ_SIGNATURE),     NOTHING, SLOW,  kc_get_object},
    {"GET",    CASE "/recordings",                 MAY(READ_RECORDING),     NOTHING, SLOW,  kc_get_recordings},
    {"GET",    API "/recordings/{recording_id}/media", MAY(READ_RECORDING), NOTHING, SLOW,  kc_get_recording_media, kc_recording_is_at_hand},
    {"GET",    API "/recordings/{recording_id}/index", MAY(READ_RECORDING), NOTHING, SLOW,  kc_get_recording_index},
    {"GET",    API "/recordings/{recording_id}/receipt", MAY(READ_RECORDING), NOTHING, SLOW, kc_get_recording_receipt},

    {"POST",   CASE "/compositions",               MAY(COMPOSE),            MAYBE_JSON, SLOW, kc_post_composition},
    {"GET",    CASE "/compositions",               MAY(COMPOSE),            NOTHING, SLOW,  kc_get_compositions},
    {"DELETE", CASE "/compositions/{composition_id}", MAY(COMPOSE),         NOTHING, SLOW,  kc_delete_composition},
    {"GET",    CASE "/compositions/{composition_id}/media", MAY(COMPOSE),   NOTHING, SLOW,  kc_get_composition_media},

    {"POST",   CASE "/bundle",                     MAY(EXPORT_BUNDLE),      NOTHING, SLOW,  kc_post_bundle},

    {"PUT",    CASE "/determination",              MAY(DRAFT_DETERMINATION), JSON,   SLOW,  kc_put_determination},
    {"POST",   CASE "/determination/issue",        MAY(ISSUE_DETERMINATION), NOTHING, SLOW, kc_post_issue},
    {"GET",    CASE "/determination/approval",     MAY(READ_APPROVAL),      NOTHING, QUICK, kc_get_approval},
    {"POST",   CASE "/determination/approval",     MAY(APPROVE_DETERMINATION), JSON, SLOW, kc_post_approval},
    {"POST",   CASE "/determination/approval-request", MAY(DRAFT_DETERMINATION), NOTHING, SLOW, kc_post_approval_request},
    {"GET",    API "/approvals",                   MAY(APPROVE_DETERMINATION), NOTHING, QUICK, kc_get_approvals},
    {"PUT",    CASE "/agreement",                  MAY(SETTLE),             JSON,    SLOW,  kc_put_agreement},
    {"POST",   CASE "/agreement/propose",          MAY(SETTLE),             NOTHING, SLOW,  kc_post_proposal},
    {"GET",    CASE "/documents/{document_id}",    MAY(READ_DOCUMENT),      NOTHING, SLOW,  kc_get_document},
    {"POST",   CASE "/documents/{document_id}/signatures",
                                                   MAY_EITHER(SIGN, RECORD_REFUSAL), SIGNATURE, SLOW, kc_post_signature},
    {"POST",   CASE "/documents/{document_id}/services",
                                                   MAY_EITHER(CONFIRM_RECEIPT, RECORD_SERVICE), JSON, SLOW, kc_post_service},
    {"POST",   CASE "/documents/{document_id}/pauses",
                                                   MAY(PAUSE_SIGNING),      JSON,    SLOW,  kc_post_pause},
    {"DELETE", CASE "/pauses/{pause_id}",          MAY(PAUSE_SIGNING),      NOTHING, SLOW,  kc_delete_pause},
    {"POST",   CASE "/pauses/{pause_id}/resolution", MAY(RESOLVE_PAUSE),    JSON,    SLOW,  kc_post_pause_resolution},
    {"GET",    API "/pauses",                      MAY(RESOLVE_PAUSE),      NOTHING, QUICK, kc_get_pauses},

    {"GET",    API "/late-reports",                MAY(DECIDE_REPORT),      NOTHING, QUICK, kc_get_late_reports},
    {"POST",   CASE "/acceptance",                 MAY(DECIDE_REPORT),      JSON,    SLOW,  kc_post_acceptance},

    {"POST",   CASE "/review-requests",            MAY(ASK_REVIEW),         JSON,    SLOW,  kc_post_review_request},
    {"POST",   CASE "/review-requests/{review_id}/withdraw",
                                                   MAY(ASK_REVIEW),         NOTHING, SLOW,  kc_post_review_withdrawal},
    {"POST",   CASE "/review-requests/{review_id}/forward",
                                                   MAY(HANDLE_REVIEW),      NOTHING, SLOW,  kc_post_review_forward},
    {"GET",    CASE "/review-requests/{review_id}/packet",
                                                   MAY(HANDLE_REVIEW),      NOTHING, SLOW,  kc_get_review_packet},
    {"POST",   CASE "/review-requests/{review_id}/conclude",
                                                   MAY(CONCLUDE_REVIEW),    JSON,    SLOW,  kc_post_review_conclusion},
    {"POST",   CASE "/review-requests/{review_id}/serve",
                                                   MAY(HANDLE_REVIEW),      NOTHING, SLOW,  kc_post_review_service},
    {"POST",   CASE "/review-requests/{review_id}/suit",
                                                   MAY(HANDLE_REVIEW),      JSON,    SLOW,  kc_post_review_suit},
    {"GET",    API "/review-requests",             MAY(READ_REVIEWS),       NOTHING, QUICK, kc_get_review_requests},

    {"POST",   CASE "/accesses",                   MAY(STATE_PURPOSE),      JSON,    SLOW,  kc_post_access},
    {"GET",    CASE "/accesses",                   MAY(READ_ACCESSES),      NOTHING, QUICK, kc_get_accesses},
    {"POST",   CASE "/reviews",                    MAY(WRITE_FINDING),      JSON,    SLOW,  kc_post_audit_review},
    {"GET",    CASE "/reviews",                    MAY(READ_FINDINGS),      NOTHING, QUICK, kc_get_audit_reviews},
    {"POST",   CASE "/reviews/{finding_id}/answer", MAY(ANSWER_FINDING),    JSON,    SLOW,  kc_post_finding_answer},
    {"POST",   CASE "/reviews/{finding_id}/closing", MAY(WRITE_FINDING),    JSON,    SLOW,  kc_post_finding_closing},
    {"GET",    API "/audit/samples",               MAY(READ_SAMPLES),       NOTHING, SLOW,  kc_get_samples},
    {"GET",    API "/audit/blind-looks",           MAY(LOOK_BLIND),         NOTHING, QUICK, kc_get_blind_looks},
    {"GET",    API "/audit/blind-looks/{look_id}", MAY(LOOK_BLIND),         NOTHING, SLOW,  kc_get_blind_look},
    {"POST",   API "/audit/blind-looks/{look_id}/answer", MAY(LOOK_BLIND),  JSON,    SLOW,  kc_post_blind_answer},
    {"POST",   API "/audit/blind-looks/{look_id}/return", MAY(LOOK_BLIND),  JSON,    SLOW,  kc_post_blind_return},
    {"GET",    API "/audit/agreement",             MAY(LOOK_BLIND),         NOTHING, SLOW,  kc_get_blind_agreement},
    {"GET",    API "/findings",                    MAY(READ_FINDINGS),      NOTHING, QUICK, kc_get_findings},

    {"GET",    "/{*}",                             ANYONE,                  NOTHING, QUICK, kc_get_asset},
};
/* clang-format on */

const gsize kc_routes_count = G_N_ELEMENTS(kc_routes);
