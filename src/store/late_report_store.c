#include "src/store/late_report_store.h"
#include "src/store/sealed.h"
#include "src/store/search_texts.h"

void
kc_late_report_free(KcLateReport *report)
{
    if (report == NULL)
        return;
    g_free(report->case_id);
    g_free(report->ground);
    g_free(report->reason);
    g_free(report->decided_by);
    g_free(report);
}

static KcSealedPlace
place_of(const char *case_id)
{
    return (KcSealedPlace){.case_id = case_id, .table = "late_reports", .column = "reason", .row_id = case_id};
}

gboolean
kc_late_report_store_insert(KcTx *tx, const KcLateReport *report, GError **error)
{
    g_autoptr(GBytes) reason = NULL;
    if (!kc_seal_text(tx, place_of(report->case_id), report->reason, &reason, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO late_reports (case_id, accepted, ground, sealed_reason, "
                                            "decided_by, decided_us) VALUES (?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, report->case_id);
    kc_bind_int(query, report->accepted);
    kc_bind_text(query, report->ground);
    kc_bind_bytes(query, reason);
    kc_bind_text(query, report->decided_by);
    kc_bind_int(query, report->decided_us);
    return kc_query_run(query, NULL, error) && kc_search_index_late_report(tx, report, error);
}

static gpointer
read_report(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcLateReport) report = g_new0(KcLateReport, 1);
    report->case_id = kc_take_text(query);
    report->accepted = kc_take_int(query) != 0;
    report->ground = kc_take_text(query);
    g_autoptr(GBytes) reason = kc_take_bytes(query);
    report->decided_by = kc_take_text(query);
    report->decided_us = kc_take_int(query);
    if (!kc_open_text(tx, place_of(report->case_id), reason, &report->reason, error))
        return NULL;
    return g_steal_pointer(&report);
}

gboolean
kc_late_report_store_get(KcTx *tx, const char *case_id, KcLateReport **ret_report, GError **error)
{
    *ret_report = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT case_id, accepted, ground, sealed_reason, decided_by, decided_us "
                                            "FROM late_reports WHERE case_id = ?",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_one(tx, query, read_report, (gpointer *)ret_report, error);
}

GPtrArray *
kc_late_report_store_list_open(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT c.id FROM cases c LEFT JOIN late_reports l ON l.case_id = c.id "
                     "WHERE json_extract(c.triage_json, '$.late_report') = 1 AND l.case_id IS NULL "
                     "AND c.claimed_us = 0 AND c.state IN ('triaged', 'waiting', 'abandoned') "
                     "ORDER BY c.created_us, c.id",
                     error);
    return query == NULL ? NULL : kc_query_all(tx, query, kc_read_text, g_free, error);
}
