/* kuaichu law …: the official texts of an installation. */
#pragma once

#include "src/app/app.h"

/* NULL-terminated names of files. The exit code. */
int kc_cli_law_import(KcApp *app, const char *const *files);
int kc_cli_law_list(KcApp *app);
