/* Invariants:
 *  - the chunk table comes from the authenticated last chunk, and its sum places that chunk exactly where the trailer
 *    (which nothing authenticates) says it is: a file with a chunk too few or too many does not open;
 *  - bytes reach a caller only from a chunk that authenticated whole: what opens straight into the caller's buffer is
 *    zeroed again when it doesn't. */
#include "src/evidence/vault_ahead.h"
#include "src/evidence/vault_scan.h"

#include <string.h>

#define NO_CHUNK G_MAXUINT32
/* Below this it costs more to wake another thread than to read. */
#define WORTH_IT_BYTES (256 * 1024)

struct KcVaultReader {
    int fd;
    KcVaultCipher *cipher;
    KcVaultFooter footer;
    guint64 *offsets; /* in the plaintext; one more than there are chunks */
    KcVaultAhead *ahead; /* NULL: nothing was ever expected */
    guint32 cached; /* number of the chunk in `plain`, or NO_CHUNK */
    GByteArray *plain;
    GByteArray *record; /* scratch */
};

static void
index_chunks(KcVaultReader *reader)
{
    guint32 count = reader->footer.lengths->len;
    reader->offsets = g_new0(guint64, (gsize)count + 1);
    for (guint32 i = 0; i < count; i++)
        reader->offsets[i + 1] = reader->offsets[i] + g_array_index(reader->footer.lengths, guint32, i);
}

/* Why does a file without a good trailer not open? Always FALSE. */
static gboolean
explain(KcVaultReader *reader, guint64 file_size, GError **error)
{
    g_auto(KcVaultScan) scan = {0};
    if (!kc_vault_scan_run(reader->fd, reader->cipher, file_size, &scan, error))
        return FALSE;
    g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_INTERRUPTED,
                "the file is not finished: it ends after %u whole chunks%s", scan.lengths->len,
                scan.finished ? " and the last one, without its trailer" : "");
    return FALSE;
}

static gboolean
load_footer(KcVaultReader *reader, KcVaultTrailer trailer, guint64 file_size, GError **error)
{
    guint64 record_len = file_size - KC_VAULT_TRAILER_LEN - trailer.footer_offset;
    KcVaultPrefix prefix = {.len = (guint32)(record_len - KC_VAULT_OVERHEAD), .last = TRUE};
    g_autofree guint8 *plain = g_malloc(prefix.len);
    if (!kc_vault_read_record(reader->fd, reader->cipher, trailer.chunks, prefix, trailer.footer_offset, reader->record,
                              plain, error))
        return FALSE;
    if (!kc_vault_footer_parse(plain, prefix.len, &reader->footer) || reader->footer.lengths->len != trailer.chunks ||
        kc_vault_file_offset(reader->footer.size_bytes, trailer.chunks) != trailer.footer_offset) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED,
                    "the last chunk lists other chunks than the file holds");
        return FALSE;
    }
    index_chunks(reader);
    return TRUE;
}

static gboolean
load(KcVaultReader *reader, const guint8 object_key[KC_KEY_LEN], const char *object_id, GError **error)
{
    guint8 header[KC_VAULT_HEADER_LEN], trailer_bytes[KC_VAULT_TRAILER_LEN];
    KcVaultTrailer trailer;
    guint64 size = 0;
    if (!kc_vault_file_size(reader->fd, &size, error))
        return FALSE;
    if (size < KC_VAULT_HEADER_LEN) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_INTERRUPTED, "the file ends before its header does");
        return FALSE;
    }
    if (!kc_vault_pread(reader->fd, header, sizeof header, 0, error))
        return FALSE;
    reader->cipher = kc_vault_cipher_from_header(header, object_key, object_id, error);
    if (reader->cipher == NULL)
        return FALSE;
    if (size < KC_VAULT_HEADER_LEN + KC_VAULT_OVERHEAD + KC_VAULT_TRAILER_LEN)
        return explain(reader, size, error);
    if (!kc_vault_pread(reader->fd, trailer_bytes, sizeof trailer_bytes, size - sizeof trailer_bytes, error))
        return FALSE;
    /* The offset is bounded so that the footer's length is too. */
    guint64 end = size - KC_VAULT_TRAILER_LEN - KC_VAULT_OVERHEAD;
    if (!kc_vault_trailer_parse(trailer_bytes, &trailer) || trailer.footer_offset < KC_VAULT_HEADER_LEN ||
        trailer.footer_offset > end || end - trailer.footer_offset > KC_VAULT_MAX_FOOTER_BYTES)
        return explain(reader, size, error);
    return load_footer(reader, trailer, size, error);
}

KcVaultReader *
kc_vault_reader_open(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, GError **error)
{
    g_autoptr(KcVaultReader) reader = g_new0(KcVaultReader, 1);
    reader->fd = fd;
    reader->cached = NO_CHUNK;
    reader->plain = g_byte_array_new();
    reader->record = g_byte_array_new();
    if (!load(reader, object_key, object_id, error))
        return NULL;
    return g_steal_pointer(&reader);
}

void
kc_vault_reader_free(KcVaultReader *reader)
{
    if (reader == NULL)
        return;
    kc_vault_ahead_free(reader->ahead);
    kc_fd_close(reader->fd);
    kc_vault_cipher_free(reader->cipher);
    kc_vault_footer_clear(&reader->footer);
    g_free(reader->offsets);
    g_byte_array_unref(reader->plain);
    g_byte_array_unref(reader->record);
    g_free(reader);
}

guint64
kc_vault_reader_size(const KcVaultReader *reader)
{
    return reader->footer.size_bytes;
}

const guint8 *
kc_vault_reader_sha256(const KcVaultReader *reader)
{
    return reader->footer.sha256;
}

GBytes *
kc_vault_reader_index(const KcVaultReader *reader)
{
    return reader->footer.index;
}

gboolean
kc_vault_reader_was_recovered(const KcVaultReader *reader)
{
    return reader->footer.recovered;
}

guint32
kc_vault_reader_chunk_count(const KcVaultReader *reader)
{
    return reader->footer.lengths->len;
}

guint64
kc_vault_reader_chunk_offset(const KcVaultReader *reader, guint32 number)
{
    g_assert(number < reader->footer.lengths->len);
    return reader->offsets[number];
}

guint32
kc_vault_reader_chunk_length(const KcVaultReader *reader, guint32 number)
{
    g_assert(number < reader->footer.lengths->len);
    return g_array_index(reader->footer.lengths, guint32, number);
}

/* The chunk that holds the byte at `offset`, which is below the size. */
static guint32
chunk_at(const KcVaultReader *reader, guint64 offset)
{
    guint32 low = 0, high = reader->footer.lengths->len - 1;
    while (low < high) {
        guint32 middle = low + (high - low + 1) / 2;
        if (reader->offsets[middle] <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static gboolean
cache_chunk(KcVaultReader *reader, guint32 number, GError **error)
{
    if (reader->cached == number)
        return TRUE;
    KcVaultPrefix prefix = {.len = kc_vault_reader_chunk_length(reader, number), .last = FALSE};
    guint64 at = kc_vault_file_offset(reader->offsets[number], number);
    g_byte_array_set_size(reader->plain, prefix.len);
    reader->cached = NO_CHUNK; /* what it held is about to be overwritten */
    if (!kc_vault_read_record(reader->fd, reader->cipher, number, prefix, at, reader->record, reader->plain->data,
                              error))
        return FALSE;
    reader->cached = number;
    return TRUE;
}

/* Behind the last of the chunks from `first` on that fit whole into `room` plaintext bytes. */
static guint32
end_of_run(const KcVaultReader *reader, guint32 first, gsize room)
{
    guint32 end = first;
    while (end < reader->footer.lengths->len && reader->offsets[end + 1] - reader->offsets[first] <= room)
        end++;
    return end;
}

static KcVaultHand
hand_of(const KcVaultReader *reader)
{
    return (KcVaultHand){reader->fd, reader->offsets, reader->cipher, reader->record};
}

void
kc_vault_reader_expect(KcVaultReader *reader, guint64 offset, guint64 len)
{
    g_assert(offset <= reader->footer.size_bytes && len <= reader->footer.size_bytes - offset);
    if (len < WORTH_IT_BYTES)
        len = 0;
    if (reader->ahead == NULL && len == 0)
        return;
    if (reader->ahead == NULL)
        reader->ahead = kc_vault_ahead_new(hand_of(reader));
    guint32 first = len > 0 ? chunk_at(reader, offset) : 0;
    kc_vault_ahead_expect(reader->ahead, first, len > 0 ? chunk_at(reader, offset + len - 1) + 1 : first);
}

/* Each of these three reads as much of `len` bytes from `offset`, which is in chunk `number`, as it can: 0 with an error. */

static gsize
read_ahead(KcVaultReader *reader, guint32 number, guint64 offset, guint8 *out, gsize len, GError **error)
{
    KcVaultPiece piece;
    if (!kc_vault_ahead_take(reader->ahead, number, &piece, error))
        return 0;
    gsize part = MIN(len, (gsize)(piece.to - offset));
    memcpy(out, piece.data + (offset - piece.from), part);
    return part;
}

static gsize
read_run(KcVaultReader *reader, guint32 number, guint32 end, guint8 *out, GError **error)
{
    KcVaultHand hand = hand_of(reader);
    return kc_vault_runs_read(&hand, number, end, out, error) ? (gsize)(reader->offsets[end] - reader->offsets[number]) : 0;
}

static gsize
read_within(KcVaultReader *reader, guint32 number, guint64 offset, guint8 *out, gsize len, GError **error)
{
    if (!cache_chunk(reader, number, error))
        return 0;
    gsize within = (gsize)(offset - reader->offsets[number]);
    gsize part = MIN(len, reader->plain->len - within);
    memcpy(out, reader->plain->data + within, part);
    return part;
}

static gsize
read_some(KcVaultReader *reader, guint64 offset, guint8 *out, gsize len, GError **error)
{
    guint32 number = chunk_at(reader, offset);
    if (reader->ahead != NULL && kc_vault_ahead_expects(reader->ahead, number))
        return read_ahead(reader, number, offset, out, len, error);
    guint32 end = reader->offsets[number] == offset ? end_of_run(reader, number, len) : number;
    return end > number ? read_run(reader, number, end, out, error) : read_within(reader, number, offset, out, len, error);
}

gboolean
kc_vault_reader_read_at(KcVaultReader *reader, guint64 offset, void *buffer, gsize len, GError **error)
{
    g_assert(offset <= reader->footer.size_bytes && len <= reader->footer.size_bytes - offset);
    for (gsize done = 0, part; done < len; done += part) {
        part = read_some(reader, offset + done, (guint8 *)buffer + done, len - done, error);
        if (part == 0)
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_vault_reader_verify(KcVaultReader *reader, GError **error)
{
    g_autoptr(KcSha256) hash = kc_sha256_new();
    guint8 sha256[KC_VAULT_SHA256_LEN];
    for (guint32 i = 0; i < reader->footer.lengths->len; i++) {
        if (!cache_chunk(reader, i, error))
            return FALSE;
        kc_sha256_update(hash, reader->plain->data, reader->plain->len);
    }
    kc_sha256_peek(hash, sha256);
    if (memcmp(sha256, reader->footer.sha256, sizeof sha256) == 0)
        return TRUE;
    g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED, "the content has another SHA-256 than was stored");
    return FALSE;
}

GBytes *
kc_vault_read_all(int fd, const guint8 object_key[KC_KEY_LEN], const char *object_id, gsize limit, GError **error)
{
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fd, object_key, object_id, error);
    if (reader == NULL)
        return NULL;
    guint64 size = kc_vault_reader_size(reader);
    if (size > limit) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_LIMIT, "object %s has %" G_GUINT64_FORMAT " bytes: too many",
                    object_id, size);
        return NULL;
    }
    g_autofree guint8 *bytes = g_malloc(size + 1);
    if (!kc_vault_reader_read_at(reader, 0, bytes, size, error))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&bytes), size);
}
