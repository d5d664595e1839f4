/* One video out of the recordings of a case: everybody side by side, the clock, the case's number and the mark that
 * this is not the original burnt in.
 *
 * As fast as one thread goes; nothing is waited for. */
#pragma once

#include "media/compose/encoder.h"
#include "media/compose/track.h"
#include "media/protocol/captions.h"

#define KC_COMPOSE_ERROR (kc_compose_error_quark())
GQuark kc_compose_error_quark(void);
typedef enum {
    KC_COMPOSE_ERROR_EMPTY,    /* nothing is recorded in any of them */
    KC_COMPOSE_ERROR_TOO_LONG, /* more than KC_COMPOSE_MAX_MS */
    KC_COMPOSE_ERROR_STOPPED,
} KcComposeError;

#define KC_COMPOSE_MAX_MS (6 * 60 * 60 * 1000)

typedef struct {
    KcMessage *compose;  /* the request; its descriptor is taken */
    GPtrArray *tracks;   /* of KcTrack */
    KcCaption *captions; /* KC_CAPTION_LABELS + tiles of them */
    /* Between two blocks; FALSE ends it (STOPPED). */
    gboolean (*progress)(guint permille, gpointer data);
    gpointer data;
} KcComposeJob;

/* Fills all of `ret_composed` but the sandbox and the time it took. `*ret_damaged`: the object that an error is of,
 * borrowed from the job; NULL: of none. */
gboolean kc_compose(const KcComposeJob *job, KcComposed *ret_composed, const char **ret_damaged, GError **error);
