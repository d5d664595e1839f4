/* Numbers as laws write them: 第八十六条, 第86条, 第８６条. Pure; thread-safe. */
#pragma once

#include <glib.h>

/* Reads one number of 1 to 9999 at `text`, in Chinese numerals, digits or full-width digits, and returns what follows
 * it; NULL: there is none. */
const char *kc_han_number_scan(const char *text, guint *ret_number);
