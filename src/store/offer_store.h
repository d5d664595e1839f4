/* Cases that a seat is asked to take. At most one offer of a case stands at a time. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id;
    char *kind;      /* "hand_over", "draw", "assign" */
    char *from_user; /* NULL: drawn */
    char *holder;    /* NULL: the case waits in the queue */
    char *to_user;
    gint64 offered_us, expires_us;
    char *outcome; /* NULL: it stands; "accepted", "declined", "withdrawn", "lapsed" */
    gint64 decided_us;
} KcOffer;

void kc_offer_free(KcOffer *offer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcOffer, kc_offer_free)

gboolean kc_offer_store_insert(KcTx *tx, const KcOffer *offer, GError **error);
gboolean kc_offer_store_get(KcTx *tx, const char *id, KcOffer **ret_offer, GError **error);
/* KC_UPDATE_ABSENT: it does not stand any more. */
KcUpdate kc_offer_store_close(KcTx *tx, const char *id, const char *outcome, gint64 now_us, GError **error);
/* of KcOffer, those that stand, the oldest first */
GPtrArray *kc_offer_store_standing(KcTx *tx, GError **error);
