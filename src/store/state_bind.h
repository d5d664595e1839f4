/* Binding every row once: after the schema became a new one, and so also for a database that is older than row_states.
 *
 * Meanwhile nothing else may write. A pass that did not come to its end is begun anew. When it does, an entry state.bound
 * with the number of the schema says so, which a log has once a schema; what a migration changed is bound from there on,
 * and the copy that was made before it can still be checked by what was bound then. */
#pragma once

#include "src/store/db.h"

/* Whether the pass has come to its end under the newest schema. */
gboolean kc_state_is_bound(KcTx *tx, gboolean *ret_bound, GError **error);

typedef struct {
    guint next_table;
    char *after_case;
    gint64 cases; /* whose state had to be told */
} KcStateBinding;

void kc_state_binding_clear(KcStateBinding *binding);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcStateBinding, kc_state_binding_clear)

/* One turn of it, in a job of its own; zeroed at first. */
gboolean kc_state_bind_turn(KcTx *tx, KcStateBinding *binding, gint64 now_us, gboolean *ret_done, GError **error);
