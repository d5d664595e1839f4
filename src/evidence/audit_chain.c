#include "src/evidence/audit_chain.h"
#include "src/evidence/digest.h"

#include <string.h>

G_STATIC_ASSERT(KC_AUDIT_HASH_LEN == KC_SHA256_LEN);

const guint8 kc_audit_chain_start[KC_AUDIT_HASH_LEN] = {0};

void
kc_audit_chain_next(const guint8 previous[KC_AUDIT_HASH_LEN], const char *canonical_entry,
                    guint8 ret_hash[KC_AUDIT_HASH_LEN])
{
    g_autoptr(KcSha256) hash = kc_sha256_new();
    kc_sha256_update(hash, previous, KC_AUDIT_HASH_LEN);
    kc_sha256_update(hash, canonical_entry, strlen(canonical_entry));
    kc_sha256_peek(hash, ret_hash);
}

gboolean
kc_audit_chain_check(const guint8 previous[KC_AUDIT_HASH_LEN], const char *canonical_entry,
                     const guint8 hash[KC_AUDIT_HASH_LEN])
{
    guint8 expected[KC_AUDIT_HASH_LEN];
    kc_audit_chain_next(previous, canonical_entry, expected);
    return memcmp(expected, hash, sizeof expected) == 0;
}
