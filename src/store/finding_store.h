/* What auditors find in cases, and how they judge them. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id;
    char *officer_id; /* whose case it was; NULL: nobody's */
    char *severity, *criterion;
    gint64 mark_us; /* 0: of no moment */
    char *text;     /* sealed, as the other two */
    char *found_by;
    gint64 found_us;
    char *answer; /* accepted contested; NULL: not answered */
    char *answer_text;
    char *answered_by;
    gint64 answered_us;
    char *closing; /* upheld withdrawn; NULL: it is open */
    char *closing_text;
    char *closed_by;
    gint64 closed_us;
} KcFindingRow;

void kc_finding_row_free(KcFindingRow *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcFindingRow, kc_finding_row_free)

gboolean kc_finding_store_insert(KcTx *tx, const KcFindingRow *finding, GError **error);
/* Writes the answer and the closing. */
KcUpdate kc_finding_store_update(KcTx *tx, const KcFindingRow *finding, GError **error);
gboolean kc_finding_store_get(KcTx *tx, const char *id, KcFindingRow **ret_finding, GError **error);
/* of KcFindingRow, by time */
GPtrArray *kc_finding_store_list(KcTx *tx, const char *case_id, GError **error);
/* Of one officer (NULL: of all), not closed, the oldest first. */
GPtrArray *kc_finding_store_list_open(KcTx *tx, const char *officer_id, guint limit, GError **error);

typedef struct {
    char *user_id, *criterion;
    gint64 score, scored_us;
} KcScore;
void kc_score_free(KcScore *score);
gboolean kc_score_store_put(KcTx *tx, const char *case_id, const KcScore *score, GError **error);
GPtrArray *kc_score_store_list(KcTx *tx, const char *case_id, GError **error); /* of KcScore */
