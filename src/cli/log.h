/* kuaichu log: whether the audit log is what it was, for whoever has the data folder. */
#pragma once

#include "src/app/app.h"

/* Says what was found right, or the first thing that is not. `held`: the file of a checkpoint that somebody kept; NULL:
 * none. Returns 0 if all is right, 1 if not, 2 if it can't be told. */
int kc_cli_log_verify(KcApp *app, const char *held);
int kc_cli_log_keys(KcApp *app);
