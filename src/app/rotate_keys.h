/* New keys for old (src/evidence/keys.h, src/evidence/note.h). Only with the folder's lock (KcAppOptions.exclusive):
 * the service holds both in memory, so it is stopped meanwhile. */
#pragma once

#include "src/app/app.h"

typedef struct {
    char *from, *to; /* ids of the master keys; `from` NULL: one that was cut off went on */
    gint64 cases;    /* whose keys were wrapped anew by this run */
} KcMasterRotation;
void kc_master_rotation_clear(KcMasterRotation *rotation);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcMasterRotation, kc_master_rotation_clear)

typedef void (*KcRotationFn)(gint64 cases, gpointer data); /* so many are done */

/* May be cut off anywhere, and is gone on with by being called again. Begun and ended are entries of the log. */
gboolean kc_app_rotate_master(KcApp *app, KcRotationFn progress, gpointer data, KcMasterRotation *ret_rotation,
                              KcResult *result, GError **error);

/* The key that signs checkpoints. The old one signs nothing more and stays published for what it signed; `*ret_public`
 * is the new one as published, owned. One entry of the log: what is signed from there on is signed by the new key. */
gboolean kc_app_rotate_signing(KcApp *app, char **ret_public, KcResult *result, GError **error);
