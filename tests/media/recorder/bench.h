/* A recorder at work in a folder of its own, and a look at what came of it. */
#pragma once

#include "tests/media/recorder/rtp_source.h"
#include "media/webm/index.h"

typedef struct {
    char *dir;
    char *path;
    KcRecorderWriter *writer;
    gboolean shares_writer;
    KcRecorder *recorder;
    GstPad *sources[2]; /* by KcRecorderMedia, linked to the recorder */
    gint64 base_us;     /* monotonic time of packets at 0 */
    gint keyframes_asked;

    GMutex lock; /* for what the reports say */
    GCond changed;
    guint n_started, n_progress, n_failed, n_finished, n_freed;
    guint64 chunks_at_start; /* what was written when the start was reported */
    KcRecordingReport last;
    char *message;
} Bench;

#define BENCH_EPOCH_US G_GINT64_CONSTANT(1767225600000000)
extern const guint8 bench_key[KC_RECORDER_KEY_BYTES];

Bench *bench_new(void);
/* A second recording of the same writer thread, to be freed before the first. */
Bench *bench_new_beside(const Bench *first);
void bench_free(Bench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bench, bench_free)

/* Pushes all packets at their times, with a tick every 50 ms between them. */
void bench_play(Bench *bench, const GArray *packets);
void bench_tick(Bench *bench, gint64 at_us);
/* Finishes and waits for the last report. */
void bench_finish(Bench *bench);
void bench_wait_last(Bench *bench);

/* What a player would say of the file that replay serves. */
typedef struct {
    double duration_s;
    gint n_streams;
    gint video_packets; /* 0: no such stream */
    gint audio_packets;
    gint width, height;
    double video_start_s, audio_start_s;
    char *errors; /* of decoding it all; "" when there are none */
} Probe;

void probe_clear(Probe *probe);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Probe, probe_clear)

/* Opens the finished vault file of `path`, checks its hash, writes what replay serves beside it and probes that.
 * `ret_index` (may be NULL) is the sealed index. With KC_TEST_KEEP=folder in the environment a copy of the file stays
 * there, to be looked at in a browser. */
void bench_probe(const char *path, Probe *ret_probe, KcWebmIndex **ret_index);
