#include "src/evidence/passwords.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

static unsigned long long
ops_of(KcPasswordCost cost)
{
    return cost == KC_PASSWORD_COST_TEST ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE;
}

static size_t
memory_of(KcPasswordCost cost)
{
    return cost == KC_PASSWORD_COST_TEST ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE;
}

const char *
kc_password_problem(const char *password)
{
    if (password == NULL || !g_utf8_validate(password, -1, NULL))
        return "a password is UTF-8 text";
    if (strlen(password) > KC_PASSWORD_MAX_BYTES)
        return "a password has at most 256 bytes";
    if (g_utf8_strlen(password, -1) < KC_PASSWORD_MIN_CHARS)
        return "a password has at least 8 characters";
    return NULL;
}

char *
kc_password_hash(const char *password, KcPasswordCost cost)
{
    char hash[crypto_pwhash_STRBYTES];
    kc_sodium_ready();
    if (crypto_pwhash_str_alg(hash, password, strlen(password), ops_of(cost), memory_of(cost),
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        g_error("no memory to hash a password");
    return g_strdup(hash);
}

gboolean
kc_password_verify(const char *hash, const char *password)
{
    kc_sodium_ready();
    if (hash == NULL) {
        g_free(kc_password_hash(password, KC_PASSWORD_COST_NORMAL));
        return FALSE;
    }
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

gboolean
kc_password_needs_rehash(const char *hash, KcPasswordCost cost)
{
    kc_sodium_ready();
    return crypto_pwhash_str_needs_rehash(hash, ops_of(cost), memory_of(cost)) != 0;
}
