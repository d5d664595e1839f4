#include "src/evidence/seal.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

#define NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LEN crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT(KC_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
G_STATIC_ASSERT(KC_KEY_LEN == crypto_generichash_KEYBYTES);
G_STATIC_ASSERT(KC_SEAL_OVERHEAD == 1 + NONCE_LEN + TAG_LEN);

void
kc_key_derive(const guint8 key[KC_KEY_LEN], const char *label, const char *detail, guint8 ret_key[KC_KEY_LEN])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KC_KEY_LEN, KC_KEY_LEN);
    crypto_generichash_update(&state, (const guint8 *)label, strlen(label) + 1);
    crypto_generichash_update(&state, (const guint8 *)detail, strlen(detail));
    crypto_generichash_final(&state, ret_key, KC_KEY_LEN);
    sodium_memzero(&state, sizeof state);
}

GBytes *
kc_seal(const guint8 key[KC_KEY_LEN], const char *place, const void *data, gsize len)
{
    guint8 *sealed = g_malloc(len + KC_SEAL_OVERHEAD);
    guint8 *nonce = sealed + 1;
    sealed[0] = KC_SEAL_VERSION;
    randombytes_buf(nonce, NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_LEN, NULL, data, len, (const guint8 *)place, strlen(place),
                                               NULL, nonce, key);
    return g_bytes_new_take(sealed, len + KC_SEAL_OVERHEAD);
}

GBytes *
kc_seal_open(const guint8 key[KC_KEY_LEN], const char *place, GBytes *sealed, GError **error)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data(sealed, &size);
    if (size < KC_SEAL_OVERHEAD || bytes[0] != KC_SEAL_VERSION) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED, "the sealed value of %s is damaged", place);
        return NULL;
    }
    gsize len = size - KC_SEAL_OVERHEAD;
    g_autofree guint8 *plain = g_malloc(len + 1);
    plain[len] = '\0'; /* so that a text can be used where it is */
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, bytes + 1 + NONCE_LEN, len + TAG_LEN,
                                                   (const guint8 *)place, strlen(place), bytes + 1, key) != 0) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED,
                    "the sealed value of %s does not open: it was changed, moved, or sealed with another key", place);
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&plain), len);
}
