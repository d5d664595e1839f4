/* Which cases the rules of retention are to be asked about, and what they came to. */
#pragma once

#include "src/store/db.h"

/* of char *: ids of cases that have ended and whose time to be looked at again has come. */
GPtrArray *kc_retention_store_to_look(KcTx *tx, gint64 now_us, guint limit, GError **error);
/* of char *: those of which something goes before `until_us`, or that were not looked at yet; soonest first. */
GPtrArray *kc_retention_store_until(KcTx *tx, gint64 until_us, guint limit, GError **error);
/* `due_us`: when the next thing goes; 0: not known. */
gboolean kc_retention_store_set(KcTx *tx, const char *case_id, gint64 look_us, gint64 due_us, GError **error);
/* Whether a recording of it is there. */
gboolean kc_retention_store_has_recordings(KcTx *tx, const char *case_id, gboolean *ret_has, GError **error);
