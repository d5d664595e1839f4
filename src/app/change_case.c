/* Use cases that are one transition of a case: load, ask, write, answer with the case as it is then. */
#include "src/app/internal.h"

static gboolean
change(KcTx *tx, gpointer data, GError **error)
{
    KcChange *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, self->action, self->case_id, &row, self->result, error) ||
        !kc_app_check_version(row, self->expected_version, self->result))
        return FALSE;
    if (self->check != NULL && !self->check(self, tx, row, self->result, error))
        return FALSE;
    if (self->skip)
        return TRUE;
    KcCaseFacts none = {0};
    if (!kc_app_apply(row, self->event, &none, self->now_us, self->result))
        return FALSE;
    if (self->finish != NULL && !self->finish(self, tx, row, error))
        return FALSE;
    json_t *log_data = g_steal_pointer(&self->log_data);
    if (self->log_kind == NULL)
        return kc_app_save_case(tx, row, self->now_us, error);
    return kc_app_log(tx, self->who, row->id, self->log_kind, self->now_us, log_data, error) &&
           kc_app_save_case(tx, row, self->now_us, error);
}

gboolean
kc_app_change_case(KcChange *self, KcCaseView **ret_case, KcResult *result, GError **error)
{
    self->result = result;
    self->now_us = kc_app_now(self->app);
    gboolean done = kc_app_write(self->app, change, self, result, error);
    g_clear_pointer(&self->log_data, json_decref);
    if (!done)
        return FALSE;
    return ret_case == NULL || kc_app_read_view(self->app, self->who, self->case_id, ret_case, error);
}
