#include "src/store/composition_store.h"
#include "src/store/sql.h"

#define SELECT                                                                                                         \
    "SELECT id, case_id, state, reason, asked_by, asked_us, attempts, started_us, ended_us, object_id FROM "           \
    "compositions "

void
kc_composition_free(KcComposition *composition)
{
    if (composition == NULL)
        return;
    g_free(composition->id);
    g_free(composition->case_id);
    g_free(composition->state);
    g_free(composition->reason);
    g_free(composition->asked_by);
    g_free(composition->object_id);
    g_free(composition);
}

static gpointer
read_composition(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcComposition *composition = g_new0(KcComposition, 1);
    composition->id = kc_take_text(query);
    composition->case_id = kc_take_text(query);
    composition->state = kc_take_text(query);
    composition->reason = kc_take_text(query);
    composition->asked_by = kc_take_text(query);
    composition->asked_us = kc_take_int(query);
    composition->attempts = kc_take_int(query);
    composition->started_us = kc_take_int(query);
    composition->ended_us = kc_take_int(query);
    composition->object_id = kc_take_text(query);
    return composition;
}

gboolean
kc_composition_store_insert(KcTx *tx, const KcComposition *composition, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO compositions (id, case_id, state, asked_by, asked_us) VALUES (?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, composition->id);
    kc_bind_text(query, composition->case_id);
    kc_bind_text(query, composition->state);
    kc_bind_text(query, composition->asked_by);
    kc_bind_int(query, composition->asked_us);
    return kc_query_run(query, NULL, error);
}

KcUpdate
kc_composition_store_update(KcTx *tx, const KcComposition *composition, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE compositions SET state = ?, reason = ?, attempts = ?, "
                                            "started_us = ?, ended_us = ?, object_id = ? WHERE id = ?",
                                            error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, composition->state);
    kc_bind_text(query, composition->reason);
    kc_bind_int(query, composition->attempts);
    kc_bind_int(query, composition->started_us);
    kc_bind_int(query, composition->ended_us);
    kc_bind_text(query, composition->object_id);
    kc_bind_text(query, composition->id);
    return kc_query_update(query, error);
}

gboolean
kc_composition_store_get(KcTx *tx, const char *id, KcComposition **ret_composition, GError **error)
{
    *ret_composition = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_composition, (gpointer *)ret_composition, error);
}

GPtrArray *
kc_composition_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     case_id != NULL ? SELECT "WHERE case_id = ? ORDER BY asked_us, id"
                                     : SELECT "WHERE state IN ('queued', 'making') ORDER BY asked_us, id",
                     error);
    if (query == NULL)
        return NULL;
    if (case_id != NULL)
        kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_composition, (GDestroyNotify)kc_composition_free, error);
}
