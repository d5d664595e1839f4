#include "src/app/reindex.h"

#include "src/app/internal.h"
#include "src/store/search_store.h"

#define CASES_A_TURN 50 /* a transaction that others wait for */

static gboolean
is_lacking(KcTx *tx, gpointer data, GError **error)
{
    gboolean complete;
    gboolean *lacking = data;
    if (!kc_search_store_is_complete(tx, &complete, error))
        return FALSE;
    *lacking = !complete;
    return TRUE;
}

static gboolean
index_some(KcTx *tx, gpointer data, GError **error)
{
    return kc_search_store_reindex(tx, CASES_A_TURN, data, error);
}

gboolean
kc_app_reindex(KcApp *app, gint64 until_us, gint64 *ret_done, GError **error)
{
    gboolean lacking = FALSE;
    gint64 all = 0;
    guint done = 1;
    if (!kc_store_read(app->store, is_lacking, &lacking, error))
        return FALSE;
    while (lacking && done > 0 && (until_us == 0 || g_get_monotonic_time() < until_us)) {
        if (!kc_store_write(app->store, index_some, &done, error))
            return FALSE;
        all += done;
    }
    if (ret_done != NULL)
        *ret_done = all;
    return TRUE;
}

static gboolean
reset(KcTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
    return kc_search_store_reset(tx, error);
}

gboolean
kc_app_reset_index(KcApp *app, GError **error)
{
    return kc_store_write(app->store, reset, NULL, error);
}
