/* The review of a determination by the next higher unit (复核): Order 146, arts. 71-79.
 *
 * A party asks once per accident (art. 71); the unit that determined forwards it with the file (72), which is the day
 * on which it counts as accepted (73); the higher unit concludes (74, 76), serves the conclusion (78), or ends the
 * review when whoever asked takes it back (75). A suit that a court accepts meanwhile ends nothing: the court is told
 * of the review (75). Limits of time are deadlines.h's. Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef enum {
    KC_REVIEW_ASKED,
    KC_REVIEW_FORWARDED, /* with the packet, and so accepted */
    KC_REVIEW_CONCLUDED,
    KC_REVIEW_SERVED,
    KC_REVIEW_WITHDRAWN,
    KC_REVIEW_STATE_COUNT
} KcReviewState;

typedef enum {
    KC_REVIEW_FORWARD,
    KC_REVIEW_CONCLUDE,
    KC_REVIEW_SERVE,
    KC_REVIEW_WITHDRAW,
    KC_REVIEW_NOTE_SUIT, /* changes no state */
    KC_REVIEW_STEP_COUNT
} KcReviewStep;

typedef enum {
    KC_REVIEW_UPHELD,           /* art. 76(1) */
    KC_REVIEW_UPHELD_CORRECTED, /* art. 76(2): flaws of the procedure, put right by the unit */
    KC_REVIEW_ANEW,             /* art. 76(3): investigated and determined again */
    KC_REVIEW_OUTCOME_COUNT
} KcReviewOutcome;

/* Why anew: art. 76(3), items 1 to 5. */
typedef enum {
    KC_REVIEW_FACTS_UNCLEAR,
    KC_REVIEW_EVIDENCE_INSUFFICIENT,
    KC_REVIEW_LAW_WRONG,
    KC_REVIEW_LIABILITY_UNFAIR,
    KC_REVIEW_PROCEDURE_UNLAWFUL,
    KC_REVIEW_GROUND_COUNT
} KcReviewGround;

#define KC_REVIEW_REVIEWERS_MIN 2 /* art. 74(3) */

/* When each step was taken; 0: not. */
typedef struct {
    gint64 asked_us, forwarded_us, concluded_us, served_us, withdrawn_us;
} KcReviewTimes;

KcReviewState kc_review_state(const KcReviewTimes *times);
gboolean kc_review_allows(KcReviewState state, KcReviewStep step);
/* Nothing of it is still to be done. */
gboolean kc_review_is_over(KcReviewState state);

/* "asked", …; "forward", …; "upheld", …; "facts_unclear", … */
const char *kc_review_state_to_string(KcReviewState state);
const char *kc_review_step_to_string(KcReviewStep step);
const char *kc_review_outcome_to_string(KcReviewOutcome outcome);
gboolean kc_review_outcome_from_string(const char *text, KcReviewOutcome *ret_outcome);
const char *kc_review_ground_to_string(KcReviewGround ground);
gboolean kc_review_ground_from_string(const char *text, KcReviewGround *ret_ground);
