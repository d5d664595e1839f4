/* What a caller sees of the parties' own settlement.
 *
 * Invariant: before it is proposed a party sees of another only what stands on the road (plate, kind of vehicle) and what
 * they write together; who it is, its numbers and its insurer come with the text that is proposed. */
#include "src/app/agreement_check.h"
#include "src/store/document_store.h"

void
kc_settlement_view_free(KcSettlementView *view)
{
    if (view == NULL)
        return;
    g_clear_pointer(&view->grounds, g_ptr_array_unref);
    kc_agreement_free(view->draft);
    g_clear_pointer(&view->missing, g_ptr_array_unref);
    g_free(view->document_id);
    g_free(view);
}

static void
hide_others(KcAgreement *draft, const KcPrincipal *who)
{
    for (guint i = 0; who->party_id != NULL && i < draft->settlers->len; i++) {
        KcDeterminationParty *record = draft->accident->parties->pdata[i];
        KcSettler *settler = draft->settlers->pdata[i];
        if (g_strcmp0(record->party_id, who->party_id) == 0)
            continue;
        g_clear_pointer(&settler->name, g_free);
        g_clear_pointer(&settler->phone, g_free);
        g_clear_pointer(&settler->id_number, g_free);
        g_clear_pointer(&record->licence_number, g_free);
        g_clear_pointer(&record->insurer, g_free);
        g_clear_pointer(&record->insurance_certificate, g_free);
    }
}

static void
set_status(KcSettlementView *view, const GPtrArray *documents)
{
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    view->status = view->updated_us > 0 ? "draft" : "none";
    if (standing == NULL || standing->proposal == NULL)
        return;
    gboolean agreed = strcmp(standing->proposal, "agreed") == 0;
    view->status = agreed ? "agreed" : "proposed";
    view->document_id = g_strdup(standing->id);
    view->agreed_us = agreed ? standing->proposal_ended_us : 0;
}

static GPtrArray *
missing_of(const KcApp *app, const KcCaseRow *row, const KcAgreement *draft)
{
    GPtrArray *findings = kc_app_check_agreement(app, row, draft);
    for (guint i = findings->len; i > 0; i--)
        if (((const KcFinding *)findings->pdata[i - 1])->kind != KC_FINDING_MISSING)
            g_ptr_array_remove_index(findings, i - 1);
    return findings;
}

gboolean
kc_app_load_settlement(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const GPtrArray *parties,
                       const GPtrArray *documents, KcSettlementView **ret_view, GError **error)
{
    g_autoptr(KcSettlementView) view = g_new0(KcSettlementView, 1);
    g_autoptr(KcEligibility) settlement = kc_app_settlement(app, row);
    g_autoptr(json_t) grounds = kc_eligibility_to_json(settlement, kc_rules_version(kc_app_rules_of(app, row)), kc_app_now(app));
    KcOutcome outcome;

    view->grounds = kc_grounds_from_json(grounds, &outcome);
    if (!kc_app_load_agreement(app, tx, row, parties, &view->draft, &view->updated_us, error))
        return FALSE;
    view->missing = missing_of(app, row, view->draft);
    hide_others(view->draft, who);
    set_status(view, documents);
    *ret_view = g_steal_pointer(&view);
    return TRUE;
}
