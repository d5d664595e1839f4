/* Two passes: the first finds out what is there and whether it was tampered with; only then the caller sees chunks.
 * The file is changed in one step at the very end, so that a recovery that is itself interrupted can be run again.
 *
 * What was not known to be synced is written once more before the file is finished, byte for byte. When a sync has
 * failed, the kernel takes its pages for clean: they still read well, no later sync writes them, and they are gone with
 * the power (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). */
#include "src/evidence/vault_scan.h"
#include "src/evidence/vault_writer.h"

#include <string.h>
#include <unistd.h>

#define COPY_BYTES (64 * 1024)

typedef struct {
    KcVaultChunkFn chunk_fn;
    KcVaultIndexFn index_fn;
    gpointer user_data;
} Callbacks;

static gboolean
is_all_zero(const guint8 *bytes, gsize len)
{
    return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

static gboolean
show_chunks(int fd, const KcVaultCipher *cipher, const KcVaultScan *scan, const Callbacks *callbacks, GError **error)
{
    g_autoptr(GByteArray) record = g_byte_array_new();
    g_autoptr(GByteArray) plain = g_byte_array_new();
    guint64 offset = 0;
    for (guint32 i = 0; i < scan->lengths->len; i++) {
        guint32 len = g_array_index(scan->lengths, guint32, i);
        g_byte_array_set_size(plain, len);
        if (!kc_vault_read_record(fd, cipher, i, (KcVaultPrefix){.len = len}, kc_vault_file_offset(offset, i), record,
                                  plain->data, error) ||
            !callbacks->chunk_fn(i, offset, plain->data, len, callbacks->user_data, error))
            return FALSE;
        offset += len;
    }
    return TRUE;
}

static gboolean
write_again(int fd, const KcVaultScan *scan, guint32 known_chunks, GError **error)
{
    g_autofree guint8 *block = g_malloc(COPY_BYTES);
    guint64 from = 0, plain_bytes = 0;
    for (guint32 i = 0; i < known_chunks; i++)
        plain_bytes += g_array_index(scan->lengths, guint32, i);
    if (known_chunks > 0) /* with the first of them the header was synced too */
        from = kc_vault_file_offset(plain_bytes, known_chunks);
    for (gsize part; from < scan->end_offset; from += part) {
        part = (gsize)MIN(COPY_BYTES, scan->end_offset - from);
        if (!kc_vault_pread(fd, block, part, from, error) || !kc_vault_pwrite(fd, block, part, from, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
cut(int fd, guint64 offset, GError **error)
{
    if (ftruncate(fd, (off_t)offset) == 0)
        return TRUE;
    kc_vault_set_errno(error, "cannot cut the torn end of a vault file");
    return FALSE;
}

static gboolean
finish_interrupted(KcFd *fd, KcVaultCipher **cipher, const KcVaultScan *scan, const Callbacks *callbacks,
                   KcVaultRecovery *recovery, GError **error)
{
    g_autoptr(GBytes) index = NULL;
    if (callbacks->chunk_fn != NULL && !show_chunks(*fd, *cipher, scan, callbacks, error))
        return FALSE;
    if (callbacks->index_fn != NULL) {
        index = callbacks->index_fn(scan->size_bytes, callbacks->user_data, error);
        if (index == NULL)
            return FALSE;
    }
    if (!cut(*fd, scan->end_offset, error))
        return FALSE;
    g_autoptr(KcVaultWriter) writer =
        kc_vault_writer_resume(kc_fd_steal(fd), g_steal_pointer(cipher), scan->hash, scan->lengths, scan->size_bytes);
    recovery->outcome = KC_VAULT_RECOVERED;
    return kc_vault_writer_finish_as(writer, index, TRUE, recovery->sha256, error);
}

/* The last chunk is there; writes its trailer anew, which may be torn. */
static gboolean
finish_trailer(int fd, const KcVaultScan *scan, KcVaultRecovery *recovery, GError **error)
{
    guint8 trailer[KC_VAULT_TRAILER_LEN];
    recovery->outcome = KC_VAULT_ALREADY_FINISHED;
    memcpy(recovery->sha256, scan->footer.sha256, KC_VAULT_SHA256_LEN);
    kc_vault_trailer_format(
        (KcVaultTrailer){.footer_offset = kc_vault_file_offset(scan->size_bytes, scan->lengths->len),
                         .chunks = scan->lengths->len},
        trailer);
    if (!kc_vault_pwrite(fd, trailer, sizeof trailer, scan->end_offset, error))
        return FALSE;
    if (fsync(fd) == 0)
        return TRUE;
    kc_vault_set_errno(error, "cannot sync a vault file");
    return FALSE;
}

/* A trailer is written only behind a whole last chunk. */
static gboolean
ends_in_trailer(int fd, guint64 file_size)
{
    guint8 bytes[KC_VAULT_TRAILER_LEN];
    KcVaultTrailer trailer;
    return file_size >= KC_VAULT_HEADER_LEN + sizeof bytes &&
           kc_vault_pread(fd, bytes, sizeof bytes, file_size - sizeof bytes, NULL) &&
           kc_vault_trailer_parse(bytes, &trailer) && trailer.footer_offset >= KC_VAULT_HEADER_LEN &&
           trailer.footer_offset < file_size;
}

static gboolean
recover(KcFd *fd, KcVaultCipher **cipher, guint64 file_size, guint32 known_chunks, const Callbacks *callbacks,
        KcVaultRecovery *recovery, GError **error)
{
    g_auto(KcVaultScan) scan = {0};
    if (!kc_vault_scan_run(*fd, *cipher, file_size, &scan, error))
        return FALSE;
    recovery->chunks = scan.lengths->len;
    recovery->size_bytes = scan.size_bytes;
    if (scan.lengths->len < known_chunks) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED,
                    "only %u chunks are whole, but %u were written and synced", scan.lengths->len, known_chunks);
        return FALSE;
    }
    if (scan.finished)
        return write_again(*fd, &scan, known_chunks, error) && finish_trailer(*fd, &scan, recovery, error);
    if (ends_in_trailer(*fd, file_size)) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED,
                    "the file was finished, but only its first %u chunks authenticate", scan.lengths->len);
        return FALSE;
    }
    recovery->torn_bytes = file_size - scan.end_offset;
    if (scan.lengths->len == 0) {
        recovery->outcome = KC_VAULT_NOTHING_THERE;
        return TRUE;
    }
    return write_again(*fd, &scan, known_chunks, error) &&
           finish_interrupted(fd, cipher, &scan, callbacks, recovery, error);
}

gboolean
kc_vault_recover(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, guint32 known_chunks,
                 KcVaultChunkFn chunk_fn, KcVaultIndexFn index_fn, gpointer user_data, KcVaultRecovery *ret_recovery,
                 GError **error)
{
    g_auto(KcFd) owned_fd = fd;
    guint8 header[KC_VAULT_HEADER_LEN] = {0};
    guint64 size = 0;
    Callbacks callbacks = {chunk_fn, index_fn, user_data};
    *ret_recovery = (KcVaultRecovery){.outcome = KC_VAULT_NOTHING_THERE};
    if (!kc_vault_file_size(fd, &size, error) || !kc_vault_pread(fd, header, MIN(size, KC_VAULT_HEADER_LEN), 0, error))
        return FALSE;
    if (size < KC_VAULT_HEADER_LEN || is_all_zero(header, sizeof header)) {
        ret_recovery->torn_bytes = size;
        if (known_chunks == 0)
            return TRUE;
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED,
                    "the file has no header, but %u chunks were written and synced", known_chunks);
        return FALSE;
    }
    g_autoptr(KcVaultCipher) cipher = kc_vault_cipher_from_header(header, object_key, object_id, error);
    if (cipher == NULL)
        return FALSE;
    return recover(&owned_fd, &cipher, size, known_chunks, &callbacks, ret_recovery, error);
}
