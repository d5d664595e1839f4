/* A draft of the parties' agreement as it stands, and the proposal that was made of it. Included by src/app alone. */
#pragma once

#include "src/app/agreements.h"
#include "src/app/internal.h"
#include "src/store/agreement_store.h"

/* Why the parties may not settle this case themselves; no grounds: they may. Owned. */
KcEligibility *kc_app_settlement(const KcApp *app, const KcCaseRow *row);
/* CONFLICT "not-settleable" with the grounds. */
gboolean kc_app_check_settlement(const KcApp *app, const KcCaseRow *row, KcResult *result);

/* Makes what is said of each party what `parties` (KcParty) say, and takes in who is not there yet. */
void kc_app_fill_agreement(const KcApp *app, const KcCaseRow *row, KcAgreement *agreement, const GPtrArray *parties);
/* The draft as it stands now, begun from the case if there is none yet. `ret_updated_us` may be NULL; 0: never. */
gboolean kc_app_load_agreement(const KcApp *app, KcTx *tx, const KcCaseRow *row, const GPtrArray *parties,
                               KcAgreement **ret_agreement, gint64 *ret_updated_us, GError **error);
/* Every finding. Owned, of KcFinding. */
GPtrArray *kc_app_check_agreement(const KcApp *app, const KcCaseRow *row, const KcAgreement *agreement);

/* ---- proposal.c ---- */

/* The open proposal of a case, if there is one, is withdrawn: "refused", "objected", "determination", "on_scene". */
gboolean kc_app_withdraw_proposal(KcTx *tx, const KcPrincipal *who, const char *case_id, const char *reason,
                                  gint64 now_us, GError **error);
/* The same for "changed", if the draft now says something else than the proposal. */
gboolean kc_app_withdraw_changed(const KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row,
                                 gint64 now_us, GError **error);
/* CONFLICT "withdrawn" if that proposal was, saying what has changed since, or why. */
gboolean kc_app_check_proposal(const KcApp *app, KcTx *tx, const KcCaseRow *row, const KcDocumentRow *document,
                               KcResult *result, GError **error);
/* All have signed: the case is agreed and served, and closed where no officer has it. Not yet saved. */
gboolean kc_app_settle(const KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, const char *document_id,
                       gint64 now_us, KcResult *result, GError **error);
