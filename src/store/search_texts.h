/* Private to src/store: which texts of which row a case is found by. */
#pragma once

#include "src/store/agreement_store.h"
#include "src/store/determination_store.h"
#include "src/store/document_store.h"
#include "src/store/late_report_store.h"
#include "src/store/message_store.h"
#include "src/store/party_store.h"
#include "src/store/review_store.h"
#include "src/store/search_index.h"

gboolean kc_search_index_party(KcTx *tx, const KcParty *party, GError **error);
/* `draft_json` NULL: there is none any more. */
gboolean kc_search_index_determination(KcTx *tx, const char *case_id, const char *draft_json, GError **error);
gboolean kc_search_index_agreement(KcTx *tx, const char *case_id, const char *draft_json, GError **error);
gboolean kc_search_index_document(KcTx *tx, const KcDocumentRow *document, GError **error);
gboolean kc_search_index_signature(KcTx *tx, const KcSignature *signature, GError **error);
gboolean kc_search_index_late_report(KcTx *tx, const KcLateReport *report, GError **error);
gboolean kc_search_index_message(KcTx *tx, const KcChatMessage *message, GError **error);
gboolean kc_search_index_review(KcTx *tx, const KcReviewRow *review, GError **error);
