/* How much a receiver is sent that loses what it is sent, when the senders are not slowed for it: with three or more in
 * a call nobody else shall suffer for one bad network.
 *
 *   0 everything ── 10% lost ──▶ 1 two layers of what is large, the base of the rest ──▶ 2 the base of everything
 *                                                                ──▶ 3 one picture ──▶ 4 sound alone
 *
 * A step down at most each second; a step up after less than 2% was lost for KC_THINNING_PATIENCE_US, which doubles
 * when the step before was too much. Pure; times in monotonic microseconds. */
#pragma once

#include <glib.h>

#define KC_THINNING_LEVEL_MAX 4
#define KC_THINNING_STEP_US (1000 * 1000)
#define KC_THINNING_PATIENCE_US (5 * 1000 * 1000)
#define KC_THINNING_PATIENCE_MAX_US (60 * 1000 * 1000)

typedef struct {
    guint level;
    gint64 changed_us; /* 0: never */
    gint64 good_us;    /* since when little is lost; 0: much is */
    gint64 patience_us;
    gboolean rose; /* the last step was one up */
} KcThinning;

/* A receiver's report block: what it has lost of one stream, in 1/256 (RFC 3550, 6.4.1). TRUE: the level has changed. */
gboolean kc_thinning_report(KcThinning *thinning, guint fraction_lost, gint64 now_us);

/* The highest temporal layer (layers.h) of a picture at this level. `is_first`: the first of the large ones. */
gint kc_thinning_layer(guint level, gboolean is_large, gboolean is_first);
