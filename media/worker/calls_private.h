/* What calls.c (who is in), legs.c (one participant) and the answers in requests.c share. */
#pragma once

#include "media/gst/kccall.h"
#include "media/rtp/layers.h"
#include "media/rtp/thinning.h"
#include "media/worker/calls.h"
#include "media/worker/slots.h"

typedef struct Call Call;
typedef struct Leg Leg;

/* What the recordings of a worker have come to; atomic words, shared with the writer thread, which may outlive KcCalls. */
typedef struct {
    gsize bytes_recorded, bytes_durable;
} RecordingTotals;

struct KcCalls {
    KcCallsConfig config;
    GstBufferPool *pool;
    GHashTable *calls; /* id -> Call */
    GHashTable *legs;  /* id -> Leg */
    KcWorkerTotals ended;      /* of the legs that are gone: what a peer counts */
    RecordingTotals *recorded; /* an atomic rc box */
};

struct Call {
    KcCalls *calls;
    char *id;
    KcCallPipeline *pipeline;
    Leg *seats[KC_ROUTE_SEATS];
    guint n_joined; /* that ever came */
    gint64 epoch_us, epoch_mono_us; /* one moment on both clocks; 0: nobody was recorded yet */
    KcTimer tick;
    gboolean drawn;
};

typedef enum { LEG_CONNECTING, LEG_CONNECTED, LEG_WARNING } LegState;

/* What the writer thread knows of a recording; freed by it after the last report. */
typedef struct {
    KcOutbox *outbox;
    gint state;          /* atomic: KcRecordingState */
    gint failed;         /* atomic */
    gsize bytes_durable; /* atomic enough: a word */
    gsize bytes_recorded;
    RecordingTotals *totals; /* a reference */
    gint64 progress_us;
    gatomicrefcount refs;
} RecordingWatch;

typedef struct {
    guint64 request;
    gint64 deadline_us;
} SnapshotWait;

struct Leg {
    Call *call;
    guint seat;
    char *id;
    char *participant; /* kind and id */
    guint joined_number; /* of Call.n_joined */
    KcSdpOffer *offer;
    char *fingerprint;
    KcTransportSession *session;
    KcPeer *peer;
    KcRecorder *recorder;  /* NULL: not recorded */
    RecordingWatch *watch; /* NULL: not recorded */
    KcSlots slots;
    char **large, **hidden; /* legs; large NULL: no choice was made */
    guint thinned;          /* the level that its layers were last set by */
    LegState state;
    gint64 joined_at_us; /* unix */
    gint64 connected_us;
    GArray *snapshots; /* of SnapshotWait */
    /* For rates: the counters at the last turn of the meter. */
    gint64 metered_us;
    guint64 metered_in, metered_out;
    gint64 bitrate_in_bps, bitrate_out_bps;
};

/* legs.c */

/* Makes a leg on a free seat of `call`. NULL: the recording can't be begun (`error`). Takes `offer` over. */
Leg *kc_leg_new(Call *call, guint seat, KcMessage *join, KcSdpOffer *offer, GError **error);
/* Out of the call and out of the tables; the recording is finished behind the scenes. */
void kc_leg_free(Leg *leg);
char *kc_leg_answer(Leg *leg);
void kc_leg_tick(Leg *leg, gint64 now_us);
void kc_leg_event(Leg *leg, KcLegState state, const char *reason);

/* views.c */
void kc_views_joined(Leg *leg);
/* A leg has connected: if there are two and both are, each will answer the other's congestion control. */
void kc_views_connected(Call *call, gint64 now_us);
/* The leg that was on `seat` is gone. */
void kc_views_left(Call *call, guint seat);
void kc_views_tick(Leg *leg);
/* Takes the lists. */
void kc_views_show(Leg *leg, KcShow *show);
void kc_views_apply(Leg *leg);

/* snapshots.c */
void kc_leg_snapshot_request(Leg *leg, const KcMessage *request, gint64 now_us);
void kc_leg_snapshot_tick(Leg *leg, gint64 now_us);
void kc_leg_snapshot_refuse_all(Leg *leg);

/* stats.c */
void kc_leg_meter(Leg *leg, gint64 now_us);
/* The leg ends: what it has counted stays in the worker's totals. */
void kc_leg_retire(const Leg *leg);
void kc_calls_stats(KcCalls *calls, const KcMessage *request);

/* recording.c */
RecordingWatch *kc_recording_watch_new(KcCalls *calls);
void kc_recording_watch_unref(gpointer watch);
void kc_recording_report(const KcRecordingReport *report, gpointer watch);

/* calls.c */
void kc_call_left(Call *call);
