#include "src/store/consent_store.h"
#include "src/store/sql.h"

#define SELECT                                                                                                         \
    "SELECT case_id, party_id, kind, at_us, CASE given WHEN 1 THEN 0 ELSE at_us END, recorded_by FROM "                \
    "consent_entries AS e "

void
kc_consent_free(KcConsent *consent)
{
    if (consent == NULL)
        return;
    g_free(consent->case_id);
    g_free(consent->party_id);
    g_free(consent->kind);
    g_free(consent->recorded_by);
    g_free(consent);
}

static gpointer
read_consent(KcTx *tx, KcQuery *query, GError **error)
{
    KcConsent *consent = g_new0(KcConsent, 1);
    consent->case_id = kc_take_text(query);
    consent->party_id = kc_take_text(query);
    consent->kind = kc_take_text(query);
    consent->at_us = kc_take_int(query);
    consent->withdrawn_us = kc_take_int(query);
    consent->recorded_by = kc_take_text(query);
    return consent;
}

static gboolean
insert(KcTx *tx, const char *sql, const KcConsent *consent, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, consent->case_id);
    kc_bind_text(query, consent->party_id);
    kc_bind_text(query, consent->kind);
    kc_bind_int(query, consent->withdrawn_us == 0);
    kc_bind_int(query, consent->at_us);
    kc_bind_text(query, consent->recorded_by);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_consent_store_add(KcTx *tx, const KcConsent *consent, GError **error)
{
    return insert(tx,
                  "INSERT INTO consent_entries (case_id, party_id, kind, given, at_us, recorded_by) "
                  "SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM consent_entries WHERE case_id = ?1 "
                  "AND party_id IS ?2 AND kind = ?3)",
                  consent, error);
}

gboolean
kc_consent_store_put(KcTx *tx, const KcConsent *consent, GError **error)
{
    return insert(tx,
                  "INSERT INTO consent_entries (case_id, party_id, kind, given, at_us, recorded_by) "
                  "VALUES (?, ?, ?, ?, ?, ?)",
                  consent, error);
}

GPtrArray *
kc_consent_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     SELECT "WHERE case_id = ? AND NOT EXISTS (SELECT 1 FROM consent_entries AS later WHERE "
                            "later.case_id = e.case_id AND later.party_id IS e.party_id AND later.kind = e.kind AND "
                            "later.id > e.id) ORDER BY id",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_consent, (GDestroyNotify)kc_consent_free, error);
}

GPtrArray *
kc_consent_store_history(KcTx *tx, const char *case_id, const char *party_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE case_id = ? AND party_id = ? ORDER BY id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    kc_bind_text(query, party_id);
    return kc_query_all(tx, query, read_consent, (GDestroyNotify)kc_consent_free, error);
}
