#include "src/evidence/digest.h"
#include "src/base/hex.h"
#include "src/evidence/sodium_ready.h"

#include <openssl/evp.h>

/* OpenSSL fails here for want of memory only, for which GLib ends the program as well. */
static void
must(int done)
{
    if (done != 1)
        g_error("SHA-256: out of memory");
}

struct KcSha256 {
    EVP_MD_CTX *context;
};

KcSha256 *
kc_sha256_new(void)
{
    KcSha256 *hash = g_new0(KcSha256, 1);
    hash->context = EVP_MD_CTX_new();
    must(hash->context != NULL && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL));
    return hash;
}

KcSha256 *
kc_sha256_copy(const KcSha256 *hash)
{
    KcSha256 *copy = g_new0(KcSha256, 1);
    copy->context = EVP_MD_CTX_new();
    must(copy->context != NULL && EVP_MD_CTX_copy_ex(copy->context, hash->context));
    return copy;
}

void
kc_sha256_free(KcSha256 *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->context);
    g_free(hash);
}

void
kc_sha256_update(KcSha256 *hash, const void *data, gsize len)
{
    must(EVP_DigestUpdate(hash->context, data, len));
}

void
kc_sha256_peek(const KcSha256 *hash, guint8 ret_hash[KC_SHA256_LEN])
{
    g_autoptr(KcSha256) copy = kc_sha256_copy(hash);
    must(EVP_DigestFinal_ex(copy->context, ret_hash, NULL));
}

void
kc_sha256(const void *data, gsize len, guint8 ret_hash[KC_SHA256_LEN])
{
    must(EVP_Digest(data, len, ret_hash, NULL, EVP_sha256(), NULL));
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
