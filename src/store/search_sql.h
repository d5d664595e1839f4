/* Private to src/store and its tests: every statement that a search runs. */
#pragma once

#include <glib.h>

extern const char *const kc_search_sql[];
extern const gsize kc_search_sql_count;
