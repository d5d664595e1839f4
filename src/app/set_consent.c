/* What a party agrees to, or no longer: by its own hand, or as it told the desk in the recorded call.
 *
 * The consent to the simplified procedure in spite of a slight injury (Order 146, art. 23) decides anew whether video
 * will do: one refusal sends an officer, and only when every party agrees is it all_parties_agree. The others can be said in
 * every state of the case. */
#include "src/app/injury_check.h"
#include "src/app/internal.h"

const char *const KC_CONSENT_KINDS[] = {"recording", "location", "electronic_service", "insurer", "face",
                                        KC_CONSENT_SIMPLIFIED, NULL};

typedef struct {
    const char *party_id;
    const char *kind;
    gboolean given;
} SetConsent;

static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    const SetConsent *self = change->data;
    g_autoptr(KcParty) party = NULL;
    if (!g_strv_contains(KC_CONSENT_KINDS, self->kind))
        return kc_refuse_field(result, "/kind", "recording, location, electronic_service, insurer, face or simplified_procedure");
    if (change->who->party_id != NULL && strcmp(change->who->party_id, self->party_id) != 0)
        return kc_refuse(result, KC_RESULT_FORBIDDEN, "not-yours", "A party speaks only for itself.");
    if (kc_id_is_valid(self->party_id) && !kc_party_store_get(tx, self->party_id, &party, error))
        return FALSE;
    if (party == NULL || strcmp(party->case_id, row->id) != 0)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
    return TRUE;
}

static gboolean
keep(KcChange *change, KcTx *tx, const KcCaseRow *row, GError **error)
{
    const SetConsent *self = change->data;
    const KcConsent consent = {
        .case_id = row->id,
        .party_id = (char *)self->party_id,
        .kind = (char *)self->kind,
        .at_us = change->now_us,
        .withdrawn_us = self->given ? 0 : change->now_us,
        .recorded_by = change->who->user_id,
    };
    json_t *entry = json_pack("{s:s, s:s, s:b}", "party_id", self->party_id, "kind", self->kind, "given", self->given);
    return kc_consent_store_put(tx, &consent, error) &&
           kc_app_log(tx, change->who, row->id, "consent.changed", change->now_us, entry, error);
}

static gboolean
decide(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    const SetConsent *self = change->data;
    gboolean all_agree = FALSE;
    if (!keep(change, tx, row, error))
        return FALSE;
    if (strcmp(self->kind, KC_CONSENT_SIMPLIFIED) != 0)
        return TRUE;
    g_autofree char *missing = NULL;
    if (self->given && !kc_app_missing_consents(tx, row->id, &missing, error))
        return FALSE;
    all_agree = self->given && missing == NULL;
    if (self->given && !all_agree)
        return TRUE; /* others have not said anything yet */
    return kc_app_learn_agreement(change, tx, row, all_agree, error);
}

gboolean
kc_app_set_consent(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id, const char *kind,
                   gboolean given, KcCaseView **ret_case, KcResult *result, GError **error)
{
    SetConsent self = {party_id, kind, given};
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .action = KC_ACTION_CONSENT,
        .event = g_strcmp0(kind, KC_CONSENT_SIMPLIFIED) == 0 ? KC_CASE_ASSESS : KC_CASE_CONSENT,
        .check = check,
        .finish = decide,
        .data = &self,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}
