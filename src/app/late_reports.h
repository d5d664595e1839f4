/* Reports that were made after the scene was cleared (Order 146, art. 18): recorded at once, accepted or not within the
 * limit that schema/rules/deadlines.json sets. An officer who takes such a case has accepted it. */
#pragma once

#include "src/app/cases.h"

typedef struct {
    gboolean accepted;
    const char *ground; /* "unproven", "not_ours"; NULL of an accepted one */
    const char *reason; /* in words, for the party; may be NULL of an accepted one */
} KcDecideReport;

/* CONFLICT "not-late" for another report, "report-decided" for a second time; INVALID without a ground and a reason to
 * decline. A declined case is closed, and its party's page says why. */
gboolean kc_app_decide_report(KcApp *app, const KcPrincipal *who, const char *case_id, const KcDecideReport *request,
                              KcCaseView **ret_case, KcResult *result, GError **error);

/* Those that wait for a decision, the oldest first; of KcCaseView (with its deadlines). */
gboolean kc_app_list_late_reports(KcApp *app, const KcPrincipal *who, GPtrArray **ret_cases, KcResult *result,
                                  GError **error);
