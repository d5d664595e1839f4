/* Passwords of staff: Argon2id (RFC 9106) in libsodium's own string form, which carries its salt and cost.
 *
 * Slow by design (about 0.1 s and 64 MiB at the normal cost): call it from a worker thread. Thread-safe. */
#pragma once

#include <glib.h>

#define KC_PASSWORD_MIN_CHARS 8
#define KC_PASSWORD_MAX_BYTES 256

typedef enum {
    KC_PASSWORD_COST_NORMAL, /* crypto_pwhash's INTERACTIVE limits */
    KC_PASSWORD_COST_TEST,   /* the least that Argon2id allows */
} KcPasswordCost;

/* NULL if it is long enough and not too long; else what is wrong with it, in static English text. */
const char *kc_password_problem(const char *password);

/* Owned text for kc_password_verify. Aborts like g_malloc if memory runs out. */
char *kc_password_hash(const char *password, KcPasswordCost cost);

/* A NULL `hash` (no such account) costs as much time as a wrong password, so that accounts can't be guessed. */
gboolean kc_password_verify(const char *hash, const char *password);

gboolean kc_password_needs_rehash(const char *hash, KcPasswordCost cost);
