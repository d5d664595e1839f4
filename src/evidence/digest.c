#include "src/evidence/digest.h"
#include "src/base/hex.h"
#include "src/evidence/sodium_ready.h"

G_STATIC_ASSERT(KC_SHA256_LEN == crypto_hash_sha256_BYTES);

void
kc_sha256(const void *data, gsize len, guint8 ret_hash[KC_SHA256_LEN])
{
    kc_sodium_ready();
    crypto_hash_sha256(ret_hash, data, len);
}

char *
kc_sha256_hex(const void *data, gsize len)
{
    guint8 hash[KC_SHA256_LEN];
    kc_sha256(data, len, hash);
    return kc_hex_encode(hash, sizeof hash);
}

gboolean
kc_equal_secret(const void *a, const void *b, gsize len)
{
    kc_sodium_ready();
    return sodium_memcmp(a, b, len) == 0;
}
