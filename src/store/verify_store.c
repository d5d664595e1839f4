#include "src/store/verify_store.h"
#include "src/store/sql.h"

void
kc_verified_free(KcVerified *verified)
{
    if (verified == NULL)
        return;
    g_free(verified->number);
    g_free(verified->kind);
    g_free(verified->matched);
    g_free(verified->proposal);
    g_free(verified->replaced_by);
    g_free(verified->corrected_by);
    g_free(verified);
}

static gpointer
read_verified(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcVerified *verified = g_new0(KcVerified, 1);
    verified->number = kc_take_text(query);
    verified->kind = kc_take_text(query);
    verified->matched = kc_take_text(query);
    verified->proposal = kc_take_text(query);
    verified->replaced_by = kc_take_text(query);
    verified->corrected_by = kc_take_text(query);
    verified->issued_us = kc_take_int(query);
    verified->copied_us = kc_take_int(query);
    verified->revoked_us = kc_take_int(query);
    verified->withdrawn_us = kc_take_int(query);
    verified->corrected_us = kc_take_int(query);
    return verified;
}

/* A correction belongs to the document that the case's review was of. */
gboolean
kc_verify_store_find(KcTx *tx, const char *sha256, KcVerified **ret_verified, GError **error)
{
    *ret_verified = NULL;
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "WITH found (id, matched, copied_us) AS ("
        "SELECT id, 'text', NULL FROM documents WHERE sha256 = ?1 UNION ALL "
        "SELECT id, 'original', NULL FROM documents WHERE pdf_sha256 = ?1 UNION ALL "
        "SELECT document_id, 'copy', made_us FROM document_copies WHERE sha256 = ?1) "
        "SELECT d.number, d.kind, f.matched, p.status, n.number, c.number, d.issued_us, f.copied_us, r.at_us, "
        "CASE p.status WHEN 'withdrawn' THEN p.ended_us END, c.issued_us "
        "FROM found f JOIN documents d ON d.id = f.id "
        "LEFT JOIN proposals p ON p.document_id = d.id "
        "LEFT JOIN document_revocations r ON r.document_id = d.id LEFT JOIN documents n ON n.id = r.replaced_by "
        "LEFT JOIN reviews v ON v.document_id = d.id "
        "LEFT JOIN documents c ON c.case_id = v.case_id AND c.kind = 'correction' "
        "ORDER BY d.issued_us DESC, d.id DESC LIMIT 1",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, sha256);
    return kc_query_one(tx, query, read_verified, (gpointer *)ret_verified, error);
}

gboolean
kc_verify_store_add_copy(KcTx *tx, const char *sha256, const char *document_id, gint64 now_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO document_copies (sha256, document_id, made_us) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, sha256);
    kc_bind_text(query, document_id);
    kc_bind_int(query, now_us);
    return kc_query_run(query, NULL, error);
}
