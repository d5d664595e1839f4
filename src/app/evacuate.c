/* The road may be cleared: the evidence is fixed (road traffic law, art. 70; Order 146, art. 19). */
#include "src/app/internal.h"

static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    change->skip = row->evacuated_us != 0;
    return TRUE;
}

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    row->evacuated_us = change->now_us;
    return kc_app_emit(tx, "case.evacuate", row->id, "case", NULL, change->now_us, NULL, error);
}

gboolean
kc_app_evacuate(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version, KcCaseView **ret_case,
                KcResult *result, GError **error)
{
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .expected_version = expected_version,
        .action = KC_ACTION_EVACUATE,
        .event = KC_CASE_EVACUATE,
        .log_kind = "case.evacuated",
        .check = check,
        .finish = finish,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}
