#include "src/store/hold_store.h"
#include "src/base/json.h"
#include "src/store/sealed.h"

#define SELECT "SELECT id, case_id, sealed_words, legal_basis, placed_by, placed_us, lifted_by, lifted_us FROM holds "

void
kc_hold_free(KcHold *hold)
{
    if (hold == NULL)
        return;
    char *texts[] = {hold->id,          hold->case_id,   hold->reason,   hold->lift_reason,
                     hold->legal_basis, hold->placed_by, hold->lifted_by};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(hold);
}

static KcSealedPlace
words_of(const KcHold *hold)
{
    return (KcSealedPlace){.case_id = hold->case_id, .table = "holds", .column = "words", .row_id = hold->id};
}

static gboolean
seal_words(KcTx *tx, const KcHold *hold, GBytes **ret_sealed, GError **error)
{
    g_autoptr(json_t) words = json_object();
    kc_json_put_text(words, "reason", hold->reason);
    kc_json_put_text(words, "lift_reason", hold->lift_reason);
    return kc_seal_json(tx, words_of(hold), words, ret_sealed, error);
}

static gpointer
read_hold(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcHold) hold = g_new0(KcHold, 1);
    hold->id = kc_take_text(query);
    hold->case_id = kc_take_text(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    hold->legal_basis = kc_take_text(query);
    hold->placed_by = kc_take_text(query);
    hold->placed_us = kc_take_int(query);
    hold->lifted_by = kc_take_text(query);
    hold->lifted_us = kc_take_int(query);
    if (sealed == NULL)
        return g_steal_pointer(&hold);
    g_autoptr(json_t) words = kc_open_json(tx, words_of(hold), sealed, error);
    if (words == NULL)
        return NULL;
    hold->reason = kc_json_get_text(words, "reason");
    hold->lift_reason = kc_json_get_text(words, "lift_reason");
    return g_steal_pointer(&hold);
}

gboolean
kc_hold_store_insert(KcTx *tx, const KcHold *hold, GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    if (!seal_words(tx, hold, &sealed, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "INSERT INTO holds (id, case_id, sealed_words, legal_basis, placed_by, placed_us) VALUES (?, ?, ?, ?, ?, ?)",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, hold->id);
    kc_bind_text(query, hold->case_id);
    kc_bind_bytes(query, sealed);
    kc_bind_text(query, hold->legal_basis);
    kc_bind_text(query, hold->placed_by);
    kc_bind_int(query, hold->placed_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_hold_store_get(KcTx *tx, const char *id, KcHold **ret_hold, GError **error)
{
    *ret_hold = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_hold, (gpointer *)ret_hold, error);
}

KcUpdate
kc_hold_store_lift(KcTx *tx, const KcHold *hold, GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    if (!seal_words(tx, hold, &sealed, error))
        return KC_UPDATE_FAILED;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE holds SET sealed_words = ?, lifted_by = ?, lifted_us = ? WHERE id = ?", error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_bytes(query, sealed);
    kc_bind_text(query, hold->lifted_by);
    kc_bind_int(query, hold->lifted_us);
    kc_bind_text(query, hold->id);
    return kc_query_update(query, error);
}

GPtrArray *
kc_hold_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, SELECT "WHERE case_id = ?1 OR (?1 IS NULL AND lifted_us = 0) ORDER BY placed_us, id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_hold, (GDestroyNotify)kc_hold_free, error);
}

gboolean
kc_hold_store_count(KcTx *tx, const char *case_id, gint64 *ret_standing, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT count(*) FROM holds WHERE case_id = ? AND lifted_us = 0", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_number(query, ret_standing, error);
}
