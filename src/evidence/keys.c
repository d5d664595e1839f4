/* Invariants:
 *  - a key is only ever in sodium_malloc memory or in a caller's buffer that the caller wipes;
 *  - each use of a key has a subkey of its own (keyed BLAKE2b with a label), so that no value serves two purposes;
 *  - a sealed value is: version byte, 24-byte nonce, ciphertext, 16-byte tag. */
#include "src/evidence/keys.h"
#include "src/base/hex.h"
#include "src/evidence/sodium_ready.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEAL_VERSION 1
#define NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LEN crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEAL_OVERHEAD (1 + NONCE_LEN + TAG_LEN)

G_STATIC_ASSERT(KC_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
G_STATIC_ASSERT(KC_KEY_LEN == crypto_generichash_KEYBYTES);

G_DEFINE_QUARK(kc - keys - error - quark, kc_keys_error)

typedef struct {
    guint8 wrapping[KC_KEY_LEN];
    guint8 sealing[KC_KEY_LEN];
    guint8 indexing[KC_KEY_LEN];
} KcKeyringKeys;

struct KcKeyring {
    KcKeyringKeys *keys; /* sodium_malloc */
};

typedef struct {
    guint8 key[KC_KEY_LEN];
    guint8 sealing[KC_KEY_LEN];
} KcCaseKeyKeys;

struct KcCaseKey {
    KcCaseKeyKeys *keys; /* sodium_malloc */
};

static gpointer
secure_new(gsize size)
{
    gpointer memory = sodium_malloc(size);
    if (memory == NULL)
        g_error("no locked memory for keys");
    return memory;
}

void
kc_key_wipe(void *key, gsize len)
{
    sodium_memzero(key, len);
}

static void
derive(const guint8 key[KC_KEY_LEN], const char *label, const char *detail, guint8 ret_key[KC_KEY_LEN])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KC_KEY_LEN, KC_KEY_LEN);
    crypto_generichash_update(&state, (const guint8 *)label, strlen(label) + 1);
    crypto_generichash_update(&state, (const guint8 *)detail, strlen(detail));
    crypto_generichash_final(&state, ret_key, KC_KEY_LEN);
    sodium_memzero(&state, sizeof state);
}

/* ---- Sealing ---- */

static GBytes *
seal(const guint8 key[KC_KEY_LEN], const char *place, const void *data, gsize len)
{
    guint8 *sealed = g_malloc(len + SEAL_OVERHEAD);
    guint8 *nonce = sealed + 1;
    sealed[0] = SEAL_VERSION;
    randombytes_buf(nonce, NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_LEN, NULL, data, len, (const guint8 *)place, strlen(place),
                                               NULL, nonce, key);
    return g_bytes_new_take(sealed, len + SEAL_OVERHEAD);
}

static GBytes *
unseal(const guint8 key[KC_KEY_LEN], const char *place, GBytes *sealed, GError **error)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data(sealed, &size);
    if (size < SEAL_OVERHEAD || bytes[0] != SEAL_VERSION) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED, "the sealed value of %s is damaged", place);
        return NULL;
    }
    gsize len = size - SEAL_OVERHEAD;
    g_autofree guint8 *plain = g_malloc(len + 1);
    plain[len] = '\0'; /* so that a text can be used where it is */
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, bytes + 1 + NONCE_LEN, len + TAG_LEN,
                                                   (const guint8 *)place, strlen(place), bytes + 1, key) != 0) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED,
                    "the sealed value of %s does not open: it was changed, moved, or sealed with another key", place);
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&plain), len);
}

/* ---- The master key's file ---- */

static gboolean
set_io_error(GError **error, const char *what, const char *path)
{
    int saved = errno;
    g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_IO, "%s %s: %s", what, path, g_strerror(saved));
    return FALSE;
}

static gboolean
sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return set_io_error(error, "cannot open", folder);
    gboolean ok = fsync(fd) == 0;
    if (!ok)
        set_io_error(error, "cannot sync", folder);
    close(fd);
    return ok;
}

static gboolean
write_key_file(int fd, const char *path, const guint8 key[KC_KEY_LEN], GError **error)
{
    if (write(fd, key, KC_KEY_LEN) != KC_KEY_LEN || fsync(fd) != 0)
        return set_io_error(error, "cannot write", path);
    return sync_folder_of(path, error);
}

static gboolean
create_key_file(const char *path, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return set_io_error(error, "cannot make", path);
    randombytes_buf(ret_key, KC_KEY_LEN);
    gboolean ok = write_key_file(fd, path, ret_key, error);
    close(fd);
    if (!ok)
        unlink(path); /* a partial key would stop every later start */
    return ok;
}

static gboolean
check_key_file(int fd, const char *path, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return set_io_error(error, "cannot look at", path);
    if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_PERMISSIONS,
                    "%s must be a regular file that its owner alone can read (mode 0600, not %04o)", path,
                    (unsigned)(st.st_mode & 07777));
        return FALSE;
    }
    if (st.st_size != KC_KEY_LEN) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_DAMAGED, "%s is not a master key of %d bytes", path,
                    KC_KEY_LEN);
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_key_file(const char *path, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_ABSENT, "there is no master key at %s", path);
        return FALSE;
    }
    if (fd < 0 && errno == ELOOP) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_PERMISSIONS, "%s must not be a symbolic link", path);
        return FALSE;
    }
    if (fd < 0)
        return set_io_error(error, "cannot open", path);
    gboolean ok = check_key_file(fd, path, error);
    if (ok && read(fd, ret_key, KC_KEY_LEN) != KC_KEY_LEN)
        ok = set_io_error(error, "cannot read", path);
    close(fd);
    return ok;
}

KcKeyring *
kc_keyring_open(const char *path, gboolean create, GError **error)
{
    guint8 master[KC_KEY_LEN];
    kc_sodium_ready();
    gboolean absent = create && access(path, F_OK) != 0 && errno == ENOENT;
    if (absent ? !create_key_file(path, master, error) : !read_key_file(path, master, error))
        return NULL;

    KcKeyring *keyring = g_new0(KcKeyring, 1);
    keyring->keys = secure_new(sizeof *keyring->keys);
    derive(master, "kuaichu wrap case key v1", "", keyring->keys->wrapping);
    derive(master, "kuaichu seal v1", "", keyring->keys->sealing);
    derive(master, "kuaichu blind index v1", "", keyring->keys->indexing);
    sodium_memzero(master, sizeof master);
    return keyring;
}

void
kc_keyring_free(KcKeyring *keyring)
{
    if (keyring == NULL)
        return;
    sodium_free(keyring->keys);
    g_free(keyring);
}

/* ---- Case keys ---- */

static KcCaseKey *
case_key_make(const guint8 bytes[KC_KEY_LEN])
{
    KcCaseKey *key = g_new0(KcCaseKey, 1);
    key->keys = secure_new(sizeof *key->keys);
    memcpy(key->keys->key, bytes, KC_KEY_LEN);
    derive(bytes, "kuaichu seal v1", "", key->keys->sealing);
    return key;
}

static char *
case_place(const char *case_id)
{
    return g_strconcat("case/", case_id, NULL);
}

KcCaseKey *
kc_keyring_case_key_new(const KcKeyring *keyring, const char *case_id, GBytes **ret_wrapped)
{
    guint8 bytes[KC_KEY_LEN];
    g_autofree char *place = case_place(case_id);
    randombytes_buf(bytes, sizeof bytes);
    KcCaseKey *key = case_key_make(bytes);
    sodium_memzero(bytes, sizeof bytes);
    *ret_wrapped = seal(keyring->keys->wrapping, place, key->keys->key, KC_KEY_LEN);
    return key;
}

KcCaseKey *
kc_keyring_case_key_unwrap(const KcKeyring *keyring, const char *case_id, GBytes *wrapped, GError **error)
{
    g_autofree char *place = case_place(case_id);
    g_autoptr(GBytes) plain = unseal(keyring->keys->wrapping, place, wrapped, error);
    if (plain == NULL)
        return NULL;
    gsize len;
    guint8 *bytes = (guint8 *)g_bytes_get_data(plain, &len); /* ours alone: wiped below */
    if (len != KC_KEY_LEN) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED, "the key of case %s has a wrong length", case_id);
        return NULL;
    }
    KcCaseKey *key = case_key_make(bytes);
    sodium_memzero(bytes, len);
    return key;
}

void
kc_case_key_free(KcCaseKey *key)
{
    if (key == NULL)
        return;
    sodium_free(key->keys);
    g_free(key);
}

void
kc_case_key_object_key(const KcCaseKey *key, const char *object_id, guint8 ret_key[KC_KEY_LEN])
{
    derive(key->keys->key, "kuaichu vault object v1", object_id, ret_key);
}

/* ---- Columns ---- */

/* Table and column names hold no slash, so that two places never read the same. */
static char *
column_place(const char *table, const char *column, const char *row_id)
{
    return g_strdup_printf("%s/%s/%s", table, column, row_id);
}

GBytes *
kc_case_key_seal(const KcCaseKey *key, const char *table, const char *column, const char *row_id, const void *data,
                 gsize len)
{
    g_autofree char *place = column_place(table, column, row_id);
    return seal(key->keys->sealing, place, data, len);
}

GBytes *
kc_case_key_open(const KcCaseKey *key, const char *table, const char *column, const char *row_id, GBytes *sealed,
                 GError **error)
{
    g_autofree char *place = column_place(table, column, row_id);
    return unseal(key->keys->sealing, place, sealed, error);
}

GBytes *
kc_keyring_seal(const KcKeyring *keyring, const char *table, const char *column, const char *row_id, const void *data,
                gsize len)
{
    g_autofree char *place = column_place(table, column, row_id);
    return seal(keyring->keys->sealing, place, data, len);
}

GBytes *
kc_keyring_unseal(const KcKeyring *keyring, const char *table, const char *column, const char *row_id, GBytes *sealed,
                  GError **error)
{
    g_autofree char *place = column_place(table, column, row_id);
    return unseal(keyring->keys->sealing, place, sealed, error);
}

/* ---- Blind index ---- */

static gboolean
is_filler(gunichar c)
{
    return g_unichar_isspace(c) || c == '-' || c == '.' || c == 0x00B7 /* middle dot, as on plates */;
}

static char *
normal_form(const char *kind, const char *value)
{
    g_autofree char *compatible = g_utf8_normalize(value, -1, G_NORMALIZE_NFKC);
    if (compatible == NULL) /* not UTF-8 */
        return NULL;
    g_autofree char *upper = g_utf8_strup(compatible, -1);
    g_autoptr(GString) text = g_string_new(NULL);
    for (const char *p = upper; *p != '\0'; p = g_utf8_next_char(p)) {
        if (!is_filler(g_utf8_get_char(p)))
            g_string_append_unichar(text, g_utf8_get_char(p));
    }
    if (strcmp(kind, "phone") == 0 && g_str_has_prefix(text->str, "+86"))
        g_string_erase(text, 0, 3);
    if (strcmp(kind, "phone") == 0 && g_str_has_prefix(text->str, "0086"))
        g_string_erase(text, 0, 4);
    return g_strdup(text->str);
}

char *
kc_keyring_blind_index(const KcKeyring *keyring, const char *kind, const char *value)
{
    g_autofree char *normal = value == NULL ? NULL : normal_form(kind, value);
    if (normal == NULL || *normal == '\0')
        return NULL;
    guint8 hash[KC_KEY_LEN];
    derive(keyring->keys->indexing, kind, normal, hash);
    return kc_hex_encode(hash, 16);
}
