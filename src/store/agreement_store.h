/* The parties' own agreement: the draft, one a case, and what became of each text that was proposed. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *case_id;
    char *draft_json; /* an object, sealed */
    gint64 updated_us;
} KcAgreementRow;

void kc_agreement_row_free(KcAgreementRow *agreement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcAgreementRow, kc_agreement_row_free)

/* Inserts or replaces. */
/* The draft; what was proposed stays. */
gboolean kc_agreement_store_delete(KcTx *tx, const char *case_id, GError **error);
gboolean kc_agreement_store_put(KcTx *tx, const KcAgreementRow *agreement, GError **error);
gboolean kc_agreement_store_get(KcTx *tx, const char *case_id, KcAgreementRow **ret_agreement, GError **error);

/* The document is in the store already. KC_STORE_ERROR_CONFLICT: another one is open. */
gboolean kc_proposal_store_open(KcTx *tx, const char *document_id, const char *case_id, GError **error);
/* The open proposal ends: `reason` NULL: agreed, else withdrawn for "refused", "objected", "changed", "determination"
 * or "on_scene". KC_UPDATE_ABSENT: it is not open. */
KcUpdate kc_proposal_store_end(KcTx *tx, const char *document_id, const char *reason, gint64 ended_us, GError **error);
