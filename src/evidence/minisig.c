#include "src/evidence/minisig.h"
#include "src/evidence/sodium_ready.h"

#include <string.h>

#define KEY_ID_LEN 8
#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "

G_STATIC_ASSERT(KC_MINISIG_SEED_LEN == crypto_sign_SEEDBYTES);

G_DEFINE_QUARK(kc - minisig - error - quark, kc_minisig_error)

/* Both as they lie in the base64: bytes only, so without padding. */
typedef struct {
    guint8 algorithm[2];
    guint8 id[KEY_ID_LEN];
    guint8 key[crypto_sign_PUBLICKEYBYTES];
} Public;

typedef struct {
    guint8 algorithm[2];
    guint8 id[KEY_ID_LEN];
    guint8 signature[crypto_sign_BYTES];
} Signature;

G_STATIC_ASSERT(sizeof(Public) == 42 && sizeof(Signature) == 74);

struct KcMinisigner {
    Public public;
    guint8 *secret; /* sodium_malloc */
};

static void
set_id(Public *public)
{
    guint8 hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, public->key, sizeof public->key, NULL, 0);
    memcpy(public->id, hash, KEY_ID_LEN);
}

KcMinisigner *
kc_minisigner_new(const guint8 seed[KC_MINISIG_SEED_LEN])
{
    kc_sodium_ready();
    KcMinisigner *signer = g_new0(KcMinisigner, 1);
    signer->secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
    if (signer->secret == NULL)
        g_error("no locked memory for keys");
    crypto_sign_seed_keypair(signer->public.key, signer->secret, seed);
    memcpy(signer->public.algorithm, "Ed", 2);
    set_id(&signer->public);
    return signer;
}

void
kc_minisigner_free(KcMinisigner *signer)
{
    if (signer == NULL)
        return;
    sodium_free(signer->secret);
    g_free(signer);
}

/* As the program writes it: a little-endian number, without leading zeros. */
static char *
id_text(const guint8 id[KEY_ID_LEN])
{
    guint64 number;
    memcpy(&number, id, sizeof number);
    return g_strdup_printf("%" G_GINT64_MODIFIER "X", GUINT64_FROM_LE(number));
}

char *
kc_minisigner_public(const KcMinisigner *signer)
{
    g_autofree char *id = id_text(signer->public.id);
    g_autofree char *base64 = g_base64_encode((const guint8 *)&signer->public, sizeof signer->public);
    return g_strdup_printf(UNTRUSTED "minisign public key %s\n%s\n", id, base64);
}

static void
hash_file(const void *data, gsize len, guint8 ret_hash[crypto_generichash_BYTES_MAX])
{
    crypto_generichash(ret_hash, crypto_generichash_BYTES_MAX, data, len, NULL, 0);
}

/* What the second signature is over. Owned. */
static GByteArray *
with_comment(const guint8 signature[crypto_sign_BYTES], const char *comment)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, signature, crypto_sign_BYTES);
    g_byte_array_append(bytes, (const guint8 *)comment, (guint)strlen(comment));
    return bytes;
}

char *
kc_minisign(const KcMinisigner *signer, const void *data, gsize len, const char *trusted_comment)
{
    guint8 hash[crypto_generichash_BYTES_MAX], global[crypto_sign_BYTES];
    Signature made = {.algorithm = {'E', 'D'}};
    g_assert(strchr(trusted_comment, '\n') == NULL);
    memcpy(made.id, signer->public.id, KEY_ID_LEN);
    hash_file(data, len, hash);
    crypto_sign_detached(made.signature, NULL, hash, sizeof hash, signer->secret);
    g_autoptr(GByteArray) whole = with_comment(made.signature, trusted_comment);
    crypto_sign_detached(global, NULL, whole->data, whole->len, signer->secret);
    g_autofree char *id = id_text(signer->public.id);
    g_autofree char *first = g_base64_encode((const guint8 *)&made, sizeof made);
    g_autofree char *second = g_base64_encode(global, sizeof global);
    return g_strdup_printf(UNTRUSTED "signature by key %s\n%s\n" TRUSTED "%s\n%s\n", id, first, trusted_comment,
                           second);
}

/* ---- Checking ---- */

static gboolean
set_malformed(GError **error, const char *what)
{
    g_set_error(error, KC_MINISIG_ERROR, KC_MINISIG_ERROR_MALFORMED, "this is no %s of minisign", what);
    return FALSE;
}

/* Exactly that many bytes, written in the one way in which they can be. */
static gboolean
decode(const char *line, guint8 *ret_bytes, gsize size)
{
    gsize len = 0;
    g_autofree guint8 *bytes = g_base64_decode(line, &len);
    g_autofree char *again = g_base64_encode(bytes, len);
    if (len != size || strcmp(again, line) != 0)
        return FALSE;
    memcpy(ret_bytes, bytes, size);
    return TRUE;
}

/* Lines without their ends; a carriage return before an end is none of it. */
static GStrv
lines_of(const char *text)
{
    GStrv lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_suffix(lines[i], "\r"))
            lines[i][strlen(lines[i]) - 1] = '\0';
    return lines;
}

static gboolean
parse_public(const char *text, Public *ret_public, GError **error)
{
    g_auto(GStrv) lines = lines_of(text);
    const char *line = g_str_has_prefix(text, UNTRUSTED) && lines[1] != NULL ? lines[1] : lines[0];
    kc_sodium_ready();
    return (line != NULL && decode(line, (guint8 *)ret_public, sizeof *ret_public) &&
            memcmp(ret_public->algorithm, "Ed", 2) == 0) ||
           set_malformed(error, "public key");
}

char *
kc_minisig_public_line(const char *public, GError **error)
{
    Public parsed;
    return parse_public(public, &parsed, error) ? g_base64_encode((const guint8 *)&parsed, sizeof parsed) : NULL;
}

char *
kc_minisig_key_id(const char *public, GError **error)
{
    Public parsed;
    return parse_public(public, &parsed, error) ? id_text(parsed.id) : NULL;
}

/* Borrows the comment from `lines`. */
static const char *
parse_signature(const GStrv lines, Signature *ret_signature, guint8 ret_global[crypto_sign_BYTES], GError **error)
{
    gboolean right = g_strv_length(lines) >= 4 && g_str_has_prefix(lines[0], UNTRUSTED) &&
                     decode(lines[1], (guint8 *)ret_signature, sizeof *ret_signature) &&
                     ret_signature->algorithm[0] == 'E' &&
                     (ret_signature->algorithm[1] == 'D' || ret_signature->algorithm[1] == 'd') &&
                     g_str_has_prefix(lines[2], TRUSTED) && decode(lines[3], ret_global, crypto_sign_BYTES);
    if (right)
        return lines[2] + strlen(TRUSTED);
    set_malformed(error, "signature");
    return NULL;
}

static gboolean
covers(const Signature *signature, const Public *key, const void *data, gsize len)
{
    guint8 hash[crypto_generichash_BYTES_MAX];
    if (signature->algorithm[1] == 'd')
        return crypto_sign_verify_detached(signature->signature, data, len, key->key) == 0;
    hash_file(data, len, hash);
    return crypto_sign_verify_detached(signature->signature, hash, sizeof hash, key->key) == 0;
}

char *
kc_minisig_check(const char *signature, const char *public, const void *data, gsize len, GError **error)
{
    Public key;
    Signature parsed;
    guint8 global[crypto_sign_BYTES];
    g_auto(GStrv) lines = lines_of(signature);
    if (!parse_public(public, &key, error))
        return NULL;
    const char *comment = parse_signature(lines, &parsed, global, error);
    if (comment == NULL)
        return NULL;
    if (memcmp(parsed.id, key.id, KEY_ID_LEN) != 0) {
        g_autofree char *by = id_text(parsed.id), *wanted = id_text(key.id);
        g_set_error(error, KC_MINISIG_ERROR, KC_MINISIG_ERROR_OTHER_KEY, "signed by key %s, not by %s", by, wanted);
        return NULL;
    }
    g_autoptr(GByteArray) whole = with_comment(parsed.signature, comment);
    if (covers(&parsed, &key, data, len) && crypto_sign_verify_detached(global, whole->data, whole->len, key.key) == 0)
        return g_strdup(comment);
    g_set_error_literal(error, KC_MINISIG_ERROR, KC_MINISIG_ERROR_FORGED,
                        "the signature is wrong: the file, the signature or its comment was changed");
    return NULL;
}
