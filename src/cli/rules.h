/* The rules from the command line: a folder or single files are checked, compared, or made the next version.
 *
 * A file is known by its name ("desk.json", "2027.json", "determination.json"); what isn't given is as it is in the data
 * folder, or as it is built in where there is none. */
#pragma once

#include "src/app/app.h"

/* Each prints what is wrong, with file, line and reason, and gives the exit code. `app` NULL: no data folder. */
int kc_cli_rules_check(KcApp *app, const char *const *paths);
int kc_cli_rules_diff(KcApp *app, const char *const *paths);
/* `valid_from`: YYYY-MM-DD, NULL: now. */
int kc_cli_rules_install(KcApp *app, const char *const *paths, const char *reason, const char *valid_from);
