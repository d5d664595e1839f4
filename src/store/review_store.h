/* Reviews that parties asked for, one a case, and which documents another one has replaced. A step is written once;
 * triggers refuse a change. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *case_id;
    char *party_id;
    char *document_id;  /* the determination that is reviewed */
    char *request_json; /* an object, sealed */
    gint64 asked_us;
    gint64 forwarded_us; /* 0: not yet, as every time below */
    char *forwarded_by;  /* user id */
    char *packet_object_id;
    gint64 withdrawn_us;
    char *outcome;         /* upheld upheld_corrected anew; NULL: none yet */
    char *conclusion_json; /* an object, sealed; NULL: none yet */
    gint64 concluded_us;
    char *concluded_by;
    char *conclusion_document_id;
    char *correction_document_id;
    gint64 served_us;
    char *served_by;
    gint64 suit_us;
    char *suit_json; /* an object, sealed; NULL: none */
} KcReviewRow;

void kc_review_row_free(KcReviewRow *review);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReviewRow, kc_review_row_free)

/* As it is asked for. KC_STORE_ERROR_CONFLICT: the case has one already. */
gboolean kc_review_store_insert(KcTx *tx, const KcReviewRow *review, GError **error);

/* What each step sets; the rest of `review` is not looked at. */
gboolean kc_review_store_forward(KcTx *tx, const KcReviewRow *review, GError **error);
gboolean kc_review_store_withdraw(KcTx *tx, const KcReviewRow *review, GError **error);
gboolean kc_review_store_conclude(KcTx *tx, const KcReviewRow *review, GError **error);
gboolean kc_review_store_serve(KcTx *tx, const KcReviewRow *review, GError **error);
gboolean kc_review_store_note_suit(KcTx *tx, const KcReviewRow *review, GError **error);

/* NULL in `*ret_review`: none was asked for. */
gboolean kc_review_store_get(KcTx *tx, const char *case_id, KcReviewRow **ret_review, GError **error);
/* of KcReviewRow, the oldest first: those that are not over, or with `all` every one of the newest `limit`. */
GPtrArray *kc_review_store_list(KcTx *tx, gboolean all, guint limit, GError **error);

/* ---- documents that no longer count ---- */

typedef struct {
    char *document_id;
    char *replaced_by;
    gint64 at_us;
} KcRevocation;

void kc_revocation_free(KcRevocation *revocation);

gboolean kc_revocation_store_insert(KcTx *tx, const KcRevocation *revocation, GError **error);
/* of KcRevocation, of the documents of that case */
GPtrArray *kc_revocation_store_list(KcTx *tx, const char *case_id, GError **error);
