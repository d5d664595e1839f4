/* The keys of an installation, and what is sealed with them directly.
 *
 *   master key (32 bytes, a file) -- wraps --> case key (random, one a case) -- derives --> object key (one a file)
 *
 * Destroying a case's wrapped key makes everything of that case unreadable, in backups too. Keys live in locked memory
 * that is zeroed when freed. Sealing is XChaCha20-Poly1305 with a random 24-byte nonce; what a sealed value belongs to
 * (case, table, column, row) is its associated data, so that a value moved elsewhere does not open.
 *
 * Thread: a KcKeyring and a KcCaseKey are immutable once made, and may be used by any number of threads. */
#pragma once

#include <glib.h>

#define KC_KEY_LEN 32

#define KC_KEYS_ERROR (kc_keys_error_quark())
GQuark kc_keys_error_quark(void);
typedef enum {
    KC_KEYS_ERROR_ABSENT,      /* no master key file, and none was to be made */
    KC_KEYS_ERROR_PERMISSIONS, /* the file is open to group or others, or is no regular file */
    KC_KEYS_ERROR_DAMAGED,     /* the file is not 32 bytes */
    KC_KEYS_ERROR_IO,
    KC_KEYS_ERROR_SEALED, /* a sealed value does not open: another key, another place, or changed */
} KcKeysError;

typedef struct KcKeyring KcKeyring;
typedef struct KcCaseKey KcCaseKey;

/* Reads the master key of `path`. With `create`, an absent file is made (mode 0600, synced with its folder): only for
 * the first start on an empty data folder, since a new key opens nothing that an older one sealed. */
KcKeyring *kc_keyring_open(const char *path, gboolean create, GError **error);
void kc_keyring_free(KcKeyring *keyring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcKeyring, kc_keyring_free)

/* A new random case key and its wrapped form, the one thing to store. */
KcCaseKey *kc_keyring_case_key_new(const KcKeyring *keyring, const char *case_id, GBytes **ret_wrapped);
KcCaseKey *kc_keyring_case_key_unwrap(const KcKeyring *keyring, const char *case_id, GBytes *wrapped, GError **error);
void kc_case_key_free(KcCaseKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCaseKey, kc_case_key_free)

/* The key of one vault object: keyed BLAKE2b of its id. Zero it (kc_key_wipe) after use. */
void kc_case_key_object_key(const KcCaseKey *key, const char *object_id, guint8 ret_key[KC_KEY_LEN]);
void kc_key_wipe(void *key, gsize len);

/* One column of one row. */
GBytes *kc_case_key_seal(const KcCaseKey *key, const char *table, const char *column, const char *row_id,
                         const void *data, gsize len);
GBytes *kc_case_key_open(const KcCaseKey *key, const char *table, const char *column, const char *row_id,
                         GBytes *sealed, GError **error);

/* The same for rows that belong to no case. */
GBytes *kc_keyring_seal(const KcKeyring *keyring, const char *table, const char *column, const char *row_id,
                        const void *data, gsize len);
GBytes *kc_keyring_unseal(const KcKeyring *keyring, const char *table, const char *column, const char *row_id,
                          GBytes *sealed, GError **error);

/* The salt of one entry's commitment in the log (src/store/log_tree.h): of a case's entry it dies with the case's key. */
void kc_case_key_log_salt(const KcCaseKey *key, gint64 seq, guint8 ret_salt[KC_KEY_LEN]);
void kc_keyring_log_salt(const KcKeyring *keyring, gint64 seq, guint8 ret_salt[KC_KEY_LEN]);

/* Finds a personal value that is only stored sealed: keyed BLAKE2b-128 of the value in a normal form (NFKC, upper
 * case, without blanks, hyphens and dots; for "phone" also without a leading +86 or 0086). `kind` ("plate", "phone")
 * keeps equal texts of different kinds apart. Owned, 32 hexadecimal characters; NULL for NULL or nothing but blanks. */
char *kc_keyring_blind_index(const KcKeyring *keyring, const char *kind, const char *value);

/* The same for one token of a text (src/domain/search_text.h): keyed BLAKE2b, cut to 64 bits, under a key of each field.
 * What is kept of it tells whether two cases hold the same token in the same field, and how many do; never which. */
gint64 kc_keyring_search_term(const KcKeyring *keyring, const char *field, const char *token);
