/* A link for a party that is already in the case: sent by the officer, or by the driver who reported. */
#include "src/app/internal.h"
#include "src/evidence/tokens.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *party_id;
    gboolean same_phone;
    const KcIdempotency *idempotency;
    gint64 now_us;
    char *token;
    KcResult *result;
} InviteParty;

static gboolean
check_party(InviteParty *self, KcTx *tx, GError **error)
{
    g_autoptr(KcParty) party = NULL;
    g_autoptr(KcParty) inviter = NULL;
    if (kc_id_is_valid(self->party_id) && !kc_party_store_get(tx, self->party_id, &party, error))
        return FALSE;
    if (party == NULL || strcmp(party->case_id, self->case_id) != 0)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
    if (self->who->role != KC_ROLE_PARTY)
        return TRUE;
    if (!kc_party_store_get(tx, self->who->party_id, &inviter, error))
        return FALSE;
    /* Whoever holds a link signs with it, so nobody may make one for a party that has been here already. */
    if (inviter != NULL && inviter->is_reporter && !party->is_reporter && party->last_seen_us == 0)
        return TRUE;
    return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "not-yours",
                     "Only the reporting party may invite, and only a party that has not been here yet.");
}

/* On the phone of a party: which one is known if a party invites, else it is the reporter's. */
static gboolean
note_phone(InviteParty *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, self->case_id, error);
    g_autoptr(KcParty) party = NULL;
    if (parties == NULL || !kc_party_store_get(tx, self->party_id, &party, error))
        return FALSE;
    g_clear_pointer(&party->shares_phone_with, g_free);
    for (guint i = 0; self->same_phone && i < parties->len; i++) {
        const KcParty *other = parties->pdata[i];
        gboolean owner = self->who->party_id != NULL ? strcmp(other->id, self->who->party_id) == 0 : other->is_reporter;
        if (owner && strcmp(other->id, party->id) != 0)
            party->shares_phone_with = g_strdup(other->id);
    }
    return kc_party_store_update(tx, party, error) == KC_UPDATE_DONE;
}

static gboolean
invite_party(KcTx *tx, gpointer data, GError **error)
{
    InviteParty *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(json_t) earlier = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_INVITE, self->case_id, &row, self->result, error) ||
        !kc_app_idempotency_find(tx, self->who, self->idempotency, &earlier, self->result, error))
        return FALSE;
    if (earlier != NULL) {
        self->token = g_strdup(json_string_value(json_object_get(earlier, "token")));
        return TRUE;
    }
    KcCaseState state;
    if (!check_party(self, tx, error))
        return FALSE;
    if (kc_case_state_from_string(row->state, &state) && kc_case_state_is_final(state)) {
        kc_refuse(self->result, KC_RESULT_STATE, "wrong-state", "The case is over.");
        self->result->state = g_strdup(row->state);
        return FALSE;
    }
    gint64 told_until_us;
    if (!kc_app_told_until(self->app, tx, row, self->party_id, &told_until_us, error))
        return FALSE;
    KcToken token = kc_token_new();
    KcCapability link = {
        .token_hash = token.hash,
        .case_id = row->id,
        .party_id = (char *)self->party_id,
        .kind = (char *)"party",
        .created_us = self->now_us,
        .expires_us = MAX(self->now_us + self->app->party_link_us, told_until_us),
    };
    json_t *entry = json_pack("{s:s, s:b}", "party_id", self->party_id, "same_phone", self->same_phone);
    if (!kc_app_log(tx, self->who, row->id, "party.invited", self->now_us, entry, error) ||
        !note_phone(self, tx, error) || !kc_capability_store_insert(tx, &link, error) ||
        !kc_app_save_case(tx, row, self->now_us, error) ||
        !kc_app_idempotency_keep(tx, self->who, self->idempotency, self->now_us,
                                 json_pack("{s:s}", "token", token.text), error))
        return FALSE;
    self->token = g_strdup(token.text);
    return TRUE;
}

gboolean
kc_app_invite_party(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                    gboolean same_phone, const KcIdempotency *idempotency, char **ret_token, char **ret_url, KcResult *result,
                    GError **error)
{
    InviteParty self = {app, who, case_id, party_id, same_phone, idempotency, kc_app_now(app), NULL, result};
    if (!kc_app_write(app, invite_party, &self, result, error)) {
        g_free(self.token);
        return FALSE;
    }
    *ret_token = self.token;
    *ret_url = g_strdup_printf("%s/p/%s", app->public_url != NULL ? app->public_url : "", self.token);
    return TRUE;
}
