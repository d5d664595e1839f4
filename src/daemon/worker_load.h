/* How much a worker has to do, from two numbers that it reports twice a second; pure.
 *
 * A worker serves the network with one thread, so it is full when that thread is: before packets wait. Both figures are
 * means over about KC_WORKER_LOAD_MEAN_US, so that neither a moment's work nor a stutter of the machine refuses a call.
 */
#pragma once

#include <glib.h>

#define KC_WORKER_LOAD_MEAN_US (3 * G_USEC_PER_SEC)
#define KC_WORKER_LOAD_CPU_MAX 0.8    /* of the transport thread's time */
#define KC_WORKER_LOAD_SHARED_MAX 0.4 /* of it: no more calls are put together */
#define KC_WORKER_LOAD_LATE_MAX 20.0  /* turns of its loop a second that began 20 ms late or more */

typedef struct {
    gint64 at_us;              /* monotonic; 0: no report yet */
    gint64 cpu_us, late_loops; /* as last reported */
    double cpu_share, late_per_s;
} KcWorkerLoad;

/* Who is on a worker, and how many should be. */
typedef struct {
    guint calls, legs;
    guint legs_max;
    guint together; /* calls that share a worker before another is begun; 0 or 1: none */
} KcWorkerCrowd;

/* Counters since the worker began, as they were at `now_us`. */
void kc_worker_load_update(KcWorkerLoad *load, gint64 cpu_us, gint64 late_loops, gint64 now_us);

/* No further call should go there; legs of a call that it has may still come. */
gboolean kc_worker_load_is_full(const KcWorkerLoad *load, guint legs, guint legs_max);

/* A new call goes to the worker with the least of this. It grows with what the worker has to do; legs count too, since
 * those that have just come do not show in the time yet. One that is begun and has fewer than `together` calls is below
 * all others, the fuller the lower: packets of several calls in one turn of a loop cost less than in a turn each. */
double kc_worker_load_weight(const KcWorkerLoad *load, const KcWorkerCrowd *crowd);
