/* Detached signatures in the format of minisign (jedisct1.github.io/minisign): Ed25519 over the BLAKE2b-512 of a file,
 * with a trusted comment that is signed too, so that `minisign -Vm FILE -p KEY.pub` checks what this service has
 * signed.
 *
 *     untrusted comment: …
 *     base64("ED" || key id (8 bytes) || signature)           of a public key: base64("Ed" || key id || public key)
 *     trusted comment: …
 *     base64(signature over the 64 bytes above || the trusted comment)
 *
 * The key id is the first eight bytes of the BLAKE2b of the public key, so that the same key has the same id
 * everywhere. Signatures over the file itself ("Ed", of older programs) are checked too. A signer holds its key in
 * locked memory; it is immutable, and may be used by any thread. */
#pragma once

#include <glib.h>

#define KC_MINISIG_ERROR (kc_minisig_error_quark())
GQuark kc_minisig_error_quark(void);
typedef enum {
    KC_MINISIG_ERROR_MALFORMED, /* no signature or public key of this format */
    KC_MINISIG_ERROR_OTHER_KEY, /* by another key than the given one */
    KC_MINISIG_ERROR_FORGED,    /* file, signature or trusted comment was changed */
} KcMinisigError;

#define KC_MINISIG_SEED_LEN 32

typedef struct KcMinisigner KcMinisigner;

/* `seed`: the 32 random bytes of an Ed25519 key (RFC 8032); the caller wipes it. */
KcMinisigner *kc_minisigner_new(const guint8 seed[KC_MINISIG_SEED_LEN]);
void kc_minisigner_free(KcMinisigner *signer); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcMinisigner, kc_minisigner_free)

/* The public key as the program writes it, two lines; owned. */
char *kc_minisigner_public(const KcMinisigner *signer);

/* A signature file, four lines; owned. `trusted_comment` is one line of UTF-8. */
char *kc_minisign(const KcMinisigner *signer, const void *data, gsize len, const char *trusted_comment);

/* "RWQ…" of a public key file or of that line alone; owned. NULL if it is none. */
char *kc_minisig_public_line(const char *public, GError **error);
/* "7C0F…", as the program names a key; owned. NULL if it is none. */
char *kc_minisig_key_id(const char *public, GError **error);

/* The trusted comment of `signature` if it is by `public` (a file, or its second line) over these bytes; owned. */
char *kc_minisig_check(const char *signature, const char *public, const void *data, gsize len, GError **error);
