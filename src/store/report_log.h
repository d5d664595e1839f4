/* Reports from the audit log and from nothing else: of a database, in use or a copy, of which no other table is looked
 * at and for which no key is needed; or of entries that were exported, one JSON object a line, as they are hashed
 * (log_store.h). */
#pragma once

#include "src/domain/report.h"
#include "src/store/db.h"

typedef struct {
    gint64 from_us, to_us;
    const KcReportBy *by;
    guint by_count;
} KcReportLogQuery;

/* Each gives one report for each query (owned, of KcReport *), all of the same entries. The targets are those of the
 * rules that were in force when the last entry was written, or the usual ones where the log does not say. */
GPtrArray *kc_report_log_of_database(const char *path, const KcReportLogQuery *queries, guint count, GError **error);
GPtrArray *kc_report_log_of_lines(const char *path, const KcReportLogQuery *queries, guint count, GError **error);
