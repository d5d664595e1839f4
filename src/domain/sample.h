/* Which closed cases are looked at again, by lot: a share of each county's, and all of some kinds. As in draw.h the
 * seed is committed to before it is known which cases there will be, and published with the draw; whoever doubts it
 * draws again.
 *
 * A case's lot is HMAC-SHA256 (RFC 2104) under the seed of the text "kuaichu sample 1\nNUMBER\nCASE\n". Of each
 * county's cases, those with the smallest lots are chosen, as many as the share of them, rounded up. Pure; thread-safe.
 */
#pragma once

#include "src/domain/draw.h"

typedef struct {
    char *case_id;
    char *county; /* code; "": none */
    const char
        *reason; /* static: "refused", "objected", "review": chosen for that; "random": by lot; NULL: not chosen */
    gboolean blind; /* it gets a second look (blind.h) */
} KcSampleCase;

KcSampleCase *kc_sample_case_new(const char *case_id, const char *county);
void kc_sample_case_free(KcSampleCase *one);

/* Sorts `cases` (of KcSampleCase) by id, and sets the reason of those that the lot chooses. What has a reason already
 * is in the sample besides, and takes no part. */
void kc_sample_draw(GPtrArray *cases, const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, guint percent);

/* HMAC-SHA256 under the seed of "WHAT\nNUMBER\nCASE\n". */
#define KC_SAMPLE_LOT_LEN 32
void kc_sample_lot(const char *what, const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, const char *case_id,
                   guint8 ret_lot[KC_SAMPLE_LOT_LEN]);

/* The end of the week in Beijing in which that moment is: the next Monday's first. */
gint64 kc_sample_period_end(gint64 now_us);
