/* The keys of an installation, and what is sealed with them directly.
 *
 *   master key (a file of 32 bytes, or a credential)
 *     `-- seals --> the safe (a file of some kilobytes, DATA/keys/case-keys)
 *                     |-- keys of the installation: blind indexes, salts, what belongs to no case
 *                     `-- a tree of keys (src/evidence/key_tree.h), of which each case has two leaves
 *                           |-- wraps --> case key (random, in the database) -- derives --> object keys (one a file)
 *                           `-- wraps --> recordings key (random, in the database) -- derives --> keys of its recordings
 *
 * Erasure. To destroy a case's key, its leaf is destroyed in the safe: from then on nothing can unwrap that case's key, be it
 * in the database, in a backup of it made before, or in free pages. A leaf for recordings alone makes them go before the case
 * does. Other cases are not touched.
 *
 * What that rests on: the safe and the master key are never part of a backup of the database or vault; a copy that is kept of
 * them is replaced after each erasure (it changes only by erasures and rotations: a copy that is older still opens every
 * case that is younger, and also those erased since, until the service has destroyed them again, which it does when it
 * starts on it); and the medium does not give back what was overwritten, so keys/ belongs on a disk that is
 * encrypted or has no snapshots. Who has the master key and an older copy of the safe and of the database reads what was
 * erased in between.
 *
 * Rotation. A new master key seals the safe, a new tree is begun, every wrapped key is wrapped anew under the same place of
 * it, a batch at a time, then the old tree goes. A wrapped key names its tree, so both are readable meanwhile. No content is
 * encrypted anew. The keys of the installation stay, so that what they found is still found.
 *
 * Keys live in locked memory that is zeroed when freed. Sealing is XChaCha20-Poly1305 with a random 24-byte nonce; what a
 * sealed value belongs to (case, table, column, row) is its associated data, so that a value moved elsewhere does not open.
 *
 * Thread: any number, at any time; a KcCaseKey is immutable. */
#pragma once

#include <glib.h>

#define KC_KEY_LEN 32

#define KC_KEYS_ERROR (kc_keys_error_quark())
GQuark kc_keys_error_quark(void);
typedef enum {
    KC_KEYS_ERROR_ABSENT,      /* no master key file, and none was to be made; or no safe, where there was one */
    KC_KEYS_ERROR_PERMISSIONS, /* the file is open to group or others, or is no regular file */
    KC_KEYS_ERROR_DAMAGED,     /* the file is not 32 bytes; the safe is not what was written */
    KC_KEYS_ERROR_IO,
    KC_KEYS_ERROR_SEALED,    /* a sealed value does not open: another key, another place, or changed */
    KC_KEYS_ERROR_DESTROYED, /* the key that would open it was destroyed */
} KcKeysError;

typedef struct KcKeyring KcKeyring;
typedef struct KcCaseKey KcCaseKey;

typedef struct {
    const char *master;    /* file of the master key */
    const char *next;      /* of the one that takes its place while it is rotated; NULL: MASTER.next */
    const char *safe;      /* NULL: beside MASTER, with the ending .cases instead of .key */
    gboolean is_credential; /* of systemd: never made, moved or removed by us; its group may read, as its ACL looks to stat */
} KcKeyFiles;

/* With `create`, an absent master key (mode 0600, synced with its folder) and an absent safe are made: only for the first
 * start on an empty data folder, since new ones open nothing that older ones sealed. Without, an absent safe is that of an
 * installation from before there was one: kc_keyring_has_safe. */
KcKeyring *kc_keyring_open_files(const KcKeyFiles *files, gboolean create, GError **error);
KcKeyring *kc_keyring_open(const char *master, gboolean create, GError **error);
void kc_keyring_free(KcKeyring *keyring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcKeyring, kc_keyring_free)

gboolean kc_keyring_has_safe(const KcKeyring *keyring);
/* Makes it, with the keys that such an installation derived from its master key. */
gboolean kc_keyring_make_safe(KcKeyring *keyring, GError **error);

/* ---- Keys of cases ---- */

typedef enum { KC_KEY_CASE, KC_KEY_RECORDINGS } KcKeyClass;
#define KC_KEY_CLASSES 2
#define KC_KEY_SLOT_MAX ((1u << 30) - 1)

/* The leaf of a case's place in the tree; `slot` is the case's alone: 1 … KC_KEY_SLOT_MAX. */
guint32 kc_key_leaf(KcKeyClass class, guint32 slot);

/* FALSE: a leaf of it was destroyed, so that it is or was another case's. */
gboolean kc_keyring_slot_is_free(const KcKeyring *keyring, guint32 slot);
gboolean kc_keyring_leaf_exists(const KcKeyring *keyring, guint32 leaf);

/* A new random key and its wrapped form, the one thing to store. DESTROYED. */
KcCaseKey *kc_keyring_case_key_new(const KcKeyring *keyring, KcKeyClass class, guint32 slot, const char *case_id,
                                   GBytes **ret_wrapped, GError **error);
KcCaseKey *kc_keyring_case_key_unwrap(const KcKeyring *keyring, const char *case_id, GBytes *wrapped, GError **error);
void kc_case_key_free(KcCaseKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCaseKey, kc_case_key_free)

/* For good, all of `leaves` (of guint32) in one durable step; those that are gone already are passed over. */
gboolean kc_keyring_destroy(KcKeyring *keyring, const GArray *leaves, GError **error);
/* How many were, ever: an older copy of the safe has a smaller number. */
guint64 kc_keyring_destroyed(const KcKeyring *keyring);

/* ---- Rotation ---- */

/* The tree that new keys are wrapped under, and that a wrapped key is (0: under the master key itself, as before there
 * were trees). */
guint32 kc_keyring_tree(const KcKeyring *keyring);
guint32 kc_wrapped_tree(GBytes *wrapped);
/* Whether keys are wrapped under more than one. */
gboolean kc_keyring_is_rotating(const KcKeyring *keyring);
/* The same key under that tree. `class` and `slot` are those of the case. */
GBytes *kc_keyring_rewrap(const KcKeyring *keyring, KcKeyClass class, guint32 slot, const char *case_id, GBytes *wrapped,
                          GError **error);

/* From now on a new master key (KcKeyFiles.next if that file is there already, else one that is made) and a new tree are in
 * use; the old master key's file is overwritten and gone (of a credential: the caller says so). No key may be wrapped under
 * the master key itself any more. May be repeated after a crash at any moment. */
gboolean kc_keyring_begin_rotation(KcKeyring *keyring, GError **error);
/* Every key is wrapped under kc_keyring_tree: the older trees go. */
gboolean kc_keyring_end_rotation(KcKeyring *keyring, GError **error);
/* Names the master key in use without telling it; 16 hexadecimal characters, owned. */
char *kc_keyring_master_id(const KcKeyring *keyring);

/* ---- What is sealed with them ---- */

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
