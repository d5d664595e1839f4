/* Invariant: a checkpoint covers only entries that are on the disk: it is read in one transaction and signed after. */
#include "src/app/internal.h"
#include "src/app/log_signer.h"
#include "src/app/public_log.h"
#include "src/evidence/checkpoint.h"
#include "src/store/log_tree.h"

#define PUBLISH_EVERY_US (5 * G_TIME_SPAN_SECOND)

typedef struct {
    KcApp *app;
    gint64 now_us;
    KcCheckpoint head;
    gboolean at_once;
    gboolean due;
} Publish;

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Publish *self = data;
    g_autoptr(KcCheckpointRow) newest = NULL;
    KcMerkleRows rows = kc_log_tree_rows(tx);
    if (!kc_checkpoint_store_newest(tx, &newest, error) || !kc_log_tree_size(tx, &self->head.size, error))
        return FALSE;
    self->due = newest == NULL ? self->head.size > 0
                               : self->head.size > newest->size &&
                                     (self->at_once || self->now_us - newest->at_us >= PUBLISH_EVERY_US);
    return !self->due || kc_merkle_root(&rows, self->head.size, &self->head.root, error);
}

/* Another thread may have published meanwhile what this one read: that one stands. */
static gboolean
keep(KcTx *tx, gpointer data, GError **error)
{
    const KcCheckpointRow *row = data;
    g_autoptr(KcCheckpointRow) newest = NULL;
    if (!kc_checkpoint_store_newest(tx, &newest, error))
        return FALSE;
    return (newest != NULL && newest->size >= row->size) || kc_checkpoint_store_insert(tx, row, error);
}

static gboolean
publish(KcApp *app, gboolean at_once, GError **error)
{
    Publish self = {.app = app, .now_us = kc_app_now(app), .at_once = at_once};
    if (!kc_store_read(app->store, look, &self, error))
        return FALSE;
    if (!self.due)
        return TRUE;
    self.head.origin = (char *)kc_note_signer_name(app->log_signer);
    g_autofree char *text = kc_checkpoint_text(&self.head);
    g_autofree char *line = kc_note_sign(app->log_signer, text, 0);
    g_autofree char *note = g_strconcat(text, "\n", line, NULL);
    KcCheckpointRow row = {.size = self.head.size, .at_us = self.now_us, .note = note};
    return kc_store_write(app->store, keep, &row, error);
}

gboolean
kc_app_publish_checkpoint(KcApp *app, GError **error)
{
    return publish(app, FALSE, error);
}

gboolean
kc_app_publish_checkpoint_at_once(KcApp *app, GError **error)
{
    return publish(app, TRUE, error);
}
