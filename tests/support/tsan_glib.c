/* What ThreadSanitizer can't see, said to it: GLib's locks are futexes of its own, in a library that is not
 * instrumented. Preloaded before the tests of a build with -Db_sanitize=thread; each function does what it always does,
 * and tells which memory is handed from thread to thread by it. */
#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

#define REAL(name)                                                                                                     \
    static __typeof__(name) *found;                                                                                    \
    __typeof__(name) *real = __atomic_load_n(&found, __ATOMIC_RELAXED);                                                \
    if (real == NULL)                                                                                                  \
    __atomic_store_n(&found, real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name), __ATOMIC_RELAXED)

#undef g_once_init_enter
#undef g_once_init_leave
gboolean(g_once_init_enter)(volatile void *location);
void(g_once_init_leave)(volatile void *location, gsize result);
void g_object_unref(gpointer object);
void gst_mini_object_unref(gpointer object);
void gst_object_unref(gpointer object);

#define LOCKS(lock_name, type)                                                                                         \
    void lock_name(type *lock)                                                                                         \
    {                                                                                                                  \
        REAL(lock_name);                                                                                               \
        real(lock);                                                                                                    \
        __tsan_acquire(lock);                                                                                          \
    }
#define UNLOCKS(unlock_name, type)                                                                                     \
    void unlock_name(type *lock)                                                                                       \
    {                                                                                                                  \
        REAL(unlock_name);                                                                                             \
        __tsan_release(lock);                                                                                          \
        real(lock);                                                                                                    \
    }
#define TRIES(try_name, type)                                                                                          \
    gboolean try_name(type *lock)                                                                                      \
    {                                                                                                                  \
        REAL(try_name);                                                                                                \
        gboolean locked = real(lock);                                                                                  \
        if (locked)                                                                                                    \
            __tsan_acquire(lock);                                                                                      \
        return locked;                                                                                                 \
    }
#define POPS(pop_name)                                                                                                 \
    gpointer pop_name(GAsyncQueue *queue)                                                                              \
    {                                                                                                                  \
        REAL(pop_name);                                                                                                \
        gpointer data = real(queue);                                                                                   \
        __tsan_acquire(queue);                                                                                         \
        return data;                                                                                                   \
    }
/* Whoever drops the last reference has seen what the others did. */
#define UNREFS(unref_name, type)                                                                                       \
    void unref_name(type object)                                                                                       \
    {                                                                                                                  \
        REAL(unref_name);                                                                                              \
        __tsan_release((void *)object);                                                                                \
        __tsan_acquire((void *)object);                                                                                \
        real(object);                                                                                                  \
    }

LOCKS(g_mutex_lock, GMutex)
TRIES(g_mutex_trylock, GMutex)
UNLOCKS(g_mutex_unlock, GMutex)
LOCKS(g_rec_mutex_lock, GRecMutex)
TRIES(g_rec_mutex_trylock, GRecMutex)
UNLOCKS(g_rec_mutex_unlock, GRecMutex)
LOCKS(g_rw_lock_reader_lock, GRWLock)
UNLOCKS(g_rw_lock_reader_unlock, GRWLock)
LOCKS(g_rw_lock_writer_lock, GRWLock)
UNLOCKS(g_rw_lock_writer_unlock, GRWLock)
POPS(g_async_queue_pop)
POPS(g_async_queue_try_pop)
UNREFS(g_object_unref, gpointer)
UNREFS(g_bytes_unref, GBytes *)
UNREFS(gst_mini_object_unref, gpointer)
UNREFS(gst_object_unref, gpointer)

void
g_cond_wait(GCond *cond, GMutex *mutex)
{
    REAL(g_cond_wait);
    __tsan_release(mutex);
    real(cond, mutex);
    __tsan_acquire(mutex);
}

gboolean
g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
    REAL(g_cond_wait_until);
    __tsan_release(mutex);
    gboolean signalled = real(cond, mutex, end_time);
    __tsan_acquire(mutex);
    return signalled;
}

void
g_async_queue_push(GAsyncQueue *queue, gpointer data)
{
    REAL(g_async_queue_push);
    __tsan_release(queue);
    real(queue, data);
}

gpointer
g_async_queue_timeout_pop(GAsyncQueue *queue, guint64 timeout)
{
    REAL(g_async_queue_timeout_pop);
    gpointer data = real(queue, timeout);
    __tsan_acquire(queue);
    return data;
}

gboolean(g_once_init_enter)(volatile void *location)
{
    REAL(g_once_init_enter);
    gboolean first = real(location);
    __tsan_acquire((void *)location);
    return first;
}

void(g_once_init_leave)(volatile void *location, gsize result)
{
    REAL(g_once_init_leave);
    __tsan_release((void *)location);
    real(location, result);
}

/* ---- work for another thread ---- */

typedef struct {
    GFunc func;
    gpointer data;
} Pooled;

static char pooled_tag, attached_tag;

static void
pooled_run(gpointer item, gpointer data)
{
    const Pooled *pooled = data;
    __tsan_acquire(&pooled_tag);
    pooled->func(item, pooled->data);
}

/* The wrapper lives as long as the process: pools are few. */
GThreadPool *
g_thread_pool_new(GFunc func, gpointer user_data, gint max_threads, gboolean exclusive, GError **error)
{
    REAL(g_thread_pool_new);
    Pooled *pooled = g_new(Pooled, 1);
    *pooled = (Pooled){func, user_data};
    __tsan_release(&pooled_tag);
    return real(pooled_run, pooled, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push(GThreadPool *pool, gpointer data, GError **error)
{
    REAL(g_thread_pool_push);
    __tsan_release(&pooled_tag);
    return real(pool, data, error);
}

/* Whoever turns a main loop has seen what was attached to it. */
guint
g_source_attach(GSource *source, GMainContext *context)
{
    REAL(g_source_attach);
    __tsan_release(&attached_tag);
    return real(source, context);
}

typedef struct {
    GSourceFunc func;
    gpointer data;
    GDestroyNotify notify;
} Attached;

static gboolean
attached_run(gpointer data)
{
    const Attached *attached = data;
    __tsan_acquire(&attached_tag);
    return attached->func(attached->data);
}

static void
attached_free(gpointer data)
{
    Attached *attached = data;
    if (attached->notify != NULL)
        attached->notify(attached->data);
    g_free(attached);
}

guint
g_idle_add_full(gint priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
    REAL(g_idle_add_full);
    Attached *attached = g_new(Attached, 1);
    *attached = (Attached){function, data, notify};
    __tsan_release(&attached_tag);
    return real(priority, attached_run, attached, attached_free);
}

guint
g_idle_add(GSourceFunc function, gpointer data)
{
    return g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, function, data, NULL);
}
