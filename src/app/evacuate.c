/* The road may be cleared: the evidence is fixed (road traffic law, art. 70; Order 146, art. 19).
 *
 * The shot list of the accident form comes first. Before anybody has named a form there is no such list to hold the
 * officer to, and the desk's page asks by what every form needs; other programs go on as before. Who has to clear the
 * road without them (a lorry comes, the rain is too heavy) says why in one code, which the log keeps beside their names. */
#include "src/app/internal.h"
#include "src/app/log_figures.h"

typedef struct {
    const char *reason;
} Evacuate;

static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    const Evacuate *self = change->data;
    if (self->reason != NULL && kc_rules_shot_reason(kc_app_rules_of(change->app, row), self->reason) == NULL)
        return kc_refuse_field(result, "/reason", "没有这个理由 / no such reason");
    change->skip = row->evacuated_us != 0;
    return TRUE;
}

static gboolean
refuse_missing(const GPtrArray *missing, KcResult *result)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < missing->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? "、" : "", ((const KcShot *)missing->pdata[i])->zh);
    g_autofree char *detail = g_strdup_printf("还没有拍：%s / The shots of this accident form that are named in errors come "
                                              "before the road is cleared, or a reason.", names->str);
    kc_refuse(result, KC_RESULT_CONFLICT, "shots-missing", detail);
    for (guint i = 0; i < missing->len; i++) {
        const KcShot *shot = missing->pdata[i];
        g_autofree char *pointer = g_strconcat("/shots/", shot->code, NULL);
        g_autofree char *message = g_strdup_printf("%s / %s", shot->zh, shot->en);
        kc_result_name(result, pointer, message);
    }
    return FALSE;
}

static json_t *
entry_of(const KcShotListView *list, const GPtrArray *missing, const char *reason)
{
    json_t *entry = json_object(), *codes = json_array();
    kc_app_log_shots(entry, list);
    for (guint i = 0; i < missing->len; i++)
        json_array_append_new(codes, json_string(((const KcShot *)missing->pdata[i])->code));
    if (missing->len > 0)
        json_object_set(entry, "shots_missing", codes);
    json_decref(codes);
    if (missing->len > 0 && reason != NULL)
        json_object_set_new(entry, "reason", json_string(reason));
    return entry;
}

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    const Evacuate *self = change->data;
    g_autoptr(KcShotListView) list = NULL;
    if (!kc_app_load_shot_list(change->app, tx, row, &list, error))
        return FALSE;
    g_autoptr(GPtrArray) missing = kc_shot_list_missing(list->items);
    gboolean decided = strcmp(row->state, "evidence_fixed") != 0; /* by what there is */
    if (missing->len > 0 && list->gate && !decided && list->accident_form != NULL && self->reason == NULL)
        return refuse_missing(missing, change->result);
    change->log_data = entry_of(list, missing, self->reason);
    row->evacuated_us = change->now_us;
    return kc_app_emit(tx, "case.evacuate", row->id, "case", NULL, change->now_us, NULL, error);
}

gboolean
kc_app_evacuate(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version, const char *reason,
                KcCaseView **ret_case, KcResult *result, GError **error)
{
    Evacuate self = {.reason = reason};
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
        .data = &self,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}
