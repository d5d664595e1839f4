/* All that a party ever said of its consents. */
#include "src/app/cases.h"
#include "src/app/internal.h"
#include "src/store/user_store.h"

void
kc_consent_entry_free(KcConsentEntry *entry)
{
    if (entry == NULL)
        return;
    g_free(entry->kind);
    g_free(entry->recorded_by);
    g_free(entry);
}

typedef struct {
    const KcPrincipal *who;
    const char *case_id, *party_id;
    GPtrArray *entries;
    KcResult *result;
} Ledger;

static gboolean
add_entry(Ledger *self, KcTx *tx, const KcConsent *consent, GError **error)
{
    g_autoptr(KcUser) user = NULL;
    if (consent->recorded_by != NULL && !kc_user_store_get(tx, consent->recorded_by, &user, error))
        return FALSE;
    KcConsentEntry *entry = g_new0(KcConsentEntry, 1);
    entry->kind = g_strdup(consent->kind);
    entry->given = consent->withdrawn_us == 0;
    entry->at_us = consent->at_us;
    entry->recorded_by = user != NULL ? g_strdup(user->name) : NULL;
    g_ptr_array_add(self->entries, entry);
    return TRUE;
}

static gboolean
read_ledger(KcTx *tx, gpointer data, GError **error)
{
    Ledger *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcParty) party = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_CONSENTS, self->case_id, &row, self->result, error))
        return FALSE;
    if (self->who->party_id != NULL && strcmp(self->who->party_id, self->party_id) != 0)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "not-yours", "A party sees its own consents only.");
    if (kc_id_is_valid(self->party_id) && !kc_party_store_get(tx, self->party_id, &party, error))
        return FALSE;
    if (party == NULL || strcmp(party->case_id, row->id) != 0)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
    g_autoptr(GPtrArray) said = kc_consent_store_history(tx, self->case_id, self->party_id, error);
    for (guint i = 0; said != NULL && i < said->len; i++)
        if (!add_entry(self, tx, said->pdata[i], error))
            return FALSE;
    return said != NULL;
}

gboolean
kc_app_list_consents(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                     GPtrArray **ret_entries, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)kc_consent_entry_free);
    Ledger self = {who, case_id, party_id, entries, result};
    if (!kc_app_check_role(who, KC_ACTION_READ_CONSENTS, result) || !kc_app_read(app, read_ledger, &self, result, error))
        return FALSE;
    *ret_entries = g_steal_pointer(&entries);
    return TRUE;
}
