/* Invariants:
 *  - a key is only ever in sodium_malloc memory or in a caller's buffer that the caller wipes;
 *  - each use of a key has a subkey of its own (keyed BLAKE2b with a label), so that no value serves two purposes. */
#include "src/evidence/keys.h"
#include "src/base/hex.h"
#include "src/evidence/key_cells.h"
#include "src/evidence/keyring.h"
#include "src/evidence/seal.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

G_DEFINE_QUARK(kc - keys - error - quark, kc_keys_error)

typedef struct {
    guint8 key[KC_KEY_LEN];
    guint8 sealing[KC_KEY_LEN];
} KcCaseKeyKeys;

G_STATIC_ASSERT(sizeof(KcCaseKeyKeys) <= KC_KEY_CELL_BYTES);

struct KcCaseKey {
    KcCaseKeyKeys *keys; /* a cell */
};

gpointer
kc_secure_new(gsize size)
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

/* ---- Case keys ---- */

KcCaseKey *
kc_case_key_make(const guint8 bytes[KC_KEY_LEN])
{
    KcCaseKey *key = g_new0(KcCaseKey, 1);
    key->keys = kc_key_cell_take();
    memcpy(key->keys->key, bytes, KC_KEY_LEN);
    kc_key_derive(bytes, "kuaichu seal v1", "", key->keys->sealing);
    return key;
}

void
kc_case_key_free(KcCaseKey *key)
{
    if (key == NULL)
        return;
    kc_key_cell_give_back(key->keys);
    g_free(key);
}

void
kc_case_key_object_key(const KcCaseKey *key, const char *object_id, guint8 ret_key[KC_KEY_LEN])
{
    kc_key_derive(key->keys->key, "kuaichu vault object v1", object_id, ret_key);
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
    return kc_seal(key->keys->sealing, place, data, len);
}

GBytes *
kc_case_key_open(const KcCaseKey *key, const char *table, const char *column, const char *row_id, GBytes *sealed,
                 GError **error)
{
    g_autofree char *place = column_place(table, column, row_id);
    return kc_seal_open(key->keys->sealing, place, sealed, error);
}

GBytes *
kc_keyring_seal(const KcKeyring *keyring, const char *table, const char *column, const char *row_id, const void *data,
                gsize len)
{
    g_autofree char *place = column_place(table, column, row_id);
    return kc_seal(keyring->stable->sealing, place, data, len);
}

GBytes *
kc_keyring_unseal(const KcKeyring *keyring, const char *table, const char *column, const char *row_id, GBytes *sealed,
                  GError **error)
{
    g_autofree char *place = column_place(table, column, row_id);
    return kc_seal_open(keyring->stable->sealing, place, sealed, error);
}

/* ---- Salts of the log ---- */

void
kc_case_key_log_salt(const KcCaseKey *key, gint64 seq, guint8 ret_salt[KC_KEY_LEN])
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
    kc_key_derive(key->keys->key, "kuaichu log salt v1", number, ret_salt);
}

void
kc_keyring_log_salt(const KcKeyring *keyring, gint64 seq, guint8 ret_salt[KC_KEY_LEN])
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
    kc_key_derive(keyring->stable->salting, "entry", number, ret_salt);
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
    kc_key_derive(keyring->stable->indexing, kind, normal, hash);
    return kc_hex_encode(hash, 16);
}

gint64
kc_keyring_search_term(const KcKeyring *keyring, const char *field, const char *token)
{
    guint8 key[KC_KEY_LEN], hash[KC_KEY_LEN];
    guint64 term;
    kc_key_derive(keyring->stable->indexing, "kuaichu search field v1", field, key);
    kc_key_derive(key, "token", token, hash);
    sodium_memzero(key, sizeof key);
    memcpy(&term, hash, sizeof term);
    return (gint64)GUINT64_FROM_BE(term);
}
