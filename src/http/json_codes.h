/* The data of src/rules that pages need: codes, scenarios, shots, counties, insurers. New values. */
#pragma once

#include <jansson.h>

#include "src/rules/rules.h"

/* What is in force on `on_date` (YYYY-MM-DD). */
json_t *kc_json_codes(const KcRules *rules, const char *on_date);
