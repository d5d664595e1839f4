/* The audit log as the world sees it: signed checkpoints, tiles, leaves and proofs (src/store/log_tree.h). Nothing here
 * names a case or a person, and anyone may ask.
 *
 * A checkpoint is published some seconds after the log has grown. Whoever keeps one can show later that the log was not
 * written anew, cut, or put back to an older copy. */
#pragma once

#include "src/app/app.h"
#include "src/evidence/merkle.h"
#include "src/store/checkpoint_store.h"

/* Signs a checkpoint if the log has grown and the last one is old enough; called every second or so. */
gboolean kc_app_publish_checkpoint(KcApp *app, GError **error);

/* The same however young the last one is: for what is to be proven now. */
gboolean kc_app_publish_checkpoint_at_once(KcApp *app, GError **error);

/* The newest one as a signed note with its cosignatures, of those that have a quorum of them (witnesses.h); owned.
 * NOT_FOUND "no-checkpoint" in the first seconds. */
gboolean kc_app_get_checkpoint(KcApp *app, char **ret_note, KcResult *result, GError **error);

/* Keys as published, with their times; the last is in force. Of KcLogKey. */
gboolean kc_app_list_log_keys(KcApp *app, GPtrArray **ret_keys, KcResult *result, GError **error);

/* service.pub: the key that signs exported bundles, as minisign reads it; owned. */
gboolean kc_app_get_service_key(KcApp *app, char **ret_public, KcResult *result, GError **error);

/* C2SP tlog-tiles: `width` hashes (1 to 256) of tile `number` of level `level`. NOT_FOUND if the log is not so large. */
gboolean kc_app_get_log_tile(KcApp *app, guint level, guint64 number, guint width, GBytes **ret_tile,
                             KcResult *result, GError **error);
/* The same of leaves: each with its length before it, 16 bits, big-endian. */
gboolean kc_app_get_log_leaves(KcApp *app, guint64 number, guint width, GBytes **ret_leaves, KcResult *result,
                               GError **error);

typedef struct {
    guint64 index, size; /* of a growth: old and new size */
    char *leaf;          /* its text; NULL of a growth */
    KcMerkleProof proof;
} KcLogProof;

void kc_log_proof_clear(KcLogProof *proof);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcLogProof, kc_log_proof_clear)

/* Against the tree of `size` leaves; 0: of the newest checkpoint. INVALID if there is no such leaf or size. */
gboolean kc_app_prove_leaf(KcApp *app, guint64 index, guint64 size, KcLogProof *ret_proof, KcResult *result,
                           GError **error);
gboolean kc_app_prove_growth(KcApp *app, guint64 old_size, guint64 size, KcLogProof *ret_proof, KcResult *result,
                             GError **error);

/* ---- for the command line ---- */

typedef struct {
    gint64 entries, checkpoints; /* that were found right */
    char *problem;               /* names what is wrong; NULL: nothing is */
} KcLogVerdict;

void kc_log_verdict_clear(KcLogVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcLogVerdict, kc_log_verdict_clear)

/* Everything that is kept of the log, signatures included. `held` (may be NULL) is a checkpoint that somebody kept: the
 * log must have grown from it. */
gboolean kc_app_verify_log(KcApp *app, const char *held, KcLogVerdict *ret_verdict, KcResult *result, GError **error);
