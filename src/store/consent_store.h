/* What the parties of a case agree to: a ledger, whose last entry of a kind holds. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *case_id;
    char *party_id; /* or NULL: of the case */
    char *kind;     /* recording location electronic_service insurer … */
    gint64 at_us;
    gint64 withdrawn_us; /* 0: it is given; the same as at_us: withdrawn, or refused */
    char *recorded_by;   /* whom of the staff the party told; NULL: by its own hand */
} KcConsent;

void kc_consent_free(KcConsent *consent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcConsent, kc_consent_free)

/* Nothing, if this party has said anything of that kind before. */
gboolean kc_consent_store_add(KcTx *tx, const KcConsent *consent, GError **error);
/* One more entry. */
gboolean kc_consent_store_put(KcTx *tx, const KcConsent *consent, GError **error);
/* of KcConsent, what holds, in the order in which it was said */
GPtrArray *kc_consent_store_list(KcTx *tx, const char *case_id, GError **error);
/* of KcConsent, all that this party ever said, in order */
GPtrArray *kc_consent_store_history(KcTx *tx, const char *case_id, const char *party_id, GError **error);
