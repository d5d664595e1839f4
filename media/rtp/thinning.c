#include "media/rtp/thinning.h"

#include "media/rtp/layers.h"

#define MUCH_LOST (256 / 10)
#define LITTLE_LOST (256 / 50)

static void
step_down(KcThinning *thinning, gint64 now_us)
{
    gboolean too_soon = thinning->rose && now_us - thinning->changed_us < thinning->patience_us;
    if (thinning->patience_us == 0)
        thinning->patience_us = KC_THINNING_PATIENCE_US;
    else if (too_soon)
        thinning->patience_us = MIN(thinning->patience_us * 2, KC_THINNING_PATIENCE_MAX_US);
    thinning->rose = FALSE;
    thinning->level++;
    thinning->changed_us = now_us;
}

gboolean
kc_thinning_report(KcThinning *thinning, guint fraction_lost, gint64 now_us)
{
    if (fraction_lost > LITTLE_LOST)
        thinning->good_us = 0;
    else if (thinning->good_us == 0)
        thinning->good_us = now_us;
    gboolean may_step = thinning->changed_us == 0 || now_us - thinning->changed_us >= KC_THINNING_STEP_US;
    if (fraction_lost >= MUCH_LOST && thinning->level < KC_THINNING_LEVEL_MAX && may_step) {
        step_down(thinning, now_us);
        return TRUE;
    }
    if (thinning->level == 0 || thinning->good_us == 0 || now_us - thinning->good_us < thinning->patience_us)
        return FALSE;
    thinning->level--;
    thinning->rose = TRUE;
    thinning->changed_us = thinning->good_us = now_us;
    return TRUE;
}

gint
kc_thinning_layer(guint level, gboolean is_large, gboolean is_first)
{
    switch (level) {
    case 0:
        return is_large ? KC_LAYERS_ALL : 0;
    case 1:
        return is_large ? 1 : 0;
    case 2:
        return 0;
    case 3:
        return is_first ? 0 : KC_LAYERS_NONE;
    default:
        return KC_LAYERS_NONE;
    }
}
