#include "src/app/internal.h"
#include "src/app/log_signer.h"
#include "src/app/verify_log.h"
#include "src/evidence/checkpoint.h"
#include "src/store/log_tree.h"
#include "src/store/log_verify.h"

#include <string.h>

typedef struct {
    const char *held;
    KcLogVerdict *verdict;
    GArray *rotations; /* of gint64: the entries by which a further key came into force */
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

/* The text of `note` if that key of the log has signed it. */
static char *
open_by(const KcLogKey *key, const char *note)
{
    g_autoptr(KcNoteVerifier) verifier = kc_note_verifier_new(key->public, NULL);
    return verifier != NULL ? kc_note_open(note, verifier, NULL, NULL) : NULL;
}

/* Each key signs from the entry that put it in force up to the one before the entry that put the next one there. */
static const KcLogKey *
key_of_size(const Verify *self, const GPtrArray *keys, guint64 size)
{
    guint i = 0;
    while (i < self->rotations->len && g_array_index(self->rotations, gint64, i) <= (gint64)size)
        i++;
    return i < keys->len ? keys->pdata[i] : NULL;
}

/* NULL without a problem: none of the log's keys signed it. */
static char *
open_note(Verify *self, const GPtrArray *keys, const char *note)
{
    g_autofree char *unsigned_text = kc_note_text(note, NULL);
    g_auto(KcCheckpoint) said = {0};
    if (unsigned_text == NULL || !kc_checkpoint_parse(unsigned_text, &said, NULL))
        return NULL;
    const KcLogKey *key = key_of_size(self, keys, said.size);
    char *text = key != NULL ? open_by(key, note) : NULL;
    for (guint i = 0; text == NULL && i < keys->len; i++) {
        g_autofree char *other = open_by(keys->pdata[i], note);
        if (other != NULL)
            find_problem(self, g_strdup_printf("the checkpoint at size %" G_GUINT64_FORMAT
                                               " is signed by a key that was not in force there",
                                               said.size));
    }
    return text;
}

/* A key that came into force without an entry, or an entry without its key. */
static gboolean
check_rotations(Verify *self, KcTx *tx, const GPtrArray *keys, GError **error)
{
    self->rotations = kc_log_store_find(tx, KC_LOG_KEY_ROTATED, error);
    if (self->rotations != NULL && keys->len > 0 && self->rotations->len != keys->len - 1)
        find_problem(self, g_strdup_printf("the log has had %u keys, and its entries tell of %u rotations", keys->len,
                                           self->rotations->len));
    return self->rotations != NULL;
}

/* Every cosignature that is kept is by the witness it names. */
static gboolean
check_cosignatures(Verify *self, KcTx *tx, const KcCheckpointRow *row, GError **error)
{
    g_autoptr(GPtrArray) lines = kc_checkpoint_store_cosignatures(tx, row->size, error);
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        g_autofree char *note = g_strconcat(row->note, lines->pdata[i], NULL);
        g_auto(GStrv) parts = g_strsplit(lines->pdata[i], " ", 3);
        g_autofree char *public = NULL;
        if (parts[0] != NULL && parts[1] != NULL && !kc_witness_store_get(tx, parts[1], &public, error))
            return FALSE;
        g_autoptr(KcNoteVerifier) verifier = public != NULL ? kc_note_verifier_new(public, NULL) : NULL;
        g_autofree char *text = verifier != NULL ? kc_note_open(note, verifier, NULL, NULL) : NULL;
        if (text == NULL)
            find_problem(self, g_strdup_printf("a cosignature of the checkpoint at size %" G_GUINT64_FORMAT
                                               " is not by a witness of this log",
                                               row->size));
    }
    return lines != NULL;
}

static gboolean
check_signatures(Verify *self, KcTx *tx, const GPtrArray *keys, GError **error)
{
    g_autoptr(GPtrArray) checkpoints = kc_checkpoint_store_list(tx, error);
    for (guint i = 0; checkpoints != NULL && i < checkpoints->len; i++) {
        const KcCheckpointRow *row = checkpoints->pdata[i];
        g_autofree char *text = open_note(self, keys, row->note);
        if (text == NULL)
            find_problem(self, g_strdup_printf("the checkpoint at size %" G_GUINT64_FORMAT
                                               " is not signed by a key of this log",
                                               row->size));
        if (!check_cosignatures(self, tx, row, error))
            return FALSE;
    }
    return checkpoints != NULL;
}

/* Where the log was cut, put back or written anew, the held checkpoint knows a root that it no longer has. */
static gboolean
check_held(Verify *self, KcTx *tx, const GPtrArray *keys, GError **error)
{
    g_auto(KcCheckpoint) held = {0};
    g_autofree char *text = open_note(self, keys, self->held);
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
    Verify self = {held, ret_verdict, NULL};
    KcLogCheck check;
    if (!kc_log_store_verify(tx, &check, error))
        return FALSE;
    ret_verdict->entries = check.entries;
    ret_verdict->checkpoints = check.checkpoints;
    ret_verdict->problem = check.problem;
    g_autoptr(GPtrArray) keys = kc_log_key_list(tx, error);
    gboolean done = keys != NULL && check_rotations(&self, tx, keys, error) && check_signatures(&self, tx, keys, error) &&
                    (held == NULL || check_held(&self, tx, keys, error));
    g_clear_pointer(&self.rotations, g_array_unref);
    return done;
}

gboolean
kc_verify_held_tx(KcTx *tx, const char *held, KcLogVerdict *ret_verdict, GError **error)
{
    Verify self = {held, ret_verdict, NULL};
    g_autoptr(GPtrArray) keys = kc_log_key_list(tx, error);
    gboolean done = keys != NULL && check_rotations(&self, tx, keys, error) && check_held(&self, tx, keys, error);
    g_clear_pointer(&self.rotations, g_array_unref);
    return done;
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
    Verify self = {held, ret_verdict, NULL};
    *ret_verdict = (KcLogVerdict){0};
    return kc_app_read(app, verify, &self, result, error);
}
