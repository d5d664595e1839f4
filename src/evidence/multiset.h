/* The hash of a set that changes: what was put in is added, what was taken out is subtracted, in any order, and two
 * sets with one sum are the same (MSet-Add-Hash: Clarke, Devadas, van Dijk, Gassend, Suh: Incremental Multiset Hash
 * Functions and Their Application to Memory Integrity Checking, ASIACRYPT 2003). Elements are hashed with a key, and a
 * sum may only be kept encrypted: from sums of one set at several moments its elements' hashes follow, and from many of
 * those a set with a given sum (Wagner: A Generalized Birthday Problem, CRYPTO 2002). */
#pragma once

#include "src/evidence/keys.h"

typedef struct {
    gint64 count;
    guint8 sum[KC_KEY_LEN]; /* little-endian, modulo 2^256 */
} KcMultiset;

#define KC_MULTISET_EMPTY ((KcMultiset){0})

/* Keyed BLAKE2b of an element. Thread-safe. */
void kc_multiset_hash(const KcKeyring *keyring, const void *element, gsize len, guint8 ret_hash[KC_KEY_LEN]);

void kc_multiset_add(KcMultiset *set, const guint8 hash[KC_KEY_LEN]);
/* Of what was never in it, the sum is that of no set. */
void kc_multiset_remove(KcMultiset *set, const guint8 hash[KC_KEY_LEN]);
/* What was added to and removed from `changes` since it was empty. */
void kc_multiset_apply(KcMultiset *set, const KcMultiset *changes);
gboolean kc_multiset_equal(const KcMultiset *a, const KcMultiset *b);
