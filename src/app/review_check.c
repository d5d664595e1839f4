#include "src/app/review_check.h"

#include <string.h>

KcReviewState
kc_review_row_state(const KcReviewRow *review)
{
    return kc_review_state(&(KcReviewTimes){review->asked_us, review->forwarded_us, review->concluded_us,
                                            review->served_us, review->withdrawn_us});
}

static gboolean
check_step(const KcReviewRow *review, KcReviewStep step, KcResult *result)
{
    KcReviewState state = kc_review_row_state(review);
    if (kc_review_allows(state, step))
        return TRUE;
    g_autofree char *detail =
        g_strdup_printf("The review is in the state '%s', which does not allow '%s'.", kc_review_state_to_string(state),
                        kc_review_step_to_string(step));
    return kc_refuse(result, KC_RESULT_CONFLICT, "wrong-review-state", detail);
}

gboolean
kc_app_load_review(KcTx *tx, const KcPrincipal *who, KcAction action, const char *case_id, const char *review_id,
                   KcReviewStep step, KcCaseRow **ret_row, KcReviewRow **ret_review, KcResult *result, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    if (!kc_app_load_case(tx, who, action, case_id, &row, result, error) ||
        !kc_review_store_get(tx, row->id, &review, error))
        return FALSE;
    if (review == NULL || g_strcmp0(review->id, review_id) != 0)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "review-unknown", "There is no such review of this case.");
    if (!check_step(review, step, result))
        return FALSE;
    *ret_row = g_steal_pointer(&row);
    *ret_review = g_steal_pointer(&review);
    return TRUE;
}

gboolean
kc_app_tell_review(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, const KcReviewRow *review,
                   const char *kind, gint64 now_us, json_t *entry, GError **error)
{
    json_t *event = json_pack("{s:s}", "review_id", review->id);
    return kc_app_log(tx, who, row->id, kind, now_us, entry, error) &&
           kc_app_emit(tx, kind, row->id, "case", NULL, now_us, event, error) &&
           kc_app_save_case(tx, row, now_us, error) && kc_app_prolong_links(app, tx, row, now_us, error);
}
