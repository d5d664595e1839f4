#include "src/store/pause_store.h"
#include "src/store/sealed.h"

#define SELECT                                                                                                         \
    "SELECT id, case_id, document_id, party_id, sealed_words, said_us, outcome, sealed_note, ended_us, ended_by "      \
    "FROM pauses "

void
kc_pause_free(KcPause *pause)
{
    if (pause == NULL)
        return;
    char *texts[] = {pause->id,         pause->case_id, pause->document_id, pause->party_id,
                     pause->words_json, pause->outcome, pause->note,        pause->ended_by};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(pause);
}

static KcSealedPlace
place_of(const KcPause *pause, const char *column)
{
    return (KcSealedPlace){.case_id = pause->case_id, .table = "pauses", .column = column, .row_id = pause->id};
}

static gpointer
read_pause(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcPause) pause = g_new0(KcPause, 1);
    pause->id = kc_take_text(query);
    pause->case_id = kc_take_text(query);
    pause->document_id = kc_take_text(query);
    pause->party_id = kc_take_text(query);
    g_autoptr(GBytes) words = kc_take_bytes(query);
    pause->said_us = kc_take_int(query);
    pause->outcome = kc_take_text(query);
    g_autoptr(GBytes) note = kc_take_bytes(query);
    pause->ended_us = kc_take_int(query);
    pause->ended_by = kc_take_text(query);
    if (!kc_open_text(tx, place_of(pause, "words"), words, &pause->words_json, error) ||
        !kc_open_text(tx, place_of(pause, "note"), note, &pause->note, error))
        return NULL;
    return g_steal_pointer(&pause);
}

gboolean
kc_pause_store_insert(KcTx *tx, const KcPause *pause, GError **error)
{
    g_autoptr(GBytes) words = NULL;
    if (!kc_seal_text(tx, place_of(pause, "words"), pause->words_json, &words, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO pauses (id, case_id, document_id, party_id, sealed_words, "
                                            "said_us) VALUES (?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, pause->id);
    kc_bind_text(query, pause->case_id);
    kc_bind_text(query, pause->document_id);
    kc_bind_text(query, pause->party_id);
    kc_bind_bytes(query, words);
    kc_bind_int(query, pause->said_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_pause_store_get(KcTx *tx, const char *id, KcPause **ret_pause, GError **error)
{
    *ret_pause = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_pause, (gpointer *)ret_pause, error);
}

KcUpdate
kc_pause_store_end(KcTx *tx, const KcPause *pause, GError **error)
{
    g_autoptr(GBytes) note = NULL;
    if (!kc_seal_text(tx, place_of(pause, "note"), pause->note, &note, error))
        return KC_UPDATE_FAILED;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "UPDATE pauses SET outcome = ?, sealed_note = ?, ended_us = ?, ended_by = ? WHERE id = ?", error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, pause->outcome);
    kc_bind_bytes(query, note);
    kc_bind_int(query, pause->ended_us);
    kc_bind_text(query, pause->ended_by);
    kc_bind_text(query, pause->id);
    return kc_query_update(query, error);
}

GPtrArray *
kc_pause_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, SELECT "WHERE case_id = ?1 OR (?1 IS NULL AND outcome IS NULL) ORDER BY said_us, id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_pause, (GDestroyNotify)kc_pause_free, error);
}
