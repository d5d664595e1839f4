#include "media/rtp/keyframe.h"

void
kc_keyframe_init(KcKeyframePolicy *policy)
{
    *policy = (KcKeyframePolicy){.wanted = FALSE};
}

void
kc_keyframe_want(KcKeyframePolicy *policy)
{
    policy->wanted = TRUE;
}

void
kc_keyframe_came(KcKeyframePolicy *policy)
{
    policy->wanted = FALSE;
}

gboolean
kc_keyframe_due(KcKeyframePolicy *policy, gint64 now_us)
{
    if (!policy->wanted || (policy->asked_us != 0 && now_us - policy->asked_us < KC_KEYFRAME_INTERVAL_US))
        return FALSE;
    policy->asked_us = now_us;
    return TRUE;
}
