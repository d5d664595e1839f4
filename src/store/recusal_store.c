#include "src/store/recusal_store.h"
#include "src/store/sealed.h"

#define SELECT                                                                                                         \
    "SELECT id, case_id, user_id, party_id, sealed_reason, asked_us, decision, sealed_note, decided_by, decided_us "   \
    "FROM recusals "

void
kc_recusal_free(KcRecusal *recusal)
{
    if (recusal == NULL)
        return;
    char *texts[] = {recusal->id,     recusal->case_id,  recusal->user_id, recusal->party_id,
                     recusal->reason, recusal->decision, recusal->note,    recusal->decided_by};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(recusal);
}

static KcSealedPlace
place_of(const KcRecusal *recusal, const char *column)
{
    return (KcSealedPlace){.case_id = recusal->case_id, .table = "recusals", .column = column, .row_id = recusal->id};
}

static gpointer
read_recusal(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcRecusal) recusal = g_new0(KcRecusal, 1);
    recusal->id = kc_take_text(query);
    recusal->case_id = kc_take_text(query);
    recusal->user_id = kc_take_text(query);
    recusal->party_id = kc_take_text(query);
    g_autoptr(GBytes) reason = kc_take_bytes(query);
    recusal->asked_us = kc_take_int(query);
    recusal->decision = kc_take_text(query);
    g_autoptr(GBytes) note = kc_take_bytes(query);
    recusal->decided_by = kc_take_text(query);
    recusal->decided_us = kc_take_int(query);
    if (!kc_open_text(tx, place_of(recusal, "reason"), reason, &recusal->reason, error) ||
        (note != NULL && !kc_open_text(tx, place_of(recusal, "note"), note, &recusal->note, error)))
        return NULL;
    return g_steal_pointer(&recusal);
}

gboolean
kc_recusal_store_insert(KcTx *tx, const KcRecusal *recusal, GError **error)
{
    g_autoptr(GBytes) reason = NULL;
    if (!kc_seal_text(tx, place_of(recusal, "reason"), recusal->reason, &reason, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO recusals (id, case_id, user_id, party_id, sealed_reason, asked_us) VALUES (?, ?, ?, "
                     "?, ?, ?)",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, recusal->id);
    kc_bind_text(query, recusal->case_id);
    kc_bind_text(query, recusal->user_id);
    kc_bind_text(query, recusal->party_id);
    kc_bind_bytes(query, reason);
    kc_bind_int(query, recusal->asked_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_recusal_store_get(KcTx *tx, const char *id, KcRecusal **ret_recusal, GError **error)
{
    *ret_recusal = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_recusal, (gpointer *)ret_recusal, error);
}

KcUpdate
kc_recusal_store_decide(KcTx *tx, const KcRecusal *recusal, GError **error)
{
    g_autoptr(GBytes) note = NULL;
    if (!kc_seal_text(tx, place_of(recusal, "note"), recusal->note, &note, error))
        return KC_UPDATE_FAILED;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "UPDATE recusals SET decision = ?, sealed_note = ?, decided_by = ?, decided_us = ? WHERE id = ?", error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, recusal->decision);
    kc_bind_bytes(query, note);
    kc_bind_text(query, recusal->decided_by);
    kc_bind_int(query, recusal->decided_us);
    kc_bind_text(query, recusal->id);
    return kc_query_update(query, error);
}

GPtrArray *
kc_recusal_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, SELECT "WHERE case_id = ?1 OR (?1 IS NULL AND decision IS NULL) ORDER BY asked_us, id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_recusal, (GDestroyNotify)kc_recusal_free, error);
}

gboolean
kc_recusal_store_is_barred(KcTx *tx, const char *case_id, const char *user_id, gboolean *ret_barred, GError **error)
{
    gint64 count = 0;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT count(*) FROM recusals WHERE case_id = ? AND user_id = ? AND decision = 'upheld'", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    kc_bind_text(query, user_id);
    if (!kc_query_number(query, &count, error))
        return FALSE;
    *ret_barred = count > 0;
    return TRUE;
}
