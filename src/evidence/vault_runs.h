/* Private to src/evidence: runs of whole chunks that follow each other in the file, each opened to where it is wanted.
 *
 * A long run can be shared with a thread of a small pool, for to open chunks is most of what a read costs: on two
 * processors a range of a recording comes a third faster (tests/bench/ranges.mjs). Whoever waits loses nothing by
 * that: a share that no thread has begun yet when the own one is done is read by the caller too.
 *
 * Thread: one at a time, as its reader. */
#pragma once

#include "src/evidence/vault_format.h"

typedef struct KcVaultRuns KcVaultRuns;

/* All borrowed. `offsets`: where each chunk begins in the plaintext, and one more: where the last ends. */
KcVaultRuns *kc_vault_runs_new(int fd, const KcVaultCipher *cipher, const guint64 *offsets);
void kc_vault_runs_free(KcVaultRuns *runs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcVaultRuns, kc_vault_runs_free)

/* Long runs are shared from now on. */
void kc_vault_runs_share(KcVaultRuns *runs);

/* The chunks `first` … `end` - 1. The error is of the first one that does not open. */
gboolean kc_vault_runs_read(KcVaultRuns *runs, guint32 first, guint32 end, guint8 *out, GError **error);
