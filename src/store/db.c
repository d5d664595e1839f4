/* Invariants:
 *  - only the writer thread uses the writer's connection; a reader's connection is in the pool or with one reader;
 *  - a job is acknowledged after the COMMIT that holds it, or after its rollback, never before;
 *  - `lock` guards the queue of jobs, their `done`, the pool and `closing`; no SQLite call is made under it.
 *
 *   queued --(writer takes all)--> savepoint: ran | failed --COMMIT--> done
 *                                                          `--COMMIT fails--> every job of the batch failed, done */
#include "src/store/db.h"
#include "src/store/check.h"
#include "src/store/migrations.h"
#include "src/store/sql.h"
#include "src/store/state_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_READERS 8
#define MAX_BATCH 64

G_DEFINE_QUARK(kc - store - error - quark, kc_store_error)

typedef struct {
    KcTxFn fn;
    gpointer user_data;
    GError *error;
    gboolean ok;
    gboolean done;
    gint64 newest_event;
} Job;

struct KcStore {
    char *path;
    const KcKeyring *keyring;
    KcConnection *writer;
    KcStateWatch *watch; /* of the writer's connection */
    GThread *thread;
    GMutex lock;
    GCond work;     /* a job was queued, or the store closes */
    GCond finished; /* a batch is done, or a reader's connection came back */
    GQueue jobs;
    GQueue idle_readers; /* of KcConnection */
    guint readers;
    GMutex version_lock; /* over the next */
    KcConnection *counter; /* whose data_version is the store's; NULL until it is asked for */
    gboolean closing;
    gboolean for_check; /* readers only, which write nothing */
    KcStoreEventsFn events_fn;
    gpointer events_data;
};

/* ---- Writing ---- */

static void
fail_job(Job *job, const GError *why)
{
    job->ok = FALSE;
    job->newest_event = 0;
    if (job->error == NULL)
        job->error = g_error_copy(why);
}

/* Ends the job's savepoint. FALSE if that can't be done: then what the job did can only be taken back with the whole
 * transaction. */
static gboolean
end_savepoint(KcStore *store, gboolean keep, GError **error)
{
    /* On a full disk SQLite may already have taken back the whole transaction: then there is no savepoint. */
    if (!keep && !sqlite3_get_autocommit(kc_connection_db(store->writer)) &&
        !kc_connection_command(store->writer, "ROLLBACK TO job", error))
        return FALSE;
    return kc_connection_command(store->writer, "RELEASE job", error);
}

/* FALSE if the transaction is lost with the job. */
static gboolean
run_job(KcStore *store, Job *job)
{
    KcTx tx = {.store = store, .connection = store->writer, .keyring = store->keyring, .watch = store->watch};
    if (!kc_connection_command(store->writer, "SAVEPOINT job", &job->error))
        return FALSE;
    kc_state_watch_begin(store->watch);
    job->ok = job->fn(&tx, job->user_data, &job->error) && kc_state_watch_settle(&tx, &job->error);
    job->newest_event = tx.newest_event;
    kc_tx_clear(&tx);
    g_autoptr(GError) starved = NULL;
    if (!kc_connection_check_memory(store->writer, &starved))
        fail_job(job, starved);
    if (!job->ok && job->error == NULL)
        g_set_error(&job->error, KC_STORE_ERROR, KC_STORE_ERROR_FAILED, "a write failed without saying why");
    g_autoptr(GError) error = NULL;
    if (end_savepoint(store, job->ok, &error))
        return TRUE;
    fail_job(job, error);
    return FALSE;
}

static void
fail_batch(KcStore *store, GPtrArray *batch, const GError *why)
{
    for (guint i = 0; i < batch->len; i++)
        fail_job(g_ptr_array_index(batch, i), why);
    if (!sqlite3_get_autocommit(kc_connection_db(store->writer)))
        kc_connection_command(store->writer, "ROLLBACK", NULL);
}

/* The first error of a batch that SQLite took back whole. */
static const GError *
first_error(GPtrArray *batch)
{
    for (guint i = 0; i < batch->len; i++) {
        const Job *job = g_ptr_array_index(batch, i);
        if (job->error != NULL)
            return job->error;
    }
    return NULL;
}

/* A ROLLBACK that failed (it needs memory) is made up for, before anything else is written. */
static gboolean
begin_batch(KcStore *store, GError **error)
{
    return (sqlite3_get_autocommit(kc_connection_db(store->writer)) ||
            kc_connection_command(store->writer, "ROLLBACK", error)) &&
           kc_connection_command(store->writer, "BEGIN IMMEDIATE", error);
}

static void
run_batch(KcStore *store, GPtrArray *batch)
{
    g_autoptr(GError) error = NULL;
    if (!begin_batch(store, &error)) {
        fail_batch(store, batch, error);
        return;
    }
    for (guint i = 0; i < batch->len; i++) {
        if (run_job(store, g_ptr_array_index(batch, i)) && !sqlite3_get_autocommit(kc_connection_db(store->writer)))
            continue;
        const GError *why = first_error(batch);
        g_assert(why != NULL);
        error = g_error_copy(why);
        fail_batch(store, batch, error);
        return;
    }
    if (!kc_connection_command(store->writer, "COMMIT", &error))
        fail_batch(store, batch, error);
}

static void
announce_events(KcStore *store, GPtrArray *batch)
{
    gint64 newest = 0;
    for (guint i = 0; i < batch->len; i++) {
        const Job *job = g_ptr_array_index(batch, i);
        if (job->ok)
            newest = MAX(newest, job->newest_event);
    }
    if (newest > 0 && store->events_fn != NULL)
        store->events_fn(newest, store->events_data);
}

/* Waits for jobs; NULL when the store closes and none is left. */
static GPtrArray *
next_batch(KcStore *store)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&store->lock);
    while (g_queue_is_empty(&store->jobs) && !store->closing)
        g_cond_wait(&store->work, &store->lock);
    if (g_queue_is_empty(&store->jobs))
        return NULL;
    GPtrArray *batch = g_ptr_array_new();
    while (!g_queue_is_empty(&store->jobs) && batch->len < MAX_BATCH)
        g_ptr_array_add(batch, g_queue_pop_head(&store->jobs));
    return batch;
}

static void
acknowledge(KcStore *store, GPtrArray *batch)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&store->lock);
    for (guint i = 0; i < batch->len; i++)
        ((Job *)g_ptr_array_index(batch, i))->done = TRUE;
    g_cond_broadcast(&store->finished);
}

static gpointer
writer_main(gpointer data)
{
    KcStore *store = data;
    for (;;) {
        g_autoptr(GPtrArray) batch = next_batch(store);
        if (batch == NULL)
            return NULL;
        run_batch(store, batch);
        announce_events(store, batch);
        acknowledge(store, batch);
    }
}

gboolean
kc_store_write(KcStore *store, KcTxFn fn, gpointer user_data, GError **error)
{
    Job job = {.fn = fn, .user_data = user_data};
    g_assert(g_thread_self() != store->thread);
    g_mutex_lock(&store->lock);
    if (store->closing) {
        g_mutex_unlock(&store->lock);
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CLOSED, "the service is stopping");
        return FALSE;
    }
    g_queue_push_tail(&store->jobs, &job);
    g_cond_signal(&store->work);
    while (!job.done)
        g_cond_wait(&store->finished, &store->lock);
    g_mutex_unlock(&store->lock);
    if (job.error != NULL)
        g_propagate_error(error, job.error);
    return job.ok;
}

/* ---- Reading ---- */

static KcConnection *
take_reader(KcStore *store, GError **error)
{
    g_mutex_lock(&store->lock);
    while (g_queue_is_empty(&store->idle_readers) && store->readers >= MAX_READERS)
        g_cond_wait(&store->finished, &store->lock);
    KcConnection *connection = g_queue_pop_head(&store->idle_readers);
    gboolean make = connection == NULL;
    store->readers += make;
    g_mutex_unlock(&store->lock);
    if (!make)
        return connection;

    connection = store->for_check ? kc_connection_open_for_check(store->path, error)
                                  : kc_connection_open(store->path, FALSE, error);
    if (connection == NULL) {
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&store->lock);
        store->readers--;
        g_cond_broadcast(&store->finished);
    }
    return connection;
}

/* One that is stuck in its transaction would read the same snapshot for ever. */
static void
return_reader(KcStore *store, KcConnection *connection)
{
    gboolean stuck = !sqlite3_get_autocommit(kc_connection_db(connection));
    if (stuck)
        kc_connection_free(connection);
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&store->lock);
    if (stuck)
        store->readers--;
    else
        g_queue_push_head(&store->idle_readers, connection);
    g_cond_broadcast(&store->finished);
}

gboolean
kc_store_read(KcStore *store, KcTxFn fn, gpointer user_data, GError **error)
{
    KcConnection *connection = take_reader(store, error);
    if (connection == NULL)
        return FALSE;
    KcTx tx = {.store = store, .connection = connection, .keyring = store->keyring};
    gboolean ok = kc_connection_command(connection, "BEGIN", error);
    if (ok) {
        ok = fn(&tx, user_data, error);
        kc_connection_command(connection, "ROLLBACK", NULL);
    }
    kc_tx_clear(&tx);
    g_autoptr(GError) starved = NULL;
    if (!kc_connection_check_memory(connection, &starved) && ok) {
        g_propagate_error(error, g_steal_pointer(&starved));
        ok = FALSE;
    }
    return_reader(store, connection);
    return ok;
}

/* SQLite counts for each connection what others committed; this one never commits itself. */
gboolean
kc_store_version(KcStore *store, gint64 *ret_version, GError **error)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&store->version_lock);
    if (store->counter == NULL)
        store->counter = kc_connection_open(store->path, FALSE, error);
    if (store->counter == NULL)
        return FALSE;
    KcTx tx = {.store = store, .connection = store->counter, .keyring = store->keyring};
    g_autoptr(KcQuery) query = kc_query_new(&tx, "PRAGMA data_version", error);
    return query != NULL && kc_query_number(query, ret_version, error);
}

/* ---- Opening and closing ---- */

/* SQLite would make it with the umask's mode; the WAL takes over the mode of the file. */
static gboolean
make_private_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        g_set_error(error, KC_STORE_ERROR, errno == ENOSPC ? KC_STORE_ERROR_FULL : KC_STORE_ERROR_FAILED,
                    "cannot open the database %s: %s", path, g_strerror(errno));
        return FALSE;
    }
    close(fd);
    return TRUE;
}

static KcStore *
store_new(const char *path, const KcKeyring *keyring)
{
    KcStore *store = g_new0(KcStore, 1);
    store->path = g_strdup(path);
    store->keyring = keyring;
    g_mutex_init(&store->lock);
    g_mutex_init(&store->version_lock);
    g_cond_init(&store->work);
    g_cond_init(&store->finished);
    g_queue_init(&store->jobs);
    g_queue_init(&store->idle_readers);
    return store;
}

KcStore *
kc_store_open(const char *path, const KcKeyring *keyring, GError **error)
{
    g_autoptr(KcStore) store = store_new(path, keyring);
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    if (!make_private_file(path, error))
        return NULL;
    store->writer = kc_connection_open(path, TRUE, error);
    if (store->writer == NULL || !kc_migrations_run(kc_connection_db(store->writer), path, migrations, error))
        return NULL;
    store->watch = kc_state_watch_new(store->writer, store->keyring, error);
    if (store->watch == NULL)
        return NULL;
    store->thread = g_thread_new("kc-store", writer_main, store);
    return g_steal_pointer(&store);
}

/* What rows and log must be is known for the newest schema only. */
static gboolean
check_version(KcTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
    gint64 version = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx, "PRAGMA user_version", error);
    if (query == NULL || !kc_query_number(query, &version, error))
        return FALSE;
    if (version == kc_store_schema_version())
        return TRUE;
    g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_TOO_NEW,
                "the database has schema %" G_GINT64_FORMAT ", and this program checks %d: take the program of that version",
                version, kc_store_schema_version());
    return FALSE;
}

KcStore *
kc_store_open_for_check(const char *path, const KcKeyring *keyring, GError **error)
{
    g_autoptr(KcStore) store = store_new(path, keyring);
    store->for_check = TRUE;
    KcConnection *reader = take_reader(store, error);
    if (reader == NULL)
        return NULL;
    return_reader(store, reader);
    return kc_store_read(store, check_version, NULL, error) ? g_steal_pointer(&store) : NULL;
}

void
kc_store_close(KcStore *store)
{
    if (store == NULL)
        return;
    if (store->thread != NULL) {
        g_mutex_lock(&store->lock);
        store->closing = TRUE;
        g_cond_signal(&store->work);
        g_mutex_unlock(&store->lock);
        g_thread_join(store->thread);
    }
    KcConnection *reader;
    while ((reader = g_queue_pop_head(&store->idle_readers)) != NULL)
        kc_connection_free(reader);
    kc_connection_free(store->counter);
    kc_connection_free(store->writer); /* the last one to close checkpoints */
    kc_state_watch_free(store->watch);
    g_cond_clear(&store->finished);
    g_cond_clear(&store->work);
    g_mutex_clear(&store->version_lock);
    g_mutex_clear(&store->lock);
    g_free(store->path);
    g_free(store);
}

void
kc_store_set_events_fn(KcStore *store, KcStoreEventsFn fn, gpointer user_data)
{
    store->events_fn = fn;
    store->events_data = user_data;
}

int
kc_store_schema_version(void)
{
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    return (int)migrations->len;
}

gboolean
kc_store_backup(KcStore *store, const char *target_path, GError **error)
{
    g_autoptr(KcConnection) connection = kc_connection_open(store->path, TRUE, error);
    return connection != NULL && kc_migrations_copy(kc_connection_db(connection), target_path, error);
}

gboolean
kc_store_flush(KcStore *store, GError **error)
{
    g_autoptr(KcConnection) connection = kc_connection_open(store->path, TRUE, error);
    return connection != NULL && kc_connection_exec(connection, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

gint64
kc_store_memory_bytes(void)
{
    return sqlite3_memory_used();
}

const KcKeyring *
kc_tx_keyring(const KcTx *tx)
{
    return tx->keyring;
}

gint64
kc_tx_counter_next(KcTx *tx, const char *name, GError **error)
{
    gint64 value = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO counters (name, value) VALUES (?, 1) "
                                            "ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
                                            error);
    if (query == NULL)
        return 0;
    kc_bind_text(query, name);
    if (!kc_query_number(query, &value, error) || !kc_query_run(query, NULL, error))
        return 0;
    return value;
}
