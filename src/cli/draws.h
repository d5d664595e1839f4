/* kuaichu draws …: cases that were assigned by lot. */
#pragma once

#include "src/app/app.h"

/* Draws every one again; names the first that is wrong. The exit code. */
int kc_cli_draws_verify(KcApp *app);
