/* The officer's draft: kept as it is when it does not contradict itself. */
#include "src/app/determination_check.h"
#include "src/app/determinations.h"
#include "src/app/internal.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    gint64 expected_version;
    const KcDetermination *draft;
    gint64 now_us;
    GPtrArray *missing;
    KcResult *result;
} PutDetermination;

static gboolean
keep_draft(PutDetermination *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    g_autofree char *text = kc_json_text(kc_determination_to_json(self->draft));
    KcDeterminationRow draft = {
        .case_id = row->id,
        .draft_json = text,
        .status = (char *)"draft",
        .updated_by = self->who->user_id,
        .updated_us = self->now_us,
    };
    return kc_determination_store_put(tx, &draft, error) &&
           kc_app_log(tx, self->who, row->id, "determination.drafted", self->now_us, NULL, error) &&
           kc_app_save_case(tx, row, self->now_us, error);
}

static gboolean
put_determination(KcTx *tx, gpointer data, GError **error)
{
    PutDetermination *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcDeterminationRow) there = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_DRAFT_DETERMINATION, self->case_id, &row, self->result, error) ||
        !kc_app_check_version(row, self->expected_version, self->result) ||
        !kc_app_apply(row, KC_CASE_DRAFT_DETERMINATION, NULL, self->now_us, self->result) ||
        !kc_determination_store_get(tx, row->id, &there, error))
        return FALSE;
    if (there != NULL && strcmp(there->status, "issued") == 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "issued", "The determination has been issued.");
    self->missing = kc_app_check_draft(self->app, tx, row, self->draft, self->result, error);
    return self->missing != NULL && keep_draft(self, tx, row, error);
}

gboolean
kc_app_put_determination(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                         const KcDetermination *draft, KcCaseView **ret_case, GPtrArray **ret_missing, KcResult *result,
                         GError **error)
{
    PutDetermination self = {app, who, case_id, expected_version, draft, kc_app_now(app), NULL, result};
    gboolean done = kc_app_write(app, put_determination, &self, result, error) &&
                    (ret_case == NULL || kc_app_read_view(app, who, case_id, ret_case, error));
    g_autoptr(GPtrArray) missing = self.missing;
    if (done)
        *ret_missing = g_steal_pointer(&missing);
    return done;
}
