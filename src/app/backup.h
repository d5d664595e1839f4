/* A copy of what is kept, while the service runs: the database as of one moment, and the list of the vault's files that
 * belong to it (paths relative to the data folder, one a line, for `rsync --files-from` or the like; a finished file
 * never changes). Everything in it is ciphertext or holds nothing personal, and the keys are no part of it: keys/ is
 * copied by itself, to another place, and that copy is replaced after each erasure (src/evidence/keys.h). */
#pragma once

#include "src/app/app.h"

/* Makes `folder`, which must not be there yet, with kuaichu.db and vault.list. One entry of the log. */
gboolean kc_app_backup(KcApp *app, const char *folder, gint64 *ret_files, KcResult *result, GError **error);
