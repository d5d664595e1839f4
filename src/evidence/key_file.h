/* One secret key of 32 random bytes in a file that its owner alone can read. */
#pragma once

#include "src/evidence/keys.h"

/* With `create`, an absent file is made (mode 0600, synced with its folder). The caller wipes `ret_key` (kc_key_wipe).
 * Errors: KC_KEYS_ERROR. */
gboolean kc_key_file_read(const char *path, gboolean create, guint8 ret_key[KC_KEY_LEN], GError **error);
