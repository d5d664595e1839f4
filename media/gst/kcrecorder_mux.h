/* What a recorder does between the RTP packets and the finished Clusters: order, frames, time, merging. Internal to
 * kcrecorder, and everything of it that can be tested without a thread, a pipeline or a disk.
 *
 * Times are µs on the monotonic clock and come in as parameters; they don't run backwards. Not locked. */
#pragma once

#include "media/gst/kcrecorder.h"
#include "media/gst/kcrecorder_reorder.h"

typedef struct _KcRecorderMux KcRecorderMux;

/* `epoch_us` on the wall clock is `epoch_mono_us` on the monotonic one. */
KcRecorderMux *kc_recorder_mux_new(gint64 epoch_us, gint64 epoch_mono_us);
void kc_recorder_mux_free(KcRecorderMux *mux);

void kc_recorder_mux_push(KcRecorderMux *mux, KcRecorderMedia media, const KcRtpView *packet);
void kc_recorder_mux_tick(KcRecorderMux *mux, gint64 now_us);
void kc_recorder_mux_report(KcRecorderMux *mux, KcRecorderMedia media, guint64 ntp, guint32 rtp);
void kc_recorder_mux_set_rtt(KcRecorderMux *mux, gint64 rtt_us);

/* Lets everything out that waits, and closes the last Cluster. Only take and free are allowed after it. */
void kc_recorder_mux_finish(KcRecorderMux *mux, gint64 now_us);

/* The next finished piece of the file, or NULL; owned by the caller. */
GBytes *kc_recorder_mux_take(KcRecorderMux *mux);

/* Whether a keyframe is to be asked for now; counts as asked. */
gboolean kc_recorder_mux_wants_keyframe(KcRecorderMux *mux, gint64 now_us);

/* Lets every frame that is whole out into the file, and closes the Cluster, so that the newest picture can be read from
 * there. FALSE: none has come that decodes, and nothing was done. */
gboolean kc_recorder_mux_cut(KcRecorderMux *mux, gint64 now_us);
