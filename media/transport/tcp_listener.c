/* Invariants:
 *  - A connection is freed in flush() alone, when nothing of it is on the stack; until then it is `closing`, `dirty`.
 *  - An event of epoll names its connection by number, so that none that was closed before its turn is touched.
 *  - The timer is set while there are connections, or the listening socket rests. */
#include "media/transport/tcp_listener.h"

#include "media/transport/tcp_conn.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS 32
#define ACCEPTS 16             /* of a turn */
#define READ_BYTES (64 * 1024) /* of a connection in a turn */
#define SWEEP_US G_USEC_PER_SEC
#define STUN_LAST 3 /* RFC 7983 */
/* Goes through tunnels whose message that a packet is too long never comes back; on loopback, keeps acknowledgements as
 * frequent as elsewhere. Packets of media fit in one. */
#define SEGMENT_BYTES 1360

struct KcTcpListener {
    KcUdpLoop *loop;
    int fd, epoll_fd;
    guint16 port;
    gboolean resting;  /* out of descriptors: the socket is not watched until the next sweep */
    GHashTable *conns; /* number -> KcTcpConn */
    GPtrArray *dirty;
    guint32 last_stream;
    KcTimer timer;
    KcTcpClosedFunc closed;
    gpointer user;
    KcTcpStats stats;
    guint8 scratch[READ_BYTES];
};

/* ---- connections ---- */

static KcTcpConn *
find(const KcTcpListener *tcp, guint32 stream)
{
    return g_hash_table_lookup(tcp->conns, GUINT_TO_POINTER(stream));
}

static void
make_dirty(KcTcpListener *tcp, KcTcpConn *conn)
{
    if (!conn->dirty)
        g_ptr_array_add(tcp->dirty, conn);
    conn->dirty = TRUE;
}

/* `told`: whoever uses its path must hear of it. */
static void
give_up(KcTcpListener *tcp, KcTcpConn *conn, gboolean told)
{
    if (conn->closing)
        return;
    conn->closing = TRUE;
    make_dirty(tcp, conn);
    if (told && conn->authentic)
        tcp->closed(&conn->path, tcp->user);
}

static void
watch(KcTcpListener *tcp, KcTcpConn *conn, gboolean writable)
{
    struct epoll_event event = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.u64 = conn->path.remote.stream};

    if (conn->watched == writable)
        return;
    conn->watched = writable;
    epoll_ctl(tcp->epoll_fd, EPOLL_CTL_MOD, conn->fd, &event);
}

static void
flush(gpointer user)
{
    KcTcpListener *tcp = user;

    for (guint i = 0; i < tcp->dirty->len; i++) {
        KcTcpConn *conn = tcp->dirty->pdata[i];

        if (conn->overrun || !kc_tcp_conn_flush(conn))
            give_up(tcp, conn, TRUE);
        if (conn->closing) {
            g_hash_table_remove(tcp->conns, GUINT_TO_POINTER(conn->path.remote.stream));
            continue;
        }
        conn->dirty = FALSE;
        watch(tcp, conn, conn->waiting > 0);
    }
    g_ptr_array_set_size(tcp->dirty, 0);
}

/* ---- time ---- */

static void
listen_again(KcTcpListener *tcp)
{
    struct epoll_event event = {.events = EPOLLIN};

    if (epoll_ctl(tcp->epoll_fd, EPOLL_CTL_ADD, tcp->fd, &event) == 0)
        tcp->resting = FALSE;
}

static void
sweep(gint64 now_us, gpointer user)
{
    KcTcpListener *tcp = user;
    GHashTableIter iter;
    gpointer value;

    if (tcp->resting)
        listen_again(tcp);
    g_hash_table_iter_init(&iter, tcp->conns);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        KcTcpConn *conn = value;

        if (!conn->authentic && !conn->closing && now_us - conn->accepted_us >= KC_TCP_CHECK_US) {
            tcp->stats.unproven++;
            give_up(tcp, conn, FALSE);
        } else if (now_us - conn->heard_us >= KC_TCP_IDLE_US) {
            give_up(tcp, conn, TRUE);
        }
    }
    if (tcp->resting || g_hash_table_size(tcp->conns) > 0)
        kc_timers_set(kc_udp_loop_timers(tcp->loop), &tcp->timer, now_us + SWEEP_US);
}

static void
want_sweep(KcTcpListener *tcp)
{
    if (g_hash_table_size(tcp->conns) <= 1)
        kc_timers_set(kc_udp_loop_timers(tcp->loop), &tcp->timer, kc_udp_loop_now_us(tcp->loop) + SWEEP_US);
}

/* ---- reading ---- */

static void
deliver(KcTcpListener *tcp, KcTcpConn *conn, const guint8 *data, gsize len)
{
    KcPacket *packet = len > 0 ? kc_packet_pool_take(kc_udp_loop_pool(tcp->loop)) : NULL;

    tcp->stats.packets_in++;
    if (packet == NULL)
        return;
    memcpy(packet->data, data, len);
    packet->len = len;
    packet->arrived_us = kc_udp_loop_now_us(tcp->loop);
    kc_udp_loop_deliver(tcp->loop, packet, &conn->path);
    kc_packet_unref(packet);
}

static void
take(KcTcpListener *tcp, KcTcpConn *conn, const guint8 *data, gsize len)
{
    const guint8 *packet;
    gsize packet_len;

    while (!conn->closing) {
        KcTcpFramingResult result = kc_tcp_framing_take(&conn->input, &data, &len, &packet, &packet_len);

        if (result == KC_TCP_MORE)
            return;
        if (result == KC_TCP_TOO_LONG || (!conn->authentic && packet_len > 0 && packet[0] > STUN_LAST))
            give_up(tcp, conn, TRUE);
        else
            deliver(tcp, conn, packet, packet_len);
    }
}

static void
read_conn(KcTcpListener *tcp, KcTcpConn *conn)
{
    ssize_t got = recv(conn->fd, tcp->scratch, sizeof tcp->scratch, MSG_DONTWAIT);

    if (got > 0) {
        conn->heard_us = kc_udp_loop_now_us(tcp->loop);
        take(tcp, conn, tcp->scratch, (gsize)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        give_up(tcp, conn, TRUE);
    }
}

/* ---- accepting ---- */

static gboolean
is_neighbour(const KcUdpAddr *a, const KcUdpAddr *b)
{
    return memcmp(&a->ip, &b->ip, kc_udp_addr_is_ipv4(a) ? 16 : 8) == 0;
}

/* FALSE: all there are are of legs. */
static gboolean
make_room(KcTcpListener *tcp, const KcUdpAddr *from)
{
    KcTcpConn *oldest = NULL, *oldest_near = NULL;
    guint n_near = 0;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, tcp->conns);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        KcTcpConn *conn = value;

        if (conn->authentic || conn->closing)
            continue;
        if (oldest == NULL || conn->accepted_us < oldest->accepted_us)
            oldest = conn;
        if (!is_neighbour(&conn->path.remote, from))
            continue;
        n_near++;
        if (oldest_near == NULL || conn->accepted_us < oldest_near->accepted_us)
            oldest_near = conn;
    }
    gboolean crowd = n_near >= KC_TCP_UNPROVEN_PER_ADDRESS;
    KcTcpConn *gives_way = crowd ? oldest_near : oldest;
    if (!crowd && g_hash_table_size(tcp->conns) < KC_TCP_CONNECTIONS_MAX)
        return TRUE;
    tcp->stats.refused++;
    if (gives_way == NULL)
        return FALSE;
    give_up(tcp, gives_way, FALSE);
    return TRUE;
}

static void
add_conn(KcTcpListener *tcp, int fd, const struct sockaddr_storage *name)
{
    KcUdpAddr remote;

    kc_udp_addr_from_sockaddr(name, &remote);
    if (!make_room(tcp, &remote)) {
        close(fd);
        return;
    }
    do
        remote.stream = ++tcp->last_stream;
    while (remote.stream == 0 || find(tcp, remote.stream) != NULL);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = remote.stream};
    if (epoll_ctl(tcp->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        close(fd);
        return;
    }
    tcp->stats.accepted++;
    g_hash_table_insert(tcp->conns, GUINT_TO_POINTER(remote.stream),
                        kc_tcp_conn_new(fd, &remote, kc_udp_loop_now_us(tcp->loop)));
    want_sweep(tcp);
}

static void
accept_some(KcTcpListener *tcp)
{
    for (guint i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage name;
        socklen_t len = sizeof name;
        int fd = accept4(tcp->fd, (struct sockaddr *)&name, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            add_conn(tcp, fd, &name);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            epoll_ctl(tcp->epoll_fd, EPOLL_CTL_DEL, tcp->fd, NULL);
            tcp->resting = TRUE;
            want_sweep(tcp);
        }
        return;
    }
}

static void
ready(gpointer user)
{
    KcTcpListener *tcp = user;
    struct epoll_event events[EVENTS];
    int n = epoll_wait(tcp->epoll_fd, events, EVENTS, 0);

    for (int i = 0; i < n; i++) {
        if (events[i].data.u64 == 0) {
            accept_some(tcp);
            continue;
        }
        KcTcpConn *conn = find(tcp, (guint32)events[i].data.u64);
        if (conn == NULL || conn->closing)
            continue;
        if ((events[i].events & EPOLLOUT) != 0)
            make_dirty(tcp, conn);
        if ((events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
            read_conn(tcp, conn);
    }
}

/* ---- life ---- */

static int
bind_at(struct sockaddr_storage *name, socklen_t len, guint16 port)
{
    int fd = socket(name->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, off = 0, segment = SEGMENT_BYTES;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    if (name->ss_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
        ((struct sockaddr_in6 *)name)->sin6_port = htons(port);
    } else {
        ((struct sockaddr_in *)name)->sin_port = htons(port);
    }
    if (bind(fd, (struct sockaddr *)name, len) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    close(fd);
    return -1;
}

static gboolean
open_listener(KcTcpListener *tcp, guint16 min, guint16 max)
{
    struct sockaddr_storage name;
    socklen_t len = kc_udp_loop_name(tcp->loop, &name);
    KcUdpAddr addr;

    tcp->fd = bind_at(&name, len, kc_udp_loop_port(tcp->loop));
    for (guint port = min; tcp->fd < 0 && port <= max; port++)
        tcp->fd = bind_at(&name, len, (guint16)port);
    if (tcp->fd < 0 || getsockname(tcp->fd, (struct sockaddr *)&name, &len) != 0)
        return FALSE;
    kc_udp_addr_from_sockaddr(&name, &addr);
    tcp->port = (guint16)addr.port;
    return TRUE;
}

KcTcpListener *
kc_tcp_listener_new(KcUdpLoop *loop, guint16 port_min, guint16 port_max, KcTcpClosedFunc closed, gpointer user,
                    GError **error)
{
    KcTcpListener *tcp = g_new0(KcTcpListener, 1);

    tcp->loop = loop;
    tcp->fd = -1;
    tcp->conns = g_hash_table_new_full(NULL, NULL, NULL, kc_tcp_conn_free);
    tcp->dirty = g_ptr_array_new();
    tcp->timer = (KcTimer){sweep, tcp};
    tcp->closed = closed;
    tcp->user = user;
    tcp->resting = TRUE;
    tcp->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (tcp->epoll_fd >= 0 && open_listener(tcp, port_min, port_max))
        listen_again(tcp);
    if (tcp->resting) {
        g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_PORTS, "no TCP port to listen at: %s", g_strerror(errno));
        kc_tcp_listener_free(tcp);
        return NULL;
    }
    kc_udp_loop_set_other(loop, tcp->epoll_fd, ready, flush, tcp);
    return tcp;
}

void
kc_tcp_listener_free(KcTcpListener *tcp)
{
    if (tcp == NULL)
        return;
    kc_udp_loop_set_other(tcp->loop, -1, NULL, NULL, NULL);
    for (guint i = 0; i < tcp->dirty->len; i++)
        kc_tcp_conn_flush(tcp->dirty->pdata[i]);
    kc_timers_cancel(kc_udp_loop_timers(tcp->loop), &tcp->timer);
    g_ptr_array_unref(tcp->dirty);
    g_hash_table_unref(tcp->conns);
    if (tcp->fd >= 0)
        close(tcp->fd);
    if (tcp->epoll_fd >= 0)
        close(tcp->epoll_fd);
    g_free(tcp);
}

guint16
kc_tcp_listener_port(const KcTcpListener *tcp)
{
    return tcp->port;
}

/* ---- what the transport does ---- */

void
kc_tcp_send(KcTcpListener *tcp, guint32 stream, const guint8 *data, gsize len)
{
    KcTcpConn *conn = find(tcp, stream);

    if (conn == NULL || conn->closing)
        return;
    make_dirty(tcp, conn);
    KcTcpQueued queued = kc_tcp_conn_queue(conn, data, len);
    tcp->stats.packets_out += queued == KC_TCP_QUEUED;
    tcp->stats.media_dropped += queued == KC_TCP_DROPPED;
}

void
kc_tcp_keep(KcTcpListener *tcp, guint32 stream)
{
    KcTcpConn *conn = find(tcp, stream);

    if (conn != NULL)
        conn->authentic = TRUE;
}

void
kc_tcp_close(KcTcpListener *tcp, guint32 stream)
{
    KcTcpConn *conn = find(tcp, stream);

    if (conn != NULL)
        give_up(tcp, conn, FALSE);
}

void
kc_tcp_stats(const KcTcpListener *tcp, KcTcpStats *ret_stats)
{
    *ret_stats = tcp->stats;
    ret_stats->connections = g_hash_table_size(tcp->conns);
}
