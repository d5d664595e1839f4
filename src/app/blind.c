/* Who is blind to which case.
 *
 * Invariant: to whoever has an open second look at a case, that case opens by nothing but what kc_blind_may allows, and
 * stands in no list; kc_app_load_case asks first of all. */
#include "src/app/blind.h"

#include "src/store/finding_store.h"

static gboolean
may_look(const KcPrincipal *who)
{
    return who != NULL && who->user_id != NULL && kc_role_may(who->role, KC_ACTION_LOOK_BLIND);
}

gboolean
kc_app_is_blind(KcTx *tx, const KcPrincipal *who, const char *case_id, gboolean *ret_blind, GError **error)
{
    *ret_blind = FALSE;
    return !may_look(who) || kc_blind_store_is_open(tx, who->user_id, case_id, ret_blind, error);
}

GStrv
kc_app_hidden_cases(KcTx *tx, const KcPrincipal *who, GError **error)
{
    return may_look(who) ? kc_blind_store_open_cases(tx, who->user_id, error) : g_new0(char *, 1);
}

gboolean
kc_app_first_look(KcTx *tx, const char *case_id, char **ret_user_id, GError **error)
{
    g_autoptr(GPtrArray) scores = kc_score_store_list(tx, case_id, error);
    const KcScore *first = NULL;
    for (guint i = 0; scores != NULL && i < scores->len; i++) {
        const KcScore *score = scores->pdata[i];
        if (first == NULL || score->scored_us < first->scored_us)
            first = score;
    }
    *ret_user_id = first != NULL ? g_strdup(first->user_id) : NULL;
    return scores != NULL;
}
