/* What the use cases of a review share. Included by src/app alone. */
#pragma once

#include "src/app/internal.h"
#include "src/app/reviews.h"
#include "src/domain/review.h"
#include "src/store/review_store.h"

/* The review of that id if `who` may do `action` with its case, and the case. NOT_FOUND, FORBIDDEN, or STATE if its own
 * state doesn't allow `step`. */
gboolean kc_app_load_review(KcTx *tx, const KcPrincipal *who, KcAction action, const char *case_id,
                            const char *review_id, KcReviewStep step, KcCaseRow **ret_row, KcReviewRow **ret_review,
                            KcResult *result, GError **error);

KcReviewState kc_review_row_state(const KcReviewRow *review);

/* Log, event and the case's new version; every party's link lives as long as what it is told of now. Takes `entry`. */
gboolean kc_app_tell_review(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, const KcReviewRow *review,
                            const char *kind, gint64 now_us, json_t *entry, GError **error);
