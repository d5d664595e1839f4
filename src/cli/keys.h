/* kuaichu keys, backup, retention. Each returns the program's exit status. */
#pragma once

#include "src/app/app.h"

int kc_cli_keys_rotate_master(KcApp *app);
int kc_cli_keys_rotate_signing(KcApp *app);
/* `days` NULL: 30 */
int kc_cli_retention_preview(KcApp *app, const char *days);
int kc_cli_retention_run(KcApp *app);
int kc_cli_backup(KcApp *app, const char *folder);
