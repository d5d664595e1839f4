/* The head of a log as text (C2SP tlog-checkpoint): its origin, its number of leaves and the root over them, each on a
 * line. A signed note over it (note.h) is what the service publishes and witnesses cosign. Pure; thread-safe. */
#pragma once

#include "src/evidence/merkle.h"

typedef struct {
    char *origin; /* names the log for all time, without a scheme, e.g. kuaichu.example.org/log */
    guint64 size;
    KcMerkleHash root;
} KcCheckpoint;

void kc_checkpoint_clear(KcCheckpoint *checkpoint);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcCheckpoint, kc_checkpoint_clear)

/* Owned; ends in a newline. */
char *kc_checkpoint_text(const KcCheckpoint *checkpoint);

/* Lines after the third are extensions, and ignored. FALSE with KC_NOTE_ERROR_MALFORMED. */
gboolean kc_checkpoint_parse(const char *text, KcCheckpoint *ret_checkpoint, GError **error);
