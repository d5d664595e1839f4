/* How a command ends: words for a person, and the exit code. */
#pragma once

#include "src/app/result.h"

/* EXIT_SUCCESS with `words`, or EXIT_FAILURE with what was refused or failed. */
int kc_cli_report(gboolean done, const KcResult *result, const GError *error, const char *words);
