/* "第 {page} 页" with its words. Pure. */
#pragma once

#include <glib.h>

/* `words`: names and values in turn, NULL-terminated; a NULL value is empty. What is not named stays. Owned. */
char *kc_fill(const char *text, const char *const *words);
