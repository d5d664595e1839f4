/* Invariant: whenever the queue is not empty, a source that delivers it is attached to the main context, or about to
 * be. */
#include "media/worker/outbox.h"

struct KcOutbox {
    KcOutboxFunc deliver;
    gpointer user;
    GMutex lock;
    GQueue queue;
    guint source; /* 0: none attached */
};

KcOutbox *
kc_outbox_new(KcOutboxFunc deliver, gpointer user)
{
    KcOutbox *outbox = g_new0(KcOutbox, 1);
    outbox->deliver = deliver;
    outbox->user = user;
    g_mutex_init(&outbox->lock);
    g_queue_init(&outbox->queue);
    return outbox;
}

void
kc_outbox_free(KcOutbox *outbox)
{
    if (outbox == NULL)
        return;
    if (outbox->source != 0)
        g_source_remove(outbox->source);
    g_queue_clear_full(&outbox->queue, (GDestroyNotify)kc_message_free);
    g_mutex_clear(&outbox->lock);
    g_free(outbox);
}

static gboolean
source_run(gpointer user)
{
    KcOutbox *outbox = user;
    g_mutex_lock(&outbox->lock);
    outbox->source = 0;
    g_mutex_unlock(&outbox->lock);
    kc_outbox_deliver(outbox);
    return G_SOURCE_REMOVE;
}

void
kc_outbox_post(KcOutbox *outbox, KcMessage *message)
{
    g_mutex_lock(&outbox->lock);
    g_queue_push_tail(&outbox->queue, message);
    if (outbox->source == 0)
        outbox->source = g_idle_add_full(G_PRIORITY_DEFAULT, source_run, outbox, NULL);
    g_mutex_unlock(&outbox->lock);
}

void
kc_outbox_deliver(KcOutbox *outbox)
{
    GQueue waiting = G_QUEUE_INIT;
    g_mutex_lock(&outbox->lock);
    waiting = outbox->queue;
    g_queue_init(&outbox->queue);
    g_mutex_unlock(&outbox->lock);
    g_autoptr(KcMessage) message = NULL;
    while ((message = g_queue_pop_head(&waiting)) != NULL) {
        outbox->deliver(message, outbox->user);
        g_clear_pointer(&message, kc_message_free);
    }
}
