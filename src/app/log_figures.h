/* What reports count (domain/report_case.h) and nothing but an entry of the log may tell, since it is sealed elsewhere
 * or changes later: codes and numbers, never what somebody said. Included by src/app alone. */
#pragma once

#include "src/app/internal.h"
#include "src/rules/files.h"

/* "accident_form" and "scenarios" (of all parties, each once, in order) of what a document says. */
void kc_app_log_accident(json_t *entry, const KcDetermination *accident);

/* "gaps" and "gap_ms" of a recording; `gaps_json`: [[from_ms, to_ms], …]. */
void kc_app_log_gaps(json_t *entry, const char *gaps_json);

/* "shots_asked" and "shots_taken": of the required items of the case's shot list, as it is now. */
void kc_app_log_shots(json_t *entry, const KcShotListView *list);
gboolean kc_app_log_shots_of(KcApp *app, KcTx *tx, const KcCaseRow *row, json_t *entry, GError **error);

/* "targets_s" of a set of rules: {"answer", "clear", "close"}. */
void kc_app_log_targets(json_t *entry, const KcRuleFiles *files);
