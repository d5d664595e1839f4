/* The hash chain of the audit log: hash(n) = SHA-256(hash(n-1) || canonical JSON of entry n), hash(0) = 32 zero bytes.
 *
 * Whoever knows the newest hash finds any change, deletion or insertion before it. Pure; thread-safe. */
#pragma once

#include <glib.h>

#define KC_AUDIT_HASH_LEN 32

extern const guint8 kc_audit_chain_start[KC_AUDIT_HASH_LEN];

/* `ret_hash` may be `previous`. */
void kc_audit_chain_next(const guint8 previous[KC_AUDIT_HASH_LEN], const char *canonical_entry,
                         guint8 ret_hash[KC_AUDIT_HASH_LEN]);

/* Whether `hash` is what must follow `previous` with this entry. */
gboolean kc_audit_chain_check(const guint8 previous[KC_AUDIT_HASH_LEN], const char *canonical_entry,
                              const guint8 hash[KC_AUDIT_HASH_LEN]);
