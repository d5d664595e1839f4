/* kcrecorder: writes what one participant sends into one sealed recording, while the call runs, never transcoded.
 *
 *     audio_sink ─ reorder ─ Opus packets ─┐
 *                                          ├─ merge by time ─ WebM Clusters ─▶ writer thread: seal, append, sync
 *     video_sink ─ reorder ─ VP8 frames ───┘                                  (one for all of a worker)
 *                            └─ frames since the last keyframe, for snapshots
 *
 * Pads: both take one RTP packet a buffer (or a list of them), header included, and retransmissions too when they
 * have kcpeer's meta (media/gst/kcrtpbuffer.h) or are unwrapped already. They return GST_FLOW_OK whatever happens to
 * the recording: it can never block or fail the call. The payload is copied, so a buffer isn't referenced after the
 * push. GST_BUFFER_DTS, when valid, is the packet's arrival on CLOCK_MONOTONIC in nanoseconds (as
 * g_get_monotonic_time() * 1000); else the time of the push is taken. Caps and segments are not needed. Padding on the
 * media's own stream has to come too: its number would be waited for. On the retransmission stream it is ignored.
 *
 * Keyframes: asks by a GstForceKeyUnit event upstream out of video_sink, in the thread of the push or tick: with the
 * first packet if that begins none, after a loss (again each second until one comes), and every
 * KC_RECORDER_KEYFRAME_MS for seek points.
 *
 * Time: both tracks are mapped from their RTP clocks to the server's monotonic clock by their earliest arrivals, and
 * the picture is laid to the sound by the sender reports when both have come; corrections are slewed.
 *
 * Threads: pads, tick and the setters may be called by any thread (one lock, never held over I/O or events upstream);
 * meant is the transport's thread. Reports come on the writer thread. */
#pragma once

#include <gst/gst.h>

#include "media/webm/index.h"

#define KC_RECORDER_KEY_BYTES 32
#define KC_RECORDER_KEYFRAME_MS 3000 /* a seek decodes all frames since the last one: 90 at most, in two tracks at once */
#define KC_RECORDER_WAIT_DEFAULT_MS 300 /* for a missing packet, until a round trip time is known */
#define KC_RECORDER_WAIT_MIN_MS 120
#define KC_RECORDER_WAIT_MAX_MS 1000
#define KC_RECORDER_QUEUE_BYTES (8 * 1024 * 1024) /* finished Clusters that wait for the disk; more is a failure */
#define KC_RECORDER_GOP_BYTES (8 * 1024 * 1024)   /* decoded for one snapshot at most */
#define KC_RECORDER_GOP_FRAMES 600

typedef enum {
    KC_RECORDER_AUDIO,
    KC_RECORDER_VIDEO,
} KcRecorderMedia;

/* --- the writer thread ------------------------------------------------------------------------------------------ */

typedef struct _KcRecorderWriter KcRecorderWriter;

/* Starts the thread that seals and writes for any number of recorders. Free it after the recorders: it finishes every
 * recording that is still open, reports it, and ends. */
KcRecorderWriter *kc_recorder_writer_new(void);
void kc_recorder_writer_free(KcRecorderWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRecorderWriter, kc_recorder_writer_free)

/* --- what is reported ------------------------------------------------------------------------------------------- */

typedef enum {
    KC_RECORDING_STARTED,  /* the first bytes are on disk; before any other report but FAILED, when there are bytes */
    KC_RECORDING_PROGRESS, /* about once a second while it grows */
    KC_RECORDING_FAILED,   /* last report: disk error or overflow; what was written stays, and can be recovered */
    KC_RECORDING_FINISHED, /* last report: index and last chunk sealed, synced */
} KcRecordingState;

typedef struct {
    KcRecordingState state;
    const char *object;        /* the object id of the configuration */
    guint64 chunks;            /* sealed and written so far */
    guint64 bytes;             /* plaintext bytes so far */
    guint64 durable_bytes;     /* of them, synced to disk */
    gint64 started_at_us;      /* wall clock at 0 ms */
    gint64 duration_ms;
    gboolean has_audio;
    gboolean has_video;
    guint32 width;             /* the largest picture so far */
    guint32 height;
    char sha256[65];           /* FINISHED: of the plaintext, in hex; else "" */
    const KcWebmIndex *index;  /* gaps and Clusters so far */
    const char *message;       /* FAILED: why; else NULL */
} KcRecordingReport;

/* Everything in `report` is valid during the call only. */
typedef void (*KcRecordingReportFunc)(const KcRecordingReport *report, gpointer user_data);

/* --- the element ------------------------------------------------------------------------------------------------ */

#define KC_TYPE_RECORDER (kc_recorder_get_type())
G_DECLARE_FINAL_TYPE(KcRecorder, kc_recorder, KC, RECORDER, GstElement)

typedef struct {
    const char *name;          /* of the element; NULL for one made up */
    const char *object;        /* id of the vault object */
    int fd;                    /* of the empty object file, read and write; owned by the recorder from here on, also
                                  when kc_recorder_new fails */
    guint8 key[KC_RECORDER_KEY_BYTES]; /* the object's key; wipe yours after the call */
    gint64 epoch_us;           /* a moment on the wall clock (unix µs) … */
    gint64 epoch_mono_us;      /* … and the same moment on g_get_monotonic_time() */
    KcRecordingReportFunc report; /* NULL is fine */
    gpointer user_data;
    GDestroyNotify user_data_free; /* called on the writer thread after the last report; NULL is fine */
} KcRecorderConfig;

/* A floating element, as every GstElement; NULL with an error when the vault header can't be written. `writer` must
 * outlive it. Unreferencing an element that was not finished finishes it. */
KcRecorder *kc_recorder_new(KcRecorderWriter *writer, const KcRecorderConfig *config, GError **error);

/* To be called every 50 to 250 ms: gives up missing packets, closes Clusters when nothing comes, asks for keyframes. */
void kc_recorder_tick(KcRecorder *recorder, gint64 now_mono_us);

/* An RTCP sender report (RFC 3550, 6.4.1) of the recorded stream: its 64-bit NTP and its RTP timestamp. */
void kc_recorder_sender_report(KcRecorder *recorder, KcRecorderMedia media, guint64 ntp, guint32 rtp);

/* The round trip to the sender: missing packets are waited for three times as long, plus 60 ms, within the limits. */
void kc_recorder_set_rtt(KcRecorder *recorder, gint64 rtt_us);

/* Ends the recording: what has come is written, sealed and reported by the writer thread. At once, does not block;
 * later packets are dropped, later calls do nothing. */
void kc_recorder_finish(KcRecorder *recorder);

/* --- for snapshots ---------------------------------------------------------------------------------------------- */

/* The frames from the last keyframe to the newest frame, which decode to the newest picture. */
typedef struct {
    GPtrArray *frames; /* of GBytes, VP8; never empty */
    guint32 width;     /* by the keyframe */
    guint32 height;
    gint64 media_time_ms; /* of the newest frame, on the recording's clock */
    gint64 taken_at_us;   /* the same moment on the wall clock (unix µs); old when pictures have stopped */
} KcGop;

void kc_gop_free(KcGop *gop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcGop, kc_gop_free)

/* On the writer thread, once for each kc_recorder_read_gop that was accepted. One of `gop` (taken over by the callee)
 * and `error` (valid during the call) is NULL. */
typedef void (*KcGopFunc)(KcGop *gop, const GError *error, gpointer user_data);

/* Reads the newest picture's frames back from the recording itself, which need not be kept in memory for that. FALSE,
 * and `func` is not called, when no picture has come yet, or a limit was passed and no keyframe has come since. After a
 * loss it stays at the last picture that decodes. Does not block. */
gboolean kc_recorder_read_gop(KcRecorder *recorder, KcGopFunc func, gpointer user_data);
