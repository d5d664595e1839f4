/* Who of several gets a case, by lot: nobody, the service's own staff included, can send a case to whom they like, and
 * whoever doubts it can draw again.
 *
 *   1. Commit. A random seed is made for the coming draw; its SHA-256 is logged and published before it is known which case
 *      that will be, and who will be free.
 *   2. Draw. The candidates stand in the order of their ids; the place that is drawn follows from the seed, the number of
 *      the draw and the id of the case, from nothing else.
 *   3. Reveal. The seed is published with the draw; the next seed is committed to in the same transaction.
 *
 * The place: block n = 0, 1, 2 … is HMAC-SHA256 (RFC 2104) under the seed of the text "kuaichu draw 1\nNUMBER\nCASE\nn\n";
 * its first eight bytes are a number, big-endian. Numbers of the last, incomplete round of `count` are passed over, so that
 * no place is likelier than another; the first other one, modulo `count`, is the place, counted from 0.
 *
 * What this can't show: that the program which commits is this one. A changed one could try many seeds before it commits
 * to one; it could not yet know the case, nor who will be free. Pure; thread-safe. */
#pragma once

#include <glib.h>

#define KC_DRAW_SEED_LEN 32

/* What is published beforehand: SHA-256 of the seed, 64 hexadecimal digits; owned. */
char *kc_draw_commitment(const guint8 seed[KC_DRAW_SEED_LEN]);

/* From 0 to `count` - 1; `count` is at least 1. */
guint kc_draw_place(const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, const char *case_id, guint count);

/* What one number of 64 bits comes to; FALSE: it is one of the last, incomplete round, and passed over. */
gboolean kc_draw_place_of(guint64 value, guint count, guint *ret_place);

/* A draw as it was published; all texts borrowed. */
typedef struct {
    gint64 number;
    const char *commitment, *seed; /* hexadecimal */
    const char *case_id;
    const char *const *candidates; /* ids, NULL-terminated */
    const char *chosen;
} KcDraw;

typedef enum {
    KC_DRAW_RIGHT,
    KC_DRAW_NO_SEED,    /* it is not 64 hexadecimal digits */
    KC_DRAW_OTHER_SEED, /* not the one that was committed to */
    KC_DRAW_DISORDER,   /* no candidates, or not in the order of their ids, each once */
    KC_DRAW_OTHER_CHOSEN,
} KcDrawCheck;

KcDrawCheck kc_draw_check(const KcDraw *draw);

/* What is wrong, as the rest of a sentence that begins with the draw; never NULL. */
const char *kc_draw_check_text(KcDrawCheck check);
