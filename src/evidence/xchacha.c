/* Invariant: what OpenSSL wrote before it saw the tag is gone again when the tag is wrong. */
#include "src/evidence/xchacha.h"

#include <openssl/evp.h>
#include <string.h>

#include "src/evidence/sodium_ready.h"

#define TAG_LEN 16
#define IETF_NONCE_LEN 12
/* With AVX-512, OpenSSL's Poly1305 takes eight blocks at a time, but four, and so a quarter longer for all of it, when four
 * or more would be left over. Hence what it gets at first leaves nothing over. */
#define EIGHT_BLOCKS ((gsize)8 * 16)

struct KcXChaCha {
    EVP_CIPHER_CTX *context;
};

/* Found by its name once; it lives as long as the process. */
static const EVP_CIPHER *
chacha20_poly1305(void)
{
    static EVP_CIPHER *cipher = NULL;
    static gsize found = 0;
    if (g_once_init_enter(&found)) {
        cipher = EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
        g_once_init_leave(&found, 1);
    }
    return cipher;
}

KcXChaCha *
kc_xchacha_new(void)
{
    KcXChaCha *opener = g_new0(KcXChaCha, 1);
    const EVP_CIPHER *cipher = chacha20_poly1305();
    opener->context = EVP_CIPHER_CTX_new();
    if (cipher == NULL || opener->context == NULL ||
        EVP_DecryptInit_ex2(opener->context, cipher, NULL, NULL, NULL) != 1)
        g_error("ChaCha20-Poly1305: out of memory, or OpenSSL without it");
    return opener;
}

void
kc_xchacha_free(KcXChaCha *opener)
{
    if (opener == NULL)
        return;
    EVP_CIPHER_CTX_free(opener->context); /* zeroes the chunk's key */
    g_free(opener);
}

gboolean
kc_xchacha_open(KcXChaCha *opener, const guint8 key[32], const guint8 nonce[24], const guint8 *associated,
                gsize associated_len, const guint8 *sealed, gsize len, guint8 *plain)
{
    guint8 chunk_key[crypto_core_hchacha20_OUTPUTBYTES], chunk_nonce[IETF_NONCE_LEN] = {0};
    gsize even = len - len % EIGHT_BLOCKS;
    int done = 0;
    EVP_CIPHER_CTX *context = opener->context;
    g_assert(len <= G_MAXINT);
    crypto_core_hchacha20(chunk_key, nonce, key, NULL);
    memcpy(chunk_nonce + 4, nonce + crypto_core_hchacha20_INPUTBYTES, 8);
    gboolean good = EVP_DecryptInit_ex2(context, NULL, chunk_key, chunk_nonce, NULL) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, (void *)(sealed + len)) == 1 &&
                    EVP_DecryptUpdate(context, NULL, &done, associated, (int)associated_len) == 1 &&
                    EVP_DecryptUpdate(context, plain, &done, sealed, (int)even) == 1 &&
                    EVP_DecryptUpdate(context, plain + even, &done, sealed + even, (int)(len - even)) == 1 &&
                    EVP_DecryptFinal_ex(context, plain + len, &done) == 1;
    sodium_memzero(chunk_key, sizeof chunk_key);
    if (!good)
        sodium_memzero(plain, len);
    return good;
}
