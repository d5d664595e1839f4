/* A case that its party has left keeps only what schema/rules/consents.json names (PIPL, art. 19); evidence stays for as long
 * as it has to be kept. */
#include "src/app/internal.h"
#include "src/store/agreement_store.h"
#include "src/store/determination_store.h"
#include "src/store/message_store.h"

#define CASES_A_TURN 200

static gboolean
keeps(const KcAbortedRule *rule, const char *name)
{
    return g_strv_contains((const char *const *)rule->keeps, name);
}

static gboolean
strip_parties(KcTx *tx, const KcAbortedRule *rule, const char *case_id, GError **error)
{
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, case_id, error);
    for (guint i = 0; parties != NULL && i < parties->len; i++) {
        KcParty *party = parties->pdata[i];
        for (const KcParticularField *field = kc_app_particular_fields; field->name != NULL; field++)
            if (!keeps(rule, field->name))
                g_clear_pointer(&G_STRUCT_MEMBER(char *, party, field->known), g_free);
        if (kc_party_store_update(tx, party, error) != KC_UPDATE_DONE)
            return FALSE;
    }
    return parties != NULL;
}

static void
strip_facts(const KcAbortedRule *rule, KcCaseRow *row)
{
    if (!keeps(rule, "position"))
        kc_app_forget_position(row);
    if (!keeps(rule, "place_text"))
        g_clear_pointer(&row->place_text, g_free);
    g_clear_pointer(&row->reporter_phone, g_free);
    g_clear_pointer(&row->on_scene_reason, g_free);
}

static gboolean
minimise(KcApp *app, KcTx *tx, const char *case_id, gint64 now_us, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, case_id, &row, error))
        return FALSE;
    if (row == NULL)
        return TRUE;
    const KcAbortedRule *rule = kc_rules_aborted(kc_app_rules_of(app, row));
    strip_facts(rule, row);
    json_t *entry = json_pack("{s:s}", "legal_basis", rule->legal_basis);
    return kc_app_log(tx, NULL, case_id, "case.minimised", now_us, entry, error) &&
           strip_parties(tx, rule, case_id, error) && kc_message_store_strip(tx, case_id, error) &&
           kc_agreement_store_delete(tx, case_id, error) &&
           kc_determination_store_delete_draft(tx, case_id, error) && kc_app_save_case(tx, row, now_us, error) &&
           kc_case_store_set_minimised(tx, case_id, now_us, error);
}

gboolean
kc_app_minimise_expired(KcTx *tx, gpointer data, GError **error)
{
    KcApp *app = data;
    gint64 now_us = kc_app_now(app);
    g_autoptr(GPtrArray) ids = kc_case_store_to_minimise(tx, CASES_A_TURN, error);
    for (guint i = 0; ids != NULL && i < ids->len; i++)
        if (!minimise(app, tx, ids->pdata[i], now_us, error))
            return FALSE;
    return ids != NULL;
}
