/* "Send an officer" (Order 146, art. 20): never refused while there is a case to send somebody to. */
#include "src/app/agreement_check.h"
#include "src/app/internal.h"

static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    change->skip = strcmp(row->state, "on_scene") == 0;
    return TRUE;
}

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    g_free(row->on_scene_reason);
    row->on_scene_reason = g_strdup(change->data);
    return kc_app_withdraw_proposal(tx, change->who, row->id, "on_scene", change->now_us, error) &&
           kc_app_emit(tx, "case.on_scene", row->id, "case", NULL, change->now_us, NULL, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, change->now_us, NULL, error);
}

gboolean
kc_app_send_officer(KcTx *tx, const KcPrincipal *who, KcCaseRow *row, const char *reason, gint64 now_us,
                    KcResult *result, GError **error)
{
    KcChange sending = {.who = who, .now_us = now_us, .data = (gpointer)reason};
    if (strcmp(row->state, "on_scene") == 0)
        return TRUE;
    return kc_app_apply(row, KC_CASE_SEND_ON_SCENE, NULL, now_us, result) && finish(&sending, tx, row, error) &&
           kc_app_log(tx, who, row->id, "case.on_scene", now_us, NULL, error) &&
           kc_app_save_case(tx, row, now_us, error);
}

gboolean
kc_app_send_on_scene(KcApp *app, const KcPrincipal *who, const char *case_id, const char *reason, KcCaseView **ret_case,
                     KcResult *result, GError **error)
{
    if (reason != NULL && g_utf8_strlen(reason, -1) > KC_LIMIT_TEXT_CHARS)
        return kc_refuse_field(result, "/reason", "内容过长 / too long");
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .action = KC_ACTION_SEND_ON_SCENE,
        .event = KC_CASE_SEND_ON_SCENE,
        .log_kind = "case.on_scene",
        .check = check,
        .finish = finish,
        .data = (gpointer)reason,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}
