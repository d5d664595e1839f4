/* Invariants, under the hub's lock:
 *  - a client is in `clients` from new to free; its queue holds at most KC_LIMIT_SSE_QUEUE_EVENTS texts;
 *  - `suspended` is TRUE exactly between MHD_suspend_connection and MHD_resume_connection; only who turns it to FALSE
 *    resumes, so a connection is resumed once for each time it was suspended;
 *  - an ended client never suspends again. */
#include "src/http/sse.h"

#include <string.h>

#include "src/app/events.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"

struct KcSseHub {
    GMutex lock;
    GCond stopping_changed;
    gboolean stopping;
    GHashTable *clients; /* set, borrowed: MHD's responses own them */
    GThread *pulse;
    gint64 heartbeat_us;
};

struct KcSseClient {
    KcSseHub *hub;
    struct MHD_Connection *mhd;
    KcHttpConnection *connection;
    gboolean desk;
    char *user_id;
    char *case_id;
    char *party_id;
    const char *const *types; /* static; NULL: all */
    GHashTable *blind;        /* ids of cases to which the user is blind */
    char *session;
    gint64 expires_us;
    GQueue texts; /* of GBytes */
    GQueue held;  /* live ones that wait for start, of Held */
    gsize sent;   /* of the first text */
    gint64 last_seq;
    gint64 progress_mono_us;
    gboolean started;
    gboolean suspended;
    gboolean ended;
};

typedef struct {
    gint64 seq;
    GBytes *text;
} Held;

static void
held_free(gpointer data)
{
    Held *held = data;
    g_bytes_unref(held->text);
    g_free(held);
}

static GBytes *
event_text(const KcEvent *event)
{
    char *text =
        g_strdup_printf("id: %" G_GINT64_FORMAT "\nevent: %s\ndata: %s\n\n", event->seq, event->type, event->data_json);
    return g_bytes_new_take(text, strlen(text));
}

static void
wake(KcSseClient *client)
{
    if (!client->suspended)
        return;
    client->suspended = FALSE;
    MHD_resume_connection(client->mhd);
}

static void
end(KcSseClient *client)
{
    client->ended = TRUE;
    wake(client);
}

/* The client does not read: its socket is full, so that ending politely would wait for ever. */
static void
drop(KcSseClient *client)
{
    end(client);
    kc_http_connection_shut(client->connection);
}

static void
push(KcSseClient *client, GBytes *text)
{
    if (client->ended)
        return;
    if (g_queue_get_length(&client->texts) >= KC_LIMIT_SSE_QUEUE_EVENTS) {
        drop(client);
        return;
    }
    if (g_queue_is_empty(&client->texts))
        client->progress_mono_us = g_get_monotonic_time();
    g_queue_push_tail(&client->texts, g_bytes_ref(text));
    wake(client);
}

/* Whether an event is kept from who is blind to its case; begins and ends with what says so. */
static gboolean
is_hidden(const KcSseClient *client, const KcEvent *event)
{
    if (event->case_id == NULL)
        return FALSE;
    gboolean own = strcmp(event->audience, "user") == 0;
    if (own && g_strcmp0(event->audience_id, client->user_id) == 0 && strcmp(event->type, KC_EVENT_BLIND_BEGINS) == 0)
        g_hash_table_add(client->blind, g_strdup(event->case_id));
    if (own && g_strcmp0(event->audience_id, client->user_id) == 0 && strcmp(event->type, KC_EVENT_BLIND_ENDS) == 0)
        g_hash_table_remove(client->blind, event->case_id);
    return !own && g_hash_table_contains(client->blind, event->case_id);
}

static gboolean
concerns(const KcSseClient *client, const KcEvent *event)
{
    if (is_hidden(client, event))
        return FALSE;
    const KcEventReader reader = {.desk = client->desk,
                                  .user_id = client->user_id,
                                  .case_id = client->case_id,
                                  .party_id = client->party_id,
                                  .types = client->types};
    return kc_event_reader_may_see(&reader, event);
}

static void
beat(KcSseHub *hub, KcSseClient *client, GBytes *comment, gint64 now_mono)
{
    if (!client->started || client->ended)
        return;
    if (client->expires_us != 0 && kc_timestamp_now_us() >= client->expires_us) {
        end(client);
        return;
    }
    if (now_mono - client->progress_mono_us < hub->heartbeat_us)
        return;
    if (g_queue_is_empty(&client->texts))
        push(client, comment);
    else if (now_mono - client->progress_mono_us > 2 * hub->heartbeat_us)
        drop(client);
}

static gpointer
pulse(gpointer data)
{
    KcSseHub *hub = data;
    g_autoptr(GBytes) comment = g_bytes_new_static(":\n\n", 3);
    gint64 period = MIN(hub->heartbeat_us / 4, G_USEC_PER_SEC);
    g_mutex_lock(&hub->lock);
    while (!hub->stopping) {
        gint64 now = g_get_monotonic_time();
        GHashTableIter iter;
        gpointer key;
        g_hash_table_iter_init(&iter, hub->clients);
        while (g_hash_table_iter_next(&iter, &key, NULL))
            beat(hub, key, comment, now);
        g_cond_wait_until(&hub->stopping_changed, &hub->lock, now + period);
    }
    g_mutex_unlock(&hub->lock);
    return NULL;
}

KcSseHub *
kc_sse_hub_new(guint heartbeat_s)
{
    KcSseHub *hub = g_new0(KcSseHub, 1);
    g_mutex_init(&hub->lock);
    g_cond_init(&hub->stopping_changed);
    hub->clients = g_hash_table_new(NULL, NULL);
    hub->heartbeat_us = heartbeat_s * G_USEC_PER_SEC;
    hub->pulse = g_thread_new("http-events", pulse, hub);
    return hub;
}

void
kc_sse_hub_stop(KcSseHub *hub)
{
    g_mutex_lock(&hub->lock);
    hub->stopping = TRUE;
    g_cond_signal(&hub->stopping_changed);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, hub->clients);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        end(key);
    g_mutex_unlock(&hub->lock);
}

void
kc_sse_hub_free(KcSseHub *hub)
{
    if (hub == NULL)
        return;
    kc_sse_hub_stop(hub);
    g_thread_join(hub->pulse);
    g_assert(g_hash_table_size(hub->clients) == 0);
    g_hash_table_unref(hub->clients);
    g_cond_clear(&hub->stopping_changed);
    g_mutex_clear(&hub->lock);
    g_free(hub);
}

static void
deliver(KcSseClient *client, gint64 seq, GBytes *text)
{
    if (seq <= client->last_seq)
        return;
    if (client->started) {
        client->last_seq = seq;
        push(client, text);
        return;
    }
    if (g_queue_get_length(&client->held) >= KC_LIMIT_SSE_QUEUE_EVENTS)
        return; /* its start will find the gap and say that it must read everything anew */
    Held *held = g_new(Held, 1);
    *held = (Held){.seq = seq, .text = g_bytes_ref(text)};
    g_queue_push_tail(&client->held, held);
}

void
kc_sse_hub_publish(KcSseHub *hub, const KcEvent *event)
{
    g_autoptr(GBytes) text = event_text(event);
    g_mutex_lock(&hub->lock);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, hub->clients);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (concerns(key, event))
            deliver(key, event->seq, text);
    }
    g_mutex_unlock(&hub->lock);
}

void
kc_sse_hub_end_session(KcSseHub *hub, const char *session)
{
    g_mutex_lock(&hub->lock);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, hub->clients);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        KcSseClient *client = key;
        if (g_strcmp0(client->session, session) == 0)
            end(client);
    }
    g_mutex_unlock(&hub->lock);
}

GStrv
kc_sse_hub_staff_sessions(KcSseHub *hub)
{
    g_autoptr(GHashTable) sessions = g_hash_table_new(g_str_hash, g_str_equal);
    g_mutex_lock(&hub->lock);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, hub->clients);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        KcSseClient *client = key;
        if (client->user_id != NULL && client->session != NULL && !client->ended)
            g_hash_table_add(sessions, client->session);
    }
    g_autofree gpointer *borrowed = g_hash_table_get_keys_as_array(sessions, NULL);
    GStrv copy = g_strdupv((char **)borrowed);
    g_mutex_unlock(&hub->lock);
    return copy;
}

guint
kc_sse_hub_clients(KcSseHub *hub)
{
    g_mutex_lock(&hub->lock);
    guint clients = g_hash_table_size(hub->clients);
    g_mutex_unlock(&hub->lock);
    return clients;
}

KcSseClient *
kc_sse_client_new(KcSseHub *hub, struct MHD_Connection *mhd, KcHttpConnection *connection, KcSseAudience audience)
{
    KcSseClient *client = g_new0(KcSseClient, 1);
    client->hub = hub;
    client->mhd = mhd;
    client->connection = connection;
    client->desk = audience.reader.desk;
    client->user_id = g_strdup(audience.reader.user_id);
    client->case_id = g_strdup(audience.reader.case_id);
    client->party_id = g_strdup(audience.reader.party_id);
    client->types = audience.reader.types;
    client->session = g_strdup(audience.session);
    client->expires_us = audience.expires_us;
    client->progress_mono_us = g_get_monotonic_time();
    client->blind = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&client->texts);
    g_queue_init(&client->held);
    g_mutex_lock(&hub->lock);
    gboolean fits = g_hash_table_size(hub->clients) < KC_LIMIT_SSE_STREAMS;
    g_hash_table_add(hub->clients, client);
    client->ended = hub->stopping;
    g_mutex_unlock(&hub->lock);
    if (!fits)
        g_clear_pointer(&client, kc_sse_client_free);
    return client;
}

void
kc_sse_client_hide(KcSseClient *client, const char *const *case_ids)
{
    g_mutex_lock(&client->hub->lock);
    for (gsize i = 0; case_ids[i] != NULL; i++)
        g_hash_table_add(client->blind, g_strdup(case_ids[i]));
    g_mutex_unlock(&client->hub->lock);
}

gboolean
kc_sse_client_replay(KcSseClient *client, const KcEvent *event)
{
    g_autoptr(GBytes) text = event_text(event);
    g_mutex_lock(&client->hub->lock);
    gboolean fits = g_queue_get_length(&client->texts) < KC_LIMIT_SSE_QUEUE_EVENTS / 2;
    if (fits && event->seq > client->last_seq && concerns(client, event)) {
        client->last_seq = event->seq;
        push(client, text);
    }
    g_mutex_unlock(&client->hub->lock);
    return fits;
}

void
kc_sse_client_start(KcSseClient *client, gint64 from_seq, gboolean resync)
{
    char *hello =
        g_strdup_printf("retry: 1000\nid: %" G_GINT64_FORMAT
                        "\nevent: hello\ndata: {\"type\":\"hello\",\"seq\":%" G_GINT64_FORMAT ",\"resync\":%s}\n\n",
                        from_seq, from_seq, resync ? "true" : "false");
    g_mutex_lock(&client->hub->lock);
    g_queue_push_head(&client->texts, g_bytes_new_take(hello, strlen(hello)));
    client->started = TRUE;
    client->last_seq = MAX(client->last_seq, from_seq);
    client->progress_mono_us = g_get_monotonic_time();
    Held *held;
    while ((held = g_queue_pop_head(&client->held)) != NULL) {
        deliver(client, held->seq, held->text);
        held_free(held);
    }
    g_mutex_unlock(&client->hub->lock);
}

/* As much as fits of the texts that wait. */
static gsize
take(KcSseClient *client, char *buffer, gsize max)
{
    gsize filled = 0;
    GBytes *text;
    while (filled < max && (text = g_queue_peek_head(&client->texts)) != NULL) {
        gsize size = 0;
        const char *bytes = g_bytes_get_data(text, &size);
        gsize part = MIN(size - client->sent, max - filled);
        memcpy(buffer + filled, bytes + client->sent, part);
        filled += part;
        client->sent += part;
        if (client->sent < size)
            break;
        client->sent = 0;
        g_bytes_unref(g_queue_pop_head(&client->texts));
    }
    return filled;
}

static ssize_t
client_read(void *cls, uint64_t at, char *buffer, size_t max)
{
    KcSseClient *client = cls;
    ssize_t got = 0;
    g_mutex_lock(&client->hub->lock);
    client->progress_mono_us = g_get_monotonic_time();
    if (!g_queue_is_empty(&client->texts)) {
        got = (ssize_t)take(client, buffer, max);
    } else if (client->ended) {
        got = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        client->suspended = TRUE;
        MHD_suspend_connection(client->mhd);
    }
    g_mutex_unlock(&client->hub->lock);
    return got;
}

static void
client_free(void *cls)
{
    kc_sse_client_free(cls);
}

struct MHD_Response *
kc_sse_client_response(KcSseClient *client)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16 * 1024, client_read, client, client_free);
}

void
kc_sse_client_free(KcSseClient *client)
{
    if (client == NULL)
        return;
    g_mutex_lock(&client->hub->lock);
    g_hash_table_remove(client->hub->clients, client);
    g_mutex_unlock(&client->hub->lock);
    g_queue_clear_full(&client->texts, (GDestroyNotify)g_bytes_unref);
    g_queue_clear_full(&client->held, held_free);
    g_hash_table_unref(client->blind);
    g_free(client->user_id);
    g_free(client->case_id);
    g_free(client->party_id);
    g_free(client->session);
    g_free(client);
}
