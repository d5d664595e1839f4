/* Messages on their way to the daemon, from any thread: the control socket itself belongs to the main thread. */
#pragma once

#include "media/protocol/message.h"

typedef struct KcOutbox KcOutbox;

/* `deliver` is called on the main thread (default main context), in order; the message is lent. */
typedef void (*KcOutboxFunc)(const KcMessage *message, gpointer user);

KcOutbox *kc_outbox_new(KcOutboxFunc deliver, gpointer user);
/* After every thread that posts has ended. */
void kc_outbox_free(KcOutbox *outbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcOutbox, kc_outbox_free)

/* Takes over the message. Any thread. */
void kc_outbox_post(KcOutbox *outbox, KcMessage *message);

/* Delivers what is waiting. Main thread. */
void kc_outbox_deliver(KcOutbox *outbox);
