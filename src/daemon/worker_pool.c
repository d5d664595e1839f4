/* Invariants:
 *  - `mutex` guards the workers, the table of calls and everything in KcWorker; nothing blocks while it is held.
 *  - a leg is in exactly one worker's table from before its join is sent until its "gone", its refusal or the worker's
 *    end; a call is in `calls` as long as it has such a leg. */
#include "src/daemon/worker_pool.h"

#include "src/daemon/media_reports.h"
#include "src/daemon/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PING_EVERY_US (500 * 1000)
#define HUNG_AFTER_US (2 * G_USEC_PER_SEC)
#define REPLY_WITHIN_US (5 * G_USEC_PER_SEC)
#define READY_WITHIN_US (10 * G_USEC_PER_SEC)
#define STOP_WITHIN_US (5 * G_USEC_PER_SEC)
#define RESPAWN_PAUSE_US (G_USEC_PER_SEC) /* for one that dies as soon as it is started */
#define LEGS_PER_WORKER 200

G_DEFINE_QUARK(kc-worker-pool-error-quark, kc_worker_pool_error)

struct KcWorkerPool {
    char *program;
    KcConfigure configure;
    guint legs_per_worker;
    KcMediaPort port;

    GMutex mutex;
    GCond changed; /* a reply, a worker's end, a worker's readiness */
    KcWorker **workers; /* n_workers; NULL: being replaced */
    gint64 *spawn_after_us;
    guint n_workers;
    GHashTable *calls; /* call id -> slot + 1 */
    gboolean stopping;
    int wake_fd;
    GThread *socket_thread;

    KcMediaReports *reports;
};

/* ---- the life of a worker (mutex held) ---------------------------------------------------------------------------- */

static void
forget_leg(KcWorkerPool *pool, KcWorker *worker, const char *leg)
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
        pool->spawn_after_us[slot] = g_get_monotonic_time() + RESPAWN_PAUSE_US;
    }
}

/* The connection has ended, so the process has exited or is about to: SIGKILL makes it certain that it lets go of every
 * file before the recordings are recovered. */
static void
bury(KcWorkerPool *pool, KcWorker *worker)
{
    kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    pool->workers[worker->slot] = NULL;
    GStrv legs = keys_of(worker->legs);
    for (char **leg = legs; *leg != NULL; leg++)
        forget_leg(pool, worker, *leg);
    kc_worker_abandon(worker);
    gint64 now = g_get_monotonic_time();
    gboolean quick = now - worker->spawned_mono_us < RESPAWN_PAUSE_US;
    if (!pool->stopping)
        g_warning("media worker %u is gone (%s); legs lost: %u", worker->slot, worker->fate,
                  g_strv_length(legs));
    kc_media_reports_lost(pool->reports, legs, keys_of(worker->objects), worker->fate);
    pool->spawn_after_us[worker->slot] = quick ? now + RESPAWN_PAUSE_US : now;
    kc_worker_free(worker);
    g_cond_broadcast(&pool->changed);
}

static void
take_event(KcWorkerPool *pool, KcWorker *worker, KcMessage *event)
{
    if (event->type == KC_MESSAGE_LEG && event->leg.state == KC_LEG_GONE)
        forget_leg(pool, worker, event->leg.leg);
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
take_reply(KcWorkerPool *pool, KcWorker *worker, KcMessage *reply)
{
    if (reply->type == KC_MESSAGE_CONFIGURED)
        worker->ready = TRUE;
    else if (reply->type == KC_MESSAGE_LEFT)
        take_left(pool, worker, reply->leg_name.leg);
    if (reply->re == worker->ping_id)
        worker->ping_id = 0;
    KcWorkerReply *waiter = g_hash_table_lookup(worker->waiting, &reply->re);
    if (waiter != NULL) {
        guint64 id = reply->re;
        waiter->message = g_steal_pointer(&reply);
        waiter->done = TRUE;
        g_hash_table_remove(worker->waiting, &id);
    } else if (reply->type == KC_MESSAGE_STATS_REPORT) {
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

/* Asks how it is; kills one that has not said so for too long. Its end then shows on the socket. */
static void
watch(KcWorker *worker, gint64 now)
{
    if (!worker->ready) {
        if (now - worker->spawned_mono_us > READY_WITHIN_US) {
            worker->fate = "worker-hung";
            kill(worker->pid, SIGKILL);
        }
        return;
    }
    if (worker->ping_id != 0 && now - worker->ping_mono_us > HUNG_AFTER_US) {
        worker->fate = "worker-hung";
        kill(worker->pid, SIGKILL);
    } else if (worker->ping_id == 0 && now - worker->ping_mono_us >= PING_EVERY_US) {
        worker->ping_mono_us = now;
        worker->ping_id = kc_worker_send(worker, kc_message_new(KC_MESSAGE_STATS), NULL);
    }
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
            if (!pool->stopping && now >= pool->spawn_after_us[i])
                spawn(pool, i);
            continue;
        }
        if ((fds[i].revents & POLLOUT) != 0)
            kc_channel_flush(worker->channel, NULL);
        if ((fds[i].revents & ~POLLOUT) != 0 && !receive_all(pool, worker)) {
            bury(pool, worker);
            if (!pool->stopping && now >= pool->spawn_after_us[i])
                spawn(pool, i);
            continue;
        }
        watch(worker, now);
    }
}

static gboolean
all_gone(const KcWorkerPool *pool)
{
    for (guint i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i] != NULL)
            return FALSE;
    }
    return TRUE;
}

static gpointer
socket_run(gpointer data)
{
    KcWorkerPool *pool = data;
    g_autofree struct pollfd *fds = g_new0(struct pollfd, pool->n_workers + 1);
    for (;;) {
        g_mutex_lock(&pool->mutex);
        gboolean end = pool->stopping && all_gone(pool);
        collect(pool, fds);
        g_mutex_unlock(&pool->mutex);
        if (end)
            return NULL;
        poll(fds, pool->n_workers + 1, PING_EVERY_US / 1000 / 5);
        guint64 ignored;
        if (fds[pool->n_workers].revents != 0 && read(pool->wake_fd, &ignored, sizeof ignored) < 0)
            g_assert(errno == EAGAIN || errno == EINTR);
        g_mutex_lock(&pool->mutex);
        serve(pool, fds);
        g_mutex_unlock(&pool->mutex);
    }
}

static void
wake(KcWorkerPool *pool)
{
    const guint64 one = 1;
    while (write(pool->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

/* ---- requests of the port ----------------------------------------------------------------------------------------- */

static gboolean
refuse(KcMediaRefusal *ret_refusal, guint status, const char *code, const char *detail)
{
    *ret_refusal = (KcMediaRefusal){status, g_strdup(code), g_strdup(detail)};
    return FALSE;
}

/* Mutex held. Takes the request over; NULL with a refusal unless the worker answered with `wanted`. */
static KcMessage *
ask(KcWorkerPool *pool, KcWorker *worker, KcMessage *request, KcMessageType wanted, KcMediaRefusal *ret_refusal)
{
    KcWorkerReply reply = {0};
    guint64 id = kc_worker_send(worker, request, NULL);
    if (id == 0) {
        refuse(ret_refusal, 503, "worker-busy", "The media worker takes no more requests just now.");
        return NULL;
    }
    g_hash_table_insert(worker->waiting, g_memdup2(&id, sizeof id), &reply);
    wake(pool);
    gint64 until = g_get_monotonic_time() + REPLY_WITHIN_US;
    while (!reply.done && g_cond_wait_until(&pool->changed, &pool->mutex, until))
        ;
    if (!reply.done) {
        /* The worker is still there, or this would have been answered with NULL. */
        g_hash_table_remove(worker->waiting, &id);
        refuse(ret_refusal, 503, "worker-slow", "The media worker did not answer in time.");
        return NULL;
    }
    if (reply.message == NULL) {
        refuse(ret_refusal, 503, "worker-died", "The media worker ended; try again at once.");
        return NULL;
    }
    if (reply.message->type == wanted)
        return reply.message;
    if (reply.message->type == KC_MESSAGE_REFUSED) {
        const KcRefused *refused = &reply.message->refused;
        refuse(ret_refusal, refused->status, refused->code, refused->detail);
    } else {
        refuse(ret_refusal, 503, "worker-confused", "The media worker answered another question.");
    }
    kc_message_free(reply.message);
    return NULL;
}

static KcWorker *
worker_of_leg(KcWorkerPool *pool, const char *leg)
{
    for (guint i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i] != NULL && g_hash_table_contains(pool->workers[i]->legs, leg))
            return pool->workers[i];
    }
    return NULL;
}

/* Where the call is, else the worker with the fewest legs; NULL: none has room. */
static KcWorker *
worker_for_call(KcWorkerPool *pool, const char *call)
{
    guint slot = GPOINTER_TO_UINT(g_hash_table_lookup(pool->calls, call));
    if (slot != 0 && pool->workers[slot - 1] != NULL)
        return pool->workers[slot - 1];
    KcWorker *best = NULL;
    guint fewest = pool->legs_per_worker;
    for (guint i = 0; i < pool->n_workers; i++) {
        KcWorker *worker = pool->workers[i];
        if (worker != NULL && worker->ready && g_hash_table_size(worker->legs) < fewest) {
            best = worker;
            fewest = g_hash_table_size(worker->legs);
        }
    }
    return best;
}

/* A worker that was just replaced is ready within milliseconds: a rejoin waits for it rather than fail. */
static KcWorker *
wait_for_worker(KcWorkerPool *pool, const char *call)
{
    gint64 until = g_get_monotonic_time() + G_USEC_PER_SEC;
    KcWorker *worker;
    while ((worker = worker_for_call(pool, call)) == NULL && g_cond_wait_until(&pool->changed, &pool->mutex, until))
        ;
    return worker;
}

static KcMessage *
join_message(const KcMediaJoin *join)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_JOIN);
    message->join.call = g_strdup(join->call_id);
    message->join.leg = g_strdup(join->leg_id);
    message->join.participant_kind = g_strdup(join->participant_kind);
    message->join.participant_id = g_strdup(join->participant_id);
    message->join.offer = g_strdup(join->offer);
    message->join.epoch_us = join->epoch_us;
    if (join->object_id != NULL) {
        message->join.object = g_strdup(join->object_id);
        memcpy(message->join.key, join->object_key, KC_PROTOCOL_KEY_BYTES);
        message->fd = dup(join->object_fd);
    }
    return message;
}

static gboolean
port_join(gpointer self, const KcMediaJoin *join, KcMediaJoined *ret_joined, KcMediaRefusal *ret_refusal)
{
    KcWorkerPool *pool = self;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    KcWorker *worker = wait_for_worker(pool, join->call_id);
    if (worker == NULL)
        return refuse(ret_refusal, 503, "no-capacity", "No more calls can be taken just now; try again shortly.");
    guint slot = worker->slot;
    g_hash_table_insert(pool->calls, g_strdup(join->call_id), GUINT_TO_POINTER(slot + 1));
    g_hash_table_insert(worker->legs, g_strdup(join->leg_id), g_strdup(join->call_id));
    if (join->object_id != NULL)
        g_hash_table_add(worker->objects, g_strdup(join->object_id));
    g_autoptr(KcMessage) reply = ask(pool, worker, join_message(join), KC_MESSAGE_JOINED, ret_refusal);
    if (reply == NULL) {
        /* The worker may have been replaced meanwhile; then it was forgotten with its legs. */
        KcWorker *still = worker_of_leg(pool, join->leg_id);
        if (still != NULL) {
            forget_leg(pool, still, join->leg_id);
            if (join->object_id != NULL)
                g_hash_table_remove(still->objects, join->object_id);
        }
        return FALSE;
    }
    *ret_joined = (KcMediaJoined){
        .answer = g_steal_pointer(&reply->joined.answer),
        .o_id = g_steal_pointer(&reply->joined.o_id),
        .fingerprint = g_steal_pointer(&reply->joined.fingerprint),
        .replaced = g_steal_pointer(&reply->joined.replaced),
    };
    return TRUE;
}

static gboolean
port_patch(gpointer self, const char *leg_id, const char *sdpfrag, char **ret_sdpfrag, KcMediaRefusal *ret_refusal)
{
    KcWorkerPool *pool = self;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    KcWorker *worker = worker_of_leg(pool, leg_id);
    if (worker == NULL)
        return refuse(ret_refusal, 404, "leg-unknown", "This connection has ended.");
    KcMessage *request = kc_message_new(KC_MESSAGE_PATCH);
    request->patch.leg = g_strdup(leg_id);
    request->patch.sdpfrag = g_strdup(sdpfrag);
    g_autoptr(KcMessage) reply = ask(pool, worker, request, KC_MESSAGE_PATCHED, ret_refusal);
    if (reply == NULL)
        return FALSE;
    *ret_sdpfrag = g_steal_pointer(&reply->patch.sdpfrag);
    return TRUE;
}

static void
port_leave(gpointer self, const char *leg_id, const char *reason)
{
    KcWorkerPool *pool = self;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    KcWorker *worker = worker_of_leg(pool, leg_id);
    if (worker == NULL)
        return;
    KcMessage *request = kc_message_new(KC_MESSAGE_LEAVE);
    request->leave.leg = g_strdup(leg_id);
    request->leave.reason = g_strdup(reason);
    kc_worker_send(worker, request, NULL);
    wake(pool);
}

static gboolean
read_all(int fd, gint64 size, GBytes **ret_bytes)
{
    g_autofree guint8 *data = g_malloc((gsize)size);
    for (gint64 at = 0; at < size;) {
        ssize_t n = pread(fd, data + at, (size_t)(size - at), at);
        if (n <= 0 && !(n < 0 && errno == EINTR))
            return FALSE;
        at += MAX(n, 0);
    }
    *ret_bytes = g_bytes_new_take(g_steal_pointer(&data), (gsize)size);
    return TRUE;
}

static gboolean
port_snapshot(gpointer self, const char *leg_id, KcMediaSnapshot *ret_snapshot, KcMediaRefusal *ret_refusal)
{
    KcWorkerPool *pool = self;
    g_autoptr(KcMessage) reply = NULL;
    {
        g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
        KcWorker *worker = worker_of_leg(pool, leg_id);
        if (worker == NULL)
            return refuse(ret_refusal, 404, "leg-unknown", "This connection has ended.");
        KcMessage *request = kc_message_new(KC_MESSAGE_SNAPSHOT);
        request->leg_name.leg = g_strdup(leg_id);
        reply = ask(pool, worker, request, KC_MESSAGE_SNAPSHOT_TAKEN, ret_refusal);
    }
    if (reply == NULL)
        return FALSE;
    const KcSnapshotTaken *taken = &reply->snapshot_taken;
    *ret_snapshot = (KcMediaSnapshot){.width = taken->width, .height = taken->height, .media_time_ms = taken->media_time_ms};
    if (!read_all(reply->fd, taken->bytes, &ret_snapshot->jpeg))
        return refuse(ret_refusal, 503, "no-frame", "The still could not be read; try again.");
    return TRUE;
}

static void
add_stats(GPtrArray *found, const KcWorker *worker, const char *leg_id)
{
    if (worker->stats_message == NULL)
        return;
    const KcStatsReport *report = &worker->stats_message->stats_report;
    for (guint i = 0; i < report->n_legs; i++) {
        const KcLegStats *leg = &report->legs[i];
        if (strcmp(leg->leg, leg_id) != 0)
            continue;
        KcMediaLegStats *stats = g_new0(KcMediaLegStats, 1);
        *stats = (KcMediaLegStats){
            .leg_id = g_strdup(leg_id), .bitrate_in_bps = leg->bitrate_in_bps, .bitrate_out_bps = leg->bitrate_out_bps,
            .loss_in_permille = leg->loss_in_permille, .loss_out_permille = leg->loss_out_permille,
            .rtt_ms = leg->rtt_ms, .age_last_packet_ms = leg->age_last_packet_ms, .width = leg->width,
            .height = leg->height, .bytes_durable = leg->bytes_durable,
        };
        g_ptr_array_add(found, stats);
        return;
    }
}

static GPtrArray *
port_stats(gpointer self, const char *const *leg_ids)
{
    KcWorkerPool *pool = self;
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)kc_media_leg_stats_free);
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    for (; *leg_ids != NULL; leg_ids++) {
        KcWorker *worker = worker_of_leg(pool, *leg_ids);
        if (worker != NULL)
            add_stats(found, worker, *leg_ids);
    }
    return found;
}

static guint
count_ready(const KcWorkerPool *pool)
{
    guint ready = 0;
    for (guint i = 0; i < pool->n_workers; i++)
        ready += pool->workers[i] != NULL && pool->workers[i]->ready;
    return ready;
}

static gboolean
port_ready(gpointer self, char **ret_detail)
{
    KcWorkerPool *pool = self;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    guint ready = count_ready(pool);
    *ret_detail = g_strdup_printf("%u of %u workers answer", ready, pool->n_workers);
    return ready > 0;
}

static void
port_set_listener(gpointer self, const KcMediaListener *listener)
{
    kc_media_reports_set_listener(((KcWorkerPool *)self)->reports, listener);
}

/* ---- beginning and end -------------------------------------------------------------------------------------------- */

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

static gboolean
wait_until_ready(KcWorkerPool *pool, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    gint64 until = g_get_monotonic_time() + READY_WITHIN_US;
    while (count_ready(pool) < pool->n_workers) {
        if (!g_cond_wait_until(&pool->changed, &pool->mutex, until)) {
            g_set_error(error, KC_WORKER_POOL_ERROR, KC_WORKER_POOL_ERROR_START,
                        "%u of %u media workers did not come up: is a port of %u-%u free, and are the addresses this machine's?",
                        pool->n_workers - count_ready(pool), pool->n_workers, pool->configure.port_min,
                        pool->configure.port_max);
            return FALSE;
        }
    }
    return TRUE;
}

KcWorkerPool *
kc_worker_pool_new(const KcWorkerPoolConfig *config, GError **error)
{
    g_autoptr(KcWorkerPool) pool = g_new0(KcWorkerPool, 1);
    pool->program = g_strdup(config->program);
    pool->configure = (KcConfigure){g_strdupv(config->addresses), config->port_min, config->port_max};
    pool->legs_per_worker = config->legs_per_worker != 0 ? config->legs_per_worker : LEGS_PER_WORKER;
    pool->n_workers = MAX(config->workers, 1);
    pool->workers = g_new0(KcWorker *, pool->n_workers);
    pool->spawn_after_us = g_new0(gint64, pool->n_workers);
    pool->calls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pool->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pool->reports = kc_media_reports_new();
    g_mutex_init(&pool->mutex);
    g_cond_init(&pool->changed);
    pool->port = (KcMediaPort){pool,          port_set_listener, port_join,  port_patch,
                               port_leave,    port_snapshot,     port_stats, port_ready};
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
    wake(pool);
    gint64 until = g_get_monotonic_time() + STOP_WITHIN_US;
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
    g_free(pool->spawn_after_us);
    g_strfreev(pool->configure.addresses);
    g_free(pool->program);
    g_mutex_clear(&pool->mutex);
    g_cond_clear(&pool->changed);
    g_free(pool);
}

const KcMediaPort *
kc_worker_pool_port(KcWorkerPool *pool)
{
    return &pool->port;
}
