/* The review of a determination by the next higher unit (Order 146, arts. 71-79): asked for, withdrawn, and what a
 * caller may see of it. */
#pragma once

#include "src/app/app.h"
#include "src/app/views.h"

typedef struct {
    const char *request;  /* what is asked for */
    const char *reasons;  /* and why */
    const char *evidence; /* the main evidence */
    const KcIdempotency *idempotency;
} KcAskReview;

/* By a party, until the last day of its limit. CONFLICT "review-late" (the attempt is an entry of the audit log: art. 71
 * wants it answered in writing), "review-asked" for a second request of the same accident, "not-served" before there
 * is anything to object to; INVALID for what art. 71(2) wants stated and is not. */
gboolean kc_app_ask_review(KcApp *app, const KcPrincipal *who, const char *case_id, const KcAskReview *request,
                           KcReviewView **ret_review, KcResult *result, GError **error);

/* By whoever asked, until it is concluded (art. 75(1)): it is over then, and there is no other. STATE otherwise. */
gboolean kc_app_withdraw_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                                KcReviewView **ret_review, KcResult *result, GError **error);

/* For the desk: those that are not over, or all of them; of KcReviewView, the oldest first. */
gboolean kc_app_list_reviews(KcApp *app, const KcPrincipal *who, gboolean all, GPtrArray **ret_reviews,
                             KcResult *result, GError **error);
