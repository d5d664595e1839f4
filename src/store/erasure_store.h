/* A case, or its recordings, go for good.
 *
 * What stays of a case is its row (number, county, channel, states and their times, closing code), the offers, draws
 * and holds that name it, and its log; none of them holds anything personal. Its wrapped keys leave the row here; the
 * leaves and files go once this is committed (case_keys_store.h), and that is what makes every copy unreadable. */
#pragma once

#include "src/store/db.h"

typedef struct {
    const char *case_id;
    const char *rule;  /* its id */
    const char *basis; /* legal */
    gint64 at_us;
} KcErasure;

/* Nothing of the case can be sealed or opened in this transaction any more. REFUSED while it is on hold, or has a live
 * object. */
gboolean kc_erasure_store_case(KcTx *tx, const KcErasure *erasure, GError **error);

/* The same of its recordings. `*ret_objects`: how many went. One from before there was a key for recordings goes with
 * its file, and only the case's own erasure makes copies of it unreadable: `*ret_copies_remain`. */
gboolean kc_erasure_store_recordings(KcTx *tx, const KcErasure *erasure, gint64 *ret_objects,
                                     gboolean *ret_copies_remain, GError **error);

/* A derivative that somebody takes away: its file, and what is sealed in its row. Nothing if that is gone already. */
gboolean kc_erasure_store_derivative(KcTx *tx, const char *object_id, gint64 at_us, GError **error);

/* Tables that hold rows of cases, as this knows them (NULL-terminated): a test compares them with the schema. */
extern const char *const kc_erasure_deleted[], *const kc_erasure_kept[];
