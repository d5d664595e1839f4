/* From the store's commits to whoever listens.
 *
 * Invariants
 *
 * 1. Events go out in the order of their numbers, each once, only after they are on the disk.
 * 2. The writer of the store is never held up: it only leaves the newest number and rings.
 * 3. A subscriber that has been told that it is unsubscribed is not called any more. */
#include "src/app/blind.h"

#define MAX_SUBSCRIBERS 8
#define BATCH 500

typedef struct {
    guint id;
    KcEventFn fn;
    gpointer data;
} Subscriber;

struct KcEventBus {
    KcStore *store;
    GThread *thread;
    GMutex lock; /* over what follows */
    GCond rung;
    gint64 newest_seq; /* committed */
    gboolean stopping;
    GMutex delivery; /* held while subscribers are called; over what follows */
    Subscriber subscribers[MAX_SUBSCRIBERS];
    guint next_id;
    gint64 delivered_seq; /* of the thread alone */
};

typedef struct {
    gint64 after_seq;
    GPtrArray *events;
} Batch;

static gboolean
read_batch(KcTx *tx, gpointer data, GError **error)
{
    Batch *batch = data;
    batch->events = kc_event_store_list_all(tx, batch->after_seq, BATCH, error);
    return batch->events != NULL;
}

static void
deliver(KcEventBus *bus, GPtrArray *events)
{
    g_mutex_lock(&bus->delivery);
    for (guint i = 0; i < events->len; i++) {
        const KcEvent *event = events->pdata[i];
        for (guint n = 0; n < MAX_SUBSCRIBERS; n++) {
            if (bus->subscribers[n].fn != NULL)
                bus->subscribers[n].fn(event, bus->subscribers[n].data);
        }
        bus->delivered_seq = event->seq;
    }
    g_mutex_unlock(&bus->delivery);
}

/* Everything up to `newest_seq`; a read that fails is tried again at the next ring. */
static void
catch_up(KcEventBus *bus, gint64 newest_seq)
{
    while (bus->delivered_seq < newest_seq) {
        Batch batch = {bus->delivered_seq, NULL};
        g_autoptr(GError) error = NULL;
        if (!kc_store_read(bus->store, read_batch, &batch, &error)) {
            g_warning("events can't be read: %s", error->message);
            return;
        }
        g_autoptr(GPtrArray) events = batch.events;
        if (events->len == 0)
            return;
        deliver(bus, events);
    }
}

static gpointer
run(gpointer data)
{
    KcEventBus *bus = data;
    for (;;) {
        g_mutex_lock(&bus->lock);
        while (!bus->stopping && bus->newest_seq <= bus->delivered_seq)
            g_cond_wait(&bus->rung, &bus->lock);
        gboolean stopping = bus->stopping;
        gint64 newest_seq = bus->newest_seq;
        g_mutex_unlock(&bus->lock);
        if (stopping)
            return NULL;
        gint64 before = bus->delivered_seq;
        catch_up(bus, newest_seq);
        if (bus->delivered_seq == before)
            g_usleep(50 * 1000);
    }
}

KcEventBus *
kc_event_bus_new(KcStore *store, gint64 newest_seq)
{
    KcEventBus *bus = g_new0(KcEventBus, 1);
    bus->store = store;
    bus->newest_seq = bus->delivered_seq = newest_seq;
    bus->next_id = 1;
    g_mutex_init(&bus->lock);
    g_mutex_init(&bus->delivery);
    g_cond_init(&bus->rung);
    bus->thread = g_thread_new("kc-events", run, bus);
    return bus;
}

void
kc_event_bus_wake(gint64 newest_seq, gpointer data)
{
    KcEventBus *bus = data;
    g_mutex_lock(&bus->lock);
    bus->newest_seq = MAX(bus->newest_seq, newest_seq);
    g_cond_signal(&bus->rung);
    g_mutex_unlock(&bus->lock);
}

void
kc_event_bus_free(KcEventBus *bus)
{
    if (bus == NULL)
        return;
    g_mutex_lock(&bus->lock);
    bus->stopping = TRUE;
    g_cond_signal(&bus->rung);
    g_mutex_unlock(&bus->lock);
    g_thread_join(bus->thread);
    g_cond_clear(&bus->rung);
    g_mutex_clear(&bus->delivery);
    g_mutex_clear(&bus->lock);
    g_free(bus);
}

guint
kc_app_subscribe(KcApp *app, KcEventFn fn, gpointer user_data)
{
    KcEventBus *bus = app->bus;
    guint id = 0;
    g_mutex_lock(&bus->delivery);
    for (guint n = 0; n < MAX_SUBSCRIBERS && id == 0; n++) {
        if (bus->subscribers[n].fn != NULL)
            continue;
        id = bus->next_id++;
        bus->subscribers[n] = (Subscriber){id, fn, user_data};
    }
    g_mutex_unlock(&bus->delivery);
    g_assert(id != 0);
    return id;
}

void
kc_app_unsubscribe(KcApp *app, guint subscription)
{
    KcEventBus *bus = app->bus;
    g_mutex_lock(&bus->delivery);
    for (guint n = 0; n < MAX_SUBSCRIBERS; n++) {
        if (bus->subscribers[n].id == subscription)
            bus->subscribers[n] = (Subscriber){0};
    }
    g_mutex_unlock(&bus->delivery);
}

/* A guest hears of the call, and of what its kind may read; another system of how a case goes. */
static const char *const *
types_for(KcRole role)
{
    static const char *const call[] = {"call.", "message.", "case.", "guest.", NULL};
    static const char *const with_documents[] = {"call.", "message.", "case.", "guest.", "document.issued", NULL};
    static const char *const of_case[] = {"case.", "document.issued", "document.signed", "agreement.", "review.", NULL};
    static const char *const with_stills[] = {"call.", "message.", "case.", "guest.", "still.", NULL};
    switch (role) {
    case KC_ROLE_GUEST_EMERGENCY:
        return call;
    case KC_ROLE_GUEST_INTERPRETER:
        return with_documents;
    case KC_ROLE_GUEST_INSURER:
        return with_stills;
    case KC_ROLE_INTEGRATION:
        return of_case;
    default:
        return NULL;
    }
}

KcEventReader
kc_event_reader_of(const KcPrincipal *who)
{
    return (KcEventReader){
        .desk = kc_role_is_staff(who->role),
        .user_id = who->user_id,
        .case_id = who->case_id,
        .party_id = who->party_id,
        .integration_id = who->integration_id,
        .types = types_for(who->role),
    };
}

typedef struct {
    const KcPrincipal *who;
    KcEventReader reader;
    gint64 after_seq;
    guint limit;
    GPtrArray *events;
    gint64 newest;
    GStrv blind;
} Since;

static gboolean
read_since(KcTx *tx, gpointer data, GError **error)
{
    Since *since = data;
    gint64 oldest;
    if (!kc_event_store_range(tx, &oldest, &since->newest, error))
        return FALSE;
    since->blind = kc_app_hidden_cases(tx, since->who, error);
    if (since->blind != NULL)
        since->events = kc_event_store_list(tx, &since->reader, since->after_seq, since->limit, error);
    return since->events != NULL;
}

gboolean
kc_app_events_since(KcApp *app, const KcPrincipal *who, gint64 after_seq, guint limit, GPtrArray **ret_events,
                    gint64 *ret_newest, GStrv *ret_blind, KcResult *result, GError **error)
{
    if (!kc_app_check_role(who, KC_ACTION_READ_EVENTS, result))
        return FALSE;
    Since since = {.who = who, .reader = kc_event_reader_of(who), .after_seq = after_seq, .limit = limit};
    if (!kc_app_read(app, read_since, &since, result, error)) {
        g_strfreev(since.blind);
        return FALSE;
    }
    *ret_blind = since.blind;
    *ret_events = since.events;
    *ret_newest = since.newest;
    return TRUE;
}
