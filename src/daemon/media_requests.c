/* What the application asks of the media plane, each a question to the worker that has the leg. */
#include "src/daemon/worker_pool_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define REPLY_WITHIN_US (5 * G_USEC_PER_SEC)
#define WORKER_WITHIN_US (3 * G_USEC_PER_SEC / 2)

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
    kc_worker_pool_wake(pool);
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

static KcWorkerCrowd
crowd_of(const KcWorkerPool *pool, guint slot)
{
    KcWorkerCrowd crowd = {
        .legs = g_hash_table_size(pool->workers[slot]->legs),
        .legs_max = pool->legs_per_worker,
        .together = pool->calls_together,
    };
    GHashTableIter iter;
    gpointer at;
    g_hash_table_iter_init(&iter, pool->calls);
    while (g_hash_table_iter_next(&iter, NULL, &at))
        crowd.calls += GPOINTER_TO_UINT(at) == slot + 1;
    return crowd;
}

/* Where the call is, else the worker with room that weighs least; NULL: none has room. */
static KcWorker *
worker_for_call(KcWorkerPool *pool, const char *call)
{
    guint slot = GPOINTER_TO_UINT(g_hash_table_lookup(pool->calls, call));
    if (slot != 0 && pool->workers[slot - 1] != NULL)
        return pool->workers[slot - 1];
    KcWorker *best = NULL;
    double least = G_MAXDOUBLE;
    for (guint i = 0; i < pool->n_workers; i++) {
        KcWorker *worker = pool->workers[i];
        if (worker == NULL || !worker->ready || kc_worker_watch_is_slow(&worker->watch, &pool->limits))
            continue;
        KcWorkerCrowd crowd = crowd_of(pool, i);
        double weight = kc_worker_load_weight(&worker->load, &crowd);
        if (weight < least && !kc_worker_load_is_full(&worker->load, crowd.legs, crowd.legs_max)) {
            best = worker;
            least = weight;
        }
    }
    return best;
}

/* A place has no worker that answers just now. */
static gboolean
one_is_to_come(const KcWorkerPool *pool)
{
    for (guint i = 0; i < pool->n_workers; i++) {
        const KcWorker *worker = pool->workers[i];
        if (worker == NULL || !worker->ready || kc_worker_watch_is_slow(&worker->watch, &pool->limits))
            return TRUE;
    }
    return FALSE;
}

/* A worker that was just replaced is ready within milliseconds: a rejoin waits for it rather than fail. For a full one
 * there is no waiting. */
static KcWorker *
wait_for_worker(KcWorkerPool *pool, const char *call)
{
    gint64 until = g_get_monotonic_time() + WORKER_WITHIN_US;
    KcWorker *worker;
    while ((worker = worker_for_call(pool, call)) == NULL && one_is_to_come(pool) &&
           g_cond_wait_until(&pool->changed, &pool->mutex, until))
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
            kc_worker_pool_forget_leg(pool, still, join->leg_id);
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

/* The same of the worker that has the leg; takes the mutex itself. */
static KcMessage *
ask_leg(KcWorkerPool *pool, const char *leg_id, KcMessage *request, KcMessageType wanted, KcMediaRefusal *ret_refusal)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    KcWorker *worker = worker_of_leg(pool, leg_id);
    if (worker != NULL)
        return ask(pool, worker, request, wanted, ret_refusal);
    kc_message_free(request);
    refuse(ret_refusal, 404, "leg-unknown", "This connection has ended.");
    return NULL;
}

static gboolean
port_patch(gpointer self, const char *leg_id, const char *sdpfrag, char **ret_sdpfrag, KcMediaRefusal *ret_refusal)
{
    KcMessage *request = kc_message_new(KC_MESSAGE_PATCH);
    request->patch.leg = g_strdup(leg_id);
    request->patch.sdpfrag = g_strdup(sdpfrag);
    g_autoptr(KcMessage) reply = ask_leg(self, leg_id, request, KC_MESSAGE_PATCHED, ret_refusal);
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
    kc_worker_pool_wake(pool);
}

static gboolean
port_show(gpointer self, const char *leg_id, const char *const *large, const char *const *hidden,
          KcMediaRefusal *ret_refusal)
{
    KcMessage *request = kc_message_new(KC_MESSAGE_SHOW);
    request->show.leg = g_strdup(leg_id);
    request->show.large = g_strdupv((char **)large);
    request->show.hidden = g_strdupv((char **)hidden);
    g_autoptr(KcMessage) reply = ask_leg(self, leg_id, request, KC_MESSAGE_DONE, ret_refusal);
    return reply != NULL;
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
    KcMessage *request = kc_message_new(KC_MESSAGE_SNAPSHOT);
    request->leg_name.leg = g_strdup(leg_id);
    g_autoptr(KcMessage) reply = ask_leg(self, leg_id, request, KC_MESSAGE_SNAPSHOT_TAKEN, ret_refusal);
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
            .height = leg->height, .nacks_sent = leg->nacks_sent, .nacks_answered = leg->nacks_answered,
            .plis_sent = leg->plis_sent, .bytes_durable = leg->bytes_durable,
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

static gboolean
port_ready(gpointer self, char **ret_detail)
{
    KcWorkerPool *pool = self;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    guint ready = kc_worker_pool_count_ready(pool);
    *ret_detail = g_strdup_printf("%u of %u workers answer", ready, pool->n_workers);
    return ready > 0;
}

static void
port_set_listener(gpointer self, const KcMediaListener *listener)
{
    kc_media_reports_set_listener(((KcWorkerPool *)self)->reports, listener);
}

KcMediaPort
kc_media_requests_port(KcWorkerPool *pool)
{
    return (KcMediaPort){
        .self = pool,
        .set_listener = port_set_listener,
        .join = port_join,
        .patch = port_patch,
        .leave = port_leave,
        .snapshot = port_snapshot,
        .show = port_show,
        .stats = port_stats,
        .workers = kc_worker_figures_read,
        .ready = port_ready,
    };
}
