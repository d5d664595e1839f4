#include "src/store/service_store.h"
#include "src/store/sealed.h"

#define COLUMNS                                                                                                        \
    "id, case_id, document_id, party_id, way, delivery, sha256, pdf_sha256, served_us, recorded_us, recorded_by, "     \
    "sealed_note"

void
kc_service_free(KcService *service)
{
    if (service == NULL)
        return;
    char *texts[] = {service->id,       service->case_id, service->document_id, service->party_id,    service->way,
                     service->delivery, service->sha256,  service->pdf_sha256,  service->recorded_by, service->note};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(service);
}

static KcSealedPlace
place_of(const KcService *service)
{
    return (KcSealedPlace){.case_id = service->case_id, .table = "services", .column = "note", .row_id = service->id};
}

static gpointer
read_service(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcService) service = g_new0(KcService, 1);
    service->id = kc_take_text(query);
    service->case_id = kc_take_text(query);
    service->document_id = kc_take_text(query);
    service->party_id = kc_take_text(query);
    service->way = kc_take_text(query);
    service->delivery = kc_take_text(query);
    service->sha256 = kc_take_text(query);
    service->pdf_sha256 = kc_take_text(query);
    service->served_us = kc_take_int(query);
    service->recorded_us = kc_take_int(query);
    service->recorded_by = kc_take_text(query);
    g_autoptr(GBytes) note = kc_take_bytes(query);
    if (!kc_open_text(tx, place_of(service), note, &service->note, error))
        return NULL;
    return g_steal_pointer(&service);
}

gboolean
kc_service_store_insert(KcTx *tx, const KcService *service, GError **error)
{
    g_autoptr(GBytes) note = NULL;
    if (!kc_seal_text(tx, place_of(service), service->note, &note, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO services (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, service->id);
    kc_bind_text(query, service->case_id);
    kc_bind_text(query, service->document_id);
    kc_bind_text(query, service->party_id);
    kc_bind_text(query, service->way);
    kc_bind_text(query, service->delivery);
    kc_bind_text(query, service->sha256);
    kc_bind_text(query, service->pdf_sha256);
    kc_bind_int(query, service->served_us);
    kc_bind_int(query, service->recorded_us);
    kc_bind_text(query, service->recorded_by);
    kc_bind_bytes(query, note);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_service_store_get(KcTx *tx, const char *document_id, const char *party_id, KcService **ret_service, GError **error)
{
    *ret_service = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " COLUMNS " FROM services WHERE document_id = ? AND party_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, document_id);
    kc_bind_text(query, party_id);
    return kc_query_one(tx, query, read_service, (gpointer *)ret_service, error);
}

GPtrArray *
kc_service_store_list(KcTx *tx, const char *case_id, const char *document_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT " COLUMNS " FROM services WHERE case_id = ?1 AND "
                                            "(?2 IS NULL OR document_id = ?2) ORDER BY served_us, id",
                                            error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    kc_bind_text(query, document_id);
    return kc_query_all(tx, query, read_service, (GDestroyNotify)kc_service_free, error);
}

/* ---- Openings ---- */

void
kc_opening_free(KcOpening *opening)
{
    if (opening == NULL)
        return;
    g_free(opening->document_id);
    g_free(opening->party_id);
    g_free(opening->case_id);
    g_free(opening->sha256);
    g_free(opening);
}

static gpointer
read_opening(KcTx *tx, KcQuery *query, GError **error)
{
    KcOpening *opening = g_new0(KcOpening, 1);
    opening->document_id = kc_take_text(query);
    opening->party_id = kc_take_text(query);
    opening->case_id = kc_take_text(query);
    opening->sha256 = kc_take_text(query);
    opening->opened_us = kc_take_int(query);
    return opening;
}

gboolean
kc_opening_store_add(KcTx *tx, const KcOpening *opening, gboolean *ret_first, GError **error)
{
    gint64 changes = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO document_openings (document_id, party_id, case_id, sha256, "
                                            "opened_us) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, opening->document_id);
    kc_bind_text(query, opening->party_id);
    kc_bind_text(query, opening->case_id);
    kc_bind_text(query, opening->sha256);
    kc_bind_int(query, opening->opened_us);
    if (!kc_query_run(query, &changes, error))
        return FALSE;
    *ret_first = changes > 0;
    return TRUE;
}

gboolean
kc_opening_store_get(KcTx *tx, const char *document_id, const char *party_id, KcOpening **ret_opening, GError **error)
{
    *ret_opening = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT document_id, party_id, case_id, sha256, opened_us FROM "
                                            "document_openings WHERE document_id = ? AND party_id = ?",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, document_id);
    kc_bind_text(query, party_id);
    return kc_query_one(tx, query, read_opening, (gpointer *)ret_opening, error);
}
