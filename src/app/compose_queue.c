/* Invariant: at most one job is taken; `current` names it from before it is begun until it is settled. */
#include "src/app/compose_queue.h"

#include <string.h>

struct KcComposeQueue {
    KcApp *app;
    GThread *thread;
    GCond changed; /* with app->lock, as all that follows */
    gboolean stopping;
    gboolean busy; /* counted among app->jobs */
    gboolean woken;
    char *current, *path; /* NULL: none */
    guint permille;
    GCancellable *cancel;
};

static void
on_progress(guint permille, gpointer data)
{
    KcComposeQueue *queue = data;
    g_mutex_lock(&queue->app->lock);
    queue->permille = permille;
    g_mutex_unlock(&queue->app->lock);
}

/* Owned; cancelled at once if the service ends. */
static GCancellable *
set_current(KcComposeQueue *queue, const KcComposeJob *job)
{
    GCancellable *cancel = g_cancellable_new();
    g_mutex_lock(&queue->app->lock);
    queue->current = g_strdup(job->composition->id);
    queue->path = g_strdup(job->object->path);
    queue->permille = 0;
    queue->cancel = g_object_ref(cancel);
    if (queue->stopping)
        g_cancellable_cancel(cancel);
    g_mutex_unlock(&queue->app->lock);
    return cancel;
}

static void
unset_current(KcComposeQueue *queue)
{
    g_mutex_lock(&queue->app->lock);
    g_clear_pointer(&queue->current, g_free);
    g_clear_pointer(&queue->path, g_free);
    g_clear_object(&queue->cancel);
    g_mutex_unlock(&queue->app->lock);
}

static gboolean
is_stopping(KcComposeQueue *queue)
{
    g_mutex_lock(&queue->app->lock);
    gboolean stopping = queue->stopping;
    g_mutex_unlock(&queue->app->lock);
    return stopping;
}

static KcComposeEnd
end_of(const KcComposeJob *job, gboolean stopping)
{
    const char *code = job->failure.code;
    if (g_strcmp0(code, KC_COMPOSE_STOPPED) == 0)
        return stopping ? KC_COMPOSE_POSTPONED : KC_COMPOSE_FAILED;
    gboolean again = g_strcmp0(code, KC_COMPOSE_DIED) == 0 && job->composition->attempts < KC_COMPOSE_ATTEMPTS;
    return again ? KC_COMPOSE_AGAIN : KC_COMPOSE_FAILED;
}

/* FALSE: nothing is queued, or nothing can be done now. */
static gboolean
make_next(KcComposeQueue *queue)
{
    KcComposeJob job = {0};
    g_autoptr(GError) error = NULL;
    gboolean taken = !is_stopping(queue) && kc_compose_job_take(queue->app, &job, &error) && job.composition != NULL;
    if (taken) {
        g_autoptr(GCancellable) cancel = set_current(queue, &job);
        gboolean done = kc_compose_job_run(&job, on_progress, queue, cancel);
        KcComposeEnd end = done ? KC_COMPOSE_DONE : end_of(&job, is_stopping(queue));
        if (!done)
            g_message("composition %s: %s: %s", job.composition->id, job.failure.code, job.failure.detail);
        kc_compose_job_settle(&job, end, &error);
        unset_current(queue);
    }
    if (error != NULL)
        g_warning("compositions: %s", error->message);
    kc_compose_job_clear(&job);
    return taken && error == NULL;
}

/* TRUE: there is something to look for. */
static gboolean
wait_for_work(KcComposeQueue *queue)
{
    KcApp *app = queue->app;
    g_mutex_lock(&app->lock);
    if (!queue->woken && queue->busy) {
        queue->busy = FALSE;
        app->jobs--;
        g_cond_broadcast(&app->idle);
    }
    while (!queue->woken && !queue->stopping)
        g_cond_wait(&queue->changed, &app->lock);
    queue->woken = FALSE;
    gboolean goes_on = !queue->stopping;
    g_mutex_unlock(&app->lock);
    return goes_on;
}

static gpointer
run(gpointer data)
{
    KcComposeQueue *queue = data;
    while (wait_for_work(queue))
        while (make_next(queue))
            ;
    return NULL;
}

void
kc_compose_queue_wake(KcApp *app)
{
    KcComposeQueue *queue = app->composing;
    if (queue == NULL)
        return;
    g_mutex_lock(&app->lock);
    queue->woken = TRUE;
    if (!queue->busy)
        app->jobs++;
    queue->busy = TRUE;
    g_cond_signal(&queue->changed);
    g_mutex_unlock(&app->lock);
}

gboolean
kc_compose_queue_start(KcApp *app, GError **error)
{
    if (!kc_compose_job_resume_all(app, error))
        return FALSE;
    if (app->compose.compose == NULL)
        return TRUE;
    KcComposeQueue *queue = app->composing = g_new0(KcComposeQueue, 1);
    queue->app = app;
    g_cond_init(&queue->changed);
    queue->thread = g_thread_new("compositions", run, queue);
    kc_compose_queue_wake(app);
    return TRUE;
}

void
kc_compose_queue_stop(KcApp *app)
{
    KcComposeQueue *queue = app->composing;
    if (queue == NULL)
        return;
    g_mutex_lock(&app->lock);
    queue->stopping = TRUE;
    if (queue->cancel != NULL)
        g_cancellable_cancel(queue->cancel);
    g_cond_signal(&queue->changed);
    g_mutex_unlock(&app->lock);
    g_thread_join(queue->thread);
    app->composing = NULL;
    g_cond_clear(&queue->changed);
    g_free(queue);
}

void
kc_compose_queue_cancel(KcApp *app, const char *composition_id, const char *path)
{
    KcComposeQueue *queue = app->composing;
    if (queue == NULL)
        return;
    g_mutex_lock(&app->lock);
    if (queue->current != NULL && (composition_id == NULL || strcmp(queue->current, composition_id) == 0) &&
        (path == NULL || strcmp(queue->path, path) == 0))
        g_cancellable_cancel(queue->cancel);
    g_mutex_unlock(&app->lock);
}

guint
kc_compose_queue_permille(KcApp *app, const char *composition_id)
{
    KcComposeQueue *queue = app->composing;
    guint permille = 0;
    if (queue == NULL)
        return 0;
    g_mutex_lock(&app->lock);
    if (g_strcmp0(queue->current, composition_id) == 0)
        permille = queue->permille;
    g_mutex_unlock(&app->lock);
    return permille;
}
