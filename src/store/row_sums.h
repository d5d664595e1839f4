/* Private to src/store: what the tables come to whose rows no entry of the log binds (kc_summed_tables), so that no row
 * of them is changed, put there, taken away or exchanged for an older one past the service.
 *
 * Of each table the sum of its rows' hashes is kept (evidence/multiset.h), all of them sealed as one row with the head
 * of the log: they can't be put back, not even all together, once the log has gone on. The writer's connection notes what each
 * job does to the rows (triggers of its own, TEMP), and adds that to what is kept. What was done past the service stays
 * in the difference: later jobs only add what they do themselves. */
#pragma once

#include "src/evidence/multiset.h"
#include "src/store/sql.h"
#include "src/store/state_tables.h"

/* What a job does, of each table. */
typedef struct {
    KcMultiset sets[KC_SUMMED_TABLES];
    gboolean any; /* is anything to be kept: of the tables, or that the log has gone on */
} KcRowChanges;

/* On a writer's connection; `changes` is added to by every job. It and the keyring outlive the connection. */
gboolean kc_row_sums_watch(KcConnection *connection, const KcKeyring *keyring, KcRowChanges *changes, GError **error);

/* At the end of a job. Sums that were changed past the service are left as they are, and so is a database without: the
 * pass of state_bind.h has not come to its end. */
gboolean kc_row_sums_settle(KcTx *tx, const KcRowChanges *changes, GError **error);

/* At the end of that pass: sums up what is there, and clears `changes`, which is in it. If there are sums of an older
 * schema, what differs from them is told by an entry (KC_LOG_STATE_MISMATCH). */
gboolean kc_row_sums_begin(KcTx *tx, KcRowChanges *changes, GError **error);
