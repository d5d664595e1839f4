#include "src/store/review_store.h"
#include "src/store/sealed.h"
#include "src/store/search_texts.h"

#define COLUMNS                                                                                                        \
    "id, case_id, party_id, document_id, sealed_request, asked_us, forwarded_us, forwarded_by, packet_object_id, "     \
    "withdrawn_us, outcome, sealed_conclusion, concluded_us, concluded_by, conclusion_document_id, "                   \
    "correction_document_id, served_us, served_by, suit_us, sealed_suit"

void
kc_review_row_free(KcReviewRow *review)
{
    if (review == NULL)
        return;
    char *texts[] = {review->id,           review->case_id,      review->party_id,
                     review->document_id,  review->request_json, review->forwarded_by,
                     review->packet_object_id, review->outcome,  review->conclusion_json,
                     review->concluded_by, review->conclusion_document_id, review->correction_document_id,
                     review->served_by,    review->suit_json};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(review);
}

static KcSealedPlace
place_of(const KcReviewRow *review, const char *column)
{
    return (KcSealedPlace){.case_id = review->case_id, .table = "reviews", .column = column, .row_id = review->id};
}

static gpointer
read_review(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcReviewRow) review = g_new0(KcReviewRow, 1);
    review->id = kc_take_text(query);
    review->case_id = kc_take_text(query);
    review->party_id = kc_take_text(query);
    review->document_id = kc_take_text(query);
    g_autoptr(GBytes) request = kc_take_bytes(query);
    review->asked_us = kc_take_int(query);
    review->forwarded_us = kc_take_int(query);
    review->forwarded_by = kc_take_text(query);
    review->packet_object_id = kc_take_text(query);
    review->withdrawn_us = kc_take_int(query);
    review->outcome = kc_take_text(query);
    g_autoptr(GBytes) conclusion = kc_take_bytes(query);
    review->concluded_us = kc_take_int(query);
    review->concluded_by = kc_take_text(query);
    review->conclusion_document_id = kc_take_text(query);
    review->correction_document_id = kc_take_text(query);
    review->served_us = kc_take_int(query);
    review->served_by = kc_take_text(query);
    review->suit_us = kc_take_int(query);
    g_autoptr(GBytes) suit = kc_take_bytes(query);
    if (!kc_open_text(tx, place_of(review, "request"), request, &review->request_json, error) ||
        !kc_open_text(tx, place_of(review, "conclusion"), conclusion, &review->conclusion_json, error) ||
        !kc_open_text(tx, place_of(review, "suit"), suit, &review->suit_json, error))
        return NULL;
    return g_steal_pointer(&review);
}

gboolean
kc_review_store_insert(KcTx *tx, const KcReviewRow *review, GError **error)
{
    g_autoptr(GBytes) request = NULL;
    if (!kc_seal_text(tx, place_of(review, "request"), review->request_json, &request, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO reviews (id, case_id, party_id, document_id, sealed_request, "
                                            "asked_us) VALUES (?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, review->id);
    kc_bind_text(query, review->case_id);
    kc_bind_text(query, review->party_id);
    kc_bind_text(query, review->document_id);
    kc_bind_bytes(query, request);
    kc_bind_int(query, review->asked_us);
    return kc_query_run(query, NULL, error) && kc_search_index_review(tx, review, error);
}

/* The row was read in this same transaction, so it is there. */
static gboolean
step(KcQuery *query, const KcReviewRow *review, GError **error)
{
    kc_bind_text(query, review->id);
    return kc_query_update(query, error) == KC_UPDATE_DONE;
}

gboolean
kc_review_store_forward(KcTx *tx, const KcReviewRow *review, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "UPDATE reviews SET forwarded_us = ?, forwarded_by = ?, packet_object_id = ? WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, review->forwarded_us);
    kc_bind_text(query, review->forwarded_by);
    kc_bind_text(query, review->packet_object_id);
    return step(query, review, error);
}

gboolean
kc_review_store_withdraw(KcTx *tx, const KcReviewRow *review, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "UPDATE reviews SET withdrawn_us = ? WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, review->withdrawn_us);
    return step(query, review, error) && kc_search_set(tx, review->case_id, KC_SEARCH_REVIEW, "withdrawn", error);
}

gboolean
kc_review_store_conclude(KcTx *tx, const KcReviewRow *review, GError **error)
{
    g_autoptr(GBytes) conclusion = NULL;
    if (!kc_seal_text(tx, place_of(review, "conclusion"), review->conclusion_json, &conclusion, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "UPDATE reviews SET outcome = ?, sealed_conclusion = ?, concluded_us = ?, concluded_by = ?, "
                     "conclusion_document_id = ?, correction_document_id = ? WHERE id = ?",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, review->outcome);
    kc_bind_bytes(query, conclusion);
    kc_bind_int(query, review->concluded_us);
    kc_bind_text(query, review->concluded_by);
    kc_bind_text(query, review->conclusion_document_id);
    kc_bind_text(query, review->correction_document_id);
    return step(query, review, error) &&
           kc_search_set(tx, review->case_id, KC_SEARCH_REVIEW, review->outcome, error) &&
           kc_search_index_json(tx, review->case_id, "review_conclusion", review->conclusion_json, error);
}

gboolean
kc_review_store_serve(KcTx *tx, const KcReviewRow *review, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE reviews SET served_us = ?, served_by = ? WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, review->served_us);
    kc_bind_text(query, review->served_by);
    return step(query, review, error);
}

gboolean
kc_review_store_note_suit(KcTx *tx, const KcReviewRow *review, GError **error)
{
    g_autoptr(GBytes) suit = NULL;
    if (!kc_seal_text(tx, place_of(review, "suit"), review->suit_json, &suit, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE reviews SET suit_us = ?, sealed_suit = ? WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, review->suit_us);
    kc_bind_bytes(query, suit);
    return step(query, review, error);
}

gboolean
kc_review_store_get(KcTx *tx, const char *case_id, KcReviewRow **ret_review, GError **error)
{
    *ret_review = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " COLUMNS " FROM reviews WHERE case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_one(tx, query, read_review, (gpointer *)ret_review, error);
}

GPtrArray *
kc_review_store_list(KcTx *tx, gboolean all, guint limit, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT " COLUMNS " FROM reviews WHERE ?1 OR (served_us = 0 AND "
                                            "withdrawn_us = 0) ORDER BY asked_us, id LIMIT ?2",
                                            error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, all);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_review, (GDestroyNotify)kc_review_row_free, error);
}

/* ---- documents that no longer count ---- */

void
kc_revocation_free(KcRevocation *revocation)
{
    if (revocation == NULL)
        return;
    g_free(revocation->document_id);
    g_free(revocation->replaced_by);
    g_free(revocation);
}

static gpointer
read_revocation(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcRevocation *revocation = g_new0(KcRevocation, 1);
    revocation->document_id = kc_take_text(query);
    revocation->replaced_by = kc_take_text(query);
    revocation->at_us = kc_take_int(query);
    return revocation;
}

gboolean
kc_revocation_store_insert(KcTx *tx, const KcRevocation *revocation, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO document_revocations (document_id, replaced_by, at_us) VALUES (?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, revocation->document_id);
    kc_bind_text(query, revocation->replaced_by);
    kc_bind_int(query, revocation->at_us);
    return kc_query_run(query, NULL, error);
}

GPtrArray *
kc_revocation_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT r.document_id, r.replaced_by, r.at_us FROM document_revocations r "
                                            "JOIN documents d ON d.id = r.document_id WHERE d.case_id = ?",
                                            error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_revocation, (GDestroyNotify)kc_revocation_free, error);
}
