/* SHA-256 (FIPS 180-4), the hash of everything that leaves the service, and comparison in constant time. Thread-safe.
 */
#pragma once

#include <glib.h>

#define KC_SHA256_LEN 32

void kc_sha256(const void *data, gsize len, guint8 ret_hash[KC_SHA256_LEN]);

/* Owned lower-case hexadecimal of the hash of `data`. */
char *kc_sha256_hex(const void *data, gsize len);

/* Compares without a branch on the content. */
gboolean kc_equal_secret(const void *a, const void *b, gsize len);
