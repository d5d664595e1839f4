#include "src/store/retention_store.h"
#include "src/store/sql.h"

GPtrArray *
kc_retention_store_to_look(KcTx *tx, gint64 now_us, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT id FROM cases WHERE erased_us = 0 AND state IN ('closed', 'expired') "
                     "AND retention_look_us <= ? ORDER BY retention_look_us LIMIT ?",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, now_us);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, kc_read_text, g_free, error);
}

GPtrArray *
kc_retention_store_until(KcTx *tx, gint64 until_us, guint limit, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "SELECT id FROM (SELECT id, retention_due_us AS due FROM cases WHERE erased_us = 0 AND retention_due_us > 0 "
        "AND retention_due_us < ?1 UNION ALL SELECT id, 0 FROM cases WHERE erased_us = 0 AND state IN ('closed', "
        "'expired') "
        "AND retention_look_us = 0) ORDER BY due, id LIMIT ?2",
        error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, until_us);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, kc_read_text, g_free, error);
}

gboolean
kc_retention_store_set(KcTx *tx, const char *case_id, gint64 look_us, gint64 due_us, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE cases SET retention_look_us = ?, retention_due_us = ? WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, look_us);
    kc_bind_int(query, due_us);
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_retention_store_has_recordings(KcTx *tx, const char *case_id, gboolean *ret_has, GError **error)
{
    gint64 count = 0;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT EXISTS (SELECT 1 FROM objects WHERE case_id = ? AND kind = 'recording' AND erased_us = 0)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    if (!kc_query_number(query, &count, error))
        return FALSE;
    *ret_has = count > 0;
    return TRUE;
}
