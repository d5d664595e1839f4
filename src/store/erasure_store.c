/* Invariant: the row of the case changes first, since only then may what hangs on it be deleted (triggers of the
 * schema). */
#include "src/store/erasure_store.h"
#include "src/store/sealed.h"
#include "src/store/search_store.h"
#include "src/store/sql.h"

const char *const kc_erasure_deleted[] = {
    "recordings",   "capabilities", "determinations",    "approvals",  "agreements", "proposals",
    "services",     "pauses",       "document_openings", "signatures", "reviews",    "document_revocations",
    "late_reports", "recusals",     "document_copies",   "documents",  "events",     "consent_entries",
    "compositions", "messages",     "objects",           "guests",     "parties",    NULL};
const char *const kc_erasure_kept[] = {
    "audit_log", "cases",       "draws",        "file_removals", "holds",        "key_destructions", "case_accesses",
    "findings",  "case_scores", "sample_cases", "offers",        "report_cases", "case_search",
    "blind_looks", NULL};

/* In this order, children first; ?1 is the case. */
static const char *const STEPS[] = {
    ("INSERT OR IGNORE INTO file_removals (path, case_id) SELECT path, case_id FROM objects WHERE case_id = ?1 AND "
     "erased_us = 0"),
    "INSERT OR IGNORE INTO key_destructions (leaf, case_id) SELECT key_slot, id FROM cases WHERE id = ?1",
    "INSERT OR IGNORE INTO key_destructions (leaf, case_id) SELECT key_slot | (1 << 30), id FROM cases WHERE id = ?1",
    "DELETE FROM idempotency WHERE scope IN (SELECT 'party:' || id FROM parties WHERE case_id = ?1)",
    "DELETE FROM recordings WHERE object_id IN (SELECT id FROM objects WHERE case_id = ?1)",
    "DELETE FROM capabilities WHERE case_id = ?1",
    "DELETE FROM determinations WHERE case_id = ?1",
    "DELETE FROM approvals WHERE case_id = ?1",
    "DELETE FROM agreements WHERE case_id = ?1",
    "DELETE FROM proposals WHERE case_id = ?1",
    "DELETE FROM services WHERE case_id = ?1",
    "DELETE FROM pauses WHERE case_id = ?1",
    "DELETE FROM document_openings WHERE case_id = ?1",
    "DELETE FROM signatures WHERE case_id = ?1",
    "DELETE FROM reviews WHERE case_id = ?1",
    "DELETE FROM document_revocations WHERE document_id IN (SELECT id FROM documents WHERE case_id = ?1)",
    "DELETE FROM late_reports WHERE case_id = ?1",
    "DELETE FROM recusals WHERE case_id = ?1",
    "DELETE FROM document_copies WHERE document_id IN (SELECT id FROM documents WHERE case_id = ?1)",
    "DELETE FROM documents WHERE case_id = ?1",
    "DELETE FROM events WHERE case_id = ?1",
    "DELETE FROM consent_entries WHERE case_id = ?1",
    "DELETE FROM compositions WHERE case_id = ?1",
    "DELETE FROM messages WHERE case_id = ?1",
    "DELETE FROM objects WHERE case_id = ?1",
    "DELETE FROM guests WHERE case_id = ?1",
    "DELETE FROM parties WHERE case_id = ?1",
    "UPDATE holds SET sealed_words = NULL WHERE case_id = ?1",
    "UPDATE case_accesses SET sealed_note = NULL WHERE case_id = ?1",
    "UPDATE findings SET sealed_text = NULL, sealed_answer = NULL, sealed_closing = NULL WHERE case_id = ?1",
    /* Nobody can look any more; what both said are codes, and stay. */
    "UPDATE blind_looks SET sealed_words = NULL, outcome = coalesce(outcome, 'given_back'), ended_us = CASE ended_us "
    "WHEN 0 THEN (SELECT erased_us FROM cases WHERE id = ?1) ELSE ended_us END WHERE case_id = ?1",
};

static gboolean
run_step(KcTx *tx, const char *sql, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

/* A derivative that is being made is stopped as its file goes (app/compose_queue.h). */
static gboolean
has_no_live_object(KcTx *tx, const char *case_id, GError **error)
{
    gint64 live = 0;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT count(*) FROM objects WHERE case_id = ? AND status = 'live' AND derived = 0", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    if (!kc_query_number(query, &live, error))
        return FALSE;
    if (live > 0)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED, "something of case %s is still being written",
                    case_id);
    return live == 0;
}

static gboolean
mark_case(KcTx *tx, const KcErasure *erasure, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "UPDATE cases SET wrapped_key = NULL, wrapped_recordings_key = NULL, sealed_facts = NULL, "
                     "triage_json = '{}', eligibility_json = '{}', alarm_number = NULL, erased_us = ?1, "
                     "erased_by_rule = ?2, erased_basis = ?3, updated_us = ?1, version = version + 1 "
                     "WHERE id = ?4 AND erased_us = 0",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, erasure->at_us);
    kc_bind_text(query, erasure->rule);
    kc_bind_text(query, erasure->basis);
    kc_bind_text(query, erasure->case_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_erasure_store_case(KcTx *tx, const KcErasure *erasure, GError **error)
{
    if (!has_no_live_object(tx, erasure->case_id, error) || !mark_case(tx, erasure, error) ||
        !kc_search_forget(tx, erasure->case_id, error))
        return FALSE;
    kc_sealed_forget(tx);
    for (guint i = 0; i < G_N_ELEMENTS(STEPS); i++)
        if (!run_step(tx, STEPS[i], erasure->case_id, error))
            return FALSE;
    return TRUE;
}

/* ---- Recordings ---- */

static gboolean
mark_recordings(KcTx *tx, const KcErasure *erasure, gint64 *ret_objects, GError **error)
{
    g_autoptr(KcQuery) objects =
        kc_query_new(tx,
                     "UPDATE objects SET erased_us = ?1, erased_by_rule = ?2, sealed_meta = NULL "
                     "WHERE case_id = ?3 AND kind = 'recording' AND erased_us = 0",
                     error);
    g_autoptr(KcQuery) row = kc_query_new(
        tx, "UPDATE cases SET wrapped_recordings_key = NULL, recordings_erased_us = ? WHERE id = ?", error);
    if (objects == NULL || row == NULL)
        return FALSE;
    kc_bind_int(objects, erasure->at_us);
    kc_bind_text(objects, erasure->rule);
    kc_bind_text(objects, erasure->case_id);
    kc_bind_int(row, erasure->at_us);
    kc_bind_text(row, erasure->case_id);
    return kc_query_run(objects, ret_objects, error) && kc_query_run(row, NULL, error);
}

gboolean
kc_erasure_store_recordings(KcTx *tx, const KcErasure *erasure, gint64 *ret_objects, gboolean *ret_copies_remain,
                            GError **error)
{
    gint64 earlier = 0;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT count(*) FROM objects WHERE case_id = ? AND kind = 'recording' AND erased_us = 0 AND key_class = 0",
        error);
    if (query == NULL || !has_no_live_object(tx, erasure->case_id, error))
        return FALSE;
    kc_bind_text(query, erasure->case_id);
    if (!kc_query_number(query, &earlier, error))
        return FALSE;
    *ret_copies_remain = earlier > 0;
    return run_step(tx,
                    "INSERT OR IGNORE INTO file_removals (path, case_id) SELECT path, case_id FROM objects "
                    "WHERE case_id = ?1 AND kind = 'recording' AND erased_us = 0",
                    erasure->case_id, error) &&
           run_step(tx,
                    "INSERT OR IGNORE INTO key_destructions (leaf, case_id) SELECT key_slot | (1 << 30), id FROM cases "
                    "WHERE id = ?1 AND wrapped_recordings_key IS NOT NULL",
                    erasure->case_id, error) &&
           mark_recordings(tx, erasure, ret_objects, error);
}

/* ---- One derivative ---- */

static gboolean
mark_derivative(KcTx *tx, const char *object_id, gint64 at_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE objects SET erased_us = ?, erased_by_rule = 'removed', sealed_meta = NULL "
                                            "WHERE id = ? AND derived = 1 AND erased_us = 0",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, at_us);
    kc_bind_text(query, object_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_erasure_store_derivative(KcTx *tx, const char *object_id, gint64 at_us, GError **error)
{
    return run_step(tx,
                    "INSERT OR IGNORE INTO file_removals (path, case_id) SELECT path, case_id FROM objects "
                    "WHERE id = ?1 AND derived = 1 AND erased_us = 0",
                    object_id, error) &&
           mark_derivative(tx, object_id, at_us, error);
}
