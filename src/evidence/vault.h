/* One sealed file of the vault: a recording track, a photo, a signature.
 *
 * An append-only sequence of sealed chunks in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015):
 * XChaCha20-Poly1305; nonce = random prefix of the file | chunk counter | last-chunk flag; associated data = object id,
 * format version and the chunk's prefix. All integers little-endian.
 *
 *   header   "KCVAULT\n", u16 version, u16 algorithm, u32 header length, object id, nonce prefix, key commitment
 *   chunk*   u32 plaintext length, u8 0xD1, ciphertext and tag
 *   last     u32 plaintext length, u8 0xE1, ciphertext and tag of: SHA-256 of the plaintext, its size, the number of
 *            chunks, how it was finished, the plaintext length of each chunk, the caller's index
 *   trailer  where the last chunk begins, the number of chunks, "KCVE"
 *
 * A file without its last chunk is *interrupted*: it ends in whole chunks and perhaps a torn one, and can be
 * recovered. A file in which a chunk does not authenticate although what follows it does, or in which fewer chunks are
 * whole than were known to be synced, is *tampered*. So is an interrupted file whose row says that it was finished:
 * only the caller, who has the row, can tell.
 *
 * No main loop, no database, no global state but the threads of kc_vault_reader_expect. Thread: a writer or a reader
 * belongs to one thread at a time. The calls block on the disk. Every call that takes a descriptor owns it from then on, whether it succeeds or not. */
#pragma once

#include "src/evidence/keys.h"

#define KC_VAULT_SHA256_LEN 32
#define KC_VAULT_COPY_CHUNK_BYTES (64 * 1024) /* how kc_vault_write_all cuts */

#define KC_VAULT_ERROR (kc_vault_error_quark())
GQuark kc_vault_error_quark(void);
typedef enum {
    KC_VAULT_ERROR_IO,
    KC_VAULT_ERROR_FULL,        /* no space (or quota) on the disk; the file still ends in its last whole chunk */
    KC_VAULT_ERROR_FORMAT,      /* not a vault file, or of a version or algorithm that this program does not know */
    KC_VAULT_ERROR_WRONG_KEY,   /* the key commitment does not match: another key or another object's file */
    KC_VAULT_ERROR_INTERRUPTED, /* not finished: to be recovered, nothing is wrong with what is there */
    KC_VAULT_ERROR_TAMPERED,    /* something changed after it was written; the message names the chunk */
    KC_VAULT_ERROR_LIMIT,       /* an empty chunk, or one above KC_LIMIT_CHUNK_BYTES, or too many */
} KcVaultError;

/* A new file, which must not exist, of mode 0600; its folder is synced. -1 on failure. */
int kc_vault_create(const char *path, GError **error);

/* A folder for them (it may exist), and its name made durable in the one above it; the latter alone. */
gboolean kc_vault_make_folder(const char *path, GError **error);
gboolean kc_vault_sync_folder(const char *path, GError **error);

/* ---- Writing ---- */
typedef struct KcVaultWriter KcVaultWriter;

/* Writes the header. `fd`: an empty file, open for reading and writing. */
KcVaultWriter *kc_vault_writer_new(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, GError **error);

/* Seals `data` as exactly one chunk of 1 … KC_LIMIT_CHUNK_BYTES. After an error the file is cut back to its last whole
 * chunk, and the call may be tried again. */
gboolean kc_vault_writer_append(KcVaultWriter *writer, const void *data, gsize len, GError **error);

/* Begins to write out what was appended, without waiting: of several files that are synced after one another, each waits
 * less then. A hint; nothing is promised. */
void kc_vault_writer_sync_begin(KcVaultWriter *writer);

/* fdatasync: what was appended before now survives a power cut. */
gboolean kc_vault_writer_sync(KcVaultWriter *writer, GError **error);

/* Writes the last chunk with `index` (may be NULL; opaque to the vault) and fsyncs. Nothing can be appended after. */
gboolean kc_vault_writer_finish(KcVaultWriter *writer, GBytes *index, guint8 ret_sha256[KC_VAULT_SHA256_LEN],
                                GError **error);

guint32 kc_vault_writer_chunks(const KcVaultWriter *writer);
guint64 kc_vault_writer_size(const KcVaultWriter *writer); /* plaintext bytes so far */

/* The chunks from `first` (at most the count) to the last appended, read back from the file and authenticated: GBytes,
 * owned by the caller. NULL with an error. */
GPtrArray *kc_vault_writer_read_back(KcVaultWriter *writer, guint32 first, GError **error);

/* Closes without finishing: the file stays interrupted. */
void kc_vault_writer_free(KcVaultWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcVaultWriter, kc_vault_writer_free)

/* Header, chunks, finish: a whole object in one call. */
gboolean kc_vault_write_all(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, const void *data,
                            gsize len, GBytes *index, guint8 ret_sha256[KC_VAULT_SHA256_LEN], GError **error);

/* ---- Reading ---- */
typedef struct KcVaultReader KcVaultReader;

/* Opens a finished file: reads header and last chunk, and checks that the file holds exactly the chunks that the last
 * one lists. */
KcVaultReader *kc_vault_reader_open(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, GError **error);
void kc_vault_reader_free(KcVaultReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcVaultReader, kc_vault_reader_free)

guint64 kc_vault_reader_size(const KcVaultReader *reader); /* of the plaintext */
const guint8 *kc_vault_reader_sha256(const KcVaultReader *reader);
GBytes *kc_vault_reader_index(const KcVaultReader *reader); /* borrowed, never NULL; empty if there is none */
gboolean kc_vault_reader_was_recovered(const KcVaultReader *reader);

/* The chunk table. `number` < count. */
guint32 kc_vault_reader_chunk_count(const KcVaultReader *reader);
guint64 kc_vault_reader_chunk_offset(const KcVaultReader *reader, guint32 number); /* in the plaintext */
guint32 kc_vault_reader_chunk_length(const KcVaultReader *reader, guint32 number);

/* Exactly `len` plaintext bytes from `offset`; a range beyond the end is a programmer's error. Decrypts only the chunks
 * that the range touches, and keeps the last one. Nothing unauthenticated ever reaches `buffer`. */
gboolean kc_vault_reader_read_at(KcVaultReader *reader, guint64 offset, void *buffer, gsize len, GError **error);

/* This range will be read soon, from its beginning to its end: it is opened ahead, half a megabyte or so, by another
 * thread too. Only a hint: what is read is the same. What was expected before is let go of; `len` 0: nothing is expected. */
void kc_vault_reader_expect(KcVaultReader *reader, guint64 offset, guint64 len);

/* Reads everything and compares the SHA-256. */
gboolean kc_vault_reader_verify(KcVaultReader *reader, GError **error);

/* The whole plaintext of an object of at most `limit` bytes. */
GBytes *kc_vault_read_all(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, gsize limit,
                          GError **error);

/* ---- Recovery ---- */

/* Each whole chunk, in order. FALSE with an error stops the recovery and leaves the file as it is. */
typedef gboolean (*KcVaultChunkFn)(guint32 number, guint64 plaintext_offset, const guint8 *data, gsize len,
                                   gpointer user_data, GError **error);

/* After the last one: the index to finish with (owned by the caller of this function), or NULL with an error. */
typedef GBytes *(*KcVaultIndexFn)(guint64 plaintext_size, gpointer user_data, GError **error);

typedef enum {
    KC_VAULT_RECOVERED,        /* was interrupted; is now finished, and marked as recovered */
    KC_VAULT_ALREADY_FINISHED, /* the file was whole (perhaps but for its trailer): only its row was missing */
    KC_VAULT_NOTHING_THERE,    /* no whole chunk was ever written; the file is left alone */
} KcVaultRecoveryOutcome;

typedef struct {
    KcVaultRecoveryOutcome outcome;
    guint32 chunks;
    guint64 size_bytes; /* plaintext */
    guint64 torn_bytes; /* cut off the end of the file */
    guint8 sha256[KC_VAULT_SHA256_LEN];
} KcVaultRecovery;

/* Brings a file of any length, left by a process that died, to its end. `fd`: open for reading and writing.
 * `known_chunks`: how many chunks were known to be synced (0 if unknown); fewer whole ones are an error (tampered).
 * `chunk_fn` and `index_fn` may be NULL (empty index); they are not called if the file was already finished, whose
 * index kc_vault_reader_index then gives. */
gboolean kc_vault_recover(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, guint32 known_chunks,
                          KcVaultChunkFn chunk_fn, KcVaultIndexFn index_fn, gpointer user_data,
                          KcVaultRecovery *ret_recovery, GError **error);

/* ---- Checking ---- */

typedef struct {
    gboolean finished; /* its last chunk is there */
    guint32 chunks;    /* whole ones */
    guint64 size_bytes;
    guint64 torn_bytes; /* behind them */
} KcVaultInspection;

/* What a file holds that need not be finished, without touching it: what kc_vault_recover would do. TAMPERED if it can't
 * have been left like that by a process that died, or if fewer than `known_chunks` are whole. */
gboolean kc_vault_inspect(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, guint32 known_chunks,
                          KcVaultInspection *ret_inspection, GError **error);

/* SHA-256 over the tags of the first `chunks` chunks, which needs no key: who keeps it can tell later that nothing of them
 * was replaced, though the file went on. TAMPERED if the file has not so many. */
gboolean kc_vault_hash_tags(int fd, guint32 chunks, guint8 ret_sha256[KC_VAULT_SHA256_LEN], GError **error);
