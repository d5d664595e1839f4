/* Bytes as lower-case hexadecimal, the form of every hash in the API. Thread-safe. */
#pragma once

#include <glib.h>

/* Owned text of 2 * len characters. */
char *kc_hex_encode(const guint8 *bytes, gsize len);

/* Exactly `len` bytes from exactly 2 * len characters, either case. */
gboolean kc_hex_decode(const char *text, guint8 *ret_bytes, gsize len);
