/* Invariants:
 *  - the sealing key is derived from the object key and every byte of the header before the commitment, so that a
 *    changed header opens nothing; the commitment is derived from the same, with another label;
 *  - a nonce is used once: the prefix is random for each file, the counter is the chunk's number. */
#include "src/evidence/vault_format.h"
#include "src/base/limits.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "KCVAULT\n"
#define TRAILER_MAGIC "KCVE"
#define VERSION 1
#define ALGORITHM_XCHACHA20_POLY1305_STREAM 1
#define KIND_DATA 0xD1
#define KIND_LAST 0xE1
#define AT_VERSION 8
#define AT_ALGORITHM 10
#define AT_HEADER_LEN 12
#define AT_ID 16
#define AT_NONCE_PREFIX (AT_ID + KC_VAULT_ID_LEN)
#define AT_COMMITMENT 96
#define FOOTER_FIXED_LEN (KC_VAULT_SHA256_LEN + 16)

G_STATIC_ASSERT(AT_NONCE_PREFIX + KC_VAULT_NONCE_PREFIX_LEN <= AT_COMMITMENT);
G_STATIC_ASSERT(AT_COMMITMENT + KC_KEY_LEN == KC_VAULT_HEADER_LEN);
G_STATIC_ASSERT(KC_VAULT_NONCE_PREFIX_LEN + 5 == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
G_STATIC_ASSERT(KC_VAULT_TAG_LEN == crypto_aead_xchacha20poly1305_ietf_ABYTES);

G_DEFINE_QUARK(kc - vault - error - quark, kc_vault_error)

static void
put_u16(guint8 *bytes, guint16 value)
{
    value = GUINT16_TO_LE(value);
    memcpy(bytes, &value, sizeof value);
}

static void
put_u32(guint8 *bytes, guint32 value)
{
    value = GUINT32_TO_LE(value);
    memcpy(bytes, &value, sizeof value);
}

static void
put_u64(guint8 *bytes, guint64 value)
{
    value = GUINT64_TO_LE(value);
    memcpy(bytes, &value, sizeof value);
}

static guint16
get_u16(const guint8 *bytes)
{
    guint16 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT16_FROM_LE(value);
}

static guint32
get_u32(const guint8 *bytes)
{
    guint32 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT32_FROM_LE(value);
}

static guint64
get_u64(const guint8 *bytes)
{
    guint64 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT64_FROM_LE(value);
}

/* ---- Header ---- */

static void
derive_from_header(const guint8 object_key[KC_KEY_LEN], const char *label, const guint8 *header,
                   guint8 ret_key[KC_KEY_LEN])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, object_key, KC_KEY_LEN, KC_KEY_LEN);
    crypto_generichash_update(&state, (const guint8 *)label, strlen(label) + 1);
    crypto_generichash_update(&state, header, AT_COMMITMENT);
    crypto_generichash_final(&state, ret_key, KC_KEY_LEN);
    sodium_memzero(&state, sizeof state);
}

static KcVaultCipher *
cipher_alloc(void)
{
    KcVaultCipher *cipher = sodium_malloc(sizeof *cipher);
    if (cipher == NULL)
        g_error("no locked memory for keys");
    return cipher;
}

static KcVaultCipher *
cipher_of_header(const guint8 header[KC_VAULT_HEADER_LEN], const guint8 object_key[KC_KEY_LEN])
{
    KcVaultCipher *cipher = cipher_alloc();
    memcpy(cipher->header, header, KC_VAULT_HEADER_LEN);
    memcpy(cipher->object_id, header + AT_ID, KC_VAULT_ID_LEN);
    memcpy(cipher->nonce_prefix, header + AT_NONCE_PREFIX, KC_VAULT_NONCE_PREFIX_LEN);
    derive_from_header(object_key, "kuaichu vault chunks v1", header, cipher->key);
    cipher->opener = NULL;
    return cipher;
}

KcVaultCipher *
kc_vault_cipher_new(const guint8 object_key[KC_KEY_LEN], const char *object_id)
{
    guint8 header[KC_VAULT_HEADER_LEN] = {0};
    g_assert(strlen(object_id) <= KC_VAULT_ID_LEN);
    kc_sodium_ready();
    memcpy(header, MAGIC, strlen(MAGIC));
    put_u16(header + AT_VERSION, VERSION);
    put_u16(header + AT_ALGORITHM, ALGORITHM_XCHACHA20_POLY1305_STREAM);
    put_u32(header + AT_HEADER_LEN, KC_VAULT_HEADER_LEN);
    memcpy(header + AT_ID, object_id, strlen(object_id));
    randombytes_buf(header + AT_NONCE_PREFIX, KC_VAULT_NONCE_PREFIX_LEN);
    derive_from_header(object_key, "kuaichu vault commitment v1", header, header + AT_COMMITMENT);
    return cipher_of_header(header, object_key);
}

KcVaultCipher *
kc_vault_cipher_from_header(const guint8 header[KC_VAULT_HEADER_LEN], const guint8 object_key[KC_KEY_LEN],
                            const char *object_id, GError **error)
{
    guint8 id[KC_VAULT_ID_LEN] = {0};
    guint8 commitment[KC_KEY_LEN];
    kc_sodium_ready();
    if (memcmp(header, MAGIC, strlen(MAGIC)) != 0 || get_u32(header + AT_HEADER_LEN) != KC_VAULT_HEADER_LEN) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FORMAT, "this is not a vault file");
        return NULL;
    }
    if (get_u16(header + AT_VERSION) != VERSION ||
        get_u16(header + AT_ALGORITHM) != ALGORITHM_XCHACHA20_POLY1305_STREAM) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FORMAT,
                    "vault format version %u with algorithm %u is unknown here", get_u16(header + AT_VERSION),
                    get_u16(header + AT_ALGORITHM));
        return NULL;
    }
    g_assert(strlen(object_id) <= KC_VAULT_ID_LEN);
    memcpy(id, object_id, strlen(object_id));
    if (memcmp(header + AT_ID, id, KC_VAULT_ID_LEN) != 0) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_WRONG_KEY, "the file belongs to another object than %s",
                    object_id);
        return NULL;
    }
    derive_from_header(object_key, "kuaichu vault commitment v1", header, commitment);
    if (sodium_memcmp(commitment, header + AT_COMMITMENT, KC_KEY_LEN) != 0) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_WRONG_KEY,
                    "the key does not fit the file of object %s, or its header was changed", object_id);
        return NULL;
    }
    KcVaultCipher *cipher = cipher_of_header(header, object_key);
    cipher->opener = kc_xchacha_new();
    return cipher;
}

KcVaultCipher *
kc_vault_cipher_twin(const KcVaultCipher *cipher)
{
    KcVaultCipher *twin = cipher_alloc();
    *twin = *cipher;
    twin->opener = cipher->opener != NULL ? kc_xchacha_new() : NULL;
    return twin;
}

void
kc_vault_cipher_free(KcVaultCipher *cipher)
{
    if (cipher == NULL)
        return;
    kc_xchacha_free(cipher->opener);
    sodium_free(cipher);
}

/* ---- Chunks ---- */

typedef struct {
    guint8 nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
    guint8 associated[KC_VAULT_ID_LEN + 2 + KC_VAULT_PREFIX_LEN];
} ChunkContext;

static ChunkContext
chunk_context(const KcVaultCipher *cipher, guint32 number, gboolean last, const guint8 *prefix)
{
    ChunkContext context;
    memcpy(context.nonce, cipher->nonce_prefix, KC_VAULT_NONCE_PREFIX_LEN);
    put_u32(context.nonce + KC_VAULT_NONCE_PREFIX_LEN, number);
    context.nonce[KC_VAULT_NONCE_PREFIX_LEN + 4] = last ? 1 : 0;
    memcpy(context.associated, cipher->object_id, KC_VAULT_ID_LEN);
    put_u16(context.associated + KC_VAULT_ID_LEN, VERSION);
    memcpy(context.associated + KC_VAULT_ID_LEN + 2, prefix, KC_VAULT_PREFIX_LEN);
    return context;
}

gboolean
kc_vault_prefix_parse(const guint8 bytes[KC_VAULT_PREFIX_LEN], KcVaultPrefix *ret_prefix)
{
    guint32 len = get_u32(bytes);
    if (bytes[4] == KIND_DATA && len >= 1 && len <= KC_LIMIT_CHUNK_BYTES) {
        *ret_prefix = (KcVaultPrefix){.len = len, .last = FALSE};
        return TRUE;
    }
    if (bytes[4] == KIND_LAST && len >= FOOTER_FIXED_LEN && len <= KC_VAULT_MAX_FOOTER_BYTES) {
        *ret_prefix = (KcVaultPrefix){.len = len, .last = TRUE};
        return TRUE;
    }
    return FALSE;
}

void
kc_vault_chunk_seal(const KcVaultCipher *cipher, guint32 number, gboolean last, const guint8 *data, guint32 len,
                    guint8 *record)
{
    put_u32(record, len);
    record[4] = last ? KIND_LAST : KIND_DATA;
    ChunkContext context = chunk_context(cipher, number, last, record);
    crypto_aead_xchacha20poly1305_ietf_encrypt(record + KC_VAULT_PREFIX_LEN, NULL, data, len, context.associated,
                                               sizeof context.associated, NULL, context.nonce, cipher->key);
}

gboolean
kc_vault_chunk_open(const KcVaultCipher *cipher, guint32 number, KcVaultPrefix prefix, const guint8 *record,
                    guint8 *plain)
{
    ChunkContext context = chunk_context(cipher, number, prefix.last, record);
    if (cipher->opener != NULL)
        return kc_xchacha_open(cipher->opener, cipher->key, context.nonce, context.associated, sizeof context.associated,
                               record + KC_VAULT_PREFIX_LEN, prefix.len, plain);
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               plain, NULL, NULL, record + KC_VAULT_PREFIX_LEN, (unsigned long long)prefix.len + KC_VAULT_TAG_LEN,
               context.associated, sizeof context.associated, context.nonce, cipher->key) == 0;
}

/* ---- Footer and trailer ---- */

void
kc_vault_footer_clear(KcVaultFooter *footer)
{
    g_clear_pointer(&footer->lengths, g_array_unref);
    g_clear_pointer(&footer->index, g_bytes_unref);
}

GByteArray *
kc_vault_footer_format(const KcVaultFooter *footer)
{
    guint8 fixed[FOOTER_FIXED_LEN] = {0};
    memcpy(fixed, footer->sha256, KC_VAULT_SHA256_LEN);
    put_u64(fixed + 32, footer->size_bytes);
    put_u32(fixed + 40, footer->lengths->len);
    fixed[44] = footer->recovered ? 1 : 0;

    GByteArray *bytes = g_byte_array_append(g_byte_array_new(), fixed, sizeof fixed);
    for (guint i = 0; i < footer->lengths->len; i++) {
        guint8 length[4];
        put_u32(length, g_array_index(footer->lengths, guint32, i));
        g_byte_array_append(bytes, length, sizeof length);
    }
    gsize index_len = 0;
    const guint8 *index = footer->index == NULL ? NULL : g_bytes_get_data(footer->index, &index_len);
    if (index_len > 0)
        g_byte_array_append(bytes, index, (guint)index_len);
    return bytes;
}

/* The bytes are authentic: a file that fails here was written by a broken program. */
gboolean
kc_vault_footer_parse(const guint8 *bytes, gsize len, KcVaultFooter *ret_footer)
{
    if (len < FOOTER_FIXED_LEN)
        return FALSE;
    guint32 chunks = get_u32(bytes + 40);
    if (chunks > KC_VAULT_MAX_CHUNKS || len < FOOTER_FIXED_LEN + (gsize)chunks * 4)
        return FALSE;

    KcVaultFooter footer = {.size_bytes = get_u64(bytes + 32), .recovered = bytes[44] == 1};
    guint64 total = 0;
    memcpy(footer.sha256, bytes, KC_VAULT_SHA256_LEN);
    footer.lengths = g_array_sized_new(FALSE, FALSE, sizeof(guint32), chunks);
    for (guint32 i = 0; i < chunks; i++) {
        guint32 length = get_u32(bytes + FOOTER_FIXED_LEN + (gsize)i * 4);
        total += length;
        g_array_append_val(footer.lengths, length);
    }
    gsize index_at = FOOTER_FIXED_LEN + (gsize)chunks * 4;
    footer.index = g_bytes_new(bytes + index_at, len - index_at);
    if (total != footer.size_bytes) {
        kc_vault_footer_clear(&footer);
        return FALSE;
    }
    *ret_footer = footer;
    return TRUE;
}

void
kc_vault_trailer_format(KcVaultTrailer trailer, guint8 ret_bytes[KC_VAULT_TRAILER_LEN])
{
    put_u64(ret_bytes, trailer.footer_offset);
    put_u32(ret_bytes + 8, trailer.chunks);
    memcpy(ret_bytes + 12, TRAILER_MAGIC, 4);
}

gboolean
kc_vault_trailer_parse(const guint8 bytes[KC_VAULT_TRAILER_LEN], KcVaultTrailer *ret_trailer)
{
    *ret_trailer = (KcVaultTrailer){.footer_offset = get_u64(bytes), .chunks = get_u32(bytes + 8)};
    return memcmp(bytes + 12, TRAILER_MAGIC, 4) == 0;
}

guint64
kc_vault_file_offset(guint64 plain_bytes, guint32 number)
{
    return KC_VAULT_HEADER_LEN + plain_bytes + (guint64)number * KC_VAULT_OVERHEAD;
}

/* ---- Files ---- */

void
kc_fd_close(KcFd fd)
{
    if (fd >= 0)
        close(fd);
}

void
kc_vault_set_errno(GError **error, const char *what)
{
    int saved = errno;
    gboolean full = saved == ENOSPC || saved == EDQUOT || saved == EFBIG;
    g_set_error(error, KC_VAULT_ERROR, full ? KC_VAULT_ERROR_FULL : KC_VAULT_ERROR_IO, "%s: %s", what,
                g_strerror(saved));
}

gboolean
kc_vault_pread(int fd, void *buffer, gsize len, guint64 offset, GError **error)
{
    for (gsize done = 0; done < len;) {
        gssize n = pread(fd, (guint8 *)buffer + done, len - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            kc_vault_set_errno(error, "cannot read a vault file");
            return FALSE;
        }
        if (n == 0) {
            g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED, "a vault file ends before its last chunk");
            return FALSE;
        }
        done += (gsize)n;
    }
    return TRUE;
}

gboolean
kc_vault_pwrite(int fd, const void *bytes, gsize len, guint64 offset, GError **error)
{
    for (gsize done = 0; done < len;) {
        gssize n = pwrite(fd, (const guint8 *)bytes + done, len - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            kc_vault_set_errno(error, "cannot write a vault file");
            return FALSE;
        }
        done += (gsize)n;
    }
    return TRUE;
}

gboolean
kc_vault_file_size(int fd, guint64 *ret_size, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        kc_vault_set_errno(error, "cannot look at a vault file");
        return FALSE;
    }
    *ret_size = (guint64)st.st_size;
    return TRUE;
}
