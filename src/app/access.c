/* Who may touch which case, and how a case changes.
 *
 * Invariant: of an erased case only its row and its log are read; everything else of it is CONFLICT "erased". A case that
 * somebody may not even see is NOT_FOUND to them; one that they see but may not change is FORBIDDEN; one to which they are blind
 * is CONFLICT "blind-look". */
#include "src/app/blind.h"

static gboolean
has_scope(const KcPrincipal *who, KcAction action, KcResult *result)
{
    KcScope scope;
    if (kc_action_scope(action, &scope) && (who->scopes & 1U << scope) != 0)
        return TRUE;
    return kc_refuse(result, KC_RESULT_FORBIDDEN, "scope", "This key has no scope for that.");
}

gboolean
kc_app_check_role(const KcPrincipal *who, KcAction action, KcResult *result)
{
    if (kc_role_may(who->role, action))
        return who->role != KC_ROLE_INTEGRATION || has_scope(who, action, result);
    if (who->role == KC_ROLE_ANONYMOUS)
        return kc_refuse(result, KC_RESULT_UNAUTHENTICATED, "token-missing", "Sign in, or use the link you were sent.");
    return kc_refuse(result, KC_RESULT_FORBIDDEN, "role", "Your role does not allow this.");
}

static gboolean
sees(const KcPrincipal *who, const KcCaseRow *row)
{
    if (who->case_id != NULL)
        return strcmp(who->case_id, row->id) == 0;
    if (who->integration_id != NULL)
        return g_strcmp0(who->integration_id, row->integration_id) == 0;
    if (who->user_id == NULL)
        return FALSE;
    if (who->counties == NULL || who->counties[0] == NULL || row->county == NULL)
        return TRUE;
    return g_strv_contains((const char *const *)who->counties, row->county) ||
           g_strcmp0(row->officer_id, who->user_id) == 0;
}

gboolean
kc_app_load_case(KcTx *tx, const KcPrincipal *who, KcAction action, const char *case_id, KcCaseRow **ret_row,
                 KcResult *result, GError **error)
{
    if (!kc_app_check_role(who, action, result))
        return FALSE;
    g_autoptr(KcCaseRow) row = NULL;
    if (kc_id_is_valid(case_id) && !kc_case_store_get(tx, case_id, &row, error))
        return FALSE;
    if (row == NULL || !sees(who, row))
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "case-unknown", "There is no such case, or not for you.");
    gboolean blind;
    if (!kc_app_is_blind(tx, who, row->id, &blind, error))
        return FALSE;
    if (blind && !kc_blind_may(action))
        return kc_refuse(result, KC_RESULT_CONFLICT, "blind-look",
                         "您正在盲评此案，请先提交或退回 / you have an open blind second look at this case: hand it in, or give it "
                         "back, first");
    gboolean still_there = action == KC_ACTION_READ_CASE || action == KC_ACTION_LIST_CASES || action == KC_ACTION_READ_TIMELINE ||
                           action == KC_ACTION_READ_HOLDS;
    if (row->erased_us > 0 && !still_there)
        return kc_refuse(result, KC_RESULT_CONFLICT, "erased", KC_ERASED_TEXT);
    gboolean own = who->case_id != NULL || who->integration_id != NULL || blind ||
                   g_strcmp0(row->officer_id, who->user_id) == 0;
    if (kc_role_grant(who->role, action) == KC_GRANT_OWN && !own)
        return kc_refuse(result, KC_RESULT_FORBIDDEN, "not-yours", "Only whoever has claimed this case may do this.");
    *ret_row = g_steal_pointer(&row);
    return TRUE;
}

gboolean
kc_app_check_version(const KcCaseRow *row, gint64 expected_version, KcResult *result)
{
    if (expected_version == 0 || expected_version == row->version)
        return TRUE;
    return kc_refuse(result, KC_RESULT_STALE, "stale", "The case has changed since you read it; read it again.");
}

static void
set_time(KcCaseRow *row, KcCaseState state, gint64 now_us)
{
    switch (state) {
    case KC_CASE_WAITING:
        /* Given back, it keeps its place in the queue. */
        if (row->queued_us == 0)
            row->queued_us = now_us;
        break;
    case KC_CASE_IN_CALL:
        row->claimed_us = now_us;
        break;
    case KC_CASE_EVIDENCE_FIXED:
        row->evidence_fixed_us = now_us;
        break;
    case KC_CASE_DETERMINED:
        row->determined_us = now_us;
        break;
    case KC_CASE_SERVED:
        row->served_us = now_us;
        break;
    case KC_CASE_CLOSED:
        row->closed_us = now_us;
        break;
    case KC_CASE_ON_SCENE:
        row->on_scene_us = now_us;
        break;
    case KC_CASE_ABANDONED:
        row->abandoned_us = now_us;
        row->queued_us = 0;
        break;
    default:
        break;
    }
}

static gboolean
refuse_by_domain(KcCaseOutcome outcome, KcCaseEvent event, KcResult *result)
{
    g_autofree char *text = kc_case_refusal_text(outcome.refusal, outcome.state, event);
    switch (outcome.refusal) {
    case KC_REFUSAL_NO_EVIDENCE:
        kc_refuse(result, KC_RESULT_CONFLICT, "no-evidence", text);
        break;
    case KC_REFUSAL_NO_RECORDING:
        kc_refuse(result, KC_RESULT_CONFLICT, "no-recording", text);
        break;
    default:
        kc_refuse(result, KC_RESULT_STATE, "wrong-state", text);
    }
    if (result->state == NULL)
        result->state = g_strdup(kc_case_state_to_string(outcome.state));
    return FALSE;
}

gboolean
kc_app_apply(KcCaseRow *row, KcCaseEvent event, const KcCaseFacts *facts, gint64 now_us, KcResult *result)
{
    KcCaseState state;
    gboolean known = kc_case_state_from_string(row->state, &state);
    g_assert(known);
    KcCaseOutcome outcome = kc_case_apply(state, event, facts);
    if (outcome.refusal != KC_REFUSAL_NONE)
        return refuse_by_domain(outcome, event, result);
    if (!outcome.changed)
        return TRUE;
    g_free(row->state);
    row->state = g_strdup(kc_case_state_to_string(outcome.state));
    set_time(row, outcome.state, now_us);
    return TRUE;
}

gboolean
kc_app_save_case(KcTx *tx, KcCaseRow *row, gint64 now_us, GError **error)
{
    row->updated_us = now_us;
    switch (kc_case_store_update(tx, row, error)) {
    case KC_UPDATE_DONE:
        break;
    case KC_UPDATE_FAILED:
        return FALSE;
    default:
        /* The row was read in this same write transaction. */
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "a case changed under its own transaction");
        return FALSE;
    }
    json_t *data = json_pack("{s:s, s:I}", "state", row->state, "version", (json_int_t)row->version);
    return kc_app_emit(tx, "case.updated", row->id, "case", NULL, now_us, data, error);
}

gboolean
kc_app_find_document(KcTx *tx, const char *case_id, const char *id, KcDocumentRow **ret_document, KcResult *result,
                     GError **error)
{
    g_autoptr(KcDocumentRow) document = NULL;
    if (kc_id_is_valid(id) && !kc_document_store_get(tx, id, &document, error))
        return FALSE;
    if (document == NULL || strcmp(document->case_id, case_id) != 0)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "document-unknown", "There is no such document in this case.");
    *ret_document = g_steal_pointer(&document);
    return TRUE;
}

gboolean
kc_app_find_party(KcTx *tx, const char *case_id, const char *id, KcParty **ret_party, KcResult *result, GError **error)
{
    g_autoptr(KcParty) party = NULL;
    if (kc_id_is_valid(id) && !kc_party_store_get(tx, id, &party, error))
        return FALSE;
    if (party == NULL || strcmp(party->case_id, case_id) != 0)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
    *ret_party = g_steal_pointer(&party);
    return TRUE;
}

gboolean
kc_app_user_name(KcTx *tx, const char *user_id, char **ret_name, GError **error)
{
    g_autoptr(KcUser) user = NULL;
    if (user_id != NULL && !kc_user_store_get(tx, user_id, &user, error))
        return FALSE;
    *ret_name = user != NULL ? g_strdup(user->name) : NULL;
    return TRUE;
}
