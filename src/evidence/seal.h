/* Private to src/evidence: what every key is used for, subkeys and sealing. */
#pragma once

#include "src/evidence/keys.h"

#define KC_SEAL_VERSION 1
#define KC_SEAL_OVERHEAD (1 + 24 + 16)

/* Keyed BLAKE2b of a label and a detail: each use of a key has a subkey of its own. */
void kc_key_derive(const guint8 key[KC_KEY_LEN], const char *label, const char *detail, guint8 ret_key[KC_KEY_LEN]);

/* Version byte, 24-byte nonce, ciphertext, 16-byte tag; `place` is associated data. */
GBytes *kc_seal(const guint8 key[KC_KEY_LEN], const char *place, const void *data, gsize len);
GBytes *kc_seal_open(const guint8 key[KC_KEY_LEN], const char *place, GBytes *sealed, GError **error);
