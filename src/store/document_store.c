#include "src/store/document_store.h"
#include "src/store/sealed.h"
#include "src/store/search_texts.h"

#include <string.h>

#define DOCUMENT_COLUMNS                                                                                               \
    "id, case_id, kind, number, sealed_text, sha256, sealed_content, issued_by, issued_by_party, issued_us, "          \
    "pdf_object_id, pdf_sha256"
#define SELECT_DOCUMENTS                                                                                               \
    "SELECT d.id, d.case_id, kind, number, sealed_text, sha256, sealed_content, issued_by, issued_by_party, "          \
    "issued_us, pdf_object_id, pdf_sha256, p.status, p.reason, p.ended_us, "                                            \
    "(SELECT rules_number FROM cases c WHERE c.id = d.case_id) "                                                       \
    "FROM documents d LEFT JOIN proposals p ON p.document_id = d.id "
#define SIGNATURE_COLUMNS                                                                                              \
    "id, case_id, document_id, party_id, decision, sealed_statement, object_id, document_sha256, recorded_by, "        \
    "signed_us, pdf_sha256, refused_what"

static KcSealedPlace
place_of(const char *case_id, const char *table, const char *column, const char *id)
{
    return (KcSealedPlace){.case_id = case_id, .table = table, .column = column, .row_id = id};
}

/* ---- Documents ---- */

void
kc_document_row_free(KcDocumentRow *document)
{
    if (document == NULL)
        return;
    g_free(document->id);
    g_free(document->case_id);
    g_free(document->kind);
    g_free(document->number);
    g_free(document->text);
    g_free(document->sha256);
    g_free(document->content_json);
    g_free(document->issued_by);
    g_free(document->issued_by_party);
    g_free(document->proposal);
    g_free(document->proposal_reason);
    g_free(document->pdf_object_id);
    g_free(document->pdf_sha256);
    g_free(document);
}

static gpointer
read_document(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcDocumentRow) document = g_new0(KcDocumentRow, 1);
    document->id = kc_take_text(query);
    document->case_id = kc_take_text(query);
    document->kind = kc_take_text(query);
    document->number = kc_take_text(query);
    g_autoptr(GBytes) text = kc_take_bytes(query);
    document->sha256 = kc_take_text(query);
    g_autoptr(GBytes) content = kc_take_bytes(query);
    document->issued_by = kc_take_text(query);
    document->issued_by_party = kc_take_text(query);
    document->issued_us = kc_take_int(query);
    document->pdf_object_id = kc_take_text(query);
    document->pdf_sha256 = kc_take_text(query);
    document->proposal = kc_take_text(query);
    document->proposal_reason = kc_take_text(query);
    document->proposal_ended_us = kc_take_int(query);
    document->rules_number = kc_take_int(query);
    if (!kc_open_text(tx, place_of(document->case_id, "documents", "text", document->id), text, &document->text,
                      error) ||
        !kc_open_text(tx, place_of(document->case_id, "documents", "content", document->id), content,
                      &document->content_json, error))
        return NULL;
    return g_steal_pointer(&document);
}

gboolean
kc_document_store_insert(KcTx *tx, const KcDocumentRow *document, GError **error)
{
    g_autoptr(GBytes) text = NULL;
    g_autoptr(GBytes) content = NULL;
    if (!kc_seal_text(tx, place_of(document->case_id, "documents", "text", document->id), document->text, &text,
                      error) ||
        !kc_seal_text(tx, place_of(document->case_id, "documents", "content", document->id), document->content_json,
                      &content, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO documents (" DOCUMENT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, document->id);
    kc_bind_text(query, document->case_id);
    kc_bind_text(query, document->kind);
    kc_bind_text(query, document->number);
    kc_bind_bytes(query, text);
    kc_bind_text(query, document->sha256);
    kc_bind_bytes(query, content);
    kc_bind_text(query, document->issued_by);
    kc_bind_text(query, document->issued_by_party);
    kc_bind_int(query, document->issued_us);
    kc_bind_text(query, document->pdf_object_id);
    kc_bind_text(query, document->pdf_sha256);
    return kc_query_run(query, NULL, error) && kc_search_index_document(tx, document, error);
}

gboolean
kc_document_store_get(KcTx *tx, const char *id, KcDocumentRow **ret_document, GError **error)
{
    *ret_document = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT_DOCUMENTS "WHERE d.id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_document, (gpointer *)ret_document, error);
}

GPtrArray *
kc_document_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, SELECT_DOCUMENTS "WHERE d.case_id = ? ORDER BY issued_us, d.id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_document, (GDestroyNotify)kc_document_row_free, error);
}

KcDocumentRow *
kc_document_rows_standing(const GPtrArray *documents)
{
    for (guint i = documents->len; i > 0; i--) {
        KcDocumentRow *document = documents->pdata[i - 1];
        gboolean of_review =
            strcmp(document->kind, "review_conclusion") == 0 || strcmp(document->kind, "correction") == 0;
        if (!of_review && g_strcmp0(document->proposal, "withdrawn") != 0)
            return document;
    }
    return NULL;
}

KcDocumentRow *
kc_document_rows_proposed(const GPtrArray *documents)
{
    for (guint i = documents->len; i > 0; i--) {
        KcDocumentRow *document = documents->pdata[i - 1];
        if (g_strcmp0(document->proposal, "open") == 0)
            return document;
    }
    return NULL;
}

/* ---- Signatures ---- */

void
kc_signature_free(KcSignature *signature)
{
    if (signature == NULL)
        return;
    g_free(signature->id);
    g_free(signature->case_id);
    g_free(signature->document_id);
    g_free(signature->party_id);
    g_free(signature->decision);
    g_free(signature->statement);
    g_free(signature->object_id);
    g_free(signature->document_sha256);
    g_free(signature->pdf_sha256);
    g_free(signature->recorded_by);
    g_free(signature->refused_what);
    g_free(signature);
}

static gpointer
read_signature(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcSignature) signature = g_new0(KcSignature, 1);
    signature->id = kc_take_text(query);
    signature->case_id = kc_take_text(query);
    signature->document_id = kc_take_text(query);
    signature->party_id = kc_take_text(query);
    signature->decision = kc_take_text(query);
    g_autoptr(GBytes) statement = kc_take_bytes(query);
    signature->object_id = kc_take_text(query);
    signature->document_sha256 = kc_take_text(query);
    signature->recorded_by = kc_take_text(query);
    signature->signed_us = kc_take_int(query);
    signature->pdf_sha256 = kc_take_text(query);
    signature->refused_what = kc_take_text(query);
    if (!kc_open_text(tx, place_of(signature->case_id, "signatures", "statement", signature->id), statement,
                      &signature->statement, error))
        return NULL;
    return g_steal_pointer(&signature);
}

gboolean
kc_signature_store_insert(KcTx *tx, const KcSignature *signature, GError **error)
{
    g_autoptr(GBytes) statement = NULL;
    if (!kc_seal_text(tx, place_of(signature->case_id, "signatures", "statement", signature->id), signature->statement,
                      &statement, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO signatures (" SIGNATURE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, signature->id);
    kc_bind_text(query, signature->case_id);
    kc_bind_text(query, signature->document_id);
    kc_bind_text(query, signature->party_id);
    kc_bind_text(query, signature->decision);
    kc_bind_bytes(query, statement);
    kc_bind_text(query, signature->object_id);
    kc_bind_text(query, signature->document_sha256);
    kc_bind_text(query, signature->recorded_by);
    kc_bind_int(query, signature->signed_us);
    kc_bind_text(query, signature->pdf_sha256);
    kc_bind_text(query, signature->refused_what);
    return kc_query_run(query, NULL, error) && kc_search_index_signature(tx, signature, error);
}

GPtrArray *
kc_signature_store_list(KcTx *tx, const char *case_id, const char *document_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT " SIGNATURE_COLUMNS " FROM signatures WHERE case_id = ?1 AND "
                                            "(?2 IS NULL OR document_id = ?2) ORDER BY signed_us, id",
                                            error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    kc_bind_text(query, document_id);
    return kc_query_all(tx, query, read_signature, (GDestroyNotify)kc_signature_free, error);
}
