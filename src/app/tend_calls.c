/* Who may no longer sign in is no longer heard in a call: the account may have been disabled by another process, and its
 * page need not hang up. */
#include "src/app/internal.h"
#include "src/store/user_store.h"

typedef struct {
    const GPtrArray *legs;
    GPtrArray *over; /* borrowed from `legs` */
} Roll;

static gboolean
find_disabled(KcTx *tx, gpointer data, GError **error)
{
    Roll *self = data;
    for (guint i = 0; i < self->legs->len; i++) {
        KcLeg *leg = self->legs->pdata[i];
        g_autoptr(KcUser) user = NULL;
        if (strcmp(leg->kind, "user") != 0)
            continue;
        if (!kc_user_store_get(tx, leg->participant_id, &user, error))
            return FALSE;
        if (user == NULL || user->disabled)
            g_ptr_array_add(self->over, leg);
    }
    return TRUE;
}

gboolean
kc_app_tend_calls(KcApp *app, GError **error)
{
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, NULL), over = g_ptr_array_new();
    Roll roll = {legs, over};
    if (legs->len > 0 && !kc_store_read(app->store, find_disabled, &roll, error))
        return FALSE;
    for (guint i = 0; i < over->len; i++)
        kc_app_end_leg(app, ((const KcLeg *)over->pdata[i])->leg_id, "account-disabled");
    return TRUE;
}
