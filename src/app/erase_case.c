/* Erasure.
 *
 *   decided and logged --COMMIT--> key out of the row, leaf and files queued --safe--> leaf destroyed --> files gone
 * --> done
 *
 * Invariants
 *
 * 1. Nothing is destroyed that no entry of the log speaks of: the safe changes after the commit.
 * 2. A crash at any point leaves a queue that the next turn finishes; each step may be done twice. */
#include "src/app/compose_queue.h"
#include "src/app/internal.h"
#include "src/app/reader_shelf.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "src/store/case_keys_store.h"

#define PENDING_A_TURN 2000

static json_t *
entry_of(const KcErasure *erasure)
{
    return json_pack("{s:s, s:s}", "legal_basis", erasure->basis, "rule", erasure->rule);
}

gboolean
kc_app_erase_case(KcTx *tx, const KcErasure *erasure, GError **error)
{
    /* The entry comes after: its salt is then the installation's, so that it can be shown for ever (log_tree.h). */
    return kc_erasure_store_case(tx, erasure, error) &&
           kc_app_log(tx, NULL, erasure->case_id, "case.erased", erasure->at_us, entry_of(erasure), error);
}

gboolean
kc_app_erase_recordings(KcTx *tx, const KcErasure *erasure, GError **error)
{
    gint64 objects = 0;
    gboolean copies_remain = FALSE;
    if (!kc_erasure_store_recordings(tx, erasure, &objects, &copies_remain, error))
        return FALSE;
    json_t *entry = entry_of(erasure);
    json_object_set_new(entry, "objects", json_integer(objects));
    if (copies_remain)
        json_object_set_new(entry, "copies", json_string("until the case is erased"));
    return kc_app_log(tx, NULL, erasure->case_id, "recordings.erased", erasure->at_us, entry, error);
}

typedef struct {
    KcApp *app;
    KcKeysPending pending;
} Destroying;

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Destroying *self = data;
    return kc_case_keys_pending(tx, PENDING_A_TURN, &self->pending, error);
}

static gboolean
settle(KcTx *tx, gpointer data, GError **error)
{
    Destroying *self = data;
    return kc_case_keys_settled(tx, &self->pending, kc_keyring_destroyed(self->app->keyring), error);
}

/* FALSE: something else than its absence. The case's folder goes with its last file. */
static gboolean
remove_file(const KcApp *app, const char *relative, GError **error)
{
    g_autofree char *path = kc_app_object_path(app, relative);
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_unlink(path) != 0 && errno != ENOENT) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_FOLDER, "an erased object can't be removed: %s",
                    g_strerror(errno));
        return FALSE;
    }
    g_rmdir(folder);
    return TRUE;
}

static gboolean
destroy(Destroying *self, GError **error)
{
    const KcKeysPending *pending = &self->pending;
    kc_app_sweep_readers(self->app, TRUE); /* each holds the key of its file */
    for (guint i = 0; i < pending->paths->len; i++)
        kc_compose_queue_cancel(self->app, NULL, pending->paths->pdata[i]); /* it holds those of all the recordings */
    if (pending->leaves->len > 0 && !kc_keyring_destroy(self->app->keyring, pending->leaves, error))
        return FALSE;
    for (guint i = 0; i < pending->paths->len; i++)
        if (!remove_file(self->app, pending->paths->pdata[i], error))
            return FALSE;
    return kc_store_write(self->app->store, settle, self, error);
}

gboolean
kc_app_destroy_erased(KcApp *app, GError **error)
{
    for (gboolean any = FALSE;; any = TRUE) {
        Destroying self = {.app = app};
        gboolean done = kc_store_read(app->store, look, &self, error);
        gboolean none = done && self.pending.leaves->len == 0 && self.pending.paths->len == 0;
        done = done && (none || destroy(&self, error));
        kc_keys_pending_clear(&self.pending);
        if (!done || none)
            return done && (!any || kc_store_flush(app->store, error));
    }
}
