/* The review of a determination by the next higher unit (Order 146, arts. 71-79): asked for, withdrawn, and what a
 * caller may see of it. */
#pragma once

#include "src/app/objects.h"

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

/* To the higher unit, with the packet, which is sealed as it went (art. 72); the review counts as accepted from then on
 * (art. 73). Reads the whole case: not for a thread that serves. */
gboolean kc_app_forward_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                               KcReviewView **ret_review, KcResult *result, GError **error);
/* The packet that was forwarded; NOT_FOUND before. */
gboolean kc_app_open_review_packet(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                                   KcObjectReader **ret_reader, KcResult *result, GError **error);

typedef struct {
    const char *name, *badge_number;
} KcReviewer;

typedef struct {
    KcReviewOutcome outcome;
    const char *unit; /* that concluded */
    const KcReviewer *reviewers;
    gsize reviewer_count;
    const KcReviewGround *grounds; /* of "anew" */
    gsize ground_count;
    const char *findings;
    const char *correction; /* of "upheld after a correction"; NULL otherwise */
} KcConcludeReview;

/* What the higher unit concluded: a document of its own, and of the correction another. "Anew" opens the case again with
 * all that it has; its determination stands until the next one is issued. INVALID for fewer than two officers (art.
 * 74(3)), for the officer who determined, and for what the outcome needs and has not. */
gboolean kc_app_conclude_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                                const KcConcludeReview *request, KcReviewView **ret_review, KcResult *result,
                                GError **error);

/* On every party (art. 78). */
gboolean kc_app_serve_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                             KcReviewView **ret_review, KcResult *result, GError **error);

/* A court has accepted a suit, and was told of the review (art. 75(2)), which goes on. `accepted_on`: YYYY-MM-DD. */
gboolean kc_app_note_suit(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                          const char *court, const char *accepted_on, KcReviewView **ret_review, KcResult *result,
                          GError **error);
