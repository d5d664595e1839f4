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

/* What was last put, issued or not. */
typedef struct {
    KcDeterminationRow *row;
    KcDetermination *determination;
} KcDraft;
void kc_draft_clear(KcDraft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcDraft, kc_draft_clear)

/* All of `ret_draft` stays NULL if there is none yet. */
gboolean kc_app_load_draft(KcTx *tx, const char *case_id, KcDraft *ret_draft, GError **error);
/* Only if it is complete and not issued: else INVALID or CONFLICT "issued". */
gboolean kc_app_load_complete_draft(KcApp *app, KcTx *tx, const KcCaseRow *row, KcDraft *ret_draft, KcResult *result,
                                    GError **error);
