/* Where a value stands in a JSON text, for who has to mend it. Pure. */
#pragma once

#include <glib.h>

/* Of the value at `pointer` (RFC 6901); where the text ends on the way, of the last value that was found. `text` must
 * be JSON. Lines and columns count from 1, columns in characters. */
void kc_json_place(const char *text, gsize size, const char *pointer, guint *ret_line, guint *ret_column);
