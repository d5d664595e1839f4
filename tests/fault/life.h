/* The short life of a case, step by step, on a folder: what was acknowledged of it, and whether it is there.
 *
 * One body for every fault: a step is tried while the fault lies in wait; if it fails it must say so honestly, and be
 * done when it is tried again. What a step acknowledged is kept, and looked for in any folder afterwards. */
#pragma once

#include "tests/app/fixture.h"

typedef enum {
    LIFE_CASE,
    LIFE_SIGN_IN,
    LIFE_QUEUE,
    LIFE_CLAIM,
    LIFE_JOIN,
    LIFE_RECORD,
    LIFE_PHOTO,
    LIFE_STILL,
    LIFE_DRAFT,
    LIFE_ISSUE,
    LIFE_SIGN,
    LIFE_CHECKPOINT,
    LIFE_CLOSE,
    LIFE_STEPS,
} LifeStep;

typedef struct {
    gboolean done[LIFE_STEPS];
    char case_id[40], token[80], officer_token[80], photo_id[40], still_id[40], document_id[40], signature_id[40];
    char sha256[72];
    gint64 durable_ms;    /* of the party's recording */
    gint64 log_entries;   /* at least */
    char checkpoint[700]; /* as it was published */
} LifeAcked;

typedef struct {
    Fixture fixture;
    LifeAcked acked;
    Scene scene;
    guint joins, faults; /* steps that had to be tried again */
    /* After every step that was acknowledged; may be NULL. */
    void (*on_acked)(gpointer data);
    gpointer data;
} Life;

/* On an empty folder, or the copy of one that a service has opened before (NULL: none). Not yet open. */
void life_begin(Life *life, const char *copy_of);
/* FALSE if the service does not start (which a fault may do). */
gboolean life_open(Life *life, GError **error);
/* All steps. */
void life_run(Life *life);
/* Ends the service; the folder stays. */
void life_stop(Life *life);
void life_end(Life *life);

/* Opens the service on `folder` and fails the test, saying `when`, unless everything acknowledged is there, and
 * whatever is there is whole. */
void life_check(const LifeAcked *acked, const char *folder, const char *when);
