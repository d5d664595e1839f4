/* How the keys of reports read, in both languages: by the rules in force, and for officers by their accounts.
 * Thread-safe. */
#pragma once

#include "src/domain/report_prose.h"
#include "src/rules/rules.h"

typedef struct KcReportNames KcReportNames;

/* `rules` must outlive the names. `users`: of KcUser; NULL: officers have no names. */
KcReportNames *kc_report_names_new(const KcRules *rules, const GPtrArray *users);
void kc_report_names_free(KcReportNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReportNames, kc_report_names_free)

/* A KcReportNameFn; NULL for a key without a name, such as a day. */
const char *kc_report_name(KcReportBy by, const char *key, KcReportLanguage language, gpointer names);
