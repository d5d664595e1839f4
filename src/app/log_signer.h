/* Private to src/app: the key that signs the log's checkpoints, DATA/keys/signing.key. */
#pragma once

#include "src/app/app.h"
#include "src/evidence/note.h"
#include "src/store/db.h"

/* `origin` NULL: the name it has had from the start, or else of this very installation. The key is made once, before
 * the first checkpoint; later its absence is an error, and so is another key or name than the one in force. */
KcNoteSigner *kc_log_signer_open(KcStore *store, const char *data_dir, const char *origin, gint64 now_us,
                                 GError **error);
