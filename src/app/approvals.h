/* A supervisor's second pair of eyes on a determination, where the centre's policy asks for it (rules/approval.json).
 */
#pragma once

#include "src/app/cases.h"
#include "src/domain/approval.h"

typedef struct {
    char *case_id;
    char *case_number;
    char *officer_name;  /* of who asked; NULL: nobody did */
    GPtrArray *grounds;  /* const KcApprovalRule *, borrowed from the rules; empty: none is needed */
    char *draft_sha256;  /* of the draft as it is now; NULL: there is none */
    gint64 requested_us; /* for this draft; 0: not */
    gint64 approved_us;  /* of this draft; 0: not */
    char *approver_id, *approver_name, *approver_badge;
} KcApprovalView;

void kc_approval_view_free(KcApprovalView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcApprovalView, kc_approval_view_free)

gboolean kc_app_get_approval(KcApp *app, const KcPrincipal *who, const char *case_id, KcApprovalView **ret_view,
                             KcResult *result, GError **error);

/* By the officer: INVALID while something is missing, CONFLICT "no-approval-needed". Asking again is no error. */
gboolean kc_app_request_approval(KcApp *app, const KcPrincipal *who, const char *case_id, KcApprovalView **ret_view,
                                 KcResult *result, GError **error);

/* By a supervisor, of exactly the draft whose hash was shown. CONFLICT "other-draft" when it has changed since,
 * "own-draft" for who wrote it; INVALID while something is missing. Approving twice is no error. */
gboolean kc_app_approve_determination(KcApp *app, const KcPrincipal *who, const char *case_id, const char *draft_sha256,
                                      KcApprovalView **ret_view, KcResult *result, GError **error);

/* Requests that wait, the oldest first; of KcApprovalView. */
gboolean kc_app_list_approvals(KcApp *app, const KcPrincipal *who, GPtrArray **ret_views, KcResult *result,
                               GError **error);
