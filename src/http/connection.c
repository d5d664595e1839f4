/* Invariant: `fd` of a registered connection is open. A deadline of G_MAXINT64 means none.
 *
 *   opened ──header──▶ body ──whole──▶ working ──sent──▶ idle ──header──▶ body …
 *      each arrow but "sent" must come before the deadline of the state it leaves
 */
#include "src/http/connection.h"

#include <sys/socket.h>

#define SWEEP_US (G_USEC_PER_SEC / 4)
#define BODY_BYTES_PER_SECOND (32 * 1024)

struct KcHttpConnections {
    GMutex lock;
    GCond stopping_changed;
    gboolean stopping;
    GHashTable *open; /* set of KcHttpConnection, owned */
    GThread *sweeper;
    gint64 header_us;
    gint64 body_us;
    gint64 idle_us;
};

struct KcHttpConnection {
    KcHttpConnections *all;
    int fd;
    gint64 deadline_mono_us;
    gsize body_bytes;
};

static void
shut_overdue(KcHttpConnections *connections, gint64 now)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, connections->open);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        KcHttpConnection *connection = key;
        if (now < connection->deadline_mono_us)
            continue;
        connection->deadline_mono_us = G_MAXINT64;
        shutdown(connection->fd, SHUT_RDWR);
    }
}

static gpointer
sweep(gpointer data)
{
    KcHttpConnections *connections = data;
    g_mutex_lock(&connections->lock);
    while (!connections->stopping) {
        gint64 now = g_get_monotonic_time();
        shut_overdue(connections, now);
        g_cond_wait_until(&connections->stopping_changed, &connections->lock, now + SWEEP_US);
    }
    g_mutex_unlock(&connections->lock);
    return NULL;
}

KcHttpConnections *
kc_http_connections_new(guint header_deadline_s, guint body_deadline_s, guint idle_s)
{
    KcHttpConnections *connections = g_new0(KcHttpConnections, 1);
    g_mutex_init(&connections->lock);
    g_cond_init(&connections->stopping_changed);
    connections->open = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    connections->header_us = header_deadline_s * G_USEC_PER_SEC;
    connections->body_us = body_deadline_s * G_USEC_PER_SEC;
    connections->idle_us = idle_s * G_USEC_PER_SEC;
    connections->sweeper = g_thread_new("http-deadlines", sweep, connections);
    return connections;
}

void
kc_http_connections_free(KcHttpConnections *connections)
{
    if (connections == NULL)
        return;
    g_mutex_lock(&connections->lock);
    connections->stopping = TRUE;
    g_cond_signal(&connections->stopping_changed);
    g_mutex_unlock(&connections->lock);
    g_thread_join(connections->sweeper);
    g_assert(g_hash_table_size(connections->open) == 0);
    g_hash_table_unref(connections->open);
    g_cond_clear(&connections->stopping_changed);
    g_mutex_clear(&connections->lock);
    g_free(connections);
}

KcHttpConnection *
kc_http_connection_opened(KcHttpConnections *connections, int fd)
{
    KcHttpConnection *connection = g_new0(KcHttpConnection, 1);
    connection->all = connections;
    connection->fd = fd;
    connection->deadline_mono_us = g_get_monotonic_time() + connections->header_us;
    g_mutex_lock(&connections->lock);
    g_hash_table_add(connections->open, connection);
    g_mutex_unlock(&connections->lock);
    return connection;
}

void
kc_http_connection_closed(KcHttpConnection *connection)
{
    KcHttpConnections *connections = connection->all;
    g_mutex_lock(&connections->lock);
    g_hash_table_remove(connections->open, connection);
    g_mutex_unlock(&connections->lock);
}

static void
set_deadline(KcHttpConnection *connection, gint64 deadline_mono_us)
{
    g_mutex_lock(&connection->all->lock);
    connection->deadline_mono_us = deadline_mono_us;
    g_mutex_unlock(&connection->all->lock);
}

void
kc_http_connection_expect_body(KcHttpConnection *connection)
{
    connection->body_bytes = 0;
    set_deadline(connection, g_get_monotonic_time() + connection->all->body_us);
}

void
kc_http_connection_body_came(KcHttpConnection *connection, gsize bytes)
{
    gsize before = connection->body_bytes / BODY_BYTES_PER_SECOND;
    connection->body_bytes += bytes;
    gsize seconds = connection->body_bytes / BODY_BYTES_PER_SECOND - before;
    if (seconds == 0)
        return;
    g_mutex_lock(&connection->all->lock);
    if (connection->deadline_mono_us != G_MAXINT64)
        connection->deadline_mono_us += (gint64)seconds * G_USEC_PER_SEC;
    g_mutex_unlock(&connection->all->lock);
}

void
kc_http_connection_working(KcHttpConnection *connection)
{
    set_deadline(connection, G_MAXINT64);
}

void
kc_http_connection_idle(KcHttpConnection *connection)
{
    set_deadline(connection, g_get_monotonic_time() + connection->all->idle_us);
}

void
kc_http_connection_shut(KcHttpConnection *connection)
{
    KcHttpConnections *connections = connection->all;
    g_mutex_lock(&connections->lock);
    shutdown(connection->fd, SHUT_RDWR);
    g_mutex_unlock(&connections->lock);
}

guint
kc_http_connections_open(KcHttpConnections *connections)
{
    g_mutex_lock(&connections->lock);
    guint open = g_hash_table_size(connections->open);
    g_mutex_unlock(&connections->lock);
    return open;
}
