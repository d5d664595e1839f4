#include "src/app/internal.h"
#include "src/app/public_log.h"
#include "src/store/log_tree.h"

typedef struct {
    gboolean of_leaf;
    guint quorum;
    KcLogProof *proof;
    KcResult *result;
} Prove;

void
kc_log_proof_clear(KcLogProof *proof)
{
    g_clear_pointer(&proof->leaf, g_free);
}

/* What was asked with size 0 is of the newest checkpoint, so that the proof fits what its reader can have. */
static gboolean
choose_size(Prove *self, KcTx *tx, GError **error)
{
    guint64 size;
    g_autoptr(KcCheckpointRow) newest = NULL;
    if (!kc_log_tree_size(tx, &size, error) || !kc_checkpoint_store_newest_cosigned(tx, self->quorum, &newest, error))
        return FALSE;
    if (self->proof->size == 0)
        self->proof->size = newest != NULL ? newest->size : size;
    return self->proof->size <= size ||
           kc_refuse_field(self->result, "/size", "日志没有这么大 / the log is not so large");
}

static gboolean
prove_leaf(KcTx *tx, KcLogProof *proof, KcResult *result, GError **error)
{
    KcMerkleRows rows = kc_log_tree_rows(tx);
    if (proof->index >= proof->size)
        return kc_refuse_field(result, "/leaf", "该检查点中没有这一条 / there is no such leaf in that tree");
    g_autoptr(GPtrArray) leaves = kc_log_tree_leaves(tx, proof->index, 1, error);
    if (leaves == NULL)
        return FALSE;
    proof->leaf = g_strdup(leaves->pdata[0]);
    return kc_merkle_prove_leaf(&rows, proof->index, proof->size, &proof->proof, error);
}

static gboolean
prove_growth(KcTx *tx, KcLogProof *proof, KcResult *result, GError **error)
{
    KcMerkleRows rows = kc_log_tree_rows(tx);
    if (proof->index == 0 || proof->index > proof->size)
        return kc_refuse_field(result, "/from", "应在1与size之间 / from 1 to size");
    return kc_merkle_prove_growth(&rows, proof->index, proof->size, &proof->proof, error);
}

static gboolean
prove(KcTx *tx, gpointer data, GError **error)
{
    Prove *self = data;
    return choose_size(self, tx, error) && (self->of_leaf ? prove_leaf(tx, self->proof, self->result, error)
                                                          : prove_growth(tx, self->proof, self->result, error));
}

gboolean
kc_app_prove_leaf(KcApp *app, guint64 index, guint64 size, KcLogProof *ret_proof, KcResult *result, GError **error)
{
    Prove self = {.of_leaf = TRUE, .quorum = app->witness.quorum, .proof = ret_proof, .result = result};
    *ret_proof = (KcLogProof){.index = index, .size = size};
    return kc_app_read(app, prove, &self, result, error);
}

gboolean
kc_app_prove_growth(KcApp *app, guint64 old_size, guint64 size, KcLogProof *ret_proof, KcResult *result,
                    GError **error)
{
    Prove self = {.of_leaf = FALSE, .quorum = app->witness.quorum, .proof = ret_proof, .result = result};
    *ret_proof = (KcLogProof){.index = old_size, .size = size};
    return kc_app_read(app, prove, &self, result, error);
}
