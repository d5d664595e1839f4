/* Reports written down: as JSON, as CSV, as lines of text. The same report gives the same bytes. */
#pragma once

#include "src/app/report_names.h"
#include "src/base/json.h"
#include "src/domain/report.h"

/* {"from", "to", "through_seq", "total": GROUP, "breakdowns": [{"by", "groups": [GROUP, …]}]}; a GROUP is
 *
 *   {"key", "title": {"zh", "en"}, "figures": {NAME: count, …},
 *    "times": {NAME: {"median_s", "p90_s", "target_s", "count", "within"}, …},
 *    "shots": {"asked", "taken"}, "people": {"called", "recorded"}, "gaps": {"count", "ms"}}
 *
 * `names` NULL: without titles. A time that there is none of is null. Owned. */
json_t *kc_report_to_json(const KcReport *report, KcReportNames *names);

/* RFC 4180 with a byte order mark: a row for all, then one for each group. A text that a spreadsheet would take for a
 * formula begins with an apostrophe. `names` NULL: the column of titles is empty. Owned. */
char *kc_report_to_csv(const KcReport *report, KcReportNames *names, KcReportLanguage language);
