/* What a draft must fulfil besides the rules: its parties and its evidence are those of the case. Included by src/app
 * alone. */
#pragma once

#include "src/app/internal.h"
#include "src/store/determination_store.h"

/* What is missing for an issue (of KcFinding, owned). NULL: refused for a contradiction, or an error. */
GPtrArray *kc_app_check_draft(KcApp *app, KcTx *tx, const KcCaseRow *row, const KcDetermination *draft,
                              KcResult *result, GError **error);
/* Refuses with these findings as field errors. */
gboolean kc_app_refuse_findings(const GPtrArray *findings, KcResult *result);
