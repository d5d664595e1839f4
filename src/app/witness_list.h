/* Private to src/app: the witnesses of the settings, and what became of asking them. */
#pragma once

#include "src/app/witnesses.h"
#include "src/evidence/note.h"

typedef struct {
    KcNoteVerifier *verifier;
    char *public, *url; /* the URL without a slash at its end */
    gint64 next_us;     /* not asked before; this and what follows is under the app's lock */
    guint failures;     /* in a row */
    gboolean alarm;
    char *trouble; /* NULL: none */
} KcWitnessPeer;

/* Of KcWitnessPeer. */
GPtrArray *kc_witness_list_new(const KcWitnessOptions *options, GError **error);
