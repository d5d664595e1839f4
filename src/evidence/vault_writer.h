/* Private to src/evidence: a writer that goes on where an interrupted file ended. */
#pragma once

#include "src/evidence/digest.h"
#include "src/evidence/vault_format.h"

/* Owns `fd` and `cipher`; copies the hash; takes a reference to `lengths`. */
KcVaultWriter *kc_vault_writer_resume(int fd, KcVaultCipher *cipher, const KcSha256 *hash,
                                      GArray *lengths, guint64 size_bytes);

gboolean kc_vault_writer_finish_as(KcVaultWriter *writer, GBytes *index, gboolean recovered,
                                   guint8 ret_sha256[KC_VAULT_SHA256_LEN], GError **error);
