/* Invariants:
 *  - Everything but the posted queue, `running` and the counters in `shared` belongs to the loop's thread.
 *  - `receive[i]` always holds a packet, or the pool is exhausted and the socket is drained into `scratch`.
 *  - `batch` waits to be sent; its slot n is the one being written.
 *  - `alarm_us` is not later than the next timer. The alarm stays set while we wake and sleep again, where a timeout of
 *    epoll_wait would set and cancel the processor's timer for every packet. */
#include "media/transport/udp_batch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define BATCH 32
#define ROUNDS 4 /* batches before sending and timers get their turn */
#define LATE_US 20000

typedef struct {
    KcUdpCallFunc func;
    gpointer data, result;
    gboolean waited, done;
} Call;

struct KcUdpLoop {
    KcUdpSocket udp;
    int epoll_fd, event_fd, timer_fd;
    gint64 alarm_us; /* when timer_fd wakes us; G_MAXINT64: never */
    KcPacketPool *pool;
    KcTimers timers;
    KcUdpReceiveFunc receiver;
    gpointer receiver_user;
    struct {
        int fd; /* -1: none */
        KcUdpOtherFunc ready, flush;
        gpointer user;
    } other;
    gint64 now_us;

    KcPacket *receive[BATCH];
    guint8 scratch[16];
    KcUdpBatch batch;

    GThread *thread;
    GMutex mutex; /* guards the rest */
    GCond done;
    GQueue calls;
    gboolean running, stopping;
    KcUdpLoopStats shared, own; /* own: of the loop's thread, copied to shared once a turn */
};

static gboolean
open_epoll(KcUdpLoop *loop, GError **error)
{
    struct epoll_event udp = {.events = EPOLLIN, .data.fd = loop->udp.fd};

    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    loop->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    struct epoll_event wake = {.events = EPOLLIN, .data.fd = loop->event_fd};
    struct epoll_event alarm = {.events = EPOLLIN | EPOLLET, .data.fd = loop->timer_fd}; /* never read */
    if (loop->epoll_fd >= 0 && loop->event_fd >= 0 && loop->timer_fd >= 0 &&
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->udp.fd, &udp) == 0 &&
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->event_fd, &wake) == 0 &&
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->timer_fd, &alarm) == 0)
        return TRUE;
    g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_SYSTEM, "epoll: %s", g_strerror(errno));
    return FALSE;
}

KcUdpLoop *
kc_udp_loop_new(const KcUdpLoopConfig *config, GError **error)
{
    KcUdpLoop *loop = g_new0(KcUdpLoop, 1);

    loop->udp.fd = loop->epoll_fd = loop->event_fd = loop->timer_fd = loop->other.fd = -1;
    loop->alarm_us = G_MAXINT64;
    g_mutex_init(&loop->mutex);
    g_cond_init(&loop->done);
    g_queue_init(&loop->calls);
    kc_timers_init(&loop->timers);
    loop->pool = kc_packet_pool_new(config->packet_limit);
    if (!kc_udp_socket_open(&loop->udp, config, error) || !open_epoll(loop, error)) {
        kc_udp_loop_free(loop);
        return NULL;
    }
    loop->now_us = g_get_monotonic_time();
    return loop;
}

void
kc_udp_loop_free(KcUdpLoop *loop)
{
    if (loop == NULL)
        return;
    kc_udp_loop_stop(loop);
    for (guint i = 0; i < BATCH; i++)
        g_clear_pointer(&loop->receive[i], kc_packet_unref);
    kc_packet_pool_free(loop->pool);
    kc_timers_clear(&loop->timers);
    for (const int *fd = (int[]){loop->udp.fd, loop->epoll_fd, loop->event_fd, loop->timer_fd, -2}; *fd != -2; fd++)
        if (*fd >= 0)
            close(*fd);
    g_mutex_clear(&loop->mutex);
    g_cond_clear(&loop->done);
    g_free(loop);
}

/* ---- sending ---- */

guint8 *
kc_udp_loop_slot(KcUdpLoop *loop)
{
    if (loop->batch.n == KC_UDP_BATCH_SLOTS)
        kc_udp_loop_flush(loop);
    return loop->batch.slots[loop->batch.n].data;
}

void
kc_udp_loop_slot_send(KcUdpLoop *loop, gsize len, const KcUdpPath *path)
{
    KcUdpSlot *slot = &loop->batch.slots[loop->batch.n];

    g_assert(loop->batch.n < KC_UDP_BATCH_SLOTS && len <= KC_UDP_SLOT_BYTES);
    slot->len = len;
    slot->path = *path;
    loop->batch.n++;
}

void
kc_udp_loop_flush(KcUdpLoop *loop)
{
    if (loop->batch.n == 0)
        return;
    kc_udp_batch_send(&loop->batch, &loop->udp);
    loop->own.packets_out = loop->batch.packets;
    loop->own.bytes_out = loop->batch.bytes;
    loop->own.send_dropped = loop->batch.dropped;
}

/* ---- receiving ---- */

static void
deliver(KcUdpLoop *loop, struct mmsghdr *message, const struct sockaddr_storage *name, KcPacket **slot)
{
    KcPacket *packet = *slot;
    KcUdpPath path = {0};

    loop->own.packets_in++;
    loop->own.bytes_in += message->msg_len;
    if ((message->msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        loop->own.truncated++;
        return;
    }
    kc_udp_addr_from_sockaddr(name, &path.remote);
    if (loop->udp.pktinfo)
        kc_udp_socket_read_local(&message->msg_hdr, &path);
    packet->arrived_us = loop->now_us;
    packet->offset = 0;
    packet->len = message->msg_len;
    if (loop->receiver != NULL)
        loop->receiver(packet, &path, loop->now_us, loop->receiver_user);

    /* Kept by a consumer, or lent out and back: only this thread can have made the reference that we still hold. */
    if (g_atomic_int_get(&packet->refs) > 1) {
        *slot = NULL;
        kc_packet_unref(packet);
    }
}

/* Reads and throws away, so that a full pool doesn't make the loop spin on a readable socket. */
static guint
drain_one(KcUdpLoop *loop)
{
    if (recv(loop->udp.fd, loop->scratch, sizeof loop->scratch, MSG_DONTWAIT | MSG_TRUNC) < 0)
        return 0;
    loop->own.pool_exhausted++;
    return 1;
}

static guint
receive_batch(KcUdpLoop *loop)
{
    struct mmsghdr messages[BATCH];
    struct iovec pieces[BATCH];
    struct sockaddr_storage names[BATCH];
    union {
        struct cmsghdr align;
        guint8 bytes[KC_UDP_CONTROL_BYTES];
    } controls[BATCH];
    guint n = 0;

    for (; n < BATCH; n++) {
        if (loop->receive[n] == NULL && (loop->receive[n] = kc_packet_pool_take(loop->pool)) == NULL)
            break;
        pieces[n] = (struct iovec){loop->receive[n]->data, KC_PACKET_BYTES};
        messages[n].msg_hdr = (struct msghdr){.msg_name = &names[n],
                                              .msg_namelen = sizeof names[n],
                                              .msg_iov = &pieces[n],
                                              .msg_iovlen = 1,
                                              .msg_control = loop->udp.pktinfo ? &controls[n] : NULL,
                                              .msg_controllen = loop->udp.pktinfo ? KC_UDP_CONTROL_BYTES : 0};
    }
    if (n == 0)
        return drain_one(loop);

    int got = recvmmsg(loop->udp.fd, messages, n, MSG_DONTWAIT, NULL);
    loop->now_us = g_get_monotonic_time();
    loop->own.batches += got > 0;
    for (int i = 0; i < got; i++)
        deliver(loop, &messages[i], &names[i], &loop->receive[i]);
    return got > 0 ? (guint)got : 0;
}

/* ---- another descriptor ---- */

void
kc_udp_loop_set_other(KcUdpLoop *loop, int fd, KcUdpOtherFunc ready, KcUdpOtherFunc flush, gpointer user)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (loop->other.fd >= 0)
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, loop->other.fd, NULL);
    loop->other.fd = fd;
    loop->other.ready = ready;
    loop->other.flush = flush;
    loop->other.user = user;
    if (fd >= 0 && epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
        g_warning("epoll: %s", g_strerror(errno));
}

void
kc_udp_loop_deliver(KcUdpLoop *loop, KcPacket *packet, const KcUdpPath *path)
{
    if (loop->receiver != NULL)
        loop->receiver(packet, path, loop->now_us, loop->receiver_user);
}

static void
flush_all(KcUdpLoop *loop)
{
    kc_udp_loop_flush(loop);
    if (loop->other.flush != NULL)
        loop->other.flush(loop->other.user);
}

/* ---- functions from other threads ---- */

static void
run_calls(KcUdpLoop *loop)
{
    guint64 count;

    if (read(loop->event_fd, &count, sizeof count) < 0 && errno != EAGAIN)
        g_warning("eventfd: %s", g_strerror(errno));
    g_mutex_lock(&loop->mutex);
    for (Call *call; (call = g_queue_pop_head(&loop->calls)) != NULL;) {
        g_mutex_unlock(&loop->mutex);
        call->result = call->func(call->data);
        g_mutex_lock(&loop->mutex);
        call->done = TRUE;
        if (call->waited)
            g_cond_broadcast(&loop->done);
        else
            g_free(call);
    }
    g_mutex_unlock(&loop->mutex);
}

static void
wake(KcUdpLoop *loop)
{
    guint64 one = 1;

    if (write(loop->event_fd, &one, sizeof one) < 0 && errno != EAGAIN)
        g_warning("eventfd: %s", g_strerror(errno));
}

gboolean
kc_udp_loop_is_current(const KcUdpLoop *loop)
{
    return loop->thread == g_thread_self();
}

gpointer
kc_udp_loop_call(KcUdpLoop *loop, KcUdpCallFunc func, gpointer data)
{
    Call call = {.func = func, .data = data, .waited = TRUE};

    if (kc_udp_loop_is_current(loop))
        return func(data);
    g_mutex_lock(&loop->mutex);
    if (!loop->running) {
        g_mutex_unlock(&loop->mutex);
        gpointer result = func(data);
        flush_all(loop);
        return result;
    }
    g_queue_push_tail(&loop->calls, &call);
    wake(loop);
    while (!call.done)
        g_cond_wait(&loop->done, &loop->mutex);
    g_mutex_unlock(&loop->mutex);
    return call.result;
}

gboolean
kc_udp_loop_post(KcUdpLoop *loop, KcUdpCallFunc func, gpointer data)
{
    g_mutex_lock(&loop->mutex);
    gboolean running = loop->running;
    if (running) {
        Call *call = g_new0(Call, 1);

        call->func = func;
        call->data = data;
        g_queue_push_tail(&loop->calls, call);
        wake(loop);
    }
    g_mutex_unlock(&loop->mutex);
    return running;
}

/* ---- the loop ---- */

static void
set_alarm(KcUdpLoop *loop)
{
    gint64 next_us = kc_timers_next_us(&loop->timers);
    if (next_us >= loop->alarm_us)
        return; /* at worst it wakes us for nothing */
    loop->alarm_us = next_us;
    /* 0 would be never */
    next_us = MAX(next_us, 1);
    struct itimerspec at = {.it_value = {next_us / G_USEC_PER_SEC, next_us % G_USEC_PER_SEC * 1000}};
    if (timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &at, NULL) != 0)
        g_warning("timerfd: %s", g_strerror(errno));
}

static void
run_timers(KcUdpLoop *loop)
{
    gint64 next = kc_timers_next_us(&loop->timers);

    loop->now_us = g_get_monotonic_time();
    if (next > loop->now_us)
        return;
    loop->own.late_loops += loop->now_us - next >= LATE_US;
    kc_timers_run(&loop->timers, loop->now_us);
}

void
kc_udp_loop_turn(KcUdpLoop *loop, int timeout_ms)
{
    struct epoll_event events[4];
    set_alarm(loop);
    int n = epoll_wait(loop->epoll_fd, events, 4, timeout_ms);

    loop->now_us = g_get_monotonic_time();
    if (loop->now_us >= loop->alarm_us)
        loop->alarm_us = G_MAXINT64;
    for (int i = 0; i < n; i++)
        if (events[i].data.fd == loop->event_fd)
            run_calls(loop);
    for (int i = 0; i < n; i++) {
        if (events[i].data.fd == loop->other.fd)
            loop->other.ready(loop->other.user);
        if (events[i].data.fd != loop->udp.fd)
            continue;
        /* What came while the first were dealt with is dealt with before they are sent: one turn for both, and packets
         * of one receiver leave together. */
        for (guint round = 0; round < ROUNDS && receive_batch(loop) > 0; round++)
            ;
    }
    run_timers(loop);
    flush_all(loop);

    g_mutex_lock(&loop->mutex);
    loop->shared = loop->own;
    g_mutex_unlock(&loop->mutex);
}

static gpointer
run(gpointer data)
{
    KcUdpLoop *loop = data;

    /* `thread` is set under this lock: from here on, kc_udp_loop_is_current knows us. */
    g_mutex_lock(&loop->mutex);
    g_mutex_unlock(&loop->mutex);
    for (;;) {
        kc_udp_loop_turn(loop, -1);

        g_mutex_lock(&loop->mutex);
        gboolean end = loop->stopping && g_queue_is_empty(&loop->calls);
        if (end)
            loop->running = FALSE;
        g_mutex_unlock(&loop->mutex);
        if (end)
            return NULL;
    }
}

void
kc_udp_loop_start(KcUdpLoop *loop, const char *name)
{
    g_mutex_lock(&loop->mutex);
    loop->running = TRUE;
    loop->stopping = FALSE;
    loop->thread = g_thread_new(name, run, loop);
    g_mutex_unlock(&loop->mutex);
}

void
kc_udp_loop_stop(KcUdpLoop *loop)
{
    if (loop->thread == NULL)
        return;
    g_mutex_lock(&loop->mutex);
    loop->stopping = TRUE;
    wake(loop);
    g_mutex_unlock(&loop->mutex);
    g_thread_join(loop->thread); /* which asks kc_udp_loop_is_current to its end */
    loop->thread = NULL;
}

void
kc_udp_loop_set_receiver(KcUdpLoop *loop, KcUdpReceiveFunc func, gpointer user)
{
    loop->receiver = func;
    loop->receiver_user = user;
}

guint16
kc_udp_loop_port(const KcUdpLoop *loop)
{
    return loop->udp.port;
}

gint64
kc_udp_loop_now_us(const KcUdpLoop *loop)
{
    return loop->now_us;
}

socklen_t
kc_udp_loop_name(const KcUdpLoop *loop, struct sockaddr_storage *ret_name)
{
    socklen_t len = sizeof *ret_name;

    memset(ret_name, 0, sizeof *ret_name);
    return getsockname(loop->udp.fd, (struct sockaddr *)ret_name, &len) == 0 ? len : 0;
}

KcTimers *
kc_udp_loop_timers(KcUdpLoop *loop)
{
    return &loop->timers;
}

KcPacketPool *
kc_udp_loop_pool(KcUdpLoop *loop)
{
    return loop->pool;
}

void
kc_udp_loop_stats(KcUdpLoop *loop, KcUdpLoopStats *ret_stats)
{
    g_mutex_lock(&loop->mutex);
    *ret_stats = loop->shared;
    g_mutex_unlock(&loop->mutex);
    ret_stats->packets_held = kc_packet_pool_out(loop->pool);
}
