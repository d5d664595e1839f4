#include "src/daemon/worker_pool_private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_EVERY_MS 50
#define REAP_EVERY_MS 5
#define STOP_WITHIN_US (5 * G_USEC_PER_SEC)
#define REAP_WITHIN_US (2 * G_USEC_PER_SEC) /* after SIGKILL, when stopping: the disk may hold one back for longer */
#define LEGS_PER_WORKER 200

G_DEFINE_QUARK(kc-worker-pool-error-quark, kc_worker_pool_error)

/* ---- the life of a worker (mutex held) ---------------------------------------------------------------------------- */

void
kc_worker_pool_forget_leg(KcWorkerPool *pool, KcWorker *worker, const char *leg)
{
    g_autofree char *call = NULL;
    g_autofree char *key = NULL;
    if (!g_hash_table_steal_extended(worker->legs, leg, (gpointer *)&key, (gpointer *)&call))
        return;
    GHashTableIter iter;
    gpointer other;
    g_hash_table_iter_init(&iter, worker->legs);
    while (g_hash_table_iter_next(&iter, NULL, &other)) {
        if (strcmp(other, call) == 0)
            return;
    }
    g_hash_table_remove(pool->calls, call);
}

static GStrv
keys_of(GHashTable *table)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_strv_builder_add(builder, key);
    return g_strv_builder_end(builder);
}

static void
spawn(KcWorkerPool *pool, guint slot)
{
    g_autoptr(GError) error = NULL;
    pool->workers[slot] = kc_worker_spawn(pool->program, slot, &pool->configure, &error);
    if (pool->workers[slot] == NULL) {
        g_critical("a media worker can't be started: %s", error->message);
        kc_worker_respawn_ended(&pool->respawns[slot], &pool->limits, -1, g_get_monotonic_time());
    }
}

/* It is of no more use: those who wait are answered, its legs are lost, its place is free. The process may take its time
 * to die (in a disk that does not answer): nobody waits for that, but its files are its own until then. */
static void
give_up(KcWorkerPool *pool, KcWorker *worker)
{
    gint64 now = g_get_monotonic_time();
    kill(worker->pid, SIGKILL);
    pool->workers[worker->slot] = NULL;
    GStrv legs = keys_of(worker->legs);
    for (char **leg = legs; *leg != NULL; leg++)
        kc_worker_pool_forget_leg(pool, worker, *leg);
    kc_worker_abandon(worker);
    kc_worker_figures_retire(pool, worker);
    if (!pool->stopping)
        g_warning("media worker %u is gone (%s); legs lost: %u", worker->slot, worker->fate, g_strv_length(legs));
    kc_media_reports_lost(pool->reports, legs, g_new0(char *, 1), worker->fate);
    kc_worker_respawn_ended(&pool->respawns[worker->slot], &pool->limits,
                            worker->ready ? now - worker->ready_mono_us : -1, now);
    if (!pool->stopping && now >= pool->respawns[worker->slot].after_us)
        spawn(pool, worker->slot);
    g_ptr_array_add(pool->ending, worker);
    g_cond_broadcast(&pool->changed);
}

/* Those that have died let go of their files: now the recordings can be recovered. */
static void
reap(KcWorkerPool *pool)
{
    for (guint i = pool->ending->len; i-- > 0;) {
        KcWorker *worker = pool->ending->pdata[i];
        int status = 0;
        pid_t reaped = waitpid(worker->pid, &status, WNOHANG);
        if (reaped == 0 || (reaped < 0 && errno == EINTR))
            continue;
        if (reaped > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
            g_warning("media worker %u made a system call that the sandbox forbids", worker->slot);
        kc_media_reports_lost(pool->reports, g_new0(char *, 1), keys_of(worker->objects), worker->fate);
        g_ptr_array_remove_index_fast(pool->ending, i);
        g_cond_broadcast(&pool->changed);
    }
}

static void
take_event(KcWorkerPool *pool, KcWorker *worker, KcMessage *event)
{
    if (event->type == KC_MESSAGE_LEG && event->leg.state == KC_LEG_GONE)
        kc_worker_pool_forget_leg(pool, worker, event->leg.leg);
    if (event->type == KC_MESSAGE_RECORDING &&
        (event->recording.state == KC_OBJECT_FINISHED || event->recording.state == KC_OBJECT_FAILED))
        g_hash_table_remove(worker->objects, event->recording.object);
    kc_media_reports_event(pool->reports, event);
}

/* A worker reports the end of a leg by itself only if it was not asked for; the port reports every end. */
static void
take_left(KcWorkerPool *pool, KcWorker *worker, const char *leg)
{
    KcMessage *event = kc_message_new(KC_MESSAGE_LEG);
    event->leg.leg = g_strdup(leg);
    event->leg.state = KC_LEG_GONE;
    event->leg.reason = g_strdup("left");
    take_event(pool, worker, event);
}

static void
become_ready(KcWorker *worker, const KcConfigured *configured)
{
    worker->sandbox = configured->sandbox;
    worker->ready = TRUE;
    worker->ready_mono_us = g_get_monotonic_time();
    kc_worker_watch_answered(&worker->watch);
}

/* It can't bind its sockets, or has to be confined and can't be: time will tell whether the next one can. */
static void
refuses_to_serve(KcWorkerPool *pool, const KcWorker *worker, const KcRefused *refused)
{
    g_warning("media worker %u can't serve: %s", worker->slot, refused->detail);
    g_free(pool->refusal);
    pool->refusal = g_strdup(refused->detail);
    kill(worker->pid, SIGKILL);
}

static void
take_reply(KcWorkerPool *pool, KcWorker *worker, KcMessage *reply)
{
    if (reply->type == KC_MESSAGE_CONFIGURED)
        become_ready(worker, &reply->configured);
    else if (reply->type == KC_MESSAGE_REFUSED && !worker->ready)
        refuses_to_serve(pool, worker, &reply->refused);
    else if (reply->type == KC_MESSAGE_LEFT)
        take_left(pool, worker, reply->leg_name.leg);
    if (reply->re == worker->ping_id) {
        worker->ping_id = 0;
        kc_worker_watch_answered(&worker->watch);
    }
    KcWorkerReply *waiter = g_hash_table_lookup(worker->waiting, &reply->re);
    if (waiter != NULL) {
        guint64 id = reply->re;
        waiter->message = g_steal_pointer(&reply);
        waiter->done = TRUE;
        g_hash_table_remove(worker->waiting, &id);
    } else if (reply->type == KC_MESSAGE_STATS_REPORT) {
        const KcWorkerTotals *totals = &reply->stats_report.totals;
        kc_worker_load_update(&worker->load, totals->transport_cpu_us, totals->late_loops, g_get_monotonic_time());
        kc_message_free(worker->stats_message);
        worker->stats_message = g_steal_pointer(&reply);
    }
    kc_message_free(reply);
    g_cond_broadcast(&pool->changed);
}

/* FALSE: the worker has ended. */
static gboolean
receive_all(KcWorkerPool *pool, KcWorker *worker)
{
    for (;;) {
        g_autoptr(GError) error = NULL;
        KcMessage *message = NULL;
        switch (kc_channel_recv(worker->channel, &message, &error)) {
        case KC_CHANNEL_MESSAGE:
            if (message->re != 0)
                take_reply(pool, worker, message);
            else
                take_event(pool, worker, message);
            continue;
        case KC_CHANNEL_AGAIN:
            return TRUE;
        case KC_CHANNEL_ERROR:
            g_warning("from media worker %u: %s", worker->slot, error->message);
            if (!g_error_matches(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_IO))
                continue;
            return FALSE;
        case KC_CHANNEL_END:
            return FALSE;
        }
    }
}

/* Asks how it is, and whether it has answered. */
static gboolean
has_hung(KcWorkerPool *pool, KcWorker *worker, gint64 now)
{
    KcWorkerWatch *watch = &worker->watch;
    switch (kc_worker_watch_look(watch, &pool->limits, worker->ready, now)) {
    case KC_WORKER_WELL:
        return FALSE;
    case KC_WORKER_ASK:
        worker->ping_id = kc_worker_send(worker, kc_message_new(KC_MESSAGE_STATS), NULL);
        if (worker->ping_id != 0)
            kc_worker_watch_asked(watch, kc_worker_cpu_us(worker->pid), now);
        return FALSE;
    case KC_WORKER_SUSPECT:
        return !kc_worker_starves(worker->pid, watch->cpu_us, now - watch->asked_us);
    case KC_WORKER_HUNG:
        return TRUE;
    }
    return FALSE;
}

/* ---- the socket thread -------------------------------------------------------------------------------------------- */

/* Fills `ret_fds` (n_workers + 1); the last one is the wake-up. */
static void
collect(KcWorkerPool *pool, struct pollfd *ret_fds)
{
    for (guint i = 0; i < pool->n_workers; i++) {
        KcWorker *worker = pool->workers[i];
        ret_fds[i] = (struct pollfd){.fd = -1};
        if (worker == NULL)
            continue;
        short events = POLLIN | (kc_channel_wants_write(worker->channel) ? POLLOUT : 0);
        ret_fds[i] = (struct pollfd){.fd = kc_channel_fd(worker->channel), .events = events};
    }
    ret_fds[pool->n_workers] = (struct pollfd){.fd = pool->wake_fd, .events = POLLIN};
}

static void
serve(KcWorkerPool *pool, const struct pollfd *fds)
{
    gint64 now = g_get_monotonic_time();
    for (guint i = 0; i < pool->n_workers; i++) {
        KcWorker *worker = pool->workers[i];
        if (worker == NULL) {
            if (!pool->stopping && now >= pool->respawns[i].after_us)
                spawn(pool, i);
            continue;
        }
        if ((fds[i].revents & POLLOUT) != 0)
            kc_channel_flush(worker->channel, NULL);
        if ((fds[i].revents & ~POLLOUT) != 0 && !receive_all(pool, worker))
            give_up(pool, worker);
        else if (has_hung(pool, worker, now)) {
            worker->fate = "worker-hung";
            give_up(pool, worker);
        }
    }
}

static gboolean
all_gone(const KcWorkerPool *pool)
{
    for (guint i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i] != NULL)
            return FALSE;
    }
    return pool->ending->len == 0;
}

static gpointer
socket_run(gpointer data)
{
    KcWorkerPool *pool = data;
    g_autofree struct pollfd *fds = g_new0(struct pollfd, pool->n_workers + 1);
    for (;;) {
        g_mutex_lock(&pool->mutex);
        gboolean end = pool->stopping && (all_gone(pool) || g_get_monotonic_time() >= pool->stop_until_us);
        int wait_ms = pool->ending->len > 0 ? REAP_EVERY_MS : LOOK_EVERY_MS;
        collect(pool, fds);
        g_mutex_unlock(&pool->mutex);
        if (end)
            return NULL;
        poll(fds, pool->n_workers + 1, wait_ms);
        guint64 ignored;
        if (fds[pool->n_workers].revents != 0 && read(pool->wake_fd, &ignored, sizeof ignored) < 0)
            g_assert(errno == EAGAIN || errno == EINTR);
        g_mutex_lock(&pool->mutex);
        serve(pool, fds);
        reap(pool);
        g_mutex_unlock(&pool->mutex);
    }
}

void
kc_worker_pool_wake(KcWorkerPool *pool)
{
    const guint64 one = 1;
    while (write(pool->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

/* ---- beginning and end -------------------------------------------------------------------------------------------- */

guint
kc_worker_pool_count_ready(const KcWorkerPool *pool)
{
    guint ready = 0;
    for (guint i = 0; i < pool->n_workers; i++)
        ready += pool->workers[i] != NULL && pool->workers[i]->ready;
    return ready;
}

static gboolean
start_all(KcWorkerPool *pool, GError **error)
{
    for (guint i = 0; i < pool->n_workers; i++) {
        pool->workers[i] = kc_worker_spawn(pool->program, i, &pool->configure, error);
        if (pool->workers[i] == NULL)
            return FALSE;
    }
    return TRUE;
}

/* Once: all workers run the same program on the same machine. */
static void
say_sandbox(const KcWorkerPool *pool)
{
    const KcSandbox *sandbox = &pool->workers[0]->sandbox;
    g_autofree char *landlock = g_strdup_printf("landlock (ABI %u)", sandbox->landlock);
    gboolean whole = sandbox->unprivileged && sandbox->seccomp && sandbox->landlock > 0;
    g_log(G_LOG_DOMAIN, whole || pool->configure.sandbox == KC_SANDBOX_OFF ? G_LOG_LEVEL_MESSAGE : G_LOG_LEVEL_WARNING,
          "media workers run %s privileges, %s seccomp, %s", sandbox->unprivileged ? "without" : "WITH",
          sandbox->seccomp ? "with" : "WITHOUT", sandbox->landlock > 0 ? landlock : "WITHOUT landlock");
}

static gboolean
wait_until_ready(KcWorkerPool *pool, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    gint64 until = g_get_monotonic_time() + pool->limits.ready_within_us;
    while (kc_worker_pool_count_ready(pool) < pool->n_workers) {
        if (!g_cond_wait_until(&pool->changed, &pool->mutex, until)) {
            g_set_error(error, KC_WORKER_POOL_ERROR, KC_WORKER_POOL_ERROR_START, "%u of %u media workers did not come up: %s",
                        pool->n_workers - kc_worker_pool_count_ready(pool), pool->n_workers,
                        pool->refusal != NULL ? pool->refusal : "they end or don't answer");
            return FALSE;
        }
    }
    say_sandbox(pool);
    return TRUE;
}

KcWorkerPool *
kc_worker_pool_new(const KcWorkerPoolConfig *config, GError **error)
{
    g_autoptr(KcWorkerPool) pool = g_new0(KcWorkerPool, 1);
    pool->program = g_strdup(config->program);
    pool->configure = (KcConfigure){
        .addresses = g_strdupv(config->addresses), .port_min = config->port_min, .port_max = config->port_max,
        .offered = g_strdupv(config->offered), .udp_only = config->udp_only,
        .sandbox = config->sandbox, .uid = config->uid, .gid = config->gid};
    pool->calls_together = config->calls_together;
    pool->legs_per_worker = config->legs_per_worker != 0 ? config->legs_per_worker : LEGS_PER_WORKER;
    pool->n_workers = MAX(config->workers, 1);
    pool->workers = g_new0(KcWorker *, pool->n_workers);
    pool->limits = config->limits != NULL ? *config->limits : kc_worker_limits;
    pool->respawns = g_new0(KcWorkerRespawn, pool->n_workers);
    pool->ending = g_ptr_array_new_with_free_func((GDestroyNotify)kc_worker_free);
    pool->ended = g_new0(KcMediaWorkerStats, pool->n_workers);
    pool->calls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pool->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pool->reports = kc_media_reports_new();
    g_mutex_init(&pool->mutex);
    g_cond_init(&pool->changed);
    pool->port = kc_media_requests_port(pool);
    gboolean started = start_all(pool, error);
    pool->socket_thread = g_thread_new("media-sockets", socket_run, pool);
    if (!started || !wait_until_ready(pool, error))
        return NULL;
    return g_steal_pointer(&pool);
}

static void
stop_workers(KcWorkerPool *pool)
{
    g_mutex_lock(&pool->mutex);
    pool->stopping = TRUE;
    for (guint i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i] != NULL)
            kc_worker_send(pool->workers[i], kc_message_new(KC_MESSAGE_STOP), NULL);
    }
    kc_worker_pool_wake(pool);
    gint64 until = g_get_monotonic_time() + STOP_WITHIN_US;
    pool->stop_until_us = until + REAP_WITHIN_US;
    while (!all_gone(pool) && g_cond_wait_until(&pool->changed, &pool->mutex, until))
        ;
    for (guint i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i] != NULL)
            kill(pool->workers[i]->pid, SIGKILL);
    }
    g_mutex_unlock(&pool->mutex);
}

void
kc_worker_pool_free(KcWorkerPool *pool)
{
    if (pool == NULL)
        return;
    if (pool->socket_thread != NULL) {
        stop_workers(pool);
        g_thread_join(pool->socket_thread);
    }
    kc_media_reports_free(pool->reports);
    g_hash_table_unref(pool->calls);
    close(pool->wake_fd);
    g_free(pool->workers);
    g_free(pool->respawns);
    g_ptr_array_unref(pool->ending);
    g_free(pool->ended);
    g_strfreev(pool->configure.addresses);
    g_strfreev(pool->configure.offered);
    g_free(pool->program);
    g_free(pool->refusal);
    g_mutex_clear(&pool->mutex);
    g_cond_clear(&pool->changed);
    g_free(pool);
}

const KcMediaPort *
kc_worker_pool_port(KcWorkerPool *pool)
{
    return &pool->port;
}
