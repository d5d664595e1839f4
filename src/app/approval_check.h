/* What the use cases of a determination ask about its approval. Included by src/app alone. */
#pragma once

#include "src/app/internal.h"
#include "src/domain/approval.h"
#include "src/store/approval_store.h"
#include "src/store/determination_store.h"

/* Owned: names the draft by its text. */
char *kc_app_draft_sha256(const KcDeterminationRow *draft_row);

/* Of borrowed KcApprovalRule. */
GPtrArray *kc_app_approval_grounds(const KcApp *app, const KcCaseRow *row, const KcDetermination *draft);

/* CONFLICT "approval-needed", which says why, unless none is needed or this very draft has it. */
gboolean kc_app_check_approval(KcApp *app, KcTx *tx, const KcCaseRow *row, const KcDeterminationRow *draft_row,
                               const KcDetermination *draft, KcResult *result, GError **error);
