/* Invariant: an approval is of one text. Whoever changes the draft afterwards has a draft that nobody approved. */
#include "src/app/approvals.h"
#include "src/app/approval_check.h"
#include "src/app/blind.h"
#include "src/app/determination_check.h"
#include "src/app/determinations.h"
#include "src/store/user_store.h"

#include <string.h>

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *draft_sha256; /* what is approved; NULL: a request */
    gint64 now_us;
    KcApprovalView *view;
    GPtrArray *views;
    KcResult *result;
} Approval;

void
kc_approval_view_free(KcApprovalView *view)
{
    if (view == NULL)
        return;
    g_free(view->case_id);
    g_free(view->case_number);
    g_free(view->officer_name);
    g_clear_pointer(&view->grounds, g_ptr_array_unref);
    g_free(view->draft_sha256);
    g_free(view->approver_id);
    g_free(view->approver_name);
    g_free(view->approver_badge);
    g_free(view);
}

/* ---- reading ---- */

static gboolean
name_users(KcTx *tx, const KcApprovalRow *row, KcApprovalView *view, GError **error)
{
    g_autoptr(KcUser) officer = NULL;
    g_autoptr(KcUser) approver = NULL;
    if ((row->requested_by != NULL && !kc_user_store_get(tx, row->requested_by, &officer, error)) ||
        (row->approved_by != NULL && !kc_user_store_get(tx, row->approved_by, &approver, error)))
        return FALSE;
    view->officer_name = officer != NULL ? g_strdup(officer->name) : NULL;
    if (approver == NULL)
        return TRUE;
    view->approver_id = g_strdup(approver->id);
    view->approver_name = g_strdup(approver->name);
    view->approver_badge = g_strdup(approver->badge_number);
    return TRUE;
}

static KcApprovalView *
load_view(KcApp *app, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_auto(KcDraft) draft = {0};
    g_autoptr(KcApprovalRow) approval = NULL;
    g_autoptr(KcApprovalView) view = g_new0(KcApprovalView, 1);

    view->case_id = g_strdup(row->id);
    view->case_number = g_strdup(row->number);
    view->grounds = g_ptr_array_new();
    if (!kc_app_load_draft(tx, row->id, &draft, error) || !kc_approval_store_get(tx, row->id, &approval, error))
        return NULL;
    if (draft.determination == NULL)
        return g_steal_pointer(&view);
    g_ptr_array_unref(view->grounds);
    view->grounds = kc_app_approval_grounds(app, row, draft.determination);
    view->draft_sha256 = kc_app_draft_sha256(draft.row);
    if (approval == NULL || strcmp(approval->draft_sha256, view->draft_sha256) != 0)
        return g_steal_pointer(&view);
    view->requested_us = approval->requested_us;
    view->approved_us = approval->approved_us;
    return name_users(tx, approval, view, error) ? g_steal_pointer(&view) : NULL;
}

static gboolean
read_one(KcTx *tx, gpointer data, GError **error)
{
    Approval *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_APPROVAL, self->case_id, &row, self->result, error))
        return FALSE;
    self->view = load_view(self->app, tx, row, error);
    return self->view != NULL;
}

gboolean
kc_app_get_approval(KcApp *app, const KcPrincipal *who, const char *case_id, KcApprovalView **ret_view,
                    KcResult *result, GError **error)
{
    Approval self = {.app = app, .who = who, .case_id = case_id, .result = result};
    if (!kc_app_read(app, read_one, &self, result, error))
        return FALSE;
    *ret_view = self.view;
    return TRUE;
}

static gboolean
read_all(KcTx *tx, gpointer data, GError **error)
{
    Approval *self = data;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    g_autoptr(GPtrArray) open = hidden != NULL ? kc_approval_store_list_open(tx, error) : NULL;
    g_ptr_array_set_size(self->views, 0);
    for (guint i = 0; open != NULL && i < open->len; i++) {
        const KcApprovalRow *approval = open->pdata[i];
        g_autoptr(KcCaseRow) row = NULL;
        KcApprovalView *view = NULL;
        if (g_strv_contains((const char *const *)hidden, approval->case_id))
            continue;
        if (kc_case_store_get(tx, approval->case_id, &row, error) && row != NULL)
            view = load_view(self->app, tx, row, error);
        if (view == NULL)
            return FALSE;
        /* A request whose draft has changed since is still a request to look. */
        view->requested_us = approval->requested_us;
        g_ptr_array_add(self->views, view);
    }
    return open != NULL;
}

gboolean
kc_app_list_approvals(KcApp *app, const KcPrincipal *who, GPtrArray **ret_views, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_approval_view_free);
    if (!kc_app_check_role(who, KC_ACTION_APPROVE_DETERMINATION, result))
        return FALSE;
    Approval self = {.app = app, .who = who, .views = views, .result = result};
    if (!kc_app_read(app, read_all, &self, result, error))
        return FALSE;
    *ret_views = g_steal_pointer(&views);
    return TRUE;
}

/* ---- writing ---- */

static gboolean
may_approve(Approval *self, const KcDraft *draft, const char *sha256)
{
    if (strcmp(self->draft_sha256, sha256) != 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "other-draft",
                         "草稿已经改动，请重新查看 / the draft has changed; look at it again");
    if (g_strcmp0(self->who->user_id, draft->row->updated_by) == 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "own-draft",
                         "不能复核自己写的认定书 / nobody approves a draft of their own");
    return TRUE;
}

static gboolean
may_request(Approval *self, const KcCaseRow *row, const KcDraft *draft)
{
    g_autoptr(GPtrArray) grounds = kc_app_approval_grounds(self->app, row, draft->determination);
    return grounds->len > 0 || kc_refuse(self->result, KC_RESULT_CONFLICT, "no-approval-needed",
                                         "这份认定书不需要复核 / this draft needs no approval");
}

/* The row as it is afterwards; NULL in `*ret_row`: it is so already. */
static gboolean
next_row(Approval *self, KcTx *tx, const char *sha256, KcApprovalRow **ret_row, GError **error)
{
    g_autoptr(KcApprovalRow) row = NULL;
    if (!kc_approval_store_get(tx, self->case_id, &row, error))
        return FALSE;
    if (row == NULL || strcmp(row->draft_sha256, sha256) != 0) {
        kc_approval_row_free(row);
        row = g_new0(KcApprovalRow, 1);
        row->case_id = g_strdup(self->case_id);
        row->draft_sha256 = g_strdup(sha256);
    }
    gint64 *done_us = self->draft_sha256 != NULL ? &row->approved_us : &row->requested_us;
    char **done_by = self->draft_sha256 != NULL ? &row->approved_by : &row->requested_by;
    if (*done_us > 0 || row->approved_us > 0)
        return TRUE;
    *done_us = self->now_us;
    *done_by = g_strdup(self->who->user_id);
    *ret_row = g_steal_pointer(&row);
    return TRUE;
}

static gboolean
keep(Approval *self, KcTx *tx, const char *sha256, GError **error)
{
    const char *kind = self->draft_sha256 != NULL ? "determination.approved" : "determination.approval_requested";
    g_autoptr(KcApprovalRow) row = NULL;
    if (!next_row(self, tx, sha256, &row, error))
        return FALSE;
    if (row == NULL)
        return TRUE;
    json_t *entry = json_pack("{s:s}", "draft_sha256", sha256);
    return kc_approval_store_put(tx, row, error) &&
           kc_app_log(tx, self->who, self->case_id, kind, self->now_us, entry, error) &&
           kc_app_emit(tx, kind, self->case_id, "desk", NULL, self->now_us, NULL, error);
}

static gboolean
write_one(KcTx *tx, gpointer data, GError **error)
{
    Approval *self = data;
    const KcAction action =
        self->draft_sha256 != NULL ? KC_ACTION_APPROVE_DETERMINATION : KC_ACTION_DRAFT_DETERMINATION;
    g_autoptr(KcCaseRow) row = NULL;
    g_auto(KcDraft) draft = {0};
    g_clear_pointer(&self->view, kc_approval_view_free);
    if (!kc_app_load_case(tx, self->who, action, self->case_id, &row, self->result, error) ||
        !kc_app_apply(row, KC_CASE_DRAFT_DETERMINATION, NULL, self->now_us, self->result) ||
        !kc_app_load_complete_draft(self->app, tx, row, &draft, self->result, error))
        return FALSE;
    g_autofree char *sha256 = kc_app_draft_sha256(draft.row);
    gboolean may = self->draft_sha256 != NULL ? may_approve(self, &draft, sha256) : may_request(self, row, &draft);
    if (!may || !keep(self, tx, sha256, error))
        return FALSE;
    self->view = load_view(self->app, tx, row, error);
    return self->view != NULL;
}

static gboolean
run(Approval *self, KcApprovalView **ret_view, GError **error)
{
    if (!kc_app_write(self->app, write_one, self, self->result, error)) {
        kc_approval_view_free(self->view);
        return FALSE;
    }
    *ret_view = self->view;
    return TRUE;
}

gboolean
kc_app_request_approval(KcApp *app, const KcPrincipal *who, const char *case_id, KcApprovalView **ret_view,
                        KcResult *result, GError **error)
{
    Approval self = {.app = app, .who = who, .case_id = case_id, .now_us = kc_app_now(app), .result = result};
    return run(&self, ret_view, error);
}

gboolean
kc_app_approve_determination(KcApp *app, const KcPrincipal *who, const char *case_id, const char *draft_sha256,
                             KcApprovalView **ret_view, KcResult *result, GError **error)
{
    Approval self = {.app = app,
                     .who = who,
                     .case_id = case_id,
                     .draft_sha256 = draft_sha256,
                     .now_us = kc_app_now(app),
                     .result = result};
    return run(&self, ret_view, error);
}
