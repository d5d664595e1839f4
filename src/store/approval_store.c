#include "src/store/approval_store.h"
#include "src/store/sql.h"

#define COLUMNS "a.case_id, a.draft_sha256, a.requested_by, a.requested_us, a.approved_by, a.approved_us "

void
kc_approval_row_free(KcApprovalRow *approval)
{
    if (approval == NULL)
        return;
    g_free(approval->case_id);
    g_free(approval->draft_sha256);
    g_free(approval->requested_by);
    g_free(approval->approved_by);
    g_free(approval);
}

static gpointer
read_approval(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcApprovalRow *approval = g_new0(KcApprovalRow, 1);
    approval->case_id = kc_take_text(query);
    approval->draft_sha256 = kc_take_text(query);
    approval->requested_by = kc_take_text(query);
    approval->requested_us = kc_take_int(query);
    approval->approved_by = kc_take_text(query);
    approval->approved_us = kc_take_int(query);
    return approval;
}

gboolean
kc_approval_store_put(KcTx *tx, const KcApprovalRow *approval, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "INSERT INTO approvals (case_id, draft_sha256, requested_by, requested_us, approved_by, approved_us) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (case_id) DO UPDATE SET draft_sha256 = excluded.draft_sha256, "
        "requested_by = excluded.requested_by, requested_us = excluded.requested_us, "
        "approved_by = excluded.approved_by, approved_us = excluded.approved_us",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, approval->case_id);
    kc_bind_text(query, approval->draft_sha256);
    kc_bind_text(query, approval->requested_by);
    kc_bind_int(query, approval->requested_us);
    kc_bind_text(query, approval->approved_by);
    kc_bind_int(query, approval->approved_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_approval_store_get(KcTx *tx, const char *case_id, KcApprovalRow **ret_approval, GError **error)
{
    *ret_approval = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " COLUMNS "FROM approvals a WHERE a.case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_one(tx, query, read_approval, (gpointer *)ret_approval, error);
}

GPtrArray *
kc_approval_store_list_open(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT " COLUMNS "FROM approvals a JOIN cases c ON c.id = a.case_id "
                                            "JOIN determinations d ON d.case_id = a.case_id "
                                            "WHERE a.approved_us = 0 AND c.state = 'evidence_fixed' "
                                            "AND d.status = 'draft' ORDER BY a.requested_us, a.case_id",
                                            error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_approval, (GDestroyNotify)kc_approval_row_free, error);
}
