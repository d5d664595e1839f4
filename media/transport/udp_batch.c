/* Invariant: every slot is in exactly one message, and those of one path are in the order in which they were written,
 * within a message and from message to message. */
#include "media/transport/udp_batch.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

#define SEGMENTS_MAX 40 /* of 1,500 bytes, which together are one datagram to the kernel: at most 65,507 */

typedef union {
    struct cmsghdr align;
    guint8 bytes[KC_UDP_CONTROL_BYTES];
} Control;

/* The messages of a batch, and what each refers to. `pieces` are the slots, in the order of the messages. */
typedef struct {
    struct mmsghdr messages[KC_UDP_BATCH_SLOTS];
    struct sockaddr_storage names[KC_UDP_BATCH_SLOTS];
    Control controls[KC_UDP_BATCH_SLOTS];
    struct iovec pieces[KC_UDP_BATCH_SLOTS];
    guint n;
} Messages;

static gboolean
same_path(const KcUdpPath *a, const KcUdpPath *b)
{
    return kc_udp_addr_equal(&a->remote, &b->remote) && a->interface == b->interface &&
           memcmp(&a->local, &b->local, sizeof a->local) == 0;
}

/* Puts slot `first` and what may leave with it into `pieces`; `taken` are the slots that are in a message. */
static guint
gather(const KcUdpBatch *batch, guint first, guint64 *taken, struct iovec *pieces)
{
    const KcUdpSlot *begin = &batch->slots[first];
    guint count = 0;

    for (guint i = first; i < batch->n && count < SEGMENTS_MAX; i++) {
        const KcUdpSlot *slot = &batch->slots[i];

        if ((*taken >> i & 1) != 0 || !same_path(&slot->path, &begin->path))
            continue;
        if (slot->len > begin->len)
            break;
        *taken |= G_GUINT64_CONSTANT(1) << i;
        pieces[count++] = (struct iovec){(gpointer)slot->data, slot->len};
        if (slot->len < begin->len || batch->never_segment) /* only the last segment may be shorter */
            break;
    }
    return count;
}

static void
put_segment_size(struct msghdr *header, Control *control, gsize len)
{
    guint16 size = (guint16)len;
    struct cmsghdr *at = (struct cmsghdr *)(control->bytes + header->msg_controllen);

    *at = (struct cmsghdr){CMSG_LEN(sizeof size), IPPROTO_UDP, UDP_SEGMENT};
    memcpy(CMSG_DATA(at), &size, sizeof size);
    header->msg_control = control;
    header->msg_controllen += CMSG_SPACE(sizeof size);
}

static void
address(Messages *messages, guint i, const KcUdpPath *path, const KcUdpSocket *udp)
{
    struct msghdr *header = &messages->messages[i].msg_hdr;

    *header = (struct msghdr){.msg_name = &messages->names[i]};
    header->msg_namelen = kc_udp_addr_to_sockaddr(&path->remote, udp->family, &messages->names[i]);
    if (udp->pktinfo && !IN6_IS_ADDR_UNSPECIFIED(&path->local)) {
        header->msg_control = &messages->controls[i];
        kc_udp_socket_put_source(udp, header, path);
    }
}

static void
arrange(const KcUdpBatch *batch, const KcUdpSocket *udp, Messages *messages)
{
    guint64 taken = 0;
    guint n_pieces = 0;

    messages->n = 0;
    for (guint i = 0; i < batch->n; i++) {
        if ((taken >> i & 1) != 0)
            continue;
        struct iovec *pieces = &messages->pieces[n_pieces];
        struct msghdr *header = &messages->messages[messages->n].msg_hdr;
        guint count = gather(batch, i, &taken, pieces);

        address(messages, messages->n, &batch->slots[i].path, udp);
        header->msg_iov = pieces;
        header->msg_iovlen = count;
        if (count > 1)
            put_segment_size(header, &messages->controls[messages->n], pieces[0].iov_len);
        n_pieces += count;
        messages->n++;
    }
}

static void
count_sent(KcUdpBatch *batch, const struct mmsghdr *message)
{
    batch->packets += message->msg_hdr.msg_iovlen;
    batch->bytes += message->msg_len;
}

/* The segments of a message that was not taken as one. */
static void
send_each(KcUdpBatch *batch, const KcUdpSocket *udp, const struct msghdr *refused)
{
    for (gsize i = 0; i < refused->msg_iovlen; i++) {
        struct msghdr one = *refused;

        one.msg_iov = &refused->msg_iov[i];
        one.msg_iovlen = 1;
        one.msg_controllen -= CMSG_SPACE(sizeof(guint16)); /* the last one says how to cut it */
        if (one.msg_controllen == 0)
            one.msg_control = NULL;
        gssize sent = sendmsg(udp->fd, &one, MSG_DONTWAIT);
        batch->packets += sent >= 0;
        batch->bytes += sent >= 0 ? (gsize)sent : 0;
        batch->dropped += sent < 0;
    }
}

/* The first message of those left failed: media is not worth waiting for, the rest may still go. */
static void
give_up(KcUdpBatch *batch, const KcUdpSocket *udp, const struct msghdr *header, int error)
{
    /* EIO, EINVAL: no segments here; EMSGSIZE: not of this size on this path, where fragments still get through. */
    gboolean segments = header->msg_iovlen > 1 && (error == EIO || error == EINVAL || error == EMSGSIZE);

    batch->never_segment |= segments && error != EMSGSIZE;
    if (segments)
        send_each(batch, udp, header);
    else
        batch->dropped += header->msg_iovlen;
}

void
kc_udp_batch_send(KcUdpBatch *batch, const KcUdpSocket *udp)
{
    Messages messages;
    guint sent = 0;

    arrange(batch, udp, &messages);
    while (sent < messages.n) {
        int done = sendmmsg(udp->fd, messages.messages + sent, messages.n - sent, MSG_DONTWAIT);

        if (done < 0 && errno == EINTR)
            continue;
        for (int i = 0; i < done; i++)
            count_sent(batch, &messages.messages[sent + (guint)i]);
        if (done <= 0)
            give_up(batch, udp, &messages.messages[sent].msg_hdr, errno);
        sent += done > 0 ? (guint)done : 1;
    }
    batch->n = 0;
}
