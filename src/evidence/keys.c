/* Invariants:
 *  - a key is only ever in sodium_malloc memory or in a caller's buffer that the caller wipes;
 *  - each use of a key has a subkey of its own (keyed BLAKE2b with a label), so that no value serves two purposes;
 *  - a sealed value is: version byte, 24-byte nonce, ciphertext, 16-byte tag. */
#include "src/evidence/keys.h"
#include "src/base/hex.h"
#include "src/evidence/key_file.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

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
    guint8 salting[KC_KEY_LEN];
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

KcKeyring *
kc_keyring_open(const char *path, gboolean create, GError **error)
{
    guint8 master[KC_KEY_LEN];
    if (!kc_key_file_read(path, create, master, error))
        return NULL;

    KcKeyring *keyring = g_new0(KcKeyring, 1);
    keyring->keys = secure_new(sizeof *keyring->keys);
    derive(master, "kuaichu wrap case key v1", "", keyring->keys->wrapping);
    derive(master, "kuaichu seal v1", "", keyring->keys->sealing);
    derive(master, "kuaichu blind index v1", "", keyring->keys->indexing);
    derive(master, "kuaichu log salt v1", "", keyring->keys->salting);
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

/* ---- Salts of the log ---- */

void
kc_case_key_log_salt(const KcCaseKey *key, gint64 seq, guint8 ret_salt[KC_KEY_LEN])
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
    derive(key->keys->key, "kuaichu log salt v1", number, ret_salt);
}

void
kc_keyring_log_salt(const KcKeyring *keyring, gint64 seq, guint8 ret_salt[KC_KEY_LEN])
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
    derive(keyring->keys->salting, "entry", number, ret_salt);
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

gint64
kc_keyring_search_term(const KcKeyring *keyring, const char *field, const char *token)
{
    guint8 key[KC_KEY_LEN], hash[KC_KEY_LEN];
    guint64 term;
    derive(keyring->keys->indexing, "kuaichu search field v1", field, key);
    derive(key, "token", token, hash);
    sodium_memzero(key, sizeof key);
    memcpy(&term, hash, sizeof term);
    return (gint64)GUINT64_FROM_BE(term);
}
