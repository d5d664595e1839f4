#include "src/evidence/audit_chain.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

G_STATIC_ASSERT(KC_AUDIT_HASH_LEN == crypto_hash_sha256_BYTES);

const guint8 kc_audit_chain_start[KC_AUDIT_HASH_LEN] = {0};

void
kc_audit_chain_next(const guint8 previous[KC_AUDIT_HASH_LEN], const char *canonical_entry,
                    guint8 ret_hash[KC_AUDIT_HASH_LEN])
{
    crypto_hash_sha256_state state;
    kc_sodium_ready();
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, previous, KC_AUDIT_HASH_LEN);
    crypto_hash_sha256_update(&state, (const guint8 *)canonical_entry, strlen(canonical_entry));
    crypto_hash_sha256_final(&state, ret_hash);
}

gboolean
kc_audit_chain_check(const guint8 previous[KC_AUDIT_HASH_LEN], const char *canonical_entry,
                     const guint8 hash[KC_AUDIT_HASH_LEN])
{
    guint8 expected[KC_AUDIT_HASH_LEN];
    kc_audit_chain_next(previous, canonical_entry, expected);
    return memcmp(expected, hash, sizeof expected) == 0;
}
