/* The two papers of a review as their exact text: what the higher unit concluded (Order 146, arts. 74, 76), and the
 * correction that the unit made before it was upheld (art. 76(2)). The grammar is that of document_outline.h. The wording
 * that cites the law comes in as data. Pure; thread-safe. */
#pragma once

#include "src/domain/review.h"

/* All borrowed, none NULL. */
typedef struct {
    const char *title;
    const char *outcomes[KC_REVIEW_OUTCOME_COUNT];
    const char *grounds[KC_REVIEW_GROUND_COUNT];
    const char *footer;
    const char *correction_title;
    const char *correction_basis;
    const char *correction_footer;
} KcReviewWording;

/* All borrowed; none NULL unless said so. */
typedef struct {
    gboolean demo;
    const char *number;
    const char *case_number;
    const char *reviewed_number; /* of the determination */
    const char *authority;       /* the centre that made it */
    const char *applicant_label; /* "A", … */
    const char *applicant_name;  /* NULL: unknown */
    gint64 asked_us, accepted_us, concluded_us;
    const char *request, *reasons, *evidence;
    const char *unit;             /* the higher one */
    const char *const *reviewers; /* NULL-terminated, each with its badge */
    KcReviewOutcome outcome;
    const KcReviewGround *grounds;
    gsize ground_count;
    const char *findings;
    const char *correction; /* NULL unless it was upheld after one */
} KcReviewPaper;

/* Owned. */
char *kc_review_conclusion_render(const KcReviewPaper *paper, const KcReviewWording *wording);
char *kc_review_correction_render(const KcReviewPaper *paper, const KcReviewWording *wording);
