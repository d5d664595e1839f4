/* Invariants: `out` counts packets that someone refers to; the pool's memory goes when it is closed and `out` is 0.
 * The mutex is uncontended on the forwarding path, where packets come and go on the loop's thread. */
#include "media/transport/packet.h"

struct KcPacketPool {
    GMutex mutex;
    KcPacket *idle;
    guint out, limit;
    gboolean closed;
};

KcPacketPool *
kc_packet_pool_new(guint limit)
{
    KcPacketPool *pool = g_new0(KcPacketPool, 1);

    g_mutex_init(&pool->mutex);
    pool->limit = limit != 0 ? limit : 65536;
    return pool;
}

static void
destroy(KcPacketPool *pool)
{
    while (pool->idle != NULL) {
        KcPacket *packet = pool->idle;

        pool->idle = packet->next;
        g_free(packet);
    }
    g_mutex_clear(&pool->mutex);
    g_free(pool);
}

void
kc_packet_pool_free(KcPacketPool *pool)
{
    if (pool == NULL)
        return;
    g_mutex_lock(&pool->mutex);
    pool->closed = TRUE;
    gboolean last = pool->out == 0;
    g_mutex_unlock(&pool->mutex);
    if (last)
        destroy(pool);
}

KcPacket *
kc_packet_pool_take(KcPacketPool *pool)
{
    g_mutex_lock(&pool->mutex);
    if (pool->out >= pool->limit) {
        g_mutex_unlock(&pool->mutex);
        return NULL;
    }
    KcPacket *packet = pool->idle;
    if (packet != NULL)
        pool->idle = packet->next;
    pool->out++;
    g_mutex_unlock(&pool->mutex);

    if (packet == NULL)
        packet = g_new(KcPacket, 1);
    packet->arrived_us = 0;
    packet->offset = packet->len = 0;
    packet->refs = 1;
    packet->pool = pool;
    packet->next = NULL;
    return packet;
}

guint
kc_packet_pool_out(KcPacketPool *pool)
{
    g_mutex_lock(&pool->mutex);
    guint out = pool->out;
    g_mutex_unlock(&pool->mutex);
    return out;
}

KcPacket *
kc_packet_ref(KcPacket *packet)
{
    g_atomic_int_inc(&packet->refs);
    return packet;
}

void
kc_packet_unref(gpointer data)
{
    KcPacket *packet = data;

    if (!g_atomic_int_dec_and_test(&packet->refs))
        return;

    KcPacketPool *pool = packet->pool;
    g_mutex_lock(&pool->mutex);
    packet->next = pool->idle;
    pool->idle = packet;
    pool->out--;
    gboolean last = pool->closed && pool->out == 0;
    g_mutex_unlock(&pool->mutex);
    if (last)
        destroy(pool);
}
