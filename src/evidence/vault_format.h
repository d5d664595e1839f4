/* Private to src/evidence: the bytes of a vault file. vault.h draws its layout. */
#pragma once

#include "src/evidence/sodium_ready.h"
#include "src/evidence/vault.h"
#include "src/evidence/xchacha.h"

#define KC_VAULT_ID_LEN 36
#define KC_VAULT_HEADER_LEN 128
#define KC_VAULT_NONCE_PREFIX_LEN 19
#define KC_VAULT_PREFIX_LEN 5 /* of a chunk: length and kind */
#define KC_VAULT_TAG_LEN 16
#define KC_VAULT_OVERHEAD (KC_VAULT_PREFIX_LEN + KC_VAULT_TAG_LEN)
#define KC_VAULT_TRAILER_LEN 16
#define KC_VAULT_MAX_CHUNKS (1u << 22)
#define KC_VAULT_MAX_FOOTER_BYTES (64u * 1024 * 1024)

/* The sealing state of one file, in locked memory. */
typedef struct {
    guint8 key[KC_KEY_LEN];
    guint8 nonce_prefix[KC_VAULT_NONCE_PREFIX_LEN];
    guint8 object_id[KC_VAULT_ID_LEN]; /* padded with zeros */
    guint8 header[KC_VAULT_HEADER_LEN];
    KcXChaCha *opener; /* of a file that is read; NULL: libsodium opens */
} KcVaultCipher;

KcVaultCipher *kc_vault_cipher_new(const guint8 object_key[KC_KEY_LEN], const char *object_id);
KcVaultCipher *kc_vault_cipher_from_header(const guint8 header[KC_VAULT_HEADER_LEN],
                                           const guint8 object_key[KC_KEY_LEN], const char *object_id, GError **error);
/* The same of the same file, for another thread. */
KcVaultCipher *kc_vault_cipher_twin(const KcVaultCipher *cipher);
void kc_vault_cipher_free(KcVaultCipher *cipher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcVaultCipher, kc_vault_cipher_free)

typedef struct {
    guint32 len; /* of the plaintext */
    gboolean last;
} KcVaultPrefix;

/* FALSE if these bytes begin no chunk that this program can have written. */
gboolean kc_vault_prefix_parse(const guint8 bytes[KC_VAULT_PREFIX_LEN], KcVaultPrefix *ret_prefix);

/* `record` has room for prefix, data and tag. */
void kc_vault_chunk_seal(const KcVaultCipher *cipher, guint32 number, gboolean last, const guint8 *data, guint32 len,
                         guint8 *record);
/* `record` is a whole record with the parsed `prefix`; `plain` has room for prefix.len bytes. */
gboolean kc_vault_chunk_open(const KcVaultCipher *cipher, guint32 number, KcVaultPrefix prefix, const guint8 *record,
                             guint8 *plain);

/* What the last chunk says. */
typedef struct {
    guint8 sha256[KC_VAULT_SHA256_LEN];
    guint64 size_bytes;
    gboolean recovered;
    GArray *lengths; /* guint32, one a chunk */
    GBytes *index;
} KcVaultFooter;

void kc_vault_footer_clear(KcVaultFooter *footer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcVaultFooter, kc_vault_footer_clear)
GByteArray *kc_vault_footer_format(const KcVaultFooter *footer);
gboolean kc_vault_footer_parse(const guint8 *bytes, gsize len, KcVaultFooter *ret_footer);

typedef struct {
    guint64 footer_offset;
    guint32 chunks;
} KcVaultTrailer;

void kc_vault_trailer_format(KcVaultTrailer trailer, guint8 ret_bytes[KC_VAULT_TRAILER_LEN]);
gboolean kc_vault_trailer_parse(const guint8 bytes[KC_VAULT_TRAILER_LEN], KcVaultTrailer *ret_trailer);

/* Where chunk `number` begins in the file, if `plain_bytes` of plaintext stand before it. */
guint64 kc_vault_file_offset(guint64 plain_bytes, guint32 number);

/* Exactly `len` bytes, or an error. */
gboolean kc_vault_pread(int fd, void *buffer, gsize len, guint64 offset, GError **error);
gboolean kc_vault_pwrite(int fd, const void *bytes, gsize len, guint64 offset, GError **error);
gboolean kc_vault_file_size(int fd, guint64 *ret_size, GError **error);
void kc_vault_set_errno(GError **error, const char *what);

/* A descriptor that closes itself. */
typedef int KcFd;
void kc_fd_close(KcFd fd); /* nothing for -1 */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(KcFd, kc_fd_close, -1)

static inline int
kc_fd_steal(KcFd *fd)
{
    int stolen = *fd;
    *fd = -1;
    return stolen;
}
