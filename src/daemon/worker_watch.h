/* When a worker is taken for hung, and when a new one may begin; pure but for kc_worker_starves.
 *
 * Only time in which the daemon itself ran counts against a worker: a look counts for KC_WORKER_LOOK_MAX_US at most,
 * however late it comes, so that a machine that was suspended, or too busy to let the daemon run, ends no call. */
#pragma once

#include <glib.h>
#include <sys/types.h>

#define KC_WORKER_LOOK_MAX_US (200 * 1000)
#define KC_WORKER_STARVES_TIMES 4 /* so many times longer may one be silent that has no processor */

typedef struct {
    gint64 ask_every_us;
    gint64 hung_after_us;   /* a question is not answered for so long */
    gint64 ready_within_us; /* from its start to "configured" */
    gint64 pause_min_us;    /* before the second start within a while; doubled with each further one … */
    gint64 pause_max_us;    /* … up to this */
    gint64 well_after_us;   /* one that was ready for so long before it ended is replaced at once again */
} KcWorkerLimits;

/* A worker hangs for 1.5 s at most before it is replaced: its calls are back within three. */
extern const KcWorkerLimits kc_worker_limits;

/* ---- one worker ---- */

typedef struct {
    gint64 looked_us;   /* 0: not yet */
    gint64 asked_us;    /* the last question */
    gint64 silent_us;   /* that counts, since that question; of one that is not ready: since its start */
    gint64 cpu_us;      /* of the process, at that question */
    gboolean asked;     /* it is not answered yet */
} KcWorkerWatch;

typedef enum {
    KC_WORKER_WELL,
    KC_WORKER_ASK,     /* it is time for a question */
    KC_WORKER_SUSPECT, /* it has hung, unless it starves */
    KC_WORKER_HUNG,
} KcWorkerVerdict;

KcWorkerVerdict kc_worker_watch_look(KcWorkerWatch *watch, const KcWorkerLimits *limits, gboolean ready, gint64 now_us);
void kc_worker_watch_asked(KcWorkerWatch *watch, gint64 cpu_us, gint64 now_us);
void kc_worker_watch_answered(KcWorkerWatch *watch);
/* Silent for so long that no new call should wait for it. */
gboolean kc_worker_watch_is_slow(const KcWorkerWatch *watch, const KcWorkerLimits *limits);

/* CPU time of a process in all its threads; 0: unknown. */
gint64 kc_worker_cpu_us(pid_t pid);
/* It wants to run and is not let: a thread of it is runnable, yet it got less than half of `passed_us`, in which its
 * CPU time was `cpu_us` at first. One that is stopped, waits, or spins does not starve. */
gboolean kc_worker_starves(pid_t pid, gint64 cpu_us, gint64 passed_us);

/* ---- one worker's place ---- */

typedef struct {
    gint64 pause_us; /* before the next start */
    gint64 after_us; /* monotonic: no start before */
} KcWorkerRespawn;

/* A worker ended there (or could not be started), `ready_us` after it had become ready; negative: it never was. */
void kc_worker_respawn_ended(KcWorkerRespawn *respawn, const KcWorkerLimits *limits, gint64 ready_us, gint64 now_us);
