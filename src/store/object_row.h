/* Private to src/store: how an object is read, for the files that select one. */
#pragma once

#include "src/store/object_store.h"
#include "src/store/sql.h"

/* A photo that is live, and a recording that is derived from others, are kinds of their own to everybody above. */
#define KC_OBJECT_KIND "CASE WHEN o.derived = 1 THEN 'derivative' WHEN o.live = 1 THEN 'live_still' ELSE o.kind END"
#define KC_OBJECT_COLUMNS                                                                                              \
    "o.id, o.case_id, " KC_OBJECT_KIND ", o.party_id, o.user_id, o.guest_id, o.path, o.status, o.sha256, o.size_bytes, "             \
    "o.content_type, o.sealed_meta, o.created_us, o.finished_us, o.erased_us"

/* A KcReadFn for a row that begins with KC_OBJECT_COLUMNS. */
gpointer kc_object_read(KcTx *tx, KcQuery *query, GError **error);
