/* A scan ends at the first bytes that are not a whole, authentic record:
 *
 *   record opens -------------------------------> next record
 *   last chunk opens ---------------------------> finished; only (the beginning of) its trailer may follow
 *   it does not, but the record behind it does -> tampered: a torn write has nothing behind it
 *   otherwise ----------------------------------> torn end */
#include "src/evidence/vault_scan.h"

#include <string.h>

void
kc_vault_scan_clear(KcVaultScan *scan)
{
    g_clear_pointer(&scan->lengths, g_array_unref);
    g_clear_pointer(&scan->hash, kc_sha256_free);
    kc_vault_footer_clear(&scan->footer);
}

typedef struct {
    int fd;
    const KcVaultCipher *cipher;
    guint64 file_size;
    GByteArray *record;
    GByteArray *plain;
} Scanner;

typedef enum { RECORD_WHOLE, RECORD_DAMAGED, RECORD_CUT, RECORD_IO_ERROR } RecordState;

/* Reads the record at `offset` into the scanner's buffers. */
static RecordState
load_record(Scanner *scanner, guint64 offset, guint32 number, KcVaultPrefix *ret_prefix, GError **error)
{
    guint8 prefix[KC_VAULT_PREFIX_LEN];
    if (scanner->file_size - offset < KC_VAULT_OVERHEAD)
        return RECORD_CUT;
    if (!kc_vault_pread(scanner->fd, prefix, sizeof prefix, offset, error))
        return RECORD_IO_ERROR;
    if (!kc_vault_prefix_parse(prefix, ret_prefix) ||
        (guint64)ret_prefix->len + KC_VAULT_OVERHEAD > scanner->file_size - offset)
        return RECORD_CUT;
    g_byte_array_set_size(scanner->record, ret_prefix->len + KC_VAULT_OVERHEAD);
    g_byte_array_set_size(scanner->plain, ret_prefix->len);
    if (!kc_vault_pread(scanner->fd, scanner->record->data, scanner->record->len, offset, error))
        return RECORD_IO_ERROR;
    return kc_vault_chunk_open(scanner->cipher, number, *ret_prefix, scanner->record->data, scanner->plain->data)
               ? RECORD_WHOLE
               : RECORD_DAMAGED;
}

static gboolean
set_tampered(GError **error, guint32 number, const char *how)
{
    g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED, "chunk %u %s", number, how);
    return FALSE;
}

/* After the last chunk there may be its trailer, or as much of it as was written, or zeros where a crash left them. */
static gboolean
check_after_last(Scanner *scanner, guint64 footer_offset, const KcVaultScan *scan, GError **error)
{
    guint8 expected[KC_VAULT_TRAILER_LEN], found[KC_VAULT_TRAILER_LEN], zeros[KC_VAULT_TRAILER_LEN] = {0};
    guint64 rest = scanner->file_size - scan->end_offset;
    if (rest > KC_VAULT_TRAILER_LEN)
        return set_tampered(error, scan->lengths->len, "is the last one, but something was added behind it");
    if (!kc_vault_pread(scanner->fd, found, rest, scan->end_offset, error))
        return FALSE;
    kc_vault_trailer_format((KcVaultTrailer){.footer_offset = footer_offset, .chunks = scan->lengths->len}, expected);
    if (memcmp(found, expected, rest) != 0 && memcmp(found, zeros, rest) != 0)
        return set_tampered(error, scan->lengths->len, "is the last one, but the trailer behind it was changed");
    return TRUE;
}

static gboolean
take_last(Scanner *scanner, KcVaultScan *scan, GError **error)
{
    guint8 sha256[KC_VAULT_SHA256_LEN];
    guint64 footer_offset = scan->end_offset;
    kc_sha256_peek(scan->hash, sha256);
    scan->end_offset += scanner->record->len;
    scan->finished = kc_vault_footer_parse(scanner->plain->data, scanner->plain->len, &scan->footer);
    if (!scan->finished || scan->footer.lengths->len != scan->lengths->len ||
        memcmp(scan->footer.sha256, sha256, sizeof sha256) != 0)
        return set_tampered(error, scan->lengths->len, "is the last one, and does not agree with those before it");
    return check_after_last(scanner, footer_offset, scan, error);
}

static void
take_chunk(const Scanner *scanner, KcVaultScan *scan)
{
    guint32 len = scanner->plain->len;
    kc_sha256_update(scan->hash, scanner->plain->data, len);
    g_array_append_val(scan->lengths, len);
    scan->size_bytes += len;
    scan->end_offset += scanner->record->len;
}

/* A record that does not open, at the end of `scan`: torn, or tampered with? */
static gboolean
judge_damaged(Scanner *scanner, const KcVaultScan *scan, GError **error)
{
    KcVaultPrefix prefix;
    guint32 number = scan->lengths->len;
    RecordState behind = load_record(scanner, scan->end_offset + scanner->record->len, number + 1, &prefix, error);
    if (behind == RECORD_IO_ERROR)
        return FALSE;
    if (behind == RECORD_WHOLE)
        return set_tampered(error, number, "was changed: it does not authenticate, and the one behind it does");
    return TRUE;
}

gboolean
kc_vault_scan_run(int fd, const KcVaultCipher *cipher, guint64 file_size, KcVaultScan *ret_scan, GError **error)
{
    g_autoptr(GByteArray) record = g_byte_array_new();
    g_autoptr(GByteArray) plain = g_byte_array_new();
    Scanner scanner = {.fd = fd, .cipher = cipher, .file_size = file_size, .record = record, .plain = plain};
    *ret_scan = (KcVaultScan){.lengths = g_array_new(FALSE, FALSE, sizeof(guint32)),
                              .end_offset = KC_VAULT_HEADER_LEN,
                              .hash = kc_sha256_new()};
    for (;;) {
        KcVaultPrefix prefix;
        RecordState state = load_record(&scanner, ret_scan->end_offset, ret_scan->lengths->len, &prefix, error);
        if (state == RECORD_IO_ERROR)
            return FALSE;
        if (state == RECORD_CUT)
            return TRUE;
        if (state == RECORD_DAMAGED)
            return judge_damaged(&scanner, ret_scan, error);
        if (prefix.last)
            return take_last(&scanner, ret_scan, error);
        take_chunk(&scanner, ret_scan);
    }
}

gboolean
kc_vault_open_record(const KcVaultCipher *cipher, guint32 number, KcVaultPrefix expected, const guint8 *record,
                     guint8 *plain, GError **error)
{
    KcVaultPrefix prefix;
    if (!kc_vault_prefix_parse(record, &prefix) || prefix.len != expected.len || prefix.last != expected.last ||
        !kc_vault_chunk_open(cipher, number, prefix, record, plain))
        return set_tampered(error, number, "does not authenticate: it was changed, moved or damaged");
    return TRUE;
}

gboolean
kc_vault_read_record(int fd, const KcVaultCipher *cipher, guint32 number, KcVaultPrefix expected, guint64 offset,
                     GByteArray *record, guint8 *plain, GError **error)
{
    g_byte_array_set_size(record, expected.len + KC_VAULT_OVERHEAD);
    return kc_vault_pread(fd, record->data, record->len, offset, error) &&
           kc_vault_open_record(cipher, number, expected, record->data, plain, error);
}
