/* Small vault files, and ways to harm them. */
#pragma once

#include "src/evidence/vault.h"
#include "tests/support/kc_test.h"

#define FIXTURE_ID "01935cd1-7f00-7000-8000-000000000001"
#define FIXTURE_OTHER_ID "01935cd1-7f00-7000-8000-000000000002"

extern const guint8 fixture_key[KC_KEY_LEN];
extern const guint8 fixture_other_key[KC_KEY_LEN];

/* Byte `i` of the plaintext of every fixture. */
guint8 fixture_byte(guint64 i);
GBytes *fixture_plain(gsize len);

int fixture_open(const char *path);

/* Writes chunks of the given lengths (0 ends the list), and finishes with `index` unless it is NULL. */
void fixture_write(const char *path, const gsize *lengths, const char *index);

/* Fails the test unless `error` is of this code; clears it. */
void fixture_assert_vault_error(GError **error, KcVaultError code);
