#include "src/evidence/vault_scan.h"

#include <string.h>

static gboolean
judge(int fd, const KcVaultCipher *cipher, guint64 file_size, guint32 known_chunks, KcVaultInspection *inspection,
      GError **error)
{
    g_auto(KcVaultScan) scan = {0};
    if (!kc_vault_scan_run(fd, cipher, file_size, &scan, error))
        return FALSE;
    *inspection = (KcVaultInspection){.finished = scan.finished,
                                      .chunks = scan.lengths->len,
                                      .size_bytes = scan.size_bytes,
                                      .torn_bytes = file_size - scan.end_offset};
    if (scan.lengths->len >= known_chunks)
        return TRUE;
    g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED, "only %u chunks are whole, but %u were written and synced",
                scan.lengths->len, known_chunks);
    return FALSE;
}

gboolean
kc_vault_inspect(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, guint32 known_chunks,
                 KcVaultInspection *ret_inspection, GError **error)
{
    g_auto(KcFd) owned_fd = fd;
    guint8 header[KC_VAULT_HEADER_LEN] = {0}, zeros[KC_VAULT_HEADER_LEN] = {0};
    guint64 size = 0;
    *ret_inspection = (KcVaultInspection){0};
    if (!kc_vault_file_size(fd, &size, error) || !kc_vault_pread(fd, header, MIN(size, sizeof header), 0, error))
        return FALSE;
    if (size < sizeof header || memcmp(header, zeros, sizeof header) == 0) {
        ret_inspection->torn_bytes = size;
        if (known_chunks == 0)
            return TRUE;
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED,
                    "the file has no header, but %u chunks were written and synced", known_chunks);
        return FALSE;
    }
    g_autoptr(KcVaultCipher) cipher = kc_vault_cipher_from_header(header, object_key, object_id, error);
    return cipher != NULL && judge(fd, cipher, size, known_chunks, ret_inspection, error);
}

static gboolean
next_tag(int fd, guint64 *offset, guint64 file_size, guint8 ret_tag[KC_VAULT_TAG_LEN], GError **error)
{
    guint8 bytes[KC_VAULT_PREFIX_LEN];
    KcVaultPrefix prefix;
    if (file_size - *offset < KC_VAULT_OVERHEAD || !kc_vault_pread(fd, bytes, sizeof bytes, *offset, error) ||
        !kc_vault_prefix_parse(bytes, &prefix) || prefix.last ||
        (guint64)prefix.len + KC_VAULT_OVERHEAD > file_size - *offset)
        return FALSE;
    *offset += (guint64)prefix.len + KC_VAULT_OVERHEAD;
    return kc_vault_pread(fd, ret_tag, KC_VAULT_TAG_LEN, *offset - KC_VAULT_TAG_LEN, error);
}

gboolean
kc_vault_hash_tags(int fd, guint32 chunks, guint8 ret_sha256[KC_VAULT_SHA256_LEN], GError **error)
{
    g_auto(KcFd) owned_fd = fd;
    g_autoptr(KcSha256) hash = kc_sha256_new();
    guint64 size = 0, offset = KC_VAULT_HEADER_LEN;
    g_autoptr(GError) local = NULL;
    if (!kc_vault_file_size(fd, &size, error))
        return FALSE;
    for (guint32 i = 0; i < chunks; i++) {
        guint8 tag[KC_VAULT_TAG_LEN];
        if (size < offset || !next_tag(fd, &offset, size, tag, &local)) {
            if (local != NULL)
                g_propagate_error(error, g_steal_pointer(&local));
            else
                g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED, "chunk %u of %u is not there", i, chunks);
            return FALSE;
        }
        kc_sha256_update(hash, tag, sizeof tag);
    }
    kc_sha256_peek(hash, ret_sha256);
    return TRUE;
}
