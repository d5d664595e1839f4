/* Capability tokens: 256 random bits as base64url, valid for whoever holds them, stored only as a hash.
 *
 * A plain SHA-256 is enough for a value of that entropy: there is nothing to guess. Thread-safe. */
#pragma once

#include <glib.h>

#define KC_TOKEN_LEN 43 /* characters, without the NUL */
#define KC_TOKEN_HASH_LEN 32

typedef struct {
    char text[KC_TOKEN_LEN + 1];
    char hash[2 * KC_TOKEN_HASH_LEN + 1]; /* hexadecimal; what stores keep */
} KcToken;

KcToken kc_token_new(void);

/* The hash of a token that somebody shows: owned hexadecimal, or NULL if it does not even have the form of one. */
char *kc_token_hash(const char *text);

/* Compares texts of any length in a time that depends on the lengths alone. NULL equals nothing. */
gboolean kc_token_equal(const char *a, const char *b);
