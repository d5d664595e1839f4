/* SHA-256 (FIPS 180-4), the hash of everything that leaves the service, and comparison in constant time. Thread-safe.
 *
 * By OpenSSL, which uses the processor's own instructions for it: every recorded byte is hashed while the call runs, and
 * libsodium's portable code takes five times as long. */
#pragma once

#include <glib.h>

#define KC_SHA256_LEN 32

void kc_sha256(const void *data, gsize len, guint8 ret_hash[KC_SHA256_LEN]);

/* Owned lower-case hexadecimal of the hash of `data`. */
char *kc_sha256_hex(const void *data, gsize len);

/* The hash of bytes that come in parts. One thread at a time. */
typedef struct KcSha256 KcSha256;

KcSha256 *kc_sha256_new(void);
KcSha256 *kc_sha256_copy(const KcSha256 *hash);
void kc_sha256_free(KcSha256 *hash); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSha256, kc_sha256_free)

void kc_sha256_update(KcSha256 *hash, const void *data, gsize len);

/* Of all bytes so far; more may follow. */
void kc_sha256_peek(const KcSha256 *hash, guint8 ret_hash[KC_SHA256_LEN]);

/* Compares without a branch on the content. */
gboolean kc_equal_secret(const void *a, const void *b, gsize len);
