/* What a log asks of a witness: the body of add-checkpoint (C2SP tlog-witness).
 *
 *     old <size that the witness has cosigned>
 *     <base64 of each hash of the proof that the log has grown from there>
 *
 *     <the checkpoint, a signed note>
 *
 * Pure; thread-safe. */
#pragma once

#include "src/evidence/merkle.h"

#define KC_WITNESS_MAX_REQUEST (64 * 1024)          /* bytes; what is longer is no request */
#define KC_WITNESS_SIZE_TYPE "text/x.tlog.size"     /* of a 409: the size that the witness knows, and a newline */

typedef struct {
    guint64 old_size;
    KcMerkleProof proof;
    char *note; /* owned */
} KcWitnessRequest;

void kc_witness_request_clear(KcWitnessRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcWitnessRequest, kc_witness_request_clear)

/* Owned. */
char *kc_witness_request_text(const KcWitnessRequest *request);

/* FALSE with KC_NOTE_ERROR_MALFORMED (note.h). What the note says is not looked at. */
gboolean kc_witness_request_parse(const char *text, KcWitnessRequest *ret_request, GError **error);

/* A size as it stands in requests and in a 409: decimal, no sign, no leading zero, at most 2^63 - 1. */
gboolean kc_witness_size_parse(const char *text, guint64 *ret_size);
