/* Search. A party's list is its own case. */
#include "src/app/internal.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT 200

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const KcCaseQuery *query;
    GPtrArray *cases;
    char *cursor;
    KcResult *result;
} ListCases;

static gboolean
add_view(ListCases *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    KcCaseView *view = NULL;
    if (!kc_app_load_view(self->app, tx, self->who, row, TRUE, &view, error))
        return FALSE;
    g_ptr_array_add(self->cases, view);
    return TRUE;
}

static gboolean
list_own(ListCases *self, KcTx *tx, GError **error)
{
    KcCaseRow *row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_LIST_CASES, self->who->case_id, &row, self->result, error))
        return FALSE;
    return add_view(self, tx, row, error);
}

/* The counties asked for, within those that the account may see; `one` is room for the list of a single one. */
static const char *const *
visible_counties(ListCases *self, const char *one[2], gboolean *ret_none)
{
    const char *const *allowed = (const char *const *)self->who->counties;
    gboolean all = allowed == NULL || allowed[0] == NULL;
    *ret_none = FALSE;
    if (self->query->county == NULL)
        return all ? NULL : allowed;
    *ret_none = !all && !g_strv_contains(allowed, self->query->county);
    one[0] = self->query->county;
    one[1] = NULL;
    return one;
}

static gboolean
list_cases(KcTx *tx, gpointer data, GError **error)
{
    ListCases *self = data;
    if (self->who->case_id != NULL)
        return list_own(self, tx, error);
    const char *one[2];
    gboolean none;
    KcCaseFilter filter = {
        .states = self->query->states,
        .counties = visible_counties(self, one, &none),
        .officer_id = self->query->mine ? self->who->user_id : NULL,
        .q = self->query->q,
        .from_us = self->query->from_us,
        .to_us = self->query->to_us,
        .limit = self->query->limit == 0 ? DEFAULT_LIMIT : MIN(self->query->limit, MAX_LIMIT),
        .cursor = self->query->cursor,
    };
    if (none)
        return TRUE;
    g_autoptr(GPtrArray) rows = kc_case_store_list(tx, &filter, &self->cursor, error);
    if (rows == NULL)
        return FALSE;
    while (rows->len > 0) {
        if (!add_view(self, tx, g_ptr_array_steal_index(rows, 0), error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_app_list_cases(KcApp *app, const KcPrincipal *who, const KcCaseQuery *query, GPtrArray **ret_cases,
                  char **ret_cursor, KcResult *result, GError **error)
{
    if (!kc_app_check_role(who, KC_ACTION_LIST_CASES, result))
        return FALSE;
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)kc_case_view_free);
    ListCases self = {app, who, query, cases, NULL, result};
    if (!kc_app_read(app, list_cases, &self, result, error)) {
        g_free(self.cursor);
        return FALSE;
    }
    *ret_cases = g_steal_pointer(&cases);
    *ret_cursor = self.cursor;
    return TRUE;
}
