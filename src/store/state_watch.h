/* Private to src/store: every write that changes a bound row (state_tables.h) says in the log what the case's rows now are.
 *
 * Triggers of the writer's own connection (TEMP, made from the lists) note which rows a job touches, and what they were. At
 * the end of the job each is read again; where its digest is another one, row_states follows, and the last of the job's
 * entries of that case carries the new state. A job that wrote no entry of the case gets one of the kind case.state, or
 * installation.state.
 *
 * What was changed past the service does not become right by the service's next write: if a row that is written was not
 * what row_states has of it, or row_states not what the log has, an entry state.mismatch says so, and kuaichu fsck names it
 * from then on. */
#pragma once

#include "src/store/sql.h"

#include <jansson.h>

#define KC_LOG_CASE_STATE "case.state"
#define KC_LOG_INSTALLATION_STATE "installation.state"
#define KC_LOG_STATE_MISMATCH "state.mismatch"
#define KC_LOG_STATE_BOUND "state.bound"

/* On a writer's connection, whose schema is the newest. The keyring outlives the watch. */
KcStateWatch *kc_state_watch_new(KcConnection *connection, const KcKeyring *keyring, GError **error);
void kc_state_watch_free(KcStateWatch *watch);

/* Before a job, and after it: binds what it changed, and writes the log's entries. */
void kc_state_watch_begin(KcStateWatch *watch);
gboolean kc_state_watch_settle(KcTx *tx, GError **error);
/* In the job that ends the pass of state_bind.h: what is summed up (row_sums.h) is what is there now. */
gboolean kc_state_watch_sum_up(KcTx *tx, GError **error);

/* An entry of the service itself. Takes `data`, which may be NULL. */
gboolean kc_state_log(KcTx *tx, const char *case_id, const char *kind, json_t *data, GError **error);

/* Sees to it that an entry of this case (NULL: of the installation) carries its state as row_states has it. */
gboolean kc_state_append(KcTx *tx, const char *case_id, const char *kind, GError **error);
