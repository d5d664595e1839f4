/* The thread that has compositions made, one after the other. Included by src/app alone.
 *
 * Its order is in the store, so that it outlives the service: what was being made when that ended is made again. */
#pragma once

#include "src/app/internal.h"
#include "src/store/composition_store.h"

#define KC_COMPOSE_ATTEMPTS 2     /* of a composer that dies */
#define KC_COMPOSE_ATTEMPTS_ALL 4 /* whatever ends them */

/* What was left being made goes back into the queue, and the thread begins. */
gboolean kc_compose_queue_start(KcApp *app, GError **error);
/* What is being made stops, and is made at the next start. */
void kc_compose_queue_stop(KcApp *app);
/* There is something new in the queue. */
void kc_compose_queue_wake(KcApp *app);
/* Ends the one that is being made, if it is that one (NULL: any), or goes into that file of the vault (NULL: any). */
void kc_compose_queue_cancel(KcApp *app, const char *composition_id, const char *path);
/* 0 of one that is not being made. */
guint kc_compose_queue_permille(KcApp *app, const char *composition_id);

/* ---- compose_label.c ---- */

/* Of who made that recording; owned. NULL with an error. */
char *kc_compose_label(KcTx *tx, const KcObject *object, GError **error);

/* ---- compose_job.c: one of them ---- */

typedef struct {
    KcApp *app;
    KcComposition *composition;
    char *case_number;
    GPtrArray *labels; /* of char *, who is in each tile */
    GArray *sources;   /* KcComposeInput */
    KcObject *object;
    guint8 key[KC_KEY_LEN];
    KcComposeResult made;
    KcComposeFailure failure;
} KcComposeJob;

/* The oldest that is queued, marked as being made, with all that it takes; `job->composition` NULL: there is none. One
 * that can't be made has failed then, and the next is taken. */
gboolean kc_compose_job_take(KcApp *app, KcComposeJob *job, GError **error);
/* Blocks. */
gboolean kc_compose_job_run(KcComposeJob *job, KcComposeProgressFn progress, gpointer data, GCancellable *cancel);
typedef enum {
    KC_COMPOSE_DONE,
    KC_COMPOSE_FAILED,
    KC_COMPOSE_AGAIN,     /* it goes back into the queue */
    KC_COMPOSE_POSTPONED, /* the same, and was no attempt: the service ends */
} KcComposeEnd;

/* Writes what came of it. */
gboolean kc_compose_job_settle(KcComposeJob *job, KcComposeEnd end, GError **error);
void kc_compose_job_clear(KcComposeJob *job);
/* By a service that has just begun. */
gboolean kc_compose_job_resume_all(KcApp *app, GError **error);
