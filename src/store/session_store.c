#include "src/store/session_store.h"
#include "src/store/sql.h"

void
kc_session_free(KcSession *session)
{
    if (session == NULL)
        return;
    g_free(session->token_hash);
    g_free(session->csrf_token);
    g_free(session->user_id);
    g_free(session);
}

static gpointer
read_session(KcTx *tx, KcQuery *query, GError **error)
{
    KcSession *session = g_new0(KcSession, 1);
    session->token_hash = kc_take_text(query);
    session->csrf_token = kc_take_text(query);
    session->user_id = kc_take_text(query);
    session->created_us = kc_take_int(query);
    session->expires_us = kc_take_int(query);
    return session;
}

gboolean
kc_session_store_insert(KcTx *tx, const KcSession *session, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO sessions (token_hash, csrf_token, user_id, created_us, "
                                            "expires_us) VALUES (?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, session->token_hash);
    kc_bind_text(query, session->csrf_token);
    kc_bind_text(query, session->user_id);
    kc_bind_int(query, session->created_us);
    kc_bind_int(query, session->expires_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_session_store_get(KcTx *tx, const char *token_hash, gint64 now_us, KcSession **ret_session, GError **error)
{
    *ret_session = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT s.token_hash, s.csrf_token, s.user_id, s.created_us, s.expires_us "
                                            "FROM sessions s JOIN users u ON u.id = s.user_id "
                                            "WHERE s.token_hash = ? AND s.expires_us > ? AND u.disabled = 0",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, token_hash);
    kc_bind_int(query, now_us);
    return kc_query_one(tx, query, read_session, (gpointer *)ret_session, error);
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
