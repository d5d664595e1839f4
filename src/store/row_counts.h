/* Private to src/store: how many rows a table has whose rows are sealed one by one and bound by no entry of the log
 * (state_tables.h, the unbound ones).
 *
 * A seal shows that a row was changed or put there; it can't show that one went. So the writer's connection counts what each
 * job adds and takes away (triggers of its own, TEMP), and the count is sealed with the table's name. What was taken away
 * past the service stays missing: later jobs only add to the count what they add to the table. */
#pragma once

#include "src/store/sql.h"

#define KC_COUNTED_TABLES 4

/* What a job changed, of each counted table. */
typedef struct {
    gint64 more[KC_COUNTED_TABLES];
} KcRowChanges;

/* On a writer's connection; `changes` is added to by every job, and outlives the connection. */
gboolean kc_row_counts_watch(KcConnection *connection, KcRowChanges *changes, GError **error);

/* At the end of a job. A table without a count is left without: the pass of state_bind.h has not come to its end. */
gboolean kc_row_counts_settle(KcTx *tx, const KcRowChanges *changes, GError **error);

/* At the end of that pass: counts what is there. */
gboolean kc_row_counts_begin(KcTx *tx, GError **error);
