#include "src/evidence/note.h"
#include "src/base/hex.h"
#include "src/evidence/digest.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

#define KEY_ID_LEN 4
#define TIME_LEN 8
#define DASH "\xe2\x80\x94 " /* an em dash and a space */
#define MAX_NOTE_BYTES (1024 * 1024)

G_STATIC_ASSERT(KC_NOTE_SEED_LEN == crypto_sign_SEEDBYTES);

G_DEFINE_QUARK(kc - note - error - quark, kc_note_error)

typedef struct {
    char *name;
    KcNoteKeyType type;
    guint8 id[KEY_ID_LEN];
    guint8 public[crypto_sign_PUBLICKEYBYTES];
} PublicKey;

struct KcNoteSigner {
    PublicKey key;
    guint8 *secret; /* sodium_malloc */
};

struct KcNoteVerifier {
    PublicKey key;
};

/* ---- Keys ---- */

static gboolean
is_name(const char *name)
{
    if (*name == '\0' || !g_utf8_validate(name, -1, NULL))
        return FALSE;
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at))
        if (*at == '+' || g_unichar_isspace(g_utf8_get_char(at)))
            return FALSE;
    return TRUE;
}

static void
set_id(PublicKey *key)
{
    guint8 type = (guint8)key->type, hash[KC_SHA256_LEN];
    g_autoptr(KcSha256) sha = kc_sha256_new();
    kc_sha256_update(sha, key->name, strlen(key->name));
    kc_sha256_update(sha, "\n", 1);
    kc_sha256_update(sha, &type, 1);
    kc_sha256_update(sha, key->public, sizeof key->public);
    kc_sha256_peek(sha, hash);
    memcpy(key->id, hash, KEY_ID_LEN);
}

KcNoteSigner *
kc_note_signer_new(const char *name, KcNoteKeyType type, const guint8 seed[KC_NOTE_SEED_LEN], GError **error)
{
    if (!is_name(name)) {
        g_set_error(error, KC_NOTE_ERROR, KC_NOTE_ERROR_MALFORMED,
                    "\"%s\" can't name a signing key: it is empty, or has a blank or '+' in it", name);
        return NULL;
    }
    kc_sodium_ready();
    KcNoteSigner *signer = g_new0(KcNoteSigner, 1);
    signer->key.name = g_strdup(name);
    signer->key.type = type;
    signer->secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
    if (signer->secret == NULL)
        g_error("no locked memory for keys");
    crypto_sign_seed_keypair(signer->key.public, signer->secret, seed);
    set_id(&signer->key);
    return signer;
}

void
kc_note_signer_free(KcNoteSigner *signer)
{
    if (signer == NULL)
        return;
    sodium_free(signer->secret);
    g_free(signer->key.name);
    g_free(signer);
}

const char *
kc_note_signer_name(const KcNoteSigner *signer)
{
    return signer->key.name;
}

void
kc_note_signer_derive(const KcNoteSigner *signer, const char context[8], guint8 ret_seed[KC_NOTE_SEED_LEN])
{
    guint8 seed[crypto_sign_SEEDBYTES];
    crypto_sign_ed25519_sk_to_seed(seed, signer->secret);
    crypto_kdf_derive_from_key(ret_seed, KC_NOTE_SEED_LEN, 1, context, seed);
    sodium_memzero(seed, sizeof seed);
}

char *
kc_note_signer_public(const KcNoteSigner *signer)
{
    guint8 typed[1 + crypto_sign_PUBLICKEYBYTES] = {(guint8)signer->key.type};
    memcpy(typed + 1, signer->key.public, crypto_sign_PUBLICKEYBYTES);
    g_autofree char *id = kc_hex_encode(signer->key.id, KEY_ID_LEN);
    g_autofree char *base64 = g_base64_encode(typed, sizeof typed);
    return g_strdup_printf("%s+%s+%s", signer->key.name, id, base64);
}

static gboolean
parse_public(const char *published, PublicKey *key)
{
    g_auto(GStrv) parts = g_strsplit(published, "+", 3); /* base64 may have '+' too */
    guint8 id[KEY_ID_LEN];
    if (g_strv_length(parts) != 3 || !is_name(parts[0]) || !kc_hex_decode(parts[1], id, KEY_ID_LEN))
        return FALSE;
    gsize len = 0;
    g_autofree guint8 *typed = g_base64_decode(parts[2], &len);
    if (len != 1 + crypto_sign_PUBLICKEYBYTES || (typed[0] != KC_NOTE_ED25519 && typed[0] != KC_NOTE_COSIGNATURE_V1))
        return FALSE;
    key->name = g_strdup(parts[0]);
    key->type = typed[0];
    memcpy(key->public, typed + 1, crypto_sign_PUBLICKEYBYTES);
    set_id(key);
    return memcmp(key->id, id, KEY_ID_LEN) == 0;
}

KcNoteVerifier *
kc_note_verifier_new(const char *published, GError **error)
{
    g_autoptr(KcNoteVerifier) verifier = g_new0(KcNoteVerifier, 1);
    kc_sodium_ready();
    if (!parse_public(published, &verifier->key)) {
        g_set_error(error, KC_NOTE_ERROR, KC_NOTE_ERROR_MALFORMED,
                    "\"%s\" is not a public key of the form name+key id+base64", published);
        return NULL;
    }
    return g_steal_pointer(&verifier);
}

void
kc_note_verifier_free(KcNoteVerifier *verifier)
{
    if (verifier == NULL)
        return;
    g_free(verifier->key.name);
    g_free(verifier);
}

const char *
kc_note_verifier_name(const KcNoteVerifier *verifier)
{
    return verifier->key.name;
}

/* ---- Signatures ---- */

static char *
signed_message(KcNoteKeyType type, const char *text, gint64 time_s)
{
    return type == KC_NOTE_COSIGNATURE_V1
               ? g_strdup_printf("cosignature/v1\ntime %" G_GINT64_FORMAT "\n%s", time_s, text)
               : g_strdup(text);
}

char *
kc_note_sign(const KcNoteSigner *signer, const char *text, gint64 time_s)
{
    const PublicKey *key = &signer->key;
    g_autofree char *message = signed_message(key->type, text, time_s);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 signature[crypto_sign_BYTES];
    crypto_sign_detached(signature, NULL, (const guint8 *)message, strlen(message), signer->secret);
    g_byte_array_append(bytes, key->id, KEY_ID_LEN);
    if (key->type == KC_NOTE_COSIGNATURE_V1) {
        guint64 time_be = GUINT64_TO_BE((guint64)time_s);
        g_byte_array_append(bytes, (const guint8 *)&time_be, TIME_LEN);
    }
    g_byte_array_append(bytes, signature, sizeof signature);
    g_autofree char *base64 = g_base64_encode(bytes->data, bytes->len);
    return g_strdup_printf(DASH "%s %s\n", key->name, base64);
}

static gboolean
set_malformed(GError **error)
{
    g_set_error_literal(error, KC_NOTE_ERROR, KC_NOTE_ERROR_MALFORMED,
                        "this is no signed note: a text, a blank line and signatures");
    return FALSE;
}

/* Where the signatures begin; NULL if there are none. */
static const char *
find_signatures(const char *note)
{
    if (strlen(note) > MAX_NOTE_BYTES || !g_utf8_validate(note, -1, NULL))
        return NULL;
    const char *found = g_strrstr(note, "\n\n" DASH);
    return found != NULL && g_str_has_suffix(note, "\n") ? found + 2 : NULL;
}

char *
kc_note_text(const char *note, GError **error)
{
    const char *signatures = find_signatures(note);
    if (signatures != NULL)
        return g_strndup(note, (gsize)(signatures - note) - 1);
    set_malformed(error);
    return NULL;
}

typedef enum { LINE_OTHER, LINE_FORGED, LINE_SIGNED } LineFate;

static LineFate
check_line(const char *line, const PublicKey *key, const char *text, gint64 *ret_time_s)
{
    g_auto(GStrv) parts = g_strsplit(line + strlen(DASH), " ", 2);
    if (g_strv_length(parts) != 2 || strcmp(parts[0], key->name) != 0)
        return LINE_OTHER;
    gsize len = 0;
    g_autofree guint8 *bytes = g_base64_decode(parts[1], &len);
    if (len < KEY_ID_LEN || memcmp(bytes, key->id, KEY_ID_LEN) != 0)
        return LINE_OTHER;
    gsize time_len = key->type == KC_NOTE_COSIGNATURE_V1 ? TIME_LEN : 0;
    if (len != KEY_ID_LEN + time_len + crypto_sign_BYTES)
        return LINE_FORGED;
    guint64 time_be = 0;
    memcpy(&time_be, bytes + KEY_ID_LEN, time_len);
    gint64 time_s = (gint64)GUINT64_FROM_BE(time_be);
    g_autofree char *message = signed_message(key->type, text, time_s);
    if (crypto_sign_verify_detached(bytes + KEY_ID_LEN + time_len, (const guint8 *)message, strlen(message),
                                    key->public) != 0)
        return LINE_FORGED;
    *ret_time_s = time_s;
    return LINE_SIGNED;
}

/* Every line after the blank one is a signature's; one of them that is by the asked key and right is enough. */
static gboolean
check_signatures(const char *signatures, const PublicKey *key, const char *text, gint64 *ret_time_s, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(signatures, "\n", -1);
    gboolean signed_by_key = FALSE, forged = FALSE;
    for (guint i = 0; lines[i + 1] != NULL; i++) { /* the last piece stands behind the last newline: it is empty */
        if (!g_str_has_prefix(lines[i], DASH))
            return set_malformed(error);
        LineFate fate = check_line(lines[i], key, text, ret_time_s);
        signed_by_key = signed_by_key || fate == LINE_SIGNED;
        forged = forged || fate == LINE_FORGED;
    }
    if (signed_by_key)
        return TRUE;
    g_set_error(error, KC_NOTE_ERROR, forged ? KC_NOTE_ERROR_FORGED : KC_NOTE_ERROR_UNSIGNED,
                forged ? "the signature of %s is wrong: text or signature was changed" : "%s has not signed this",
                key->name);
    return FALSE;
}

char *
kc_note_open(const char *note, const KcNoteVerifier *verifier, gint64 *ret_time_s, GError **error)
{
    gint64 time_s = 0;
    g_autofree char *text = kc_note_text(note, error);
    if (text == NULL || !check_signatures(find_signatures(note), &verifier->key, text, &time_s, error))
        return NULL;
    if (ret_time_s != NULL)
        *ret_time_s = time_s;
    return g_steal_pointer(&text);
}
