/* Invariant: at + waiting <= KC_TCP_OUTPUT_BYTES; what waits is whole packets, but perhaps the first, whose beginning
 * is with the kernel: a packet is never taken back once a byte of it has gone. */
#include "media/transport/tcp_conn.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MEDIA_FIRST 128

static void
set_option(int fd, int option, guint value)
{
    int number = (int)value;

    setsockopt(fd, IPPROTO_TCP, option, &number, sizeof number);
}

KcTcpConn *
kc_tcp_conn_new(int fd, const KcUdpAddr *remote, gint64 now_us)
{
    KcTcpConn *conn = g_new0(KcTcpConn, 1);

    set_option(fd, TCP_NODELAY, 1);
    set_option(fd, TCP_NOTSENT_LOWAT, KC_TCP_UNSENT_BYTES);
    set_option(fd, TCP_USER_TIMEOUT, KC_TCP_SILENCE_MS);
    conn->fd = fd;
    conn->path.remote = *remote;
    conn->accepted_us = conn->heard_us = now_us;
    return conn;
}

void
kc_tcp_conn_free(gpointer data)
{
    KcTcpConn *conn = data;

    close(conn->fd);
    g_free(conn->output);
    g_free(conn);
}

KcTcpQueued
kc_tcp_conn_queue(KcTcpConn *conn, const guint8 *data, gsize len)
{
    gboolean media = len > 0 && data[0] >= MEDIA_FIRST;
    gsize after = conn->waiting + KC_TCP_HEAD_BYTES + len;

    if (after > (media ? KC_TCP_MEDIA_BYTES : KC_TCP_OUTPUT_BYTES)) {
        conn->overrun = conn->overrun || !media;
        return media ? KC_TCP_DROPPED : KC_TCP_OVERRUN;
    }
    if (conn->output == NULL)
        conn->output = g_malloc(KC_TCP_OUTPUT_BYTES);
    if (conn->at + after > KC_TCP_OUTPUT_BYTES) {
        memmove(conn->output, conn->output + conn->at, conn->waiting);
        conn->at = 0;
    }
    guint8 *end = conn->output + conn->at + conn->waiting;
    kc_tcp_framing_head(end, len);
    memcpy(end + KC_TCP_HEAD_BYTES, data, len);
    conn->waiting = after;
    return KC_TCP_QUEUED;
}

gboolean
kc_tcp_conn_flush(KcTcpConn *conn)
{
    while (conn->waiting > 0) {
        ssize_t sent = send(conn->fd, conn->output + conn->at, conn->waiting, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN;
        conn->at += (gsize)sent;
        conn->waiting -= (gsize)sent;
    }
    conn->at = 0;
    return TRUE;
}
