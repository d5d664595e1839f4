/* Invariants:
 *  - `offset` is the end of the last whole record; nothing before it is ever written again;
 *  - after any failure the file is cut back to `offset`, so that a retry continues a well-formed file;
 *  - the SHA-256 and the chunk table advance only with a record that was written. */
#include "src/evidence/vault_writer.h"
#include "src/base/limits.h"
#include "src/evidence/vault_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct KcVaultWriter {
    int fd;
    KcVaultCipher *cipher;
    KcSha256 *hash;
    GArray *lengths; /* guint32 */
    guint64 offset;
    guint64 size_bytes;
    gboolean finished;
};

gboolean
kc_vault_sync_folder(const char *path, GError **error)
{
    g_auto(KcFd) fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) == 0)
        return TRUE;
    kc_vault_set_errno(error, "cannot sync the vault's folder");
    return FALSE;
}

gboolean
kc_vault_make_folder(const char *path, GError **error)
{
    g_autofree char *above = g_path_get_dirname(path);
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        kc_vault_set_errno(error, "cannot make a folder in the vault");
        return FALSE;
    }
    /* Also of one that was there: whoever made it may not be so far yet. */
    return kc_vault_sync_folder(above, error);
}

int
kc_vault_create(const char *path, GError **error)
{
    g_auto(KcFd) fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        kc_vault_set_errno(error, "cannot make a vault file");
        return -1;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    if (!kc_vault_sync_folder(folder, error)) {
        unlink(path);
        return -1;
    }
    return kc_fd_steal(&fd);
}

KcVaultWriter *
kc_vault_writer_resume(int fd, KcVaultCipher *cipher, const KcSha256 *hash, GArray *lengths, guint64 size_bytes)
{
    KcVaultWriter *writer = g_new0(KcVaultWriter, 1);
    writer->fd = fd;
    writer->cipher = cipher;
    writer->hash = kc_sha256_copy(hash);
    writer->lengths = g_array_ref(lengths);
    writer->size_bytes = size_bytes;
    writer->offset = kc_vault_file_offset(size_bytes, lengths->len);
    return writer;
}

KcVaultWriter *
kc_vault_writer_new(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, GError **error)
{
    g_auto(KcFd) owned_fd = fd;
    g_autoptr(KcVaultCipher) cipher = kc_vault_cipher_new(object_key, object_id);
    guint64 size = 0;
    if (!kc_vault_file_size(fd, &size, error))
        return NULL;
    if (size != 0) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FORMAT, "a new vault object needs an empty file");
        return NULL;
    }
    if (!kc_vault_pwrite(fd, cipher->header, KC_VAULT_HEADER_LEN, 0, error))
        return NULL;
    g_autoptr(KcSha256) hash = kc_sha256_new();
    g_autoptr(GArray) lengths = g_array_new(FALSE, FALSE, sizeof(guint32));
    return kc_vault_writer_resume(kc_fd_steal(&owned_fd), g_steal_pointer(&cipher), hash, lengths, 0);
}

static gboolean
write_at_end(KcVaultWriter *writer, const guint8 *bytes, gsize len, GError **error)
{
    if (kc_vault_pwrite(writer->fd, bytes, len, writer->offset, error))
        return TRUE;
    /* If even this fails, the torn record stays, and recovery cuts it. */
    if (ftruncate(writer->fd, (off_t)writer->offset) != 0)
        g_prefix_error(error, "(and its end could not be cut: %s) ", g_strerror(errno));
    return FALSE;
}

gboolean
kc_vault_writer_append(KcVaultWriter *writer, const void *data, gsize len, GError **error)
{
    g_assert(!writer->finished);
    if (len == 0 || len > KC_LIMIT_CHUNK_BYTES || writer->lengths->len >= KC_VAULT_MAX_CHUNKS) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_LIMIT,
                    "chunk %u of %" G_GSIZE_FORMAT " bytes is outside the limits of a vault file", writer->lengths->len,
                    len);
        return FALSE;
    }
    guint32 chunk_len = (guint32)len;
    gsize record_len = chunk_len + KC_VAULT_OVERHEAD;
    g_autofree guint8 *record = g_malloc(record_len);
    kc_vault_chunk_seal(writer->cipher, writer->lengths->len, FALSE, data, chunk_len, record);
    if (!write_at_end(writer, record, record_len, error))
        return FALSE;
    kc_sha256_update(writer->hash, data, len);
    g_array_append_val(writer->lengths, chunk_len);
    writer->offset += record_len;
    writer->size_bytes += len;
    return TRUE;
}

void
kc_vault_writer_sync_begin(KcVaultWriter *writer)
{
    sync_file_range(writer->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

gboolean
kc_vault_writer_sync(KcVaultWriter *writer, GError **error)
{
    if (fdatasync(writer->fd) == 0)
        return TRUE;
    kc_vault_set_errno(error, "cannot sync a vault file");
    return FALSE;
}

/* Last chunk and trailer in one write. */
static GByteArray *
ending_of(const KcVaultWriter *writer, const KcVaultFooter *footer)
{
    guint8 trailer[KC_VAULT_TRAILER_LEN];
    guint32 number = writer->lengths->len;
    g_autoptr(GByteArray) plain = kc_vault_footer_format(footer);
    GByteArray *ending = g_byte_array_new();
    g_byte_array_set_size(ending, plain->len + KC_VAULT_OVERHEAD);
    kc_vault_chunk_seal(writer->cipher, number, TRUE, plain->data, plain->len, ending->data);
    kc_vault_trailer_format((KcVaultTrailer){.footer_offset = writer->offset, .chunks = number}, trailer);
    return g_byte_array_append(ending, trailer, sizeof trailer);
}

gboolean
kc_vault_writer_finish_as(KcVaultWriter *writer, GBytes *index, gboolean recovered,
                          guint8 ret_sha256[KC_VAULT_SHA256_LEN], GError **error)
{
    g_assert(!writer->finished);
    gsize index_len = index == NULL ? 0 : g_bytes_get_size(index);
    if (index_len > KC_VAULT_MAX_FOOTER_BYTES / 2) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_LIMIT, "an index of %" G_GSIZE_FORMAT " bytes is too large",
                    index_len);
        return FALSE;
    }
    KcVaultFooter footer = {
        .size_bytes = writer->size_bytes, .recovered = recovered, .lengths = writer->lengths, .index = index};
    kc_sha256_peek(writer->hash, footer.sha256);
    g_autoptr(GByteArray) ending = ending_of(writer, &footer);
    if (!write_at_end(writer, ending->data, ending->len, error))
        return FALSE;
    if (fsync(writer->fd) != 0) {
        kc_vault_set_errno(error, "cannot sync a vault file");
        return FALSE;
    }
    memcpy(ret_sha256, footer.sha256, KC_VAULT_SHA256_LEN);
    writer->finished = TRUE;
    return TRUE;
}

gboolean
kc_vault_writer_finish(KcVaultWriter *writer, GBytes *index, guint8 ret_sha256[KC_VAULT_SHA256_LEN], GError **error)
{
    return kc_vault_writer_finish_as(writer, index, FALSE, ret_sha256, error);
}

guint32
kc_vault_writer_chunks(const KcVaultWriter *writer)
{
    return writer->lengths->len;
}

guint64
kc_vault_writer_size(const KcVaultWriter *writer)
{
    return writer->size_bytes;
}

GPtrArray *
kc_vault_writer_read_back(KcVaultWriter *writer, guint32 first, GError **error)
{
    g_autoptr(GPtrArray) chunks = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(GByteArray) record = g_byte_array_new();
    g_assert(first <= writer->lengths->len);
    guint64 offset = writer->offset;
    for (guint32 i = first; i < writer->lengths->len; i++)
        offset -= g_array_index(writer->lengths, guint32, i) + KC_VAULT_OVERHEAD;
    for (guint32 i = first; i < writer->lengths->len; i++) {
        KcVaultPrefix expected = {.len = g_array_index(writer->lengths, guint32, i)};
        g_autofree guint8 *plain = g_malloc(expected.len);
        if (!kc_vault_read_record(writer->fd, writer->cipher, i, expected, offset, record, plain, error))
            return NULL;
        g_ptr_array_add(chunks, g_bytes_new_take(g_steal_pointer(&plain), expected.len));
        offset += record->len;
    }
    return g_steal_pointer(&chunks);
}

void
kc_vault_writer_free(KcVaultWriter *writer)
{
    if (writer == NULL)
        return;
    kc_fd_close(writer->fd);
    kc_vault_cipher_free(writer->cipher);
    kc_sha256_free(writer->hash);
    g_array_unref(writer->lengths);
    g_free(writer);
}

gboolean
kc_vault_write_all(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, const void *data, gsize len,
                   GBytes *index, guint8 ret_sha256[KC_VAULT_SHA256_LEN], GError **error)
{
    g_autoptr(KcVaultWriter) writer = kc_vault_writer_new(fd, object_key, object_id, error);
    if (writer == NULL)
        return FALSE;
    for (gsize at = 0; at < len; at += KC_VAULT_COPY_CHUNK_BYTES) {
        gsize part = MIN(KC_VAULT_COPY_CHUNK_BYTES, len - at);
        if (!kc_vault_writer_append(writer, (const guint8 *)data + at, part, error))
            return FALSE;
    }
    return kc_vault_writer_finish(writer, index, ret_sha256, error);
}
