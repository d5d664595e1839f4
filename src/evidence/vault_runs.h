/* Private to src/evidence: runs of whole chunks that follow each other in the file. */
#pragma once

#include "src/evidence/vault_format.h"

/* What one thread reads a file with. */
typedef struct {
    int fd;
    const guint64 *offsets; /* where each chunk begins in the plaintext, and one more: where the last ends */
    const KcVaultCipher *cipher;
    GByteArray *record; /* scratch */
} KcVaultHand;

/* The chunks `first` … `end` - 1, each opened to where it is wanted. */
gboolean kc_vault_runs_read(const KcVaultHand *hand, guint32 first, guint32 end, guint8 *out, GError **error);

/* Behind the last of the chunks from `first` on, before `end`, that have at most `bytes` of plaintext together; one chunk
 * at least. */
guint32 kc_vault_runs_cut(const guint64 *offsets, guint32 first, guint32 end, guint64 bytes);
