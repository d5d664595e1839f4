/* Private to src/app: the key that signs the log's checkpoints, DATA/keys/signing.key or the credential kuaichu-signing-key.
 *
 * It is rotated in this order: the next key is made beside it; one transaction puts it in force and logs it; its file takes
 * the old one's place. Cut off after the transaction, kc_log_signer_open finds the next key in force and does the rest. */
#pragma once

#include "src/app/app.h"
#include "src/evidence/note.h"
#include "src/store/db.h"

/* `origin` NULL: the name it has had from the start, or else of this very installation. The key is made once, before
 * the first checkpoint; later its absence is an error, and so is another key or name than the one in force. */
#define KC_LOG_KEY_ROTATED "log.key_rotated" /* the entry from which on the new key signs */

KcNoteSigner *kc_log_signer_open(KcStore *store, const char *data_dir, const char *origin, gint64 now_us,
                                 GError **error);

/* Whether the key is there and the one in force; nothing is made or written. `*ret_problem`: owned, NULL: it is. */
gboolean kc_log_signer_check(KcStore *store, const char *data_dir, char **ret_problem, GError **error);

/* The next key, made if it is not there. */
KcNoteSigner *kc_log_signer_next(const char *data_dir, const char *name, GError **error);
/* Its file takes the place of the one in use, which is overwritten; a credential is the operator's to replace. */
gboolean kc_log_signer_replace(const char *data_dir, GError **error);
