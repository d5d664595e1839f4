/* Legal holds: while one of a case stands, nothing of it is erased (a trigger of the schema refuses it as well). Why it
 * was placed and lifted is sealed with the case. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id;
    char *reason, *lift_reason; /* sealed; NULL once the case was erased */
    char *legal_basis;
    char *placed_by, *lifted_by; /* ids of users */
    gint64 placed_us, lifted_us; /* 0: it stands */
} KcHold;

void kc_hold_free(KcHold *hold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcHold, kc_hold_free)

gboolean kc_hold_store_insert(KcTx *tx, const KcHold *hold, GError **error);
gboolean kc_hold_store_get(KcTx *tx, const char *id, KcHold **ret_hold, GError **error);
/* lift_reason, lifted_by, lifted_us */
KcUpdate kc_hold_store_lift(KcTx *tx, const KcHold *hold, GError **error);
/* of KcHold, oldest first; `case_id` NULL: those of every case that stand. */
GPtrArray *kc_hold_store_list(KcTx *tx, const char *case_id, GError **error);
gboolean kc_hold_store_count(KcTx *tx, const char *case_id, gint64 *ret_standing, GError **error);
