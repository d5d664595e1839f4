/* Invariants: messages leave in the order in which they were sent; the queue is empty unless the kernel has refused the
 * first message in it; every descriptor that came with a packet is owned by a message or closed. */
#include "media/protocol/channel.h"

#include "src/base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Descriptors that one packet may bring; more than one is refused, but all must be closed. */
#define FDS_MAX 8

typedef struct {
    char *text;
    gsize len;
    int fd;
} Packet;

struct KcChannel {
    int fd;
    GQueue queue; /* of Packet */
    char *buffer; /* for receiving: the largest message, and one byte to notice more */
};

static void
packet_free(Packet *packet)
{
    if (packet->fd >= 0)
        close(packet->fd);
    g_free(packet->text);
    g_free(packet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Packet, packet_free)

gboolean
kc_channel_pair(int ret_fds[2], GError **error)
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_fds) == 0)
        return TRUE;
    g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_IO, "socketpair: %s", g_strerror(errno));
    return FALSE;
}

KcChannel *
kc_channel_new(int fd)
{
    KcChannel *channel = g_new0(KcChannel, 1);
    channel->fd = fd;
    channel->buffer = g_malloc(KC_LIMIT_PROTOCOL_MESSAGE_BYTES + 1);
    g_queue_init(&channel->queue);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    /* A whole message must fit, whatever the system's default is. */
    int size = 2 * KC_LIMIT_PROTOCOL_MESSAGE_BYTES;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return channel;
}

void
kc_channel_free(KcChannel *channel)
{
    if (channel == NULL)
        return;
    g_queue_clear_full(&channel->queue, (GDestroyNotify)packet_free);
    close(channel->fd);
    g_free(channel->buffer);
    g_free(channel);
}

int
kc_channel_fd(const KcChannel *channel)
{
    return channel->fd;
}

gboolean
kc_channel_wants_write(const KcChannel *channel)
{
    return channel->queue.length > 0;
}

/* 0: sent; EAGAIN: later; any other errno: broken. */
static int
packet_send(int fd, const Packet *packet)
{
    struct iovec iov = {packet->text, packet->len};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
    if (packet->fd >= 0) {
        msg.msg_control = control.space;
        msg.msg_controllen = sizeof control.space;
        struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(c), &packet->fd, sizeof(int));
    }
    ssize_t n;
    do
        n = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return 0;
    return errno == EWOULDBLOCK || errno == ENOBUFS ? EAGAIN : errno;
}

gboolean
kc_channel_flush(KcChannel *channel, GError **error)
{
    while (channel->queue.length > 0) {
        int result = packet_send(channel->fd, g_queue_peek_head(&channel->queue));
        if (result == EAGAIN)
            return TRUE;
        if (result != 0) {
            g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_IO, "sendmsg: %s", g_strerror(result));
            return FALSE;
        }
        packet_free(g_queue_pop_head(&channel->queue));
    }
    return TRUE;
}

gboolean
kc_channel_send(KcChannel *channel, const KcMessage *message, GError **error)
{
    if (kc_message_wants_fd(message) && message->fd < 0) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_FDS, "%s: without its file descriptor",
                    kc_message_type_name(message->type));
        return FALSE;
    }
    if (channel->queue.length >= KC_CHANNEL_QUEUE_MAX) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_IO, "the other side does not read");
        return FALSE;
    }
    g_autoptr(Packet) packet = g_new0(Packet, 1);
    packet->fd = -1;
    packet->text = kc_message_encode(message, &packet->len, error);
    if (packet->text == NULL)
        return FALSE;
    if (kc_message_wants_fd(message)) {
        packet->fd = fcntl(message->fd, F_DUPFD_CLOEXEC, 3);
        if (packet->fd < 0) {
            g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_FDS, "dup: %s", g_strerror(errno));
            return FALSE;
        }
    }
    g_queue_push_tail(&channel->queue, g_steal_pointer(&packet));
    return kc_channel_flush(channel, error);
}

/* The single descriptor of a packet, or -1. With more than one all are closed, and FALSE is returned. */
static gboolean
fds_take(struct msghdr *msg, int *ret_fd)
{
    int fds[FDS_MAX];
    gsize n = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        gsize count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (gsize i = 0; i < count && n < FDS_MAX; i++)
            memcpy(&fds[n++], CMSG_DATA(c) + i * sizeof(int), sizeof(int));
    }
    *ret_fd = n == 1 ? fds[0] : -1;
    for (gsize i = 0; n > 1 && i < n; i++)
        close(fds[i]);
    return n <= 1 && (msg->msg_flags & MSG_CTRUNC) == 0;
}

KcChannelResult
kc_channel_recv(KcChannel *channel, KcMessage **ret_message, GError **error)
{
    struct iovec iov = {channel->buffer, KC_LIMIT_PROTOCOL_MESSAGE_BYTES + 1};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(FDS_MAX * sizeof(int))];
    } control;
    struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space};
    ssize_t n;
    do
        n = recvmsg(channel->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return KC_CHANNEL_AGAIN;
    if (n == 0 || (n < 0 && errno == ECONNRESET))
        return KC_CHANNEL_END;
    if (n < 0) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_IO, "recvmsg: %s", g_strerror(errno));
        return KC_CHANNEL_ERROR;
    }
    int fd = -1;
    if (!fds_take(&msg, &fd)) {
        if (fd >= 0)
            close(fd);
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_FDS, "more than one file descriptor");
        return KC_CHANNEL_ERROR;
    }
    *ret_message = kc_message_decode(channel->buffer, (gsize)n, fd, error);
    /* A join carries a key: don't leave it lying in the buffer. */
    explicit_bzero(channel->buffer, (gsize)n);
    return *ret_message != NULL ? KC_CHANNEL_MESSAGE : KC_CHANNEL_ERROR;
}
