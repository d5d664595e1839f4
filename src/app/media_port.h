/* What the service asks of the media plane, and what it hears back. The daemon's worker pool is one; tests have
 * another.
 *
 * Requests block until the worker has answered (or died), may come from any thread and several at once. The listener is
 * called from one thread of the port, in order for each leg and object, never from inside a request; it may block on
 * the disk, but must not call the port's requests. */
#pragma once

#include <glib.h>

typedef struct {
    const char *call_id; /* legs of one call meet; it is the id of the case */
    const char *leg_id;
    const char *participant_kind; /* "party", "user" or "guest" */
    const char *participant_id;
    const char *offer; /* SDP */
    const char *object_id;    /* NULL: a leg that is not recorded, because it sends nothing */
    const guint8 *object_key; /* 32 bytes */
    int object_fd;            /* of the empty vault file; stays the caller's, the port passes on a duplicate */
    gint64 epoch_us;          /* what media time 0 of this call is on the wall clock */
} KcMediaJoin;

typedef struct {
    char *answer;      /* SDP */
    char *o_id;        /* of the offer */
    char *fingerprint; /* of the offer */
    char *replaced;    /* the leg that was taken over; NULL: none */
} KcMediaJoined;

typedef struct {
    guint status; /* 400, 404, 409, 422 or 503 */
    char *code;
    char *detail;
} KcMediaRefusal;

typedef struct {
    GBytes *jpeg;
    guint width, height;
    gint64 media_time_ms;
} KcMediaSnapshot;

typedef struct {
    char *leg_id;
    gint64 bitrate_in_bps, bitrate_out_bps;
    gint64 loss_in_permille, loss_out_permille;
    gint64 rtt_ms;             /* -1: unknown */
    gint64 age_last_packet_ms; /* -1: none yet */
    gint64 width, height;      /* 0: no picture yet */
    gint64 nacks_sent, nacks_answered, plis_sent;
    gint64 bytes_durable;
} KcMediaLegStats;

/* What a worker counts; no counter of a worker's place ever falls, also when the process there is replaced. */
typedef enum {
    KC_MEDIA_PACKETS_IN,
    KC_MEDIA_PACKETS_OUT,
    KC_MEDIA_BYTES_IN,
    KC_MEDIA_BYTES_OUT,
    KC_MEDIA_PACKETS_LOST, /* of video from participants, given up */
    KC_MEDIA_NACKS_SENT,
    KC_MEDIA_NACKS_ANSWERED,
    KC_MEDIA_PLIS_SENT,
    KC_MEDIA_BYTES_RECORDED,
    KC_MEDIA_BYTES_DURABLE,
    KC_MEDIA_LATE_LOOPS,
    KC_MEDIA_PACKETS_REFUSED,
    KC_MEDIA_TCP_DROPPED, /* media packets for which a slow reader by TCP had no room */
    KC_MEDIA_CPU_US, /* of the thread that serves the network */
    KC_MEDIA_RESTARTS,
    KC_MEDIA_N_COUNTERS
} KcMediaCounter;

/* One worker's place. What is not a counter is of now, and 0 while no worker is ready there. */
typedef struct {
    gint64 ready; /* 0 or 1 */
    gint64 full;  /* 1: takes no further call */
    gint64 unprivileged, seccomp; /* 0 or 1: in force of the worker's sandbox */
    gint64 landlock;              /* version of its ABI; 0: not in force */
    gint64 calls, legs, legs_max, open_fds, tcp_connections;
    gint64 cpu_permille; /* of the network thread's time, the mean of the last seconds */
    gint64 bitrate_in_bps, bitrate_out_bps;           /* of all legs together */
    gint64 loss_in_permille_max, loss_out_permille_max; /* of the leg that has most */
    gint64 age_last_packet_ms_max;                      /* of the leg that has been silent longest */
    gint64 counters[KC_MEDIA_N_COUNTERS];
} KcMediaWorkerStats;

typedef enum { KC_MEDIA_CONNECTED, KC_MEDIA_WARNING, KC_MEDIA_OK, KC_MEDIA_GONE } KcMediaLegState;

typedef enum {
    KC_MEDIA_RECORDING_STARTED,
    KC_MEDIA_RECORDING_PROGRESS,
    KC_MEDIA_RECORDING_FAILED,
    KC_MEDIA_RECORDING_FINISHED,
} KcMediaRecordingState;

typedef struct {
    gint64 from_ms, to_ms;
} KcMediaGap;

typedef struct {
    const char *object_id;
    KcMediaRecordingState state;
    gint64 chunks, bytes, duration_ms, started_us;
    const char *sha256; /* finished only */
    gboolean has_audio, has_video;
    gint64 width, height;
    const KcMediaGap *gaps;
    guint n_gaps;
} KcMediaRecording;

/* Where the packets of one other participant come to a leg: its n-th sections of audio and video. */
typedef struct {
    const char *audio_mid, *video_mid;
    const char *source_leg_id; /* NULL: nobody's now */
} KcMediaSlot;

typedef struct {
    void (*leg)(gpointer data, const char *leg_id, KcMediaLegState state, const char *reason);
    void (*recording)(gpointer data, const KcMediaRecording *recording);
    /* A worker ended; it has let go of every file. Its legs and unfinished objects; `reason`: "worker-died",
     * "worker-hung". Both arrays NULL-terminated. */
    void (*lost)(gpointer data, const char *const *leg_ids, const char *const *object_ids, const char *reason);
    /* Who is in the slots of a leg, whenever that changes, also right after it joined. */
    void (*slots)(gpointer data, const char *leg_id, const KcMediaSlot *slots, guint n);
    gpointer data;
} KcMediaListener;

typedef struct {
    gpointer self;
    /* Once, before any request. NULL: nothing more is to be reported; returns when no call of a listener is running. */
    void (*set_listener)(gpointer self, const KcMediaListener *listener);
    /* FALSE with a refusal. */
    gboolean (*join)(gpointer self, const KcMediaJoin *join, KcMediaJoined *ret_joined, KcMediaRefusal *ret_refusal);
    gboolean (*patch)(gpointer self, const char *leg_id, const char *sdpfrag, char **ret_sdpfrag,
                      KcMediaRefusal *ret_refusal);
    /* No answer is waited for; the leg's end and its finished recording are reported. */
    void (*leave)(gpointer self, const char *leg_id, const char *reason);
    gboolean (*snapshot)(gpointer self, const char *leg_id, KcMediaSnapshot *ret_snapshot, KcMediaRefusal *ret_refusal);
    /* Which other legs this one wants large, and which it does not want to see; those in neither list come with fewer
     * bits. Both NULL-terminated. NULL: the plane knows no such choice. */
    gboolean (*show)(gpointer self, const char *leg_id, const char *const *large, const char *const *hidden,
                     KcMediaRefusal *ret_refusal);
    /* GPtrArray of KcMediaLegStats for these legs, as far as they are known; owned. */
    GPtrArray *(*stats)(gpointer self, const char *const *leg_ids);
    /* GArray of KcMediaWorkerStats, by place; owned. */
    GArray *(*workers)(gpointer self);
    /* Whether calls can be taken now; `*ret_detail` (owned) says how many workers of how many answer. */
    gboolean (*ready)(gpointer self, char **ret_detail);
} KcMediaPort;

void kc_media_joined_clear(KcMediaJoined *joined);
void kc_media_refusal_clear(KcMediaRefusal *refusal);
void kc_media_snapshot_clear(KcMediaSnapshot *snapshot);
void kc_media_leg_stats_free(KcMediaLegStats *stats);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcMediaJoined, kc_media_joined_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcMediaRefusal, kc_media_refusal_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcMediaSnapshot, kc_media_snapshot_clear)
