/* What a party agrees to, or no longer: by its own hand, or as it told the desk in the recorded call.
 *
 * The consent to the simplified procedure in spite of a slight injury (Order 146, art. 23) decides anew whether video
 * will do: one refusal sends an officer, and only when every party agrees is it all_parties_agree. The others can be said in
 * every state of the case, and what follows from a withdrawal is the domain's (domain/consents.h). */
#include "src/app/injury_check.h"
#include "src/app/internal.h"

typedef struct {
    const char *party_id;
    const char *kind_name;
    KcConsentKind kind;
    gboolean given;
    gboolean is_reporter; /* whose position the case has */
    gboolean ends_call;
} SetConsent;

void
kc_app_forget_position(KcCaseRow *row)
{
    row->has_position = FALSE;
    row->latitude = row->longitude = 0;
    row->accuracy_m = 0;
}

static KcWithdrawal
withdrawal_of(const SetConsent *self, const KcCaseRow *row)
{
    KcCaseState state = KC_CASE_TRIAGED;
    if (self->given || !kc_case_state_from_string(row->state, &state))
        return KC_WITHDRAWAL_CHANGES_NOTHING;
    return kc_consent_withdrawal(self->kind, state, self->is_reporter);
}

/* Somebody has to be able to find the place without its coordinates. */
static gboolean
check_place(const SetConsent *self, const KcCaseRow *row, KcResult *result)
{
    gboolean has_text = row->place_text != NULL && row->place_text[0] != '\0';
    if (withdrawal_of(self, row) != KC_WITHDRAWAL_HIDES_POSITION || !row->has_position || has_text ||
        row->county != NULL)
        return TRUE;
    return kc_refuse(result, KC_RESULT_CONFLICT, "place-needed",
                     "请先用文字写明地点，再删除定位 / say in words where it is before the position is deleted");
}

static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    SetConsent *self = change->data;
    g_autoptr(KcParty) party = NULL;
    if (!kc_consent_kind_from_string(self->kind_name, &self->kind))
        return kc_refuse_field(result, "/kind", KC_CONSENT_KINDS_TEXT);
    if (change->who->party_id != NULL && strcmp(change->who->party_id, self->party_id) != 0)
        return kc_refuse(result, KC_RESULT_FORBIDDEN, "not-yours", "A party speaks only for itself.");
    if (kc_id_is_valid(self->party_id) && !kc_party_store_get(tx, self->party_id, &party, error))
        return FALSE;
    if (party == NULL || strcmp(party->case_id, row->id) != 0)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
    self->is_reporter = party->is_reporter;
    return check_place(self, row, result);
}

static gboolean
keep(KcChange *change, KcTx *tx, const KcCaseRow *row, GError **error)
{
    const SetConsent *self = change->data;
    const KcConsent consent = {
        .case_id = row->id,
        .party_id = (char *)self->party_id,
        .kind = (char *)self->kind_name,
        .at_us = change->now_us,
        .withdrawn_us = self->given ? 0 : change->now_us,
        .recorded_by = change->who->user_id,
    };
    json_t *entry =
        json_pack("{s:s, s:s, s:b}", "party_id", self->party_id, "kind", self->kind_name, "given", self->given);
    return kc_consent_store_put(tx, &consent, error) &&
           kc_app_log(tx, change->who, row->id, "consent.changed", change->now_us, entry, error);
}

/* The coordinates go; in words, at least the county is said. */
static gboolean
hide_position(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    const KcCounty *county = row->county != NULL ? kc_rules_county(kc_app_rules_of(change->app, row), row->county) : NULL;
    if (!row->has_position)
        return TRUE;
    kc_app_forget_position(row);
    if ((row->place_text == NULL || row->place_text[0] == '\0') && county != NULL) {
        g_free(row->place_text);
        row->place_text = g_strdup(county->name);
    }
    return kc_app_log(tx, change->who, row->id, "case.position_removed", change->now_us, NULL, error);
}

static gboolean
follow(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    SetConsent *self = change->data;
    switch (withdrawal_of(self, row)) {
    case KC_WITHDRAWAL_ENDS_REMOTE:
        self->ends_call = TRUE;
        return kc_app_send_officer(tx, change->who, row,
                                   "当事人不同意录音录像 / a party does not agree to be recorded", change->now_us,
                                   change->result, error);
    case KC_WITHDRAWAL_HIDES_POSITION:
        return hide_position(change, tx, row, error);
    case KC_WITHDRAWAL_CHANGES_NOTHING:
        break;
    }
    return TRUE;
}

static gboolean
decide(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    const SetConsent *self = change->data;
    gboolean all_agree = FALSE;
    if (!keep(change, tx, row, error))
        return FALSE;
    if (self->kind != KC_CONSENT_KIND_SIMPLIFIED_PROCEDURE)
        return follow(change, tx, row, error);
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
    SetConsent self = {.party_id = party_id, .kind_name = kind, .given = given};
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
    if (!kc_app_change_case(&change, NULL, result, error))
        return FALSE;
    if (self.ends_call)
        kc_app_end_call(app, case_id, "consent-withdrawn");
    return ret_case == NULL || kc_app_read_view(app, who, case_id, ret_case, error);
}
