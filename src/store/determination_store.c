#include "src/store/determination_store.h"
#include "src/store/sealed.h"
#include "src/store/search_texts.h"

void
kc_determination_row_free(KcDeterminationRow *determination)
{
    if (determination == NULL)
        return;
    g_free(determination->case_id);
    g_free(determination->draft_json);
    g_free(determination->status);
    g_free(determination->document_id);
    g_free(determination->updated_by);
    g_free(determination);
}

static KcSealedPlace
draft_of(const char *case_id)
{
    return (KcSealedPlace){.case_id = case_id, .table = "determinations", .column = "draft", .row_id = case_id};
}

static gpointer
read_determination(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcDeterminationRow) determination = g_new0(KcDeterminationRow, 1);
    determination->case_id = kc_take_text(query);
    determination->status = kc_take_text(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    determination->document_id = kc_take_text(query);
    determination->updated_by = kc_take_text(query);
    determination->updated_us = kc_take_int(query);
    if (!kc_open_text(tx, draft_of(determination->case_id), sealed, &determination->draft_json, error))
        return NULL;
    return g_steal_pointer(&determination);
}

gboolean
kc_determination_store_put(KcTx *tx, const KcDeterminationRow *determination, GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    if (!kc_seal_text(tx, draft_of(determination->case_id), determination->draft_json, &sealed, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO determinations (case_id, status, sealed_draft, document_id, updated_by, updated_us) "
                     "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (case_id) DO UPDATE SET status = excluded.status, "
                     "sealed_draft = excluded.sealed_draft, document_id = excluded.document_id, "
                     "updated_by = excluded.updated_by, updated_us = excluded.updated_us",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, determination->case_id);
    kc_bind_text(query, determination->status);
    kc_bind_bytes(query, sealed);
    kc_bind_text(query, determination->document_id);
    kc_bind_text(query, determination->updated_by);
    kc_bind_int(query, determination->updated_us);
    return kc_query_run(query, NULL, error) &&
           kc_search_index_determination(tx, determination->case_id, determination->draft_json, error);
}

static gboolean
remove_issued(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "DELETE FROM determinations WHERE case_id = ? AND status = 'issued'", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_determination_store_reopen(KcTx *tx, const char *case_id, gint64 now_us, GError **error)
{
    g_autoptr(KcDeterminationRow) row = NULL;
    if (!kc_determination_store_get(tx, case_id, &row, error))
        return FALSE;
    if (row == NULL || row->document_id == NULL)
        return TRUE;
    const KcDeterminationRow draft = {.case_id = row->case_id,
                                      .draft_json = row->draft_json,
                                      .status = (char *)"draft",
                                      .updated_by = row->updated_by,
                                      .updated_us = now_us};
    return remove_issued(tx, case_id, error) && kc_determination_store_put(tx, &draft, error);
}

gboolean
kc_determination_store_delete_draft(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "DELETE FROM determinations WHERE case_id = ? AND status = 'draft'", error);
    gint64 changes = 0;
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_run(query, &changes, error) &&
           (changes == 0 || kc_search_index_determination(tx, case_id, NULL, error));
}

gboolean
kc_determination_store_get(KcTx *tx, const char *case_id, KcDeterminationRow **ret_determination, GError **error)
{
    *ret_determination = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT case_id, status, sealed_draft, document_id, updated_by, "
                                            "updated_us FROM determinations WHERE case_id = ?",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_one(tx, query, read_determination, (gpointer *)ret_determination, error);
}
