/* Invariants:
 *  - `lock` guards the safe, the master key and `has_safe`; whoever changes them holds the safe's lock on the disk as well, and
 *    has read it anew under that;
 *  - a wrapped key is: 2, its tree, its leaf, and the key sealed under the leaf; from before there were trees, sealed under
 *    the master key alone. */
#include "src/evidence/keyring.h"
#include "src/base/hex.h"
#include "src/evidence/key_file.h"
#include "src/evidence/seal.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>
#include <unistd.h>

#define WRAPPED_VERSION 2
#define WRAPPED_HEAD (1 + 4 + 4)

static void
set_master(KcKeyring *keyring, const guint8 master[KC_KEY_LEN])
{
    memcpy(keyring->keys->master, master, KC_KEY_LEN);
    kc_key_derive(master, "kuaichu wrap case key v1", "", keyring->keys->wrapping);
}

/* ---- Opening ---- */

static char *
default_safe(const char *master)
{
    gsize len = strlen(master) - (g_str_has_suffix(master, ".key") ? strlen(".key") : 0);
    g_autofree char *stem = g_strndup(master, len);
    return g_strconcat(stem, ".cases", NULL);
}

static KcKeyring *
keyring_new(const KcKeyFiles *files)
{
    kc_sodium_ready();
    KcKeyring *keyring = g_new0(KcKeyring, 1);
    keyring->master_path = g_strdup(files->master);
    keyring->next_path = files->next != NULL ? g_strdup(files->next) : g_strconcat(files->master, ".next", NULL);
    keyring->safe_path = files->safe != NULL ? g_strdup(files->safe) : default_safe(files->master);
    keyring->is_credential = files->is_credential;
    keyring->lock = g_new0(GRWLock, 1);
    g_rw_lock_init(keyring->lock);
    keyring->keys = kc_secure_new(sizeof *keyring->keys);
    keyring->stable = kc_secure_new(sizeof *keyring->stable);
    keyring->safe = kc_key_safe_new();
    return keyring;
}

void
kc_keyring_free(KcKeyring *keyring)
{
    if (keyring == NULL)
        return;
    kc_key_safe_free(keyring->safe);
    sodium_free(keyring->stable);
    sodium_free(keyring->keys);
    g_rw_lock_clear(keyring->lock);
    g_free(keyring->lock);
    g_free(keyring->master_path);
    g_free(keyring->next_path);
    g_free(keyring->safe_path);
    g_free(keyring);
}

static gboolean
save(KcKeyring *keyring, KcKeySafe *safe, const guint8 master[KC_KEY_LEN], GError **error)
{
    if (!kc_key_safe_write(keyring->safe_path, master, safe, error))
        return FALSE;
    g_rw_lock_writer_lock(keyring->lock);
    kc_key_safe_free(keyring->safe);
    keyring->safe = kc_key_safe_copy(safe);
    keyring->has_safe = TRUE;
    if (master != keyring->keys->master)
        set_master(keyring, master);
    g_rw_lock_writer_unlock(keyring->lock);
    return TRUE;
}

static gboolean
make_safe(KcKeyring *keyring, gboolean fresh, GError **error)
{
    g_autoptr(KcKeySafe) safe = kc_key_safe_copy(keyring->safe);
    if (fresh) {
        randombytes_buf(safe->keys->sealing, KC_KEY_LEN);
        randombytes_buf(safe->keys->indexing, KC_KEY_LEN);
        randombytes_buf(safe->keys->salting, KC_KEY_LEN);
    }
    g_ptr_array_add(safe->trees, kc_key_tree_new(1));
    return save(keyring, safe, keyring->keys->master, error);
}

gboolean
kc_keyring_make_safe(KcKeyring *keyring, GError **error)
{
    int fd = kc_key_safe_lock(keyring->safe_path, TRUE, error);
    if (fd < 0)
        return FALSE;
    gboolean made = make_safe(keyring, FALSE, error);
    close(fd);
    return made;
}

/* What an installation from before there was a safe derived from its master key. */
static void
derive_earlier_keys(KcKeyring *keyring)
{
    KcSafeKeys *keys = keyring->safe->keys;
    kc_key_derive(keyring->keys->master, "kuaichu seal v1", "", keys->sealing);
    kc_key_derive(keyring->keys->master, "kuaichu blind index v1", "", keys->indexing);
    kc_key_derive(keyring->keys->master, "kuaichu log salt v1", "", keys->salting);
}

/* A rotation that was cut off between the safe and the files of master keys: the next one is in force. */
static gboolean
take_next(KcKeyring *keyring, const guint8 wanted[KC_MASTER_ID_LEN], GError **error)
{
    guint8 next[KC_KEY_LEN], id[KC_MASTER_ID_LEN];
    if (!kc_key_file_read(keyring->next_path, FALSE, next, NULL)) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED,
                    "%s is not the master key of %s: put back the one that it was sealed with", keyring->master_path,
                    keyring->safe_path);
        return FALSE;
    }
    kc_master_id(next, id);
    gboolean fits = memcmp(id, wanted, sizeof id) == 0;
    if (fits)
        set_master(keyring, next);
    sodium_memzero(next, sizeof next);
    if (!fits)
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED, "neither %s nor %s is the master key of %s",
                    keyring->master_path, keyring->next_path, keyring->safe_path);
    return fits && (keyring->is_credential || kc_key_file_replace(keyring->next_path, keyring->master_path, error));
}

static gboolean
open_safe(KcKeyring *keyring, gboolean create, GError **error)
{
    guint8 wanted[KC_MASTER_ID_LEN], id[KC_MASTER_ID_LEN];
    g_autoptr(GError) local = NULL;
    if (!kc_key_safe_master(keyring->safe_path, wanted, &local)) {
        if (!g_error_matches(local, KC_KEYS_ERROR, KC_KEYS_ERROR_ABSENT)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (create)
            return make_safe(keyring, TRUE, error);
        derive_earlier_keys(keyring);
        return TRUE;
    }
    kc_master_id(keyring->keys->master, id);
    if (memcmp(id, wanted, sizeof id) != 0 && !take_next(keyring, wanted, error))
        return FALSE;
    KcKeySafe *safe = kc_key_safe_read(keyring->safe_path, keyring->keys->master, error);
    if (safe == NULL)
        return FALSE;
    kc_key_safe_free(keyring->safe);
    keyring->safe = safe;
    keyring->has_safe = TRUE;
    return TRUE;
}

KcKeyring *
kc_keyring_open_files(const KcKeyFiles *files, gboolean create, GError **error)
{
    guint8 master[KC_KEY_LEN];
    g_autoptr(KcKeyring) keyring = keyring_new(files);
    gboolean read = files->is_credential ? kc_key_file_read_credential(files->master, master, error)
                                         : kc_key_file_read(files->master, create, master, error);
    if (!read)
        return NULL;
    set_master(keyring, master);
    sodium_memzero(master, sizeof master);
    int fd = kc_key_safe_lock(keyring->safe_path, TRUE, error);
    if (fd < 0)
        return NULL;
    gboolean opened = open_safe(keyring, create, error);
    close(fd);
    *keyring->stable = *keyring->safe->keys;
    return opened ? g_steal_pointer(&keyring) : NULL;
}

KcKeyring *
kc_keyring_open(const char *master, gboolean create, GError **error)
{
    KcKeyFiles files = {.master = master};
    return kc_keyring_open_files(&files, create, error);
}

gboolean
kc_keyring_has_safe(const KcKeyring *keyring)
{
    g_rw_lock_reader_lock(keyring->lock);
    gboolean has = keyring->has_safe;
    g_rw_lock_reader_unlock(keyring->lock);
    return has;
}

char *
kc_keyring_master_id(const KcKeyring *keyring)
{
    guint8 id[KC_MASTER_ID_LEN];
    g_rw_lock_reader_lock(keyring->lock);
    kc_master_id(keyring->keys->master, id);
    g_rw_lock_reader_unlock(keyring->lock);
    return kc_hex_encode(id, sizeof id);
}

/* ---- Changing the safe ---- */

typedef gboolean (*ChangeFn)(KcKeyring *keyring, KcKeySafe *safe, gconstpointer data, gboolean *ret_changed, GError **error);

/* On what the disk says, since another program may have changed it. */
static gboolean
change_safe(KcKeyring *keyring, ChangeFn change, gconstpointer data, GError **error)
{
    int fd = kc_key_safe_lock(keyring->safe_path, TRUE, error);
    if (fd < 0)
        return FALSE;
    gboolean changed = FALSE;
    g_autoptr(KcKeySafe) safe = kc_key_safe_read(keyring->safe_path, keyring->keys->master, error);
    gboolean done = safe != NULL && change(keyring, safe, data, &changed, error) &&
                    (!changed || save(keyring, safe, keyring->keys->master, error));
    close(fd);
    return done;
}

static gboolean
destroy_leaves(KcKeyring *keyring G_GNUC_UNUSED, KcKeySafe *safe, gconstpointer data, gboolean *ret_changed,
               GError **error G_GNUC_UNUSED)
{
    const GArray *leaves = data;
    for (guint i = 0; i < leaves->len; i++) {
        gboolean was_there = FALSE;
        for (guint t = 0; t < safe->trees->len; t++)
            was_there |= kc_key_tree_destroy(safe->trees->pdata[t], g_array_index(leaves, guint32, i));
        safe->keys->destroyed += was_there;
        *ret_changed |= was_there;
    }
    return TRUE;
}

gboolean
kc_keyring_destroy(KcKeyring *keyring, const GArray *leaves, GError **error)
{
    return change_safe(keyring, destroy_leaves, leaves, error);
}

guint64
kc_keyring_destroyed(const KcKeyring *keyring)
{
    g_rw_lock_reader_lock(keyring->lock);
    guint64 destroyed = keyring->safe->keys->destroyed;
    g_rw_lock_reader_unlock(keyring->lock);
    return destroyed;
}

/* ---- Rotation ---- */

/* The tree in use of `safe`, NULL without one. */
static const KcKeyTree *
newest(const KcKeySafe *safe)
{
    return safe->trees->len > 0 ? safe->trees->pdata[safe->trees->len - 1] : NULL;
}

guint32
kc_keyring_tree(const KcKeyring *keyring)
{
    g_rw_lock_reader_lock(keyring->lock);
    guint32 id = newest(keyring->safe) != NULL ? kc_key_tree_id(newest(keyring->safe)) : 0;
    g_rw_lock_reader_unlock(keyring->lock);
    return id;
}

gboolean
kc_keyring_is_rotating(const KcKeyring *keyring)
{
    g_rw_lock_reader_lock(keyring->lock);
    gboolean rotating = keyring->safe->trees->len > 1;
    g_rw_lock_reader_unlock(keyring->lock);
    return rotating;
}

/* What was destroyed stays so: a place of the old tree that has no key gets none in the new one. */
static KcKeyTree *
next_tree(const KcKeySafe *safe)
{
    return kc_key_tree_successor(newest(safe), kc_key_tree_id(newest(safe)) + 1);
}

static gboolean
begin(KcKeyring *keyring, GError **error)
{
    guint8 next[KC_KEY_LEN];
    g_autoptr(KcKeySafe) safe = kc_key_safe_read(keyring->safe_path, keyring->keys->master, error);
    if (safe == NULL || !kc_key_file_read(keyring->next_path, TRUE, next, error))
        return FALSE;
    if (sodium_memcmp(next, keyring->keys->master, KC_KEY_LEN) == 0) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_DAMAGED,
                    "%s is the master key in use, left from the last rotation: remove it", keyring->next_path);
        sodium_memzero(next, sizeof next);
        return FALSE;
    }
    g_ptr_array_add(safe->trees, next_tree(safe));
    gboolean saved = save(keyring, safe, next, error);
    sodium_memzero(next, sizeof next);
    return saved && (keyring->is_credential || kc_key_file_replace(keyring->next_path, keyring->master_path, error));
}

gboolean
kc_keyring_begin_rotation(KcKeyring *keyring, GError **error)
{
    int fd = kc_key_safe_lock(keyring->safe_path, TRUE, error);
    if (fd < 0)
        return FALSE;
    gboolean begun = begin(keyring, error);
    close(fd);
    return begun;
}

static gboolean
drop_older(KcKeyring *keyring G_GNUC_UNUSED, KcKeySafe *safe, gconstpointer data G_GNUC_UNUSED, gboolean *ret_changed,
           GError **error G_GNUC_UNUSED)
{
    *ret_changed = safe->trees->len > 1;
    if (*ret_changed)
        g_ptr_array_remove_range(safe->trees, 0, safe->trees->len - 1);
    return TRUE;
}

gboolean
kc_keyring_end_rotation(KcKeyring *keyring, GError **error)
{
    return change_safe(keyring, drop_older, NULL, error);
}

/* ---- Wrapped keys ---- */

static guint32
number_at(GBytes *wrapped, gsize offset)
{
    guint32 big;
    memcpy(&big, (const guint8 *)g_bytes_get_data(wrapped, NULL) + offset, sizeof big);
    return GUINT32_FROM_BE(big);
}

static gboolean
is_of_a_tree(GBytes *wrapped)
{
    gsize len;
    const guint8 *bytes = g_bytes_get_data(wrapped, &len);
    return len > WRAPPED_HEAD && bytes[0] == WRAPPED_VERSION;
}

guint32
kc_wrapped_tree(GBytes *wrapped)
{
    return is_of_a_tree(wrapped) ? number_at(wrapped, 1) : 0;
}

guint32
kc_key_leaf(KcKeyClass class, guint32 slot)
{
    return (guint32)class << 30 | (slot & KC_KEY_SLOT_MAX);
}

gboolean
kc_keyring_leaf_exists(const KcKeyring *keyring, guint32 leaf)
{
    g_rw_lock_reader_lock(keyring->lock);
    const KcKeyTree *tree = newest(keyring->safe);
    gboolean exists = tree != NULL && kc_key_tree_has(tree, leaf);
    g_rw_lock_reader_unlock(keyring->lock);
    return exists;
}

gboolean
kc_keyring_slot_is_free(const KcKeyring *keyring, guint32 slot)
{
    return kc_keyring_leaf_exists(keyring, kc_key_leaf(KC_KEY_CASE, slot)) &&
           kc_keyring_leaf_exists(keyring, kc_key_leaf(KC_KEY_RECORDINGS, slot));
}

/* `id` 0: the tree in use. FALSE with an error: there is no such tree, or not that leaf of it. */
static gboolean
wrapping_key(const KcKeyring *keyring, guint32 id, guint32 leaf, guint32 *ret_id, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    const KcKeyTree *tree = NULL;
    g_rw_lock_reader_lock(keyring->lock);
    for (guint i = 0; i < keyring->safe->trees->len; i++) {
        const KcKeyTree *other = keyring->safe->trees->pdata[i];
        if (id == 0 || kc_key_tree_id(other) == id)
            tree = other;
    }
    gboolean there = tree != NULL && kc_key_tree_leaf(tree, leaf, ret_key);
    if (tree == NULL)
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED,
                    "the key is wrapped under tree %u, which these keys do not have", id);
    else if (!there)
        g_set_error_literal(error, KC_KEYS_ERROR, KC_KEYS_ERROR_DESTROYED, "the key was destroyed");
    else if (ret_id != NULL)
        *ret_id = kc_key_tree_id(tree);
    g_rw_lock_reader_unlock(keyring->lock);
    return there;
}

static char *
case_place(KcKeyClass class, const char *case_id)
{
    return g_strconcat("case/", case_id, class == KC_KEY_RECORDINGS ? "/recordings" : "", NULL);
}

static GBytes *
wrap(const KcKeyring *keyring, KcKeyClass class, guint32 slot, const char *case_id, const guint8 key[KC_KEY_LEN],
     GError **error)
{
    guint8 wrapping[KC_KEY_LEN], head[WRAPPED_HEAD] = {WRAPPED_VERSION};
    guint32 id, leaf = kc_key_leaf(class, slot);
    if (!wrapping_key(keyring, 0, leaf, &id, wrapping, error))
        return NULL;
    g_autofree char *place = case_place(class, case_id);
    g_autoptr(GBytes) sealed = kc_seal(wrapping, place, key, KC_KEY_LEN);
    sodium_memzero(wrapping, sizeof wrapping);
    const guint32 big_id = GUINT32_TO_BE(id), big_leaf = GUINT32_TO_BE(leaf);
    memcpy(head + 1, &big_id, sizeof big_id);
    memcpy(head + 5, &big_leaf, sizeof big_leaf);
    GByteArray *wrapped = g_byte_array_new();
    g_byte_array_append(wrapped, head, sizeof head);
    g_byte_array_append(wrapped, g_bytes_get_data(sealed, NULL), (guint)g_bytes_get_size(sealed));
    return g_byte_array_free_to_bytes(wrapped);
}

static GBytes *
open_wrapped(const KcKeyring *keyring, const char *case_id, GBytes *wrapped, GError **error)
{
    if (!is_of_a_tree(wrapped)) {
        g_autofree char *place = case_place(KC_KEY_CASE, case_id);
        return kc_seal_open(keyring->keys->wrapping, place, wrapped, error);
    }
    guint8 wrapping[KC_KEY_LEN];
    guint32 leaf = number_at(wrapped, 5);
    if (!wrapping_key(keyring, number_at(wrapped, 1), leaf, NULL, wrapping, error))
        return NULL;
    g_autofree char *place = case_place((KcKeyClass)(leaf >> 30), case_id);
    g_autoptr(GBytes) sealed = g_bytes_new_from_bytes(wrapped, WRAPPED_HEAD, g_bytes_get_size(wrapped) - WRAPPED_HEAD);
    GBytes *plain = kc_seal_open(wrapping, place, sealed, error);
    sodium_memzero(wrapping, sizeof wrapping);
    return plain;
}

/* As bytes that are ours alone, to be wiped. NULL with an error. */
static guint8 *
unwrap(const KcKeyring *keyring, const char *case_id, GBytes *wrapped, GBytes **ret_plain, GError **error)
{
    gsize len;
    *ret_plain = open_wrapped(keyring, case_id, wrapped, error);
    guint8 *bytes = *ret_plain != NULL ? (guint8 *)g_bytes_get_data(*ret_plain, &len) : NULL;
    if (bytes != NULL && len != KC_KEY_LEN) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED, "the key of case %s has a wrong length", case_id);
        return NULL;
    }
    return bytes;
}

GBytes *
kc_keyring_rewrap(const KcKeyring *keyring, KcKeyClass class, guint32 slot, const char *case_id, GBytes *wrapped,
                  GError **error)
{
    g_autoptr(GBytes) plain = NULL;
    guint8 *bytes = unwrap(keyring, case_id, wrapped, &plain, error);
    if (bytes == NULL)
        return NULL;
    GBytes *again = wrap(keyring, class, slot, case_id, bytes, error);
    sodium_memzero(bytes, KC_KEY_LEN);
    return again;
}

/* ---- Case keys ---- */

KcCaseKey *
kc_keyring_case_key_new(const KcKeyring *keyring, KcKeyClass class, guint32 slot, const char *case_id, GBytes **ret_wrapped,
                        GError **error)
{
    guint8 bytes[KC_KEY_LEN];
    randombytes_buf(bytes, sizeof bytes);
    *ret_wrapped = wrap(keyring, class, slot, case_id, bytes, error);
    KcCaseKey *key = *ret_wrapped != NULL ? kc_case_key_make(bytes) : NULL;
    sodium_memzero(bytes, sizeof bytes);
    return key;
}

KcCaseKey *
kc_keyring_case_key_unwrap(const KcKeyring *keyring, const char *case_id, GBytes *wrapped, GError **error)
{
    g_autoptr(GBytes) plain = NULL;
    guint8 *bytes = unwrap(keyring, case_id, wrapped, &plain, error);
    if (bytes == NULL)
        return NULL;
    KcCaseKey *key = kc_case_key_make(bytes);
    sodium_memzero(bytes, KC_KEY_LEN);
    return key;
}
