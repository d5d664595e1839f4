#include "src/evidence/multiset.h"
#include "src/evidence/keyring.h"
#include "src/evidence/seal.h"

#include <sodium.h>
#include <string.h>

void
kc_multiset_hash(const KcKeyring *keyring, const void *element, gsize len, guint8 ret_hash[KC_KEY_LEN])
{
    guint8 key[KC_KEY_LEN];
    kc_key_derive(keyring->stable->sealing, "kuaichu multiset v1", "", key);
    crypto_generichash(ret_hash, KC_KEY_LEN, element, len, key, sizeof key);
    sodium_memzero(key, sizeof key);
}

void
kc_multiset_add(KcMultiset *set, const guint8 hash[KC_KEY_LEN])
{
    sodium_add(set->sum, hash, KC_KEY_LEN);
    set->count++;
}

void
kc_multiset_remove(KcMultiset *set, const guint8 hash[KC_KEY_LEN])
{
    sodium_sub(set->sum, hash, KC_KEY_LEN);
    set->count--;
}

void
kc_multiset_apply(KcMultiset *set, const KcMultiset *changes)
{
    sodium_add(set->sum, changes->sum, KC_KEY_LEN);
    set->count += changes->count;
}

gboolean
kc_multiset_equal(const KcMultiset *a, const KcMultiset *b)
{
    return a->count == b->count && memcmp(a->sum, b->sum, KC_KEY_LEN) == 0;
}
