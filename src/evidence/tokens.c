#include "src/evidence/tokens.h"
#include "src/base/hex.h"
#include "src/evidence/digest.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

#define TOKEN_BYTES 32
#define TOKEN_VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

G_STATIC_ASSERT(sodium_base64_ENCODED_LEN(TOKEN_BYTES, TOKEN_VARIANT) == KC_TOKEN_LEN + 1);

KcToken
kc_token_new(void)
{
    KcToken token;
    guint8 bytes[TOKEN_BYTES];
    kc_sodium_ready();
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(token.text, sizeof token.text, bytes, sizeof bytes, TOKEN_VARIANT);
    sodium_memzero(bytes, sizeof bytes);

    g_autofree char *hash = kc_sha256_hex(token.text, KC_TOKEN_LEN);
    memcpy(token.hash, hash, sizeof token.hash);
    return token;
}

char *
kc_token_hash(const char *text)
{
    guint8 bytes[TOKEN_BYTES];
    size_t len = 0;
    kc_sodium_ready();
    if (text == NULL || strlen(text) != KC_TOKEN_LEN)
        return NULL;
    if (sodium_base642bin(bytes, sizeof bytes, text, KC_TOKEN_LEN, NULL, &len, NULL, TOKEN_VARIANT) != 0 ||
        len != sizeof bytes)
        return NULL;
    return kc_sha256_hex(text, KC_TOKEN_LEN);
}

gboolean
kc_token_equal(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return FALSE;
    gsize len = strlen(a);
    return strlen(b) == len && kc_equal_secret(a, b, len);
}
