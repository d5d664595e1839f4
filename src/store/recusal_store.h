/* Who is asked not to handle a case, and what was decided. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id;
    char *user_id;  /* whom it is about */
    char *party_id; /* who asks; NULL: that person */
    char *reason;   /* sealed */
    gint64 asked_us;
    char *decision; /* NULL: not yet; "upheld", "rejected" */
    char *note;     /* sealed; may be NULL */
    char *decided_by;
    gint64 decided_us;
} KcRecusal;

void kc_recusal_free(KcRecusal *recusal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRecusal, kc_recusal_free)

gboolean kc_recusal_store_insert(KcTx *tx, const KcRecusal *recusal, GError **error);
gboolean kc_recusal_store_get(KcTx *tx, const char *id, KcRecusal **ret_recusal, GError **error);
/* Writes decision, note, decided_by and decided_us. */
KcUpdate kc_recusal_store_decide(KcTx *tx, const KcRecusal *recusal, GError **error);
/* of KcRecusal, the oldest first; `case_id` NULL: of all cases those that are not decided */
GPtrArray *kc_recusal_store_list(KcTx *tx, const char *case_id, GError **error);
/* Whether a recusal of that person from the case was upheld. */
gboolean kc_recusal_store_is_barred(KcTx *tx, const char *case_id, const char *user_id, gboolean *ret_barred,
                                    GError **error);
