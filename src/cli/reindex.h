/* kuaichu reindex [anew]: what cases are found by. */
#pragma once

#include "src/app/app.h"

int kc_cli_reindex(KcApp *app, gboolean anew);
