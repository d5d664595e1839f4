/* What is known of a party changes: by the party itself, or by whoever has claimed the case. */
#include "src/app/agreement_check.h"
#include "src/app/internal.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *party_id;
    gint64 expected_version;
    const KcParticulars *particulars;
    gint64 now_us;
    KcPartyView *view;
    KcResult *result;
} UpdateParty;

static gboolean
load_party(UpdateParty *self, KcTx *tx, KcParty **ret_party, GError **error)
{
    if (self->who->party_id != NULL && strcmp(self->who->party_id, self->party_id) != 0)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "not-yours", "A party changes only its own particulars.");
    g_autoptr(KcParty) party = NULL;
    if (kc_id_is_valid(self->party_id) && !kc_party_store_get(tx, self->party_id, &party, error))
        return FALSE;
    if (party == NULL || strcmp(party->case_id, self->case_id) != 0)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
    *ret_party = g_steal_pointer(&party);
    return TRUE;
}

static gboolean
update_party(KcTx *tx, gpointer data, GError **error)
{
    UpdateParty *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcParty) party = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_EDIT_PARTY, self->case_id, &row, self->result, error) ||
        !load_party(self, tx, &party, error) || !kc_app_check_version(row, self->expected_version, self->result) ||
        !kc_app_apply(row, KC_CASE_EDIT_PARTICULARS, NULL, self->now_us, self->result) ||
        !kc_app_apply_particulars(kc_app_rules_of(self->app, row), self->particulars, "", party, self->result))
        return FALSE;
    if (kc_party_store_update(tx, party, error) != KC_UPDATE_DONE)
        return FALSE;
    json_t *entry = json_pack("{s:s, s:o}", "party_id", party->id, "fields", kc_app_particulars_named(self->particulars));
    if (!kc_app_log(tx, self->who, row->id, "party.updated", self->now_us, entry, error) ||
        !kc_app_withdraw_changed(self->app, tx, self->who, row, self->now_us, error) ||
        !kc_app_save_case(tx, row, self->now_us, error))
        return FALSE;
    self->view = kc_app_party_view(self->app, self->who, g_steal_pointer(&party), NULL, NULL);
    return TRUE;
}

gboolean
kc_app_update_party(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                    gint64 expected_version, const KcParticulars *particulars, KcPartyView **ret_party,
                    KcResult *result, GError **error)
{
    UpdateParty self = {app, who, case_id, party_id, expected_version, particulars, kc_app_now(app), NULL, result};
    if (!kc_app_write(app, update_party, &self, result, error)) {
        kc_party_view_free(self.view);
        return FALSE;
    }
    *ret_party = self.view;
    return TRUE;
}
