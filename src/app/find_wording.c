#include "src/app/internal.h"
#include "src/app/laws.h"
#include "src/domain/local_time.h"

typedef struct {
    const GPtrArray *citations;
    const char *on_date;
    GPtrArray *found;
} Wording;

void
kc_wording_view_free(KcWordingView *view)
{
    if (view == NULL)
        return;
    kc_citation_free(view->citation);
    kc_law_row_free(view->law);
    g_clear_pointer(&view->passages, g_ptr_array_unref);
    g_free(view);
}

static gboolean
find_passages(KcTx *tx, KcWordingView *view, GError **error)
{
    const KcCitation *citation = view->citation;
    g_autoptr(GPtrArray) article =
        kc_law_store_passages(tx, view->law->id, citation->article, citation->article_sub, error);
    if (article == NULL)
        return FALSE;
    g_autoptr(GPtrArray) wanted = kc_law_passages_of(article, citation);
    for (guint i = 0; i < wanted->len; i++) {
        const KcLawPassage *passage = wanted->pdata[i];
        g_ptr_array_add(view->passages, kc_law_passage_new(passage, passage->text));
    }
    return TRUE;
}

static gboolean
find_place(Wording *self, KcTx *tx, const KcCitation *citation, GError **error)
{
    g_autoptr(KcWordingView) view = g_new0(KcWordingView, 1);
    view->citation = g_memdup2(citation, sizeof *citation);
    view->citation->law = g_strdup(citation->law);
    view->passages = g_ptr_array_new_with_free_func((GDestroyNotify)kc_law_passage_free);
    if (!kc_law_store_current(tx, citation->law, self->on_date, &view->law, error) ||
        (view->law != NULL && !find_passages(tx, view, error)))
        return FALSE;
    g_ptr_array_add(self->found, g_steal_pointer(&view));
    return TRUE;
}

static gboolean
find(KcTx *tx, gpointer data, GError **error)
{
    Wording *self = data;
    g_ptr_array_set_size(self->found, 0);
    for (guint i = 0; i < self->citations->len; i++)
        if (!find_place(self, tx, self->citations->pdata[i], error))
            return FALSE;
    return TRUE;
}

gboolean
kc_app_find_wording(KcApp *app, const KcPrincipal *who, const char *citation, const char *on_date,
                    GPtrArray **ret_places, KcResult *result, GError **error)
{
    if (who != NULL && !kc_app_check_role(who, KC_ACTION_READ_LAW, result))
        return FALSE;
    g_autoptr(GPtrArray) citations = kc_citations_parse(citation);
    if (citations == NULL)
        return kc_refuse_field(result, "/citation",
                               "不是法条引用 / no citation of a law, such as 道路交通安全法第43条");
    if (on_date != NULL && !kc_local_date_is_valid(on_date))
        return kc_refuse_field(result, "/on", "日期格式为YYYY-MM-DD / a day, as YYYY-MM-DD");
    Wording self = {citations, on_date, g_ptr_array_new_with_free_func((GDestroyNotify)kc_wording_view_free)};
    g_autoptr(GPtrArray) found = self.found;
    if (!kc_app_read(app, find, &self, result, error))
        return FALSE;
    *ret_places = g_steal_pointer(&found);
    return TRUE;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    GPtrArray **laws = data;
    g_clear_pointer(laws, g_ptr_array_unref);
    *laws = kc_law_store_list(tx, error);
    return *laws != NULL;
}

gboolean
kc_app_list_laws(KcApp *app, const KcPrincipal *who, GPtrArray **ret_laws, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) laws = NULL;
    if (who != NULL && !kc_app_check_role(who, KC_ACTION_READ_LAW, result))
        return FALSE;
    if (!kc_app_read(app, list, &laws, result, error))
        return FALSE;
    *ret_laws = g_steal_pointer(&laws);
    return TRUE;
}
