/* kuaichu samples verify: every sample that was drawn, drawn again from the log. */
#pragma once

#include "src/app/app.h"

int kc_cli_samples_verify(KcApp *app);
