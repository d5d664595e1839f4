/* Private to src/evidence: reading a vault file from its start, when its end can't be trusted. */
#pragma once

#include "src/evidence/digest.h"
#include "src/evidence/vault_format.h"

typedef struct {
    GArray *lengths;    /* guint32: the whole chunks */
    guint64 size_bytes; /* of their plaintext */
    guint64 end_offset; /* in the file, after the last whole record */
    KcSha256 *hash;     /* of that plaintext */
    gboolean finished;    /* the last chunk is there, and says what the chunks say */
    KcVaultFooter footer; /* if finished */
} KcVaultScan;

void kc_vault_scan_clear(KcVaultScan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcVaultScan, kc_vault_scan_clear)

/* FALSE if the file cannot be read, or was tampered with; an end that is torn is no error. */
gboolean kc_vault_scan_run(int fd, const KcVaultCipher *cipher, guint64 file_size, KcVaultScan *ret_scan,
                           GError **error);

/* The same of a record that was read already. */
gboolean kc_vault_open_record(const KcVaultCipher *cipher, guint32 number, KcVaultPrefix expected, const guint8 *record,
                              guint8 *plain, GError **error);

/* Opens the record of plaintext length `len` at `offset`, whose prefix must say so. */
gboolean kc_vault_read_record(int fd, const KcVaultCipher *cipher, guint32 number, KcVaultPrefix expected,
                              guint64 offset, GByteArray *record, guint8 *plain, GError **error);
