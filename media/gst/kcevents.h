/* The events that travel between kcpeer, kcroute and kcrecorder, besides GStreamer's own.
 *
 *   upstream    GstForceKeyUnit        a keyframe is wanted (receiver, recorder -> source); kcpeer limits how often
 *   upstream    kc-transport-cc        a receiver's congestion feedback, as it is (receiver -> source)
 *   upstream    kc-loss                what a receiver loses of it (receiver -> source)
 *   downstream  kc-sender-report       RTP time and wall clock of a source (source -> receiver); kcroute rewrites it
 *
 * All on the transport's thread. */
#pragma once

#include <gst/gst.h>

GstEvent *kc_event_new_keyframe(void);
gboolean kc_event_is_keyframe(GstEvent *event);

/* `fci`: the feedback control information, `bytes` of it, copied. */
GstEvent *kc_event_new_transport_cc(gconstpointer fci, gsize bytes);
/* Borrowed; NULL for any other event. */
GBytes *kc_event_transport_cc(GstEvent *event);

/* `fraction_lost`: in 256ths, as in a receiver report. */
GstEvent *kc_event_new_loss(guint fraction_lost);
gboolean kc_event_loss(GstEvent *event, guint *ret_fraction_lost);

/* The stream of `ssrc` is at `rtp` when the server's wall clock is at `unix_us`. */
typedef struct {
    guint32 ssrc;
    guint32 rtp;
    gint64 unix_us;
} KcSenderTime;

GstEvent *kc_event_new_sender_time(const KcSenderTime *time);
gboolean kc_event_sender_time(GstEvent *event, KcSenderTime *ret_time);
