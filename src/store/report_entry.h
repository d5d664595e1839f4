/* An entry of the log as reports look at it. Private to src/store. */
#pragma once

#include "src/domain/report_case.h"

#include <jansson.h>

/* What of an entry's data is a list of codes, as one text. */
typedef struct {
    char scenarios[KC_REPORT_CODES_MAX];
} KcReportEntryTexts;

/* Fills the rest of an entry whose kind, time and actor are set, from its data. Texts point into `data` and `texts`. */
void kc_report_entry_read(const json_t *data, KcReportEntryTexts *texts, KcReportEntry *entry);
