/* The second look at a case, by somebody who knows nothing of what the first came to: which cases get one, who looks,
 * and what is asked.
 *
 * Of a sample (sample.h) a share is looked at twice. A case's lot is HMAC-SHA256 (RFC 2104) under the seed of the
 * sample, of the text "kuaichu blind 1\nNUMBER\nCASE\n"; those with the smallest are chosen, as many as the share,
 * rounded up. Who looks is the place of kc_draw_place under the same seed, of the turn (1, and one more for each who
 * gave it back) and the case, among all who may, in the order of their ids. So the seed that was committed to before
 * the week ended decides both, and whoever has the log draws again. Pure; thread-safe. */
#pragma once

#include "src/domain/consistency.h"
#include "src/domain/roles.h"
#include "src/domain/sample.h"

/* Sets `blind` of those of `cases` (of KcSampleCase) that the lot chooses among the sampled ones. */
void kc_blind_choose(GPtrArray *cases, const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, guint percent);

/* Whether that may be done with a case by somebody who is blind to it: look at the evidence, and hand in. */
gboolean kc_blind_may(KcAction action);

/* What both are asked; a score only of what can be judged without the determination and its papers. */
typedef enum {
    KC_BLIND_LIABILITY,     /* beside what the officer, or the parties themselves, came to */
    KC_BLIND_ACCIDENT_FORM, /* the same */
    KC_BLIND_SAFETY,        /* 1 … 5, beside the score of the first look; as the next */
    KC_BLIND_EVIDENCE,
    KC_BLIND_PROCEDURE,
    KC_BLIND_MANNER,
    KC_BLIND_QUESTION_COUNT
} KcBlindQuestion;

const char *kc_blind_question_to_string(KcBlindQuestion question);
gboolean kc_blind_question_from_string(const char *text, KcBlindQuestion *ret_question);
gboolean kc_blind_question_is_score(KcBlindQuestion question);

/* One party's liability in a split. */
typedef struct {
    const char *label; /* "A", … */
    KcLiability liability;
} KcBlindShare;

/* The whole split is one answer: "A=full B=none", by label. Owned; NULL if any is unset. Sorts `shares`. */
char *kc_blind_split(KcBlindShare *shares, gsize count);

/* What contradicts itself in a split, in the order given: of KcFinding, whose pointer is "/liability/N/liability".
 * Owned. */
GPtrArray *kc_blind_check_split(const KcBlindShare *shares, gsize count);
