/* Sign-in sessions of staff, found by the hash of their token (src/evidence/tokens.h). A row carries a seal over itself,
 * under the installation's key: one that was put into the file past the service is no session. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *token_hash; /* hexadecimal */
    char *csrf_token;
    char *user_id;
    gint64 created_us;
    gint64 expires_us;
    GBytes *seal; /* of a stored one */
} KcSession;

void kc_session_free(KcSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSession, kc_session_free)

gboolean kc_session_store_insert(KcTx *tx, const KcSession *session, GError **error);
/* NULL also for a session that is not the service's own, that has expired at `now_us` or whose user is disabled. */
gboolean kc_session_store_get(KcTx *tx, const char *token_hash, gint64 now_us, KcSession **ret_session, GError **error);
/* Whether the seal of the row is of this row. */
gboolean kc_session_store_is_sealed(const KcKeyring *keyring, const KcSession *session);
gboolean kc_session_store_delete(KcTx *tx, const char *token_hash, GError **error);
gboolean kc_session_store_delete_of_user(KcTx *tx, const char *user_id, GError **error);
gboolean kc_session_store_prune(KcTx *tx, gint64 now_us, GError **error);
