/* The guests of a case's call. Their links are capabilities (src/store/party_store.h). */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *case_id;
    char *kind;     /* emergency interpreter insurer supervisor */
    char *party_id; /* whom an insurer insures; NULL otherwise */
    char *name;     /* sealed */
    char *invited_by;
    gint64 created_us;
    gint64 revoked_us; /* 0: not */
    char *revoked_by;
} KcGuest;

void kc_guest_free(KcGuest *guest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcGuest, kc_guest_free)

gboolean kc_guest_store_insert(KcTx *tx, const KcGuest *guest, GError **error);
gboolean kc_guest_store_get(KcTx *tx, const char *id, KcGuest **ret_guest, GError **error);
/* of KcGuest, by time, those who were sent away included */
GPtrArray *kc_guest_store_list(KcTx *tx, const char *case_id, GError **error);
/* KC_UPDATE_DONE, or _ABSENT if there is no such guest or it was sent away before. */
KcUpdate kc_guest_store_revoke(KcTx *tx, const char *id, const char *by_user, gint64 at_us, GError **error);
