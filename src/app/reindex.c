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

typedef struct {
    KcReindex pass;
    gint64 passed_over;
    gboolean more;
} Reindex;

static void
on_passed_over(const char *case_id, const GError *why, gpointer data)
{
    Reindex *self = data;
    self->passed_over++;
    g_warning("case %s can't be indexed (kuaichu fsck says what is damaged): %s", case_id, why->message);
}

static gboolean
index_some(KcTx *tx, gpointer data, GError **error)
{
    Reindex *self = data;
    return kc_search_store_reindex(tx, &self->pass, CASES_A_TURN, &self->more, error);
}

gboolean
kc_app_reindex(KcApp *app, gint64 until_us, gint64 *ret_done, gint64 *ret_passed_over, GError **error)
{
    Reindex self = {.pass = KC_REINDEX_INIT};
    self.pass.passed_over = on_passed_over;
    self.pass.user_data = &self;
    if (!kc_store_read(app->store, is_lacking, &self.more, error))
        return FALSE;
    while (self.more && (until_us == 0 || g_get_monotonic_time() < until_us))
        if (!kc_store_write(app->store, index_some, &self, error))
            return FALSE;
    if (ret_done != NULL)
        *ret_done = self.pass.done;
    if (ret_passed_over != NULL)
        *ret_passed_over = self.passed_over;
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
