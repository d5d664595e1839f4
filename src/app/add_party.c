/* One more party: the other driver, a cyclist, a pedestrian. */
#include "src/app/agreement_check.h"
#include "src/app/internal.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const KcParticulars *particulars;
    const KcIdempotency *idempotency;
    gint64 now_us;
    KcParty *party;
    KcPartyView *view;
    KcResult *result;
} AddParty;

static gboolean
earlier_party(AddParty *self, KcTx *tx, const json_t *earlier, GError **error)
{
    KcParty *party = NULL;
    const char *id = json_string_value(json_object_get(earlier, "party_id"));
    if (!kc_party_store_get(tx, id, &party, error))
        return FALSE;
    g_assert(party != NULL);
    self->view = kc_app_party_view(self->app, self->who, party, NULL, NULL);
    return TRUE;
}

static gboolean
write_party(AddParty *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    json_t *entry = json_pack("{s:s, s:s}", "party_id", self->party->id, "label", self->party->label);
    json_t *body = json_pack("{s:s}", "party_id", self->party->id);
    if (!kc_party_store_insert(tx, self->party, error)) {
        json_decref(entry);
        json_decref(body);
        return FALSE;
    }
    if (!kc_app_log(tx, self->who, row->id, "party.added", self->now_us, entry, error) ||
        !kc_app_withdraw_changed(self->app, tx, self->who, row, self->now_us, error) ||
        !kc_app_idempotency_keep(tx, self->who, self->idempotency, self->now_us, body, error) ||
        !kc_app_save_case(tx, row, self->now_us, error))
        return FALSE;
    self->view = kc_app_party_view(self->app, self->who, g_steal_pointer(&self->party), NULL, NULL);
    return TRUE;
}

static gboolean
add_party(KcTx *tx, gpointer data, GError **error)
{
    AddParty *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(json_t) earlier = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_ADD_PARTY, self->case_id, &row, self->result, error) ||
        !kc_app_idempotency_find(tx, self->who, self->idempotency, &earlier, self->result, error))
        return FALSE;
    if (earlier != NULL)
        return earlier_party(self, tx, earlier, error);
    if (!kc_app_apply_particulars(kc_app_rules_of(self->app, row), self->particulars, "", self->party, self->result) ||
        !kc_app_apply(row, KC_CASE_EDIT_PARTICULARS, NULL, self->now_us, self->result))
        return FALSE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    if (parties == NULL)
        return FALSE;
    if (parties->len >= KC_LIMIT_PARTIES_PER_CASE)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "too-many-parties", "A case holds eight parties at most.");
    self->party->case_id = g_strdup(row->id);
    self->party->label = g_strdup_printf("%c", 'A' + parties->len);
    return write_party(self, tx, row, error);
}

gboolean
kc_app_add_party(KcApp *app, const KcPrincipal *who, const char *case_id, const KcParticulars *particulars,
                 const KcIdempotency *idempotency, KcPartyView **ret_party, KcResult *result, GError **error)
{
    AddParty self = {app, who, case_id, particulars, idempotency, kc_app_now(app), NULL, NULL, result};
    if (!kc_app_check_role(who, KC_ACTION_ADD_PARTY, result))
        return FALSE;
    self.party = g_new0(KcParty, 1);
    self.party->id = g_strdup(kc_app_new_id(app).text);
    self.party->created_us = self.now_us;
    gboolean done = kc_app_write(app, add_party, &self, result, error);
    kc_party_free(self.party);
    if (!done) {
        kc_party_view_free(self.view);
        return FALSE;
    }
    *ret_party = self.view;
    return TRUE;
}
