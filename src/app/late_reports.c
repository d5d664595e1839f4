#include "src/app/late_reports.h"

#include "src/app/internal.h"
#include "src/store/late_report_store.h"

#include <string.h>

gboolean
kc_app_is_late_report(const KcCaseRow *row)
{
    KcTriage triage;
    g_autoptr(json_t) known = kc_json_parse(row->triage_json);
    kc_triage_from_json(known, &triage);
    return triage.late_report;
}

/* ---- the decision ---- */

static gboolean
check_request(const KcDecideReport *request, KcResult *result)
{
    g_autofree char *reason = g_strstrip(g_strdup(request->reason != NULL ? request->reason : ""));
    if (g_utf8_strlen(reason, -1) > KC_LIMIT_TEXT_CHARS)
        kc_refuse_field(result, "/reason", "内容过长 / too long");
    if (request->accepted)
        return (request->ground == NULL || kc_refuse_field(result, "/ground", "受理的没有这一项 / only of one declined")) &&
               result->kind == KC_RESULT_OK;
    if (request->ground == NULL)
        kc_refuse_field(result, "/ground",
                        "请选择不予受理的原因（第18条第2款） / why it is declined is missing (art. 18(2))");
    if (*reason == '\0')
        kc_refuse_field(result, "/reason", "请向当事人说明理由 / the party has to be told why");
    return result->kind == KC_RESULT_OK;
}

static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    g_autoptr(KcLateReport) there = NULL;
    if (!kc_app_is_late_report(row))
        return kc_refuse(result, KC_RESULT_CONFLICT, "not-late",
                         "不是事后报警 / this report was not made after the scene was cleared");
    if (!kc_late_report_store_get(tx, row->id, &there, error))
        return FALSE;
    return (there == NULL && row->claimed_us == 0) ||
           kc_refuse(result, KC_RESULT_CONFLICT, "report-decided", "已经决定过 / this has been decided already");
}

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    const KcDecideReport *request = change->data;
    const KcLateReport report = {.case_id = row->id,
                                 .accepted = request->accepted,
                                 .ground = (char *)request->ground,
                                 .reason = (char *)request->reason,
                                 .decided_by = change->who->user_id,
                                 .decided_us = change->now_us};
    return kc_late_report_store_insert(tx, &report, error) &&
           kc_app_emit(tx, "report.decided", row->id, "case", NULL, change->now_us, NULL, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, change->now_us, NULL, error) &&
           kc_app_prolong_links(change->app, tx, row, change->now_us, error);
}

gboolean
kc_app_decide_report(KcApp *app, const KcPrincipal *who, const char *case_id, const KcDecideReport *request,
                     KcCaseView **ret_case, KcResult *result, GError **error)
{
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .action = KC_ACTION_DECIDE_REPORT,
        .event = request->accepted ? KC_CASE_ACCEPT_REPORT : KC_CASE_DECLINE_REPORT,
        .log_kind = request->accepted ? "report.accepted" : "report.declined",
        .check = check,
        .finish = finish,
        .data = (gpointer)request,
        .log_data = json_pack("{s:s?}", "ground", request->ground),
    };
    if (!check_request(request, result)) {
        json_decref(change.log_data);
        return FALSE;
    }
    return kc_app_change_case(&change, ret_case, result, error);
}

/* ---- the list ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    GPtrArray *views;
} List;

/* A case of a county that is not theirs is left out. */
static gboolean
add(List *self, KcTx *tx, const char *case_id, GError **error)
{
    KcCaseRow *row = NULL;
    KcCaseView *view = NULL;
    g_auto(KcResult) unseen = {0};
    if (!kc_app_load_case(tx, self->who, KC_ACTION_DECIDE_REPORT, case_id, &row, &unseen, error))
        return unseen.kind != KC_RESULT_OK;
    if (!kc_app_load_view(self->app, tx, self->who, row, FALSE, &view, error))
        return FALSE;
    g_ptr_array_add(self->views, view);
    return TRUE;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(GPtrArray) ids = kc_late_report_store_list_open(tx, error);
    g_ptr_array_set_size(self->views, 0);
    for (guint i = 0; ids != NULL && i < ids->len; i++)
        if (!add(self, tx, ids->pdata[i], error))
            return FALSE;
    return ids != NULL;
}

gboolean
kc_app_list_late_reports(KcApp *app, const KcPrincipal *who, GPtrArray **ret_cases, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_case_view_free);
    List self = {app, who, views};
    if (!kc_app_check_role(who, KC_ACTION_DECIDE_REPORT, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_cases = g_steal_pointer(&views);
    return TRUE;
}
