#include "src/store/session_store.h"
#include "src/store/check.h"
#include "src/store/sql.h"

void
kc_session_free(KcSession *session)
{
    if (session == NULL)
        return;
    g_free(session->token_hash);
    g_free(session->csrf_token);
    g_free(session->user_id);
    g_clear_pointer(&session->seal, g_bytes_unref);
    g_free(session);
}

/* ---- The seal ---- */

static char *
place_of(const KcSession *session)
{
    return g_strdup_printf("%s/%s/%s/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, session->token_hash, session->csrf_token,
                           session->user_id, session->created_us, session->expires_us);
}

gboolean
kc_session_store_is_sealed(const KcKeyring *keyring, const KcSession *session)
{
    if (session->token_hash == NULL || session->csrf_token == NULL || session->user_id == NULL || session->seal == NULL)
        return FALSE;
    g_autofree char *place = place_of(session);
    g_autoptr(GBytes) nothing = kc_keyring_unseal(keyring, "sessions", "seal", place, session->seal, NULL);
    return nothing != NULL;
}

/* ---- Rows ---- */

static gpointer
read_session(KcTx *tx, KcQuery *query, GError **error)
{
    KcSession *session = g_new0(KcSession, 1);
    session->token_hash = kc_take_text(query);
    session->csrf_token = kc_take_text(query);
    session->user_id = kc_take_text(query);
    session->created_us = kc_take_int(query);
    session->expires_us = kc_take_int(query);
    session->seal = kc_take_bytes(query);
    return session;
}

gboolean
kc_session_store_insert(KcTx *tx, const KcSession *session, GError **error)
{
    g_autofree char *place = place_of(session);
    g_autoptr(GBytes) seal = kc_keyring_seal(tx->keyring, "sessions", "seal", place, "", 0);
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO sessions (token_hash, csrf_token, user_id, created_us, "
                                            "expires_us, seal) VALUES (?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, session->token_hash);
    kc_bind_text(query, session->csrf_token);
    kc_bind_text(query, session->user_id);
    kc_bind_int(query, session->created_us);
    kc_bind_int(query, session->expires_us);
    kc_bind_bytes(query, seal);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_session_store_get(KcTx *tx, const char *token_hash, gint64 now_us, KcSession **ret_session, GError **error)
{
    *ret_session = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT s.token_hash, s.csrf_token, s.user_id, s.created_us, s.expires_us, s.seal "
                     "FROM sessions s JOIN users u ON u.id = s.user_id "
                     "WHERE s.token_hash = ? AND s.expires_us > ? AND u.disabled = 0",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, token_hash);
    kc_bind_int(query, now_us);
    if (!kc_query_one(tx, query, read_session, (gpointer *)ret_session, error))
        return FALSE;
    if (*ret_session != NULL && !kc_session_store_is_sealed(tx->keyring, *ret_session))
        g_clear_pointer(ret_session, kc_session_free);
    return TRUE;
}

gboolean
kc_session_store_delete(KcTx *tx, const char *token_hash, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM sessions WHERE token_hash = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, token_hash);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_session_store_delete_of_user(KcTx *tx, const char *user_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM sessions WHERE user_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, user_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_session_store_prune(KcTx *tx, gint64 now_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM sessions WHERE expires_us <= ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, now_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_check_sessions(KcTx *tx, gpointer check, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT token_hash, csrf_token, user_id, created_us, expires_us, seal FROM sessions", error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autoptr(KcSession) session = read_session(tx, query, error);
        if (!kc_session_store_is_sealed(tx->keyring, session))
            kc_check_found(check,
                           (KcDamage){.kind = "sealed", .table = "sessions", .row = session->token_hash, .chunk = -1},
                           "row %s of sessions was changed or put there past the service", session->token_hash);
    }
    return step == KC_STEP_DONE;
}
