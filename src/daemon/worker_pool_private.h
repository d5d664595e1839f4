/* The pool's inside, shared by its two halves: worker_pool.c keeps the workers alive, media_requests.c asks them.
 *
 * Invariants:
 *  - `mutex` guards the workers, the table of calls and everything in KcWorker; nothing blocks while it is held.
 *  - a leg is in exactly one worker's table from before its join is sent until its "gone", its refusal or the worker's
 *    end; a call is in `calls` as long as it has such a leg. */
#pragma once

#include "src/daemon/media_reports.h"
#include "src/daemon/worker.h"
#include "src/daemon/worker_pool.h"

struct KcWorkerPool {
    char *program;
    KcConfigure configure;
    guint legs_per_worker, calls_together;
    char *refusal; /* why a worker last refused to serve; NULL: none did */
    KcWorkerLimits limits;
    KcMediaPort port;

    GMutex mutex;
    GCond changed; /* a reply, a worker's end, a worker's readiness */
    KcWorker **workers; /* n_workers; NULL: being replaced */
    KcWorkerRespawn *respawns; /* by place */
    GPtrArray *ending;         /* of KcWorker *: killed, not reaped; they have no place, no legs and nobody who waits */
    KcMediaWorkerStats *ended; /* by place: the counters of the workers that have ended there */
    guint n_workers;
    GHashTable *calls; /* call id -> slot + 1 */
    gboolean stopping;
    gint64 stop_until_us; /* once stopping: what has not ended by then is left to itself */
    int wake_fd;
    GThread *socket_thread;

    KcMediaReports *reports;
};

/* The leg has ended; its call too if it was the last one. Mutex held. */
void kc_worker_pool_forget_leg(KcWorkerPool *pool, KcWorker *worker, const char *leg);
/* Mutex held. */
guint kc_worker_pool_count_ready(const KcWorkerPool *pool);
/* Something waits to be sent. From any thread. */
void kc_worker_pool_wake(KcWorkerPool *pool);

/* The worker's last word goes into its place's counters; it has ended. Mutex held. */
void kc_worker_figures_retire(KcWorkerPool *pool, const KcWorker *worker);
/* The port's `workers`; takes the mutex. */
GArray *kc_worker_figures_read(gpointer pool);

/* The port of a pool: its requests, from any thread. */
KcMediaPort kc_media_requests_port(KcWorkerPool *pool);
