/* Signed notes (C2SP signed-note): a text that ends in a newline, a blank line, and one line a signature:
 *
 *     — <name> <base64(key id (4 bytes) || signature)>
 *
 * The key id is the first four bytes of SHA-256(name || '\n' || type || public key), so that an unknown signature is
 * told from a wrong one. Types: 0x01 Ed25519 over the text; 0x04 a witness's timestamped cosignature (C2SP
 * tlog-cosignature), whose signature is an 8-byte big-endian time in seconds and Ed25519 over
 * "cosignature/v1\ntime N\n" || text.
 *
 * A name has no white space and no '+'. Signers hold a secret key in locked memory; they and verifiers are immutable
 * and may be used by any thread. */
#pragma once

#include <glib.h>

#define KC_NOTE_ERROR (kc_note_error_quark())
GQuark kc_note_error_quark(void);
typedef enum {
    KC_NOTE_ERROR_MALFORMED, /* no signed note, or no key */
    KC_NOTE_ERROR_UNSIGNED,  /* not by the key that was asked for */
    KC_NOTE_ERROR_FORGED,    /* by its name and key id, but the signature is wrong */
} KcNoteError;

typedef enum { KC_NOTE_ED25519 = 0x01, KC_NOTE_COSIGNATURE_V1 = 0x04 } KcNoteKeyType;

#define KC_NOTE_SEED_LEN 32

typedef struct KcNoteSigner KcNoteSigner;
typedef struct KcNoteVerifier KcNoteVerifier;

/* `seed`: the 32 random bytes of an Ed25519 key (RFC 8032). NULL if `name` can't be one. */
KcNoteSigner *kc_note_signer_new(const char *name, KcNoteKeyType type, const guint8 seed[KC_NOTE_SEED_LEN],
                                 GError **error);
void kc_note_signer_free(KcNoteSigner *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcNoteSigner, kc_note_signer_free)

/* "name+key id+base64(type || public key)", the form in which keys are published; owned. */
char *kc_note_signer_public(const KcNoteSigner *signer);
const char *kc_note_signer_name(const KcNoteSigner *signer);

/* The seed of a key for another purpose, which follows from this one (crypto_kdf): so that one file holds all that the service
 * signs with, and no key ever signs two kinds of things. `context`: eight characters that name the purpose. Wipe it. */
void kc_note_signer_derive(const KcNoteSigner *signer, const char context[8], guint8 ret_seed[KC_NOTE_SEED_LEN]);

/* The line of one signature over `text`, with its newline; owned. `time_s` is written by cosignatures only. */
char *kc_note_sign(const KcNoteSigner *signer, const char *text, gint64 time_s);

KcNoteVerifier *kc_note_verifier_new(const char *published, GError **error);
void kc_note_verifier_free(KcNoteVerifier *verifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcNoteVerifier, kc_note_verifier_free)
const char *kc_note_verifier_name(const KcNoteVerifier *verifier);

/* The text of `note`, if `verifier` signed it; owned. `ret_time_s` (may be NULL): of a cosignature. */
char *kc_note_open(const char *note, const KcNoteVerifier *verifier, gint64 *ret_time_s, GError **error);

/* The text of `note` without looking at its signatures; owned, NULL if it is none. */
char *kc_note_text(const char *note, GError **error);
