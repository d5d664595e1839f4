/* Private to src/evidence: what will be read soon is opened ahead.
 *
 * To open chunks is most of what it costs to serve a recording. What is expected is cut into pieces, of which a window is
 * handed out; a thread of a small pool opens them in order, and whoever reads and comes to one that is not ready opens
 * it, or the next that nobody has begun, instead of waiting. So two processors share the work as it comes, what is ready
 * is sent while the rest is opened, and where there is one processor, or the pool is busy, nothing is lost. On two
 * processors that also carry the client, a range comes a quarter to two fifths faster (tests/bench/ranges.mjs).
 *
 * Thread: one at a time, as its reader. */
#pragma once

#include "src/evidence/vault_runs.h"

typedef struct KcVaultAhead KcVaultAhead;

/* What `hand` points to is borrowed; its scratch is not used. */
KcVaultAhead *kc_vault_ahead_new(KcVaultHand hand);
void kc_vault_ahead_free(KcVaultAhead *ahead);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcVaultAhead, kc_vault_ahead_free)

/* The chunks `first` … `end` - 1 will be asked for, in this order. What was expected before is let go of. */
void kc_vault_ahead_expect(KcVaultAhead *ahead, guint32 first, guint32 end);

/* FALSE also for what was passed already. */
gboolean kc_vault_ahead_expects(const KcVaultAhead *ahead, guint32 number);

typedef struct {
    const guint8 *data; /* borrowed until the next call */
    guint64 from, to;   /* where it is in the plaintext */
} KcVaultPiece;

/* The piece with chunk `number`, which is expected; what is before it is passed. */
gboolean kc_vault_ahead_take(KcVaultAhead *ahead, guint32 number, KcVaultPiece *ret_piece, GError **error);
