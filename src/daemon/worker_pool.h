/* The media workers: started, watched, replaced; the daemon's media port.
 *
 * A new call goes to a worker that others share already, or to the least loaded (worker_load.h); a second leg to where its
 * call is. A worker that ends, or leaves a
 * question unanswered for too long (then it is killed), is replaced: at once, or after a growing pause if that happens
 * again and again. Its legs are reported lost in the same moment, its unfinished recordings as soon as the process has
 * let go of their files. Numbers of a leg (stats) are at most half a second old.
 *
 * Thread-safe. Two threads of its own: one for the sockets, one that calls the listener, so that a listener that waits
 * for the disk holds up no reply. */
#pragma once

#include "media/protocol/message.h"
#include "src/app/media_port.h"
#include "src/daemon/worker_watch.h"

typedef struct KcWorkerPool KcWorkerPool;

#define KC_WORKER_POOL_ERROR (kc_worker_pool_error_quark())
GQuark kc_worker_pool_error_quark(void);
typedef enum { KC_WORKER_POOL_ERROR_START } KcWorkerPoolError;

typedef struct {
    const char *program;    /* path of kuaichu-media */
    guint workers;          /* 1 or more */
    GStrv addresses;        /* numeric, to be bound; 1 to 16 */
    GStrv offered;          /* in ICE candidates, as in KcConfigure; NULL: the addresses */
    guint16 port_min, port_max;
    gboolean udp_only;      /* no TCP at these ports */
    KcSandboxMode sandbox;
    guint uid, gid;         /* what a worker that is root becomes; 0: stays */
    guint legs_per_worker;  /* more are refused (503); 0: 200 */
    guint calls_together;   /* that share a worker before another is begun; 0: none */
    const KcWorkerLimits *limits; /* NULL: kc_worker_limits */
} KcWorkerPoolConfig;

/* Returns when every worker answers; fails if one can't be started or does not answer in time. */
KcWorkerPool *kc_worker_pool_new(const KcWorkerPoolConfig *config, GError **error);

/* Asks the workers to finish their recordings and end, waits up to five seconds, ends the rest. Takes NULL. */
void kc_worker_pool_free(KcWorkerPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWorkerPool, kc_worker_pool_free)

/* Valid as long as the pool. */
const KcMediaPort *kc_worker_pool_port(KcWorkerPool *pool);
