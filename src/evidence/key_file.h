/* One secret key of 32 random bytes in a file that its owner alone can read. */
#pragma once

#include "src/evidence/keys.h"

/* With `create`, an absent file is made (mode 0600, synced with its folder). The caller wipes `ret_key` (kc_key_wipe).
 * Errors: KC_KEYS_ERROR. */
gboolean kc_key_file_read(const char *path, gboolean create, guint8 ret_key[KC_KEY_LEN], GError **error);

/* A credential that systemd hands to the service: where it lets the service read by an ACL, the file looks as if its group
 * could; nobody else may. Never made. */
gboolean kc_key_file_read_credential(const char *path, guint8 ret_key[KC_KEY_LEN], GError **error);

/* Puts the file `from`, which is durable already, in the place of `to`, durably; what was there is overwritten before it is
 * gone, for what that is worth on its medium. */
gboolean kc_key_file_replace(const char *from, const char *to, GError **error);
