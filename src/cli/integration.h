/* kuaichu integration add|list|revoke. */
#pragma once

#include "src/app/app.h"

/* Prints the key, once. `scopes`: separated by commas; NULL: cases:open,cases:read. */
int kc_cli_integration_add(KcApp *app, const char *name, const char *scopes);
int kc_cli_integration_list(KcApp *app);
int kc_cli_integration_revoke(KcApp *app, const char *name);
