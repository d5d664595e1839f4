/* What reports count of each case, kept so that a year of cases is one pass over a narrow table. It is nothing but the
 * log read (domain/report_case.h): whoever looks first brings it up to the log's end, and no case waits for it. */
#pragma once

#include "src/domain/report.h"
#include "src/store/db.h"

/* Reads the next `limit` entries of the log, and counts the cases they are of anew. `*ret_more`: there are others.
 * Write transactions only. */
gboolean kc_report_store_catch_up(KcTx *tx, guint limit, gboolean *ret_more, GError **error);

/* Counts one case anew, of what its whole log says; KC_STORE_ERROR_CORRUPT: an entry of it is damaged. Write transactions
 * only. */
gboolean kc_report_store_count_case(KcTx *tx, const char *case_id, GError **error);

/* How far the log has been read, and how far it goes. */
gboolean kc_report_store_progress(KcTx *tx, gint64 *ret_through_seq, gint64 *ret_newest_seq, GError **error);

typedef struct {
    const char *const *counties; /* of these and of none that is known; NULL: all */
    const char *const *hidden;   /* ids of cases that are in nothing; NULL: none */
} KcReportScope;

/* Each case that was opened in [from, to), the earliest first. */
gboolean kc_report_store_count(KcTx *tx, KcReportCounter *counter, gint64 from_us, gint64 to_us,
                               const KcReportScope *scope, GError **error);

typedef struct {
    gint64 from_us, to_us;
    KcReportTargets targets;
    KcFigure figure;
    KcReportBy by;
    const char *key;             /* NULL: of any group */
    KcReportScope scope;
    guint limit;
    const char *cursor; /* NULL: from the newest */
} KcReportQuery;

/* The cases that a figure counts, the newest first. Owned, of KcReportCase *; `*ret_cursor`: owned, NULL at the end. A
 * cursor that is none of these gives nothing. */
GPtrArray *kc_report_store_list(KcTx *tx, const KcReportQuery *query, char **ret_cursor, GError **error);
