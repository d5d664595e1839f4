/* kuaichu report: figures of a period or a year, from a service's folder, or from the audit log and nothing else. */
#pragma once

#include "src/app/app.h"

typedef struct {
    const char *data;     /* the folder; the database of --from-log is in it */
    const char *database; /* another one, such as a copy */
    const char *lines;    /* entries that were exported */
    gboolean from_log, check;
    gboolean json, csv;
    const char *from, *to, *by, *year, *pdf;
} KcCliReport;

/* `app` NULL where the log is all that is looked at. What main returns. */
int kc_cli_report_run(KcApp *app, const KcCliReport *options);
/* Whether it needs no service's folder opened. */
gboolean kc_cli_report_is_of_log(const KcCliReport *options);
