#include "src/app/internal.h"
#include "src/app/verify_log.h"
#include "src/evidence/checkpoint.h"
#include "src/store/log_tree.h"
#include "src/store/log_verify.h"

#include <string.h>

typedef struct {
    const char *held;
    KcLogVerdict *verdict;
} Verify;

void
kc_log_verdict_clear(KcLogVerdict *verdict)
{
    g_clear_pointer(&verdict->problem, g_free);
}

static void
find_problem(Verify *self, char *problem)
{
    if (self->verdict->problem == NULL)
        self->verdict->problem = problem;
    else
        g_free(problem);
}

/* The text of `note` if one of the log's keys has signed it. */
static char *
open_note(const GPtrArray *keys, const char *note)
{
    for (guint i = 0; i < keys->len; i++) {
        const KcLogKey *key = keys->pdata[i];
        g_autoptr(KcNoteVerifier) verifier = kc_note_verifier_new(key->public, NULL);
        char *text = verifier != NULL ? kc_note_open(note, verifier, NULL, NULL) : NULL;
        if (text != NULL)
            return text;
    }
    return NULL;
}

static gboolean
check_signatures(Verify *self, KcTx *tx, const GPtrArray *keys, GError **error)
{
    g_autoptr(GPtrArray) checkpoints = kc_checkpoint_store_list(tx, error);
    for (guint i = 0; checkpoints != NULL && i < checkpoints->len; i++) {
        const KcCheckpointRow *row = checkpoints->pdata[i];
        g_autofree char *text = open_note(keys, row->note);
        if (text == NULL)
            find_problem(self, g_strdup_printf("the checkpoint at size %" G_GUINT64_FORMAT
                                               " is not signed by a key of this log",
                                               row->size));
    }
    return checkpoints != NULL;
}

/* Where the log was cut, put back or written anew, the held checkpoint knows a root that it no longer has. */
static gboolean
check_held(Verify *self, KcTx *tx, const GPtrArray *keys, GError **error)
{
    g_auto(KcCheckpoint) held = {0};
    g_autofree char *text = open_note(keys, self->held);
    guint64 size;
    KcMerkleHash root;
    KcMerkleRows rows = kc_log_tree_rows(tx);
    if (!kc_log_tree_size(tx, &size, error))
        return FALSE;
    if (text == NULL || !kc_checkpoint_parse(text, &held, NULL)) {
        find_problem(self, g_strdup("the held checkpoint is not signed by a key of this log"));
        return TRUE;
    }
    if (held.size > size) {
        find_problem(self, g_strdup_printf("the held checkpoint covers %" G_GUINT64_FORMAT
                                           " entries, the log has %" G_GUINT64_FORMAT
                                           ": it was cut, or put back to an older copy",
                                           held.size, size));
        return TRUE;
    }
    if (!kc_merkle_root(&rows, held.size, &root, error))
        return FALSE;
    if (memcmp(root.bytes, held.root.bytes, KC_MERKLE_HASH_LEN) != 0)
        find_problem(self, g_strdup_printf("the log has not grown from the held checkpoint (size %" G_GUINT64_FORMAT
                                           "): it was written anew",
                                           held.size));
    return TRUE;
}

gboolean
kc_verify_log_tx(KcTx *tx, const char *held, KcLogVerdict *ret_verdict, GError **error)
{
    Verify self = {held, ret_verdict};
    KcLogCheck check;
    if (!kc_log_store_verify(tx, &check, error))
        return FALSE;
    ret_verdict->entries = check.entries;
    ret_verdict->checkpoints = check.checkpoints;
    ret_verdict->problem = check.problem;
    g_autoptr(GPtrArray) keys = kc_log_key_list(tx, error);
    return keys != NULL && check_signatures(&self, tx, keys, error) &&
           (held == NULL || check_held(&self, tx, keys, error));
}

gboolean
kc_verify_held_tx(KcTx *tx, const char *held, KcLogVerdict *ret_verdict, GError **error)
{
    Verify self = {held, ret_verdict};
    g_autoptr(GPtrArray) keys = kc_log_key_list(tx, error);
    return keys != NULL && check_held(&self, tx, keys, error);
}

static gboolean
verify(KcTx *tx, gpointer data, GError **error)
{
    Verify *self = data;
    return kc_verify_log_tx(tx, self->held, self->verdict, error);
}

gboolean
kc_app_verify_log(KcApp *app, const char *held, KcLogVerdict *ret_verdict, KcResult *result, GError **error)
{
    Verify self = {held, ret_verdict};
    *ret_verdict = (KcLogVerdict){0};
    return kc_app_read(app, verify, &self, result, error);
}
