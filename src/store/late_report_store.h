/* Whether a report that came after the scene was cleared is accepted: one decision a case, never changed. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *case_id;
    gboolean accepted;
    char *ground; /* unproven not_ours; NULL of an accepted one */
    char *reason; /* sealed; may be NULL of an accepted one */
    char *decided_by;
    gint64 decided_us;
} KcLateReport;

void kc_late_report_free(KcLateReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcLateReport, kc_late_report_free)

/* KC_STORE_ERROR_CONFLICT: it is decided already. */
gboolean kc_late_report_store_insert(KcTx *tx, const KcLateReport *report, GError **error);
/* NULL in `*ret_report`: not decided. */
gboolean kc_late_report_store_get(KcTx *tx, const char *case_id, KcLateReport **ret_report, GError **error);
/* Ids (char *) of cases whose late report waits for a decision, the oldest first: nobody has taken them either. */
GPtrArray *kc_late_report_store_list_open(KcTx *tx, GError **error);
