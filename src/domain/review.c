/* The state follows from the times; a table says which step a state allows.
 *
 *  asked --FORWARD--> forwarded --CONCLUDE--> concluded --SERVE--> served
 *    |                    |
 *    +----- WITHDRAW -----+--> withdrawn */
#include "src/domain/review.h"

#include "src/base/names.h"

static const guint8 ALLOWED[KC_REVIEW_STEP_COUNT][KC_REVIEW_STATE_COUNT] = {
    [KC_REVIEW_FORWARD] = {[KC_REVIEW_ASKED] = TRUE},
    [KC_REVIEW_CONCLUDE] = {[KC_REVIEW_FORWARDED] = TRUE},
    [KC_REVIEW_SERVE] = {[KC_REVIEW_CONCLUDED] = TRUE},
    [KC_REVIEW_WITHDRAW] = {[KC_REVIEW_ASKED] = TRUE, [KC_REVIEW_FORWARDED] = TRUE},
    [KC_REVIEW_NOTE_SUIT] = {[KC_REVIEW_ASKED] = TRUE, [KC_REVIEW_FORWARDED] = TRUE, [KC_REVIEW_CONCLUDED] = TRUE},
};

static const char *const STATES[KC_REVIEW_STATE_COUNT] = {
    [KC_REVIEW_ASKED] = "asked",   [KC_REVIEW_FORWARDED] = "forwarded", [KC_REVIEW_CONCLUDED] = "concluded",
    [KC_REVIEW_SERVED] = "served", [KC_REVIEW_WITHDRAWN] = "withdrawn",
};

static const char *const STEPS[KC_REVIEW_STEP_COUNT] = {
    [KC_REVIEW_FORWARD] = "forward",   [KC_REVIEW_CONCLUDE] = "conclude",   [KC_REVIEW_SERVE] = "serve",
    [KC_REVIEW_WITHDRAW] = "withdraw", [KC_REVIEW_NOTE_SUIT] = "note_suit",
};

static const char *const OUTCOMES[KC_REVIEW_OUTCOME_COUNT] = {
    [KC_REVIEW_UPHELD] = "upheld",
    [KC_REVIEW_UPHELD_CORRECTED] = "upheld_corrected",
    [KC_REVIEW_ANEW] = "anew",
};

static const char *const GROUNDS[KC_REVIEW_GROUND_COUNT] = {
    [KC_REVIEW_FACTS_UNCLEAR] = "facts_unclear",
    [KC_REVIEW_EVIDENCE_INSUFFICIENT] = "evidence_insufficient",
    [KC_REVIEW_LAW_WRONG] = "law_wrong",
    [KC_REVIEW_LIABILITY_UNFAIR] = "liability_unfair",
    [KC_REVIEW_PROCEDURE_UNLAWFUL] = "procedure_unlawful",
};

KcReviewState
kc_review_state(const KcReviewTimes *times)
{
    if (times->withdrawn_us > 0)
        return KC_REVIEW_WITHDRAWN;
    if (times->served_us > 0)
        return KC_REVIEW_SERVED;
    if (times->concluded_us > 0)
        return KC_REVIEW_CONCLUDED;
    return times->forwarded_us > 0 ? KC_REVIEW_FORWARDED : KC_REVIEW_ASKED;
}

gboolean
kc_review_allows(KcReviewState state, KcReviewStep step)
{
    g_assert(state < KC_REVIEW_STATE_COUNT && step < KC_REVIEW_STEP_COUNT);
    return ALLOWED[step][state];
}

gboolean
kc_review_is_over(KcReviewState state)
{
    return state == KC_REVIEW_SERVED || state == KC_REVIEW_WITHDRAWN;
}

const char *
kc_review_state_to_string(KcReviewState state)
{
    g_assert(state < KC_REVIEW_STATE_COUNT);
    return STATES[state];
}

const char *
kc_review_step_to_string(KcReviewStep step)
{
    g_assert(step < KC_REVIEW_STEP_COUNT);
    return STEPS[step];
}

const char *
kc_review_outcome_to_string(KcReviewOutcome outcome)
{
    g_assert(outcome < KC_REVIEW_OUTCOME_COUNT);
    return OUTCOMES[outcome];
}

gboolean
kc_review_outcome_from_string(const char *text, KcReviewOutcome *ret_outcome)
{
    gint place = kc_names_find(OUTCOMES, KC_REVIEW_OUTCOME_COUNT, text);
    if (place >= 0)
        *ret_outcome = (KcReviewOutcome)place;
    return place >= 0;
}

const char *
kc_review_ground_to_string(KcReviewGround ground)
{
    g_assert(ground < KC_REVIEW_GROUND_COUNT);
    return GROUNDS[ground];
}

gboolean
kc_review_ground_from_string(const char *text, KcReviewGround *ret_ground)
{
    gint place = kc_names_find(GROUNDS, KC_REVIEW_GROUND_COUNT, text);
    if (place >= 0)
        *ret_ground = (KcReviewGround)place;
    return place >= 0;
}
