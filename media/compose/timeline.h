/* How hours of a case become the minutes of one video: what is recorded plays as it was, and long stretches in which
 * nobody was recorded are left out, which is said in the picture.
 *
 * Lengths in the video are whole packets of sound. Pure. */
#pragma once

#include <glib.h>

#define KC_PACKET_MS 20
#define KC_LEFT_OUT_AFTER_MS 10000 /* shorter stretches without anybody stay as they were */
#define KC_LEFT_OUT_CARD_MS 2000   /* for how long it is said */

typedef struct {
    gint64 from_us, until_us; /* wall clock */
} KcInterval;

typedef struct {
    gint64 from_us;   /* wall clock at its beginning; of a stretch that is left out it stands still */
    gint64 length_ms; /* in the video; of whole packets */
    gboolean left_out;
} KcSpan;

/* GArray of KcSpan in the order of the video; empty without intervals. Intervals may overlap and come in any order. */
GArray *kc_timeline_new(const KcInterval *intervals, guint n);
gint64 kc_timeline_length_ms(const GArray *spans);
