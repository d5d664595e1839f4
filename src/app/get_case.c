/* One case, as whoever asks may see it. */
#include "src/app/internal.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    KcCaseView *view;
    KcResult *result;
} GetCase;

static gboolean
get_case(KcTx *tx, gpointer data, GError **error)
{
    GetCase *self = data;
    KcCaseRow *row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_CASE, self->case_id, &row, self->result, error))
        return FALSE;
    return kc_app_load_view(self->app, tx, self->who, row, FALSE, &self->view, error);
}

gboolean
kc_app_get_case(KcApp *app, const KcPrincipal *who, const char *case_id, KcCaseView **ret_case, KcResult *result,
                GError **error)
{
    GetCase self = {app, who, case_id, NULL, result};
    if (!kc_app_read(app, get_case, &self, result, error))
        return FALSE;
    *ret_case = self.view;
    return TRUE;
}
