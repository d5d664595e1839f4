#include "src/store/offer_store.h"
#include "src/store/sql.h"

#define SELECT                                                                                                         \
    "SELECT id, case_id, kind, from_user, holder, to_user, offered_us, expires_us, outcome, decided_us FROM offers "

void
kc_offer_free(KcOffer *offer)
{
    if (offer == NULL)
        return;
    char *texts[] = {offer->id,     offer->case_id, offer->kind,   offer->from_user,
                     offer->holder, offer->to_user, offer->outcome};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(offer);
}

static gpointer
read_offer(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcOffer *offer = g_new0(KcOffer, 1);
    offer->id = kc_take_text(query);
    offer->case_id = kc_take_text(query);
    offer->kind = kc_take_text(query);
    offer->from_user = kc_take_text(query);
    offer->holder = kc_take_text(query);
    offer->to_user = kc_take_text(query);
    offer->offered_us = kc_take_int(query);
    offer->expires_us = kc_take_int(query);
    offer->outcome = kc_take_text(query);
    offer->decided_us = kc_take_int(query);
    return offer;
}

gboolean
kc_offer_store_insert(KcTx *tx, const KcOffer *offer, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO offers (id, case_id, kind, from_user, holder, to_user, "
                                            "offered_us, expires_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, offer->id);
    kc_bind_text(query, offer->case_id);
    kc_bind_text(query, offer->kind);
    kc_bind_text(query, offer->from_user);
    kc_bind_text(query, offer->holder);
    kc_bind_text(query, offer->to_user);
    kc_bind_int(query, offer->offered_us);
    kc_bind_int(query, offer->expires_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_offer_store_get(KcTx *tx, const char *id, KcOffer **ret_offer, GError **error)
{
    *ret_offer = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_offer, (gpointer *)ret_offer, error);
}

KcUpdate
kc_offer_store_close(KcTx *tx, const char *id, const char *outcome, gint64 now_us, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE offers SET outcome = ?, decided_us = ? WHERE id = ? AND outcome IS NULL", error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, outcome);
    kc_bind_int(query, now_us);
    kc_bind_text(query, id);
    return kc_query_update(query, error);
}

GPtrArray *
kc_offer_store_standing(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE outcome IS NULL ORDER BY offered_us, id", error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_offer, (GDestroyNotify)kc_offer_free, error);
}
