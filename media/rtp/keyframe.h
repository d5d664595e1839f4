/* When to ask a source for a keyframe (PLI, RFC 4585, 6.3.1): at once when one is wanted, but at most one request each
 * KC_KEYFRAME_INTERVAL_US, and again each such interval until a keyframe comes. Pure; times in monotonic µs. */
#pragma once

#include <glib.h>

#define KC_KEYFRAME_INTERVAL_US (1000 * 1000)

typedef struct {
    gboolean wanted;
    gint64 asked_us; /* 0: never */
} KcKeyframePolicy;

/* Nothing is wanted, and nothing was asked for that may still be answered. */
void kc_keyframe_init(KcKeyframePolicy *policy);

void kc_keyframe_want(KcKeyframePolicy *policy);

/* A keyframe has begun to arrive. One that began before the last request could be answered counts too: the next want
 * will ask again. */
void kc_keyframe_came(KcKeyframePolicy *policy);

/* TRUE: ask now; notes that it was done. */
gboolean kc_keyframe_due(KcKeyframePolicy *policy, gint64 now_us);
