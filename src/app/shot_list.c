/* The shot list of a case: the pictures that are sealed against what its accident form asks for. Every page shows this
 * list, and clearing the road is held to it. */
#include "src/app/internal.h"
#include "src/domain/local_time.h"
#include "src/store/agreement_store.h"
#include "src/store/determination_store.h"

void
kc_shot_list_view_free(KcShotListView *view)
{
    if (view == NULL)
        return;
    g_free(view->accident_form);
    g_clear_pointer(&view->items, g_array_unref);
    g_free(view);
}

static char *
form_in(const char *draft_json)
{
    g_autoptr(json_t) draft = kc_json_parse(draft_json);
    return g_strdup(json_string_value(json_object_get(draft, "accident_form")));
}

/* As the officer has it, else as the parties do. */
static gboolean
find_form(KcTx *tx, const char *case_id, char **ret_form, GError **error)
{
    g_autoptr(KcDeterminationRow) determination = NULL;
    g_autoptr(KcAgreementRow) agreement = NULL;
    if (!kc_determination_store_get(tx, case_id, &determination, error) ||
        !kc_agreement_store_get(tx, case_id, &agreement, error))
        return FALSE;
    g_autofree char *form = determination != NULL ? form_in(determination->draft_json) : NULL;
    if (form == NULL && agreement != NULL)
        form = form_in(agreement->draft_json);
    *ret_form = g_steal_pointer(&form);
    return TRUE;
}

static GPtrArray *
taken_of(const GPtrArray *objects)
{
    GPtrArray *taken = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < objects->len; i++) {
        const KcObject *object = objects->pdata[i];
        if (strcmp(object->status, "complete") != 0 || object->meta_json == NULL)
            continue;
        g_autoptr(json_t) meta = kc_json_parse(object->meta_json);
        const char *shot = json_string_value(json_object_get(meta, "shot"));
        if (shot != NULL)
            g_ptr_array_add(taken, g_strdup(shot));
    }
    return taken;
}

gboolean
kc_app_load_shot_list(KcApp *app, KcTx *tx, const KcCaseRow *row, KcShotListView **ret_view, GError **error)
{
    static const char *const kinds[] = {"still", "photo", NULL};
    g_autoptr(KcShotListView) view = g_new0(KcShotListView, 1);
    g_autofree char *day = kc_local_date(row->occurred_us);
    g_autoptr(GPtrArray) objects = kc_object_store_list(tx, row->id, kinds, error);
    if (objects == NULL || !find_form(tx, row->id, &view->accident_form, error))
        return FALSE;
    g_autoptr(GPtrArray) taken = taken_of(objects);
    const KcRules *rules = kc_app_rules_of(app, row);
    view->gate = kc_rules_shot_gate(rules);
    view->items = kc_shot_list(kc_rules_shots(rules), view->accident_form, day, taken);
    *ret_view = g_steal_pointer(&view);
    return TRUE;
}
