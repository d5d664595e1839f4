/* Invariants:
 *  - Everything but the posted queue, `running` and the counters in `shared` belongs to the loop's thread.
 *  - `receive[i]` always holds a packet, or the pool is exhausted and the socket is drained into `scratch`.
 *  - Slots [0, n_pending) wait to be sent; slot n_pending is the one being written. */
#include "media/transport/udp_loop.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 32
#define ROUNDS 4 /* batches before sending and timers get their turn */
#define SLOTS 64
#define LATE_US 20000
#define CONTROL_BYTES 64

G_DEFINE_QUARK(kc - udp - error - quark, kc_udp_error)

typedef struct {
    guint8 data[KC_UDP_SLOT_BYTES];
    gsize len;
    KcUdpPath path;
} Slot;

typedef struct {
    KcUdpCallFunc func;
    gpointer data, result;
    gboolean waited, done;
} Call;

struct KcUdpLoop {
    int fd, epoll_fd, event_fd, family;
    guint16 port;
    gboolean pktinfo;
    KcPacketPool *pool;
    KcTimers timers;
    KcUdpReceiveFunc receiver;
    gpointer receiver_user;
    gint64 now_us;

    KcPacket *receive[BATCH];
    guint8 scratch[16];
    Slot slots[SLOTS];
    guint n_pending;

    GThread *thread;
    GMutex mutex; /* guards the rest */
    GCond done;
    GQueue calls;
    gboolean running, stopping;
    KcUdpLoopStats shared, own; /* own: of the loop's thread, copied to shared once a turn */
};

/* ---- socket ---- */

static int
open_socket(int family, int buffer_bytes)
{
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), off = 0;

    if (fd < 0)
        return -1;
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    return fd;
}

static void
want_pktinfo(KcUdpLoop *loop)
{
    int on = 1;

    loop->pktinfo = TRUE;
    if (loop->family == AF_INET6)
        setsockopt(loop->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    else
        setsockopt(loop->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

/* Starts at a random port of the range, so that workers that share it rarely meet. */
static gboolean
bind_in_range(KcUdpLoop *loop, KcUdpAddr *addr, guint16 min, guint16 max, GError **error)
{
    guint span = (guint)max - min + 1, first = span > 1 ? (guint)g_random_int_range(0, (gint32)span) : 0;

    for (guint i = 0; i < span; i++) {
        struct sockaddr_storage storage;

        addr->port = min + (first + i) % span;
        socklen_t len = kc_udp_addr_to_sockaddr(addr, loop->family, &storage);
        if (bind(loop->fd, (struct sockaddr *)&storage, len) == 0)
            return TRUE;
        if (errno == EADDRNOTAVAIL) {
            g_autofree char *text = kc_udp_addr_ip_text(addr);

            g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS, "%s is not an address of this machine", text);
            return FALSE;
        }
        if (errno != EADDRINUSE && errno != EACCES) {
            g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_SYSTEM, "bind: %s", g_strerror(errno));
            return FALSE;
        }
    }
    g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_PORTS, "no free UDP port in %u-%u", min, max);
    return FALSE;
}

static gboolean
open_and_bind(KcUdpLoop *loop, const KcUdpLoopConfig *config, GError **error)
{
    guint n = g_strv_length((char **)config->addresses);
    int buffer_bytes = config->buffer_bytes != 0 ? config->buffer_bytes : 4 << 20;
    gboolean all_ipv4 = TRUE;
    KcUdpAddr addr;

    for (guint i = 0; i < n; i++) {
        if (!kc_udp_addr_parse(config->addresses[i], 0, &addr)) {
            g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS, "not an IP address: %s", config->addresses[i]);
            return FALSE;
        }
        all_ipv4 = all_ipv4 && kc_udp_addr_is_ipv4(&addr);
    }
    if (n == 0 || config->port_min > config->port_max) {
        g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS, "no address, or a port range that is none");
        return FALSE;
    }

    loop->family = n == 1 && all_ipv4 ? AF_INET : AF_INET6;
    loop->fd = open_socket(loop->family, buffer_bytes);
    if (loop->fd < 0 && all_ipv4)
        loop->fd = open_socket(loop->family = AF_INET, buffer_bytes);
    if (loop->fd < 0) {
        g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_SYSTEM, "socket: %s", g_strerror(errno));
        return FALSE;
    }
    if (n > 1) {
        kc_udp_addr_parse(loop->family == AF_INET ? "0.0.0.0" : "::", 0, &addr);
        want_pktinfo(loop);
    }
    return bind_in_range(loop, &addr, config->port_min, config->port_max, error);
}

static gboolean
open_epoll(KcUdpLoop *loop, GError **error)
{
    struct epoll_event udp = {.events = EPOLLIN, .data.fd = loop->fd};

    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event wake = {.events = EPOLLIN, .data.fd = loop->event_fd};
    if (loop->epoll_fd >= 0 && loop->event_fd >= 0 && epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->fd, &udp) == 0 &&
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->event_fd, &wake) == 0)
        return TRUE;
    g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_SYSTEM, "epoll: %s", g_strerror(errno));
    return FALSE;
}

KcUdpLoop *
kc_udp_loop_new(const KcUdpLoopConfig *config, GError **error)
{
    KcUdpLoop *loop = g_new0(KcUdpLoop, 1);
    struct sockaddr_storage storage = {0};
    socklen_t len = sizeof storage;
    KcUdpAddr bound;

    loop->fd = loop->epoll_fd = loop->event_fd = -1;
    g_mutex_init(&loop->mutex);
    g_cond_init(&loop->done);
    g_queue_init(&loop->calls);
    kc_timers_init(&loop->timers);
    loop->pool = kc_packet_pool_new(config->packet_limit);
    if (!open_and_bind(loop, config, error) || !open_epoll(loop, error)) {
        kc_udp_loop_free(loop);
        return NULL;
    }
    getsockname(loop->fd, (struct sockaddr *)&storage, &len);
    kc_udp_addr_from_sockaddr(&storage, &bound);
    loop->port = (guint16)bound.port;
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
    for (const int *fd = (int[]){loop->fd, loop->epoll_fd, loop->event_fd, -2}; *fd != -2; fd++)
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
    if (loop->n_pending == SLOTS)
        kc_udp_loop_flush(loop);
    return loop->slots[loop->n_pending].data;
}

void
kc_udp_loop_slot_send(KcUdpLoop *loop, gsize len, const KcUdpPath *path)
{
    Slot *slot = &loop->slots[loop->n_pending];

    g_assert(loop->n_pending < SLOTS && len <= KC_UDP_SLOT_BYTES);
    slot->len = len;
    slot->path = *path;
    loop->n_pending++;
}

static void
put_source(const KcUdpLoop *loop, struct msghdr *header, const KcUdpPath *path)
{
    struct cmsghdr *control = header->msg_control;

    if (loop->family == AF_INET6) {
        struct in6_pktinfo info = {.ipi6_addr = path->local, .ipi6_ifindex = path->interface};

        header->msg_controllen = CMSG_SPACE(sizeof info);
        *control = (struct cmsghdr){CMSG_LEN(sizeof info), IPPROTO_IPV6, IPV6_PKTINFO};
        memcpy(CMSG_DATA(control), &info, sizeof info);
        return;
    }
    struct in_pktinfo info = {0};
    memcpy(&info.ipi_spec_dst, path->local.s6_addr + 12, 4);
    header->msg_controllen = CMSG_SPACE(sizeof info);
    *control = (struct cmsghdr){CMSG_LEN(sizeof info), IPPROTO_IP, IP_PKTINFO};
    memcpy(CMSG_DATA(control), &info, sizeof info);
}

void
kc_udp_loop_flush(KcUdpLoop *loop)
{
    struct mmsghdr messages[SLOTS];
    struct iovec pieces[SLOTS];
    struct sockaddr_storage names[SLOTS];
    union {
        struct cmsghdr align;
        guint8 bytes[CONTROL_BYTES];
    } controls[SLOTS];
    guint n = loop->n_pending, sent = 0;

    for (guint i = 0; i < n; i++) {
        Slot *slot = &loop->slots[i];
        struct msghdr *header = &messages[i].msg_hdr;

        pieces[i] = (struct iovec){slot->data, slot->len};
        *header = (struct msghdr){.msg_name = &names[i], .msg_iov = &pieces[i], .msg_iovlen = 1};
        header->msg_namelen = kc_udp_addr_to_sockaddr(&slot->path.remote, loop->family, &names[i]);
        if (loop->pktinfo && !IN6_IS_ADDR_UNSPECIFIED(&slot->path.local)) {
            header->msg_control = &controls[i];
            put_source(loop, header, &slot->path);
        }
    }
    while (sent < n) {
        int done = sendmmsg(loop->fd, messages + sent, n - sent, MSG_DONTWAIT);

        if (done < 0 && errno == EINTR)
            continue;
        for (int i = 0; i < done; i++)
            loop->own.bytes_out += messages[sent + (guint)i].msg_len;
        loop->own.packets_out += done > 0 ? (guint)done : 0;
        /* The first message is what failed: media is not worth waiting for, the rest may still go. */
        loop->own.send_dropped += done <= 0;
        sent += done > 0 ? (guint)done : 1;
    }
    loop->n_pending = 0;
}

/* ---- receiving ---- */

static void
read_local(struct msghdr *header, KcUdpPath *ret_path)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof info);
            ret_path->local = info.ipi6_addr;
            ret_path->interface = IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr) ? info.ipi6_ifindex : 0;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof info);
            ret_path->local.s6_addr[10] = ret_path->local.s6_addr[11] = 0xff;
            memcpy(ret_path->local.s6_addr + 12, &info.ipi_addr, 4);
        }
    }
}

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
    if (loop->pktinfo)
        read_local(&message->msg_hdr, &path);
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
    if (recv(loop->fd, loop->scratch, sizeof loop->scratch, MSG_DONTWAIT | MSG_TRUNC) < 0)
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
        guint8 bytes[CONTROL_BYTES];
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
                                              .msg_control = loop->pktinfo ? &controls[n] : NULL,
                                              .msg_controllen = loop->pktinfo ? CONTROL_BYTES : 0};
    }
    if (n == 0)
        return drain_one(loop);

    int got = recvmmsg(loop->fd, messages, n, MSG_DONTWAIT, NULL);
    loop->now_us = g_get_monotonic_time();
    loop->own.batches += got > 0;
    for (int i = 0; i < got; i++)
        deliver(loop, &messages[i], &names[i], &loop->receive[i]);
    return got > 0 ? (guint)got : 0;
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
        kc_udp_loop_flush(loop);
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

static int
wait_ms(const KcUdpLoop *loop, int most_ms)
{
    gint64 next = kc_timers_next_us(&loop->timers);

    if (next == G_MAXINT64)
        return most_ms;
    gint64 wait = (next - g_get_monotonic_time() + 999) / 1000;
    return (int)CLAMP(wait, 0, most_ms);
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
    struct epoll_event events[2];
    int n = epoll_wait(loop->epoll_fd, events, 2, wait_ms(loop, timeout_ms));

    loop->now_us = g_get_monotonic_time();
    for (int i = 0; i < n; i++)
        if (events[i].data.fd == loop->event_fd)
            run_calls(loop);
    for (int i = 0; i < n; i++) {
        if (events[i].data.fd != loop->fd)
            continue;
        for (guint round = 0; round < ROUNDS; round++) {
            guint got = receive_batch(loop);

            kc_udp_loop_flush(loop);
            if (got < BATCH)
                break;
        }
    }
    run_timers(loop);
    kc_udp_loop_flush(loop);

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
        kc_udp_loop_turn(loop, 1000);

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
    g_thread_join(g_steal_pointer(&loop->thread));
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
    return loop->port;
}

gint64
kc_udp_loop_now_us(const KcUdpLoop *loop)
{
    return loop->now_us;
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
