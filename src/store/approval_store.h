/* A supervisor's second look at a draft: one row a case, of one draft. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *case_id;
    char *draft_sha256; /* of the draft's text; another draft is another one */
    char *requested_by; /* user id, or NULL: nobody asked */
    gint64 requested_us;
    char *approved_by; /* user id, or NULL: not approved */
    gint64 approved_us;
} KcApprovalRow;

void kc_approval_row_free(KcApprovalRow *approval);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcApprovalRow, kc_approval_row_free)

/* Inserts or replaces. */
gboolean kc_approval_store_put(KcTx *tx, const KcApprovalRow *approval, GError **error);
/* NULL in `*ret_approval`: none. */
gboolean kc_approval_store_get(KcTx *tx, const char *case_id, KcApprovalRow **ret_approval, GError **error);
/* Requests that wait, of cases whose evidence is fixed and whose draft is not issued, the oldest first. */
GPtrArray *kc_approval_store_list_open(KcTx *tx, GError **error);
