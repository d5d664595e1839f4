/* A witness: cosigns the checkpoints of logs that it knows (C2SP tlog-witness, tlog-cosignature), each only if the log has
 * grown from the one that it cosigned before. Two heads of one size, or a log that was cut or written anew, never get its
 * signature: whoever trusts one of a log's witnesses need not trust the log.
 *
 * It shares nothing with a service, and should stand with somebody else: another city, an insurer, an association.
 *
 * STATE/witness.key is its key, made once. STATE/<SHA-256 of a log's origin>.checkpoint is the newest checkpoint that it
 * cosigned of that log, on the disk before the signature leaves: it forgets nothing by a crash.
 *
 * Thread-safe; requests take turns. */
#pragma once

#include <glib.h>

#define KC_WITNESS_ERROR (kc_witness_error_quark())
GQuark kc_witness_error_quark(void);
typedef enum {
    KC_WITNESS_ERROR_KEY,   /* a name or a log's key that is none, or the same log twice */
    KC_WITNESS_ERROR_STATE, /* the folder can't be used, or holds what this witness has not written */
} KcWitnessError;

typedef struct KcWitness KcWitness;

/* `name` as in note.h; `logs`: their keys as published, NULL-terminated; a log that changed its key has several. */
KcWitness *kc_witness_new(const char *state_dir, const char *name, const char *const *logs, GError **error);
void kc_witness_free(KcWitness *witness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWitness, kc_witness_free)

/* Its key as published (note.h), of type 0x04; owned. */
char *kc_witness_public(const KcWitness *witness);

typedef struct {
    guint status;      /* of HTTP */
    const char *type;  /* content type; static */
    char *body;        /* owned */
} KcWitnessReply;

void kc_witness_reply_clear(KcWitnessReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcWitnessReply, kc_witness_reply_clear)

/* What a request to add-checkpoint comes to: 200 with a cosignature; 400 no request, or a head older than what it says to
 * have grown from; 403 not signed by the log; 404 no log of ours; 409 with the size we know, where it is another; 422 not
 * grown from there; 500 the state could not be kept, and nothing was signed. */
KcWitnessReply kc_witness_add_checkpoint(KcWitness *witness, const char *body, gint64 now_s);

/* Who this is and what it last cosigned, for people; owned. */
char *kc_witness_describe(KcWitness *witness);
