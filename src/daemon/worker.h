/* One kuaichu-media process and the socket to it.
 *
 * Not thread-safe: the pool's mutex guards every call but kc_worker_spawn's result before it is shared. */
#pragma once

#include "media/protocol/channel.h"
#include "src/daemon/worker_load.h"
#include "src/daemon/worker_watch.h"

#include <gio/gio.h>

typedef struct {
    guint slot;
    GPid pid;
    KcChannel *channel;
    guint64 last_id;
    GHashTable *waiting;  /* request id -> KcWorkerReply *, borrowed from the thread that waits */
    GHashTable *legs;     /* leg id -> call id */
    GHashTable *objects;  /* ids of recordings that are not finished */
    KcMessage *stats_message; /* the newest stats_report; NULL: none yet */
    KcWorkerLoad load;
    KcWorkerWatch watch;
    guint64 ping_id;      /* of the stats request under way; 0: none */
    gboolean ready;       /* configured */
    KcSandbox sandbox;    /* once ready */
    gint64 ready_mono_us; /* since when */
    const char *fate;     /* "worker-died" or "worker-hung" */
} KcWorker;

/* What a waiting thread gets. */
typedef struct {
    KcMessage *message; /* owned; NULL: the worker died */
    gboolean done;
} KcWorkerReply;

/* Starts a program with that socket as descriptor 3, which stays the caller's too: --fd 3. It is to be reaped. */
gboolean kc_program_start(const char *program, int socket_fd, GPid *ret_pid, GError **error);

/* Starts the program with its socket as descriptor 3 and sends it "configure". */
KcWorker *kc_worker_spawn(const char *program, guint slot, const KcConfigure *configure, GError **error);

/* Sends a request with the next id, which is returned; 0: it could not be sent. Takes `request` over. */
guint64 kc_worker_send(KcWorker *worker, KcMessage *request, GError **error);

/* Everything waited for is answered with NULL. Does not end the process. */
void kc_worker_abandon(KcWorker *worker);

/* The process must have been reaped. */
void kc_worker_free(KcWorker *worker);
