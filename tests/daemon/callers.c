#include "tests/daemon/callers.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "src/daemon/worker_pool_private.h"
#include "tests/media/worker/harness.h"
#include "tests/support/kc_test.h"

#define STEP_US 5000
#define WITHIN_US (20 * G_USEC_PER_SEC)

static void
on_leg(gpointer data, const char *leg_id, KcMediaLegState state, const char *reason)
{
}

static void
on_recording(gpointer data, const KcMediaRecording *recording)
{
}

static void
on_slots(gpointer data, const char *leg_id, const KcMediaSlot *slots, guint n)
{
}

static void
on_lost(gpointer data, const char *const *leg_ids, const char *const *object_ids, const char *reason)
{
    Callers *callers = data;
    g_mutex_lock(&callers->lock);
    for (; *leg_ids != NULL; leg_ids++)
        g_hash_table_insert(callers->lost, g_strdup(*leg_ids), (gpointer)reason);
    for (; *object_ids != NULL; object_ids++)
        g_hash_table_insert(callers->lost, g_strconcat("object ", *object_ids, NULL), (gpointer)reason);
    g_mutex_unlock(&callers->lock);
}

Callers *
callers_new(guint workers, const KcWorkerLimits *limits)
{
    g_autoptr(GError) error = NULL;
    char *addresses[] = {(char *)"127.0.0.1", NULL};
    KcWorkerPoolConfig config = {.program = g_getenv("KC_MEDIA_WORKER"), .workers = workers, .addresses = addresses,
                                 .port_min = 30000, .port_max = 39999, .uid = 65534, .gid = 65534, .limits = limits};
    Callers *callers = g_new0(Callers, 1);
    g_mutex_init(&callers->lock);
    callers->lost = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    callers->dir = kc_test_dir_new();
    callers->pool = kc_worker_pool_new(&config, &error);
    kc_assert_no_error(error);
    callers->port = kc_worker_pool_port(callers->pool);
    KcMediaListener listener = {
        .leg = on_leg, .recording = on_recording, .lost = on_lost, .slots = on_slots, .data = callers};
    callers->port->set_listener(callers->port->self, &listener);
    return callers;
}

void
callers_free(Callers *callers)
{
    callers->port->set_listener(callers->port->self, NULL);
    kc_worker_pool_free(callers->pool);
    g_hash_table_unref(callers->lost);
    kc_test_dir_remove(callers->dir);
    g_mutex_clear(&callers->lock);
    g_free(callers);
}

char *
callers_lost(Callers *callers, const char *id)
{
    g_mutex_lock(&callers->lock);
    char *reason = g_strdup(g_hash_table_lookup(callers->lost, id));
    g_mutex_unlock(&callers->lock);
    return reason;
}

GPid
callers_worker_of(Callers *callers, const char *leg)
{
    GPid pid = 0;
    KcWorkerPool *pool = callers->pool;
    g_mutex_lock(&pool->mutex);
    for (guint i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i] != NULL && g_hash_table_contains(pool->workers[i]->legs, leg))
            pid = pool->workers[i]->pid;
    }
    g_mutex_unlock(&pool->mutex);
    return pid;
}

static void
connect_peer(Peer *peer, const char *answer)
{
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    peer_read_answer(peer, answer);
    peer_check(peer, TRUE);
    for (gboolean started = FALSE; !peer->connected;) {
        if (!started && peer->checks_answered > 0) {
            peer_dtls_start(peer);
            started = TRUE;
        }
        ck_assert_msg(g_get_monotonic_time() < until_us && !peer->failed, "a participant can't connect");
        g_usleep(STEP_US);
        peer_read(peer);
    }
}

static void
join(Callers *callers, Pair *pair, guint side)
{
    static const guint8 key[32] = {1, 2, 3};
    g_autofree char *session = g_strdup_printf("%u", g_random_int());
    g_autofree char *offer = member_offer(pair->peers[side], session);
    g_autofree char *path = g_build_filename(callers->dir, pair->legs[side], NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    KcMediaJoin request = {
        .call_id = pair->id, .leg_id = pair->legs[side], .participant_kind = side == 0 ? "party" : "user",
        .participant_id = side == 0 ? "driver" : "officer", .offer = offer, .object_id = pair->legs[side],
        .object_key = key, .object_fd = fd, .epoch_us = g_get_real_time(),
    };
    g_auto(KcMediaJoined) joined = {0};
    g_auto(KcMediaRefusal) refusal = {0};
    ck_assert_msg(callers->port->join(callers->port->self, &request, &joined, &refusal), "%s", refusal.code);
    close(fd);
    connect_peer(pair->peers[side], joined.answer);
}

Pair *
pair_new(Callers *callers, const char *id)
{
    static guint number;
    Pair *pair = g_new0(Pair, 1);
    pair->id = g_strdup(id);
    for (guint side = 0; side < 2; side++) {
        pair->legs[side] = g_strdup_printf("%s-%u", id, ++number);
        pair->peers[side] = peer_new("SRTP_AEAD_AES_128_GCM", TRUE);
        join(callers, pair, side);
    }
    return pair;
}

void
pair_free(Pair *pair)
{
    for (guint side = 0; side < 2; side++) {
        peer_free(pair->peers[side]);
        g_free(pair->legs[side]);
    }
    g_free(pair->id);
    g_free(pair);
}

void
pair_send(Pair *pair)
{
    ck_assert(peer_send_rtp(pair->peers[0], MEMBER_VIDEO_SSRC, pair->seq++, 0x11, 500));
}

void
pair_flows(Pair *pair)
{
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    GPtrArray *packets = pair->peers[1]->packets;
    peer_read(pair->peers[1]);
    g_ptr_array_set_size(packets, 0);
    for (guint media = 0; media == 0;) {
        ck_assert_msg(g_get_monotonic_time() < until_us, "nothing comes");
        pair_send(pair);
        g_usleep(STEP_US);
        peer_read(pair->peers[1]);
        for (guint i = 0; i < packets->len; i++) {
            const guint8 *data = g_bytes_get_data(packets->pdata[i], NULL);
            media += data[1] < 192 || data[1] > 223;
        }
    }
}
