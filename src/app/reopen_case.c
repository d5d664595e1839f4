/* A supervisor's review opens a closed case again; it waits for an officer to claim it. */
#include "src/app/internal.h"
#include "src/store/determination_store.h"

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    g_clear_pointer(&row->officer_id, g_free);
    g_clear_pointer(&row->mediation_method, g_free);
    g_clear_pointer(&row->mediation_result, g_free);
    return kc_determination_store_reopen(tx, row->id, change->now_us, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, change->now_us, NULL, error);
}

gboolean
kc_app_reopen_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                   KcCaseView **ret_case, KcResult *result, GError **error)
{
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .expected_version = expected_version,
        .action = KC_ACTION_REOPEN,
        .event = KC_CASE_REOPEN,
        .log_kind = "case.reopened",
        .finish = finish,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}
