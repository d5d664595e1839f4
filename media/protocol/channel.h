/* One end of the SOCK_SEQPACKET pair between kuaichud and a worker: whole messages, in order, with their descriptors.
 *
 * The socket is non-blocking. Sending never blocks: what the kernel doesn't take at once is kept in order, up to
 * KC_CHANNEL_QUEUE_MAX messages, and goes out by kc_channel_flush when the socket is writable again. A channel belongs
 * to one thread at a time. */
#pragma once

#include "media/protocol/message.h"

#define KC_CHANNEL_QUEUE_MAX 1024

typedef struct KcChannel KcChannel;

typedef enum {
    KC_CHANNEL_MESSAGE, /* *ret_message is set */
    KC_CHANNEL_AGAIN,   /* nothing more for now */
    KC_CHANNEL_END,     /* the other side has closed its end, or died */
    KC_CHANNEL_ERROR,   /* a malformed message (the channel is still usable: skip it) or a broken socket */
} KcChannelResult;

/* A connected pair, close-on-exec, each for kc_channel_new. The worker's end is dup2'ed to 3 in the child. */
gboolean kc_channel_pair(int ret_fds[2], GError **error);

/* Takes over `fd`. */
KcChannel *kc_channel_new(int fd);
void kc_channel_free(KcChannel *channel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcChannel, kc_channel_free)

/* For poll: readable means kc_channel_recv, writable (if kc_channel_wants_write) means kc_channel_flush. */
int kc_channel_fd(const KcChannel *channel);
gboolean kc_channel_wants_write(const KcChannel *channel);

/* The message and its fd stay the caller's (the kernel or the queue holds a duplicate). FALSE: it can't be encoded, the
 * queue is full, or the socket is broken (KC_PROTOCOL_ERROR_IO). */
gboolean kc_channel_send(KcChannel *channel, const KcMessage *message, GError **error);
gboolean kc_channel_flush(KcChannel *channel, GError **error);

/* At most one message. After KC_CHANNEL_ERROR with KC_PROTOCOL_ERROR_IO the channel is dead; after any other error the
 * offending packet is gone, its descriptors are closed, and the next may be read. */
KcChannelResult kc_channel_recv(KcChannel *channel, KcMessage **ret_message, GError **error);
