#include "src/store/agreement_store.h"
#include "src/store/sealed.h"
#include "src/store/search_texts.h"

void
kc_agreement_row_free(KcAgreementRow *agreement)
{
    if (agreement == NULL)
        return;
    g_free(agreement->case_id);
    g_free(agreement->draft_json);
    g_free(agreement);
}

static KcSealedPlace
draft_of(const char *case_id)
{
    return (KcSealedPlace){.case_id = case_id, .table = "agreements", .column = "draft", .row_id = case_id};
}

static gpointer
read_agreement(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcAgreementRow) agreement = g_new0(KcAgreementRow, 1);
    agreement->case_id = kc_take_text(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    agreement->updated_us = kc_take_int(query);
    if (!kc_open_text(tx, draft_of(agreement->case_id), sealed, &agreement->draft_json, error))
        return NULL;
    return g_steal_pointer(&agreement);
}

gboolean
kc_agreement_store_delete(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM agreements WHERE case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error) && kc_search_index_agreement(tx, case_id, NULL, error);
}

gboolean
kc_agreement_store_put(KcTx *tx, const KcAgreementRow *agreement, GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    if (!kc_seal_text(tx, draft_of(agreement->case_id), agreement->draft_json, &sealed, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO agreements (case_id, sealed_draft, updated_us) VALUES (?, ?, ?) ON CONFLICT "
                     "(case_id) DO UPDATE SET sealed_draft = excluded.sealed_draft, updated_us = excluded.updated_us",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, agreement->case_id);
    kc_bind_bytes(query, sealed);
    kc_bind_int(query, agreement->updated_us);
    return kc_query_run(query, NULL, error) &&
           kc_search_index_agreement(tx, agreement->case_id, agreement->draft_json, error);
}

gboolean
kc_agreement_store_get(KcTx *tx, const char *case_id, KcAgreementRow **ret_agreement, GError **error)
{
    *ret_agreement = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT case_id, sealed_draft, updated_us FROM agreements WHERE case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_one(tx, query, read_agreement, (gpointer *)ret_agreement, error);
}

gboolean
kc_proposal_store_open(KcTx *tx, const char *document_id, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO proposals (document_id, case_id, status) VALUES (?, ?, 'open')", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, document_id);
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

KcUpdate
kc_proposal_store_end(KcTx *tx, const char *document_id, const char *reason, gint64 ended_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE proposals SET status = ?, reason = ?, ended_us = ? "
                                            "WHERE document_id = ? AND status = 'open'",
                                            error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, reason == NULL ? "agreed" : "withdrawn");
    kc_bind_text(query, reason);
    kc_bind_int(query, ended_us);
    kc_bind_text(query, document_id);
    return kc_query_update(query, error);
}
