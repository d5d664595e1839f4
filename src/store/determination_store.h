/* The officer's draft of a determination: one a case, sealed. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *case_id;
    char *draft_json;  /* an object, sealed */
    char *status;      /* draft issued */
    char *document_id; /* NULL until issued */
    char *updated_by;  /* user id */
    gint64 updated_us;
} KcDeterminationRow;

void kc_determination_row_free(KcDeterminationRow *determination);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDeterminationRow, kc_determination_row_free)

/* Inserts or replaces. KC_STORE_ERROR_REFUSED once it is issued (a trigger: issue freezes). */
gboolean kc_determination_store_put(KcTx *tx, const KcDeterminationRow *determination, GError **error);
/* What was issued becomes a draft again, to begin from; the document keeps what it was made from. Nothing happens to a
 * draft, or where there is none. */
gboolean kc_determination_store_reopen(KcTx *tx, const char *case_id, gint64 now_us, GError **error);
/* A draft; what was issued stays. */
gboolean kc_determination_store_delete_draft(KcTx *tx, const char *case_id, GError **error);
gboolean kc_determination_store_get(KcTx *tx, const char *case_id, KcDeterminationRow **ret_determination, GError **error);
