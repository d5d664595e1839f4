/* Invariants
 *
 * 1. `out` holds what libarchive has written and nobody has read yet: of one step, a block of a file and what ZIP puts
 *    around it.
 * 2. No file is written whose bytes are not those that SHA256SUMS promises: the last block of one that differs never
 * leaves as a whole ZIP, since the stream ends there with an error. */
#include "src/app/zip_stream.h"

#include "src/app/app.h"
#include "src/app/zip_archive.h"
#include "src/base/hex.h"
#include "src/evidence/digest.h"

#include <string.h>

#define BLOCK_BYTES (64 * 1024)
#define SIZE_IS_KNOWN_BELOW (G_GINT64_CONSTANT(0xffffffff) - 64 * 1024 * 1024) /* no ZIP64 in a list of files */

typedef struct {
    char *name;
    GBytes *bytes; /* or: */
    const KcZipSource *source;
    gpointer data;
    gint64 size, at_us;
    char *sha256;
} Part;

struct KcZipStream {
    GPtrArray *parts; /* of Part */
    struct archive *archive;
    GByteArray *out;
    gsize taken; /* of `out` */
    guint at;    /* the part that is next, or under way */
    gpointer opened;
    gint64 offset; /* in it; -1: not begun */
    KcSha256 *hash;
    gboolean ended, failed;
};

static void
part_free(gpointer data)
{
    Part *part = data;
    g_free(part->name);
    g_clear_pointer(&part->bytes, g_bytes_unref);
    g_free(part->sha256);
    g_free(part);
}

static la_ssize_t
take_bytes(struct archive *archive G_GNUC_UNUSED, void *data, const void *buffer, size_t length)
{
    g_byte_array_append(((KcZipStream *)data)->out, buffer, (guint)length);
    return (la_ssize_t)length;
}

KcZipStream *
kc_zip_stream_new(void)
{
    KcZipStream *stream = g_new0(KcZipStream, 1);
    stream->parts = g_ptr_array_new_with_free_func(part_free);
    stream->out = g_byte_array_new();
    stream->offset = -1;
    return stream;
}

static void
close_part(KcZipStream *stream)
{
    const Part *part = stream->at < stream->parts->len ? stream->parts->pdata[stream->at] : NULL;
    if (stream->opened != NULL && part != NULL)
        part->source->close(stream->opened);
    stream->opened = NULL;
    stream->offset = -1;
    g_clear_pointer(&stream->hash, kc_sha256_free);
}

void
kc_zip_stream_free(KcZipStream *stream)
{
    if (stream == NULL)
        return;
    close_part(stream);
    if (stream->archive != NULL)
        archive_write_free(stream->archive);
    g_ptr_array_unref(stream->parts);
    g_byte_array_unref(stream->out);
    g_free(stream);
}

void
kc_zip_stream_add_bytes(KcZipStream *stream, const char *name, GBytes *bytes, gint64 at_us)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    Part *part = g_new0(Part, 1);
    *part = (Part){.name = g_strdup(name), .bytes = g_bytes_ref(bytes), .size = (gint64)size, .at_us = at_us};
    part->sha256 = kc_sha256_hex(data, size);
    g_ptr_array_add(stream->parts, part);
}

void
kc_zip_stream_add(KcZipStream *stream, const char *name, const KcZipSource *source, gpointer data, gint64 size,
                  const char *sha256, gint64 at_us)
{
    Part *part = g_new0(Part, 1);
    *part = (Part){.name = g_strdup(name), .source = source, .data = data, .size = size, .at_us = at_us};
    part->sha256 = g_strdup(sha256);
    g_ptr_array_add(stream->parts, part);
}

gint64
kc_zip_stream_content_bytes(const KcZipStream *stream)
{
    gint64 sum = 0;
    for (guint i = 0; i < stream->parts->len; i++)
        sum += ((const Part *)stream->parts->pdata[i])->size;
    return sum;
}

/* ---- How large it becomes ---- */

static la_ssize_t
count_bytes(struct archive *archive G_GNUC_UNUSED, void *data, const void *buffer G_GNUC_UNUSED, size_t length)
{
    *(gint64 *)data += (gint64)length;
    return (la_ssize_t)length;
}

/* The same list of files, written without their contents. */
static gboolean
measure(const KcZipStream *stream, gint64 *ret_frame, GError **error)
{
    gboolean done = TRUE;
    *ret_frame = 0;
    struct archive *archive = kc_archive_new(count_bytes, ret_frame);
    for (guint i = 0; done && i < stream->parts->len; i++) {
        const Part *part = stream->parts->pdata[i];
        done = kc_archive_begin(archive, part->name, part->size, part->at_us, error);
    }
    done = done && kc_archive_end(archive, error);
    archive_write_free(archive);
    return done;
}

gboolean
kc_zip_stream_seal(KcZipStream *stream, gint64 at_us, gint64 *ret_size, GError **error)
{
    gint64 frame;
    g_autoptr(GString) sums = g_string_new(NULL);
    for (guint i = 0; i < stream->parts->len; i++) {
        const Part *part = stream->parts->pdata[i];
        g_string_append_printf(sums, "%s  %s\n", part->sha256, part->name);
    }
    g_autoptr(GBytes) bytes = g_bytes_new(sums->str, sums->len);
    kc_zip_stream_add_bytes(stream, "SHA256SUMS", bytes, at_us);
    if (!measure(stream, &frame, error))
        return FALSE;
    gint64 size = frame + kc_zip_stream_content_bytes(stream);
    *ret_size = size < SIZE_IS_KNOWN_BELOW ? size : -1;
    stream->archive = kc_archive_new(take_bytes, stream);
    return TRUE;
}

/* ---- Writing, a step at a time ---- */

static gboolean
begin_part(KcZipStream *stream, const Part *part, GError **error)
{
    if (part->source != NULL) {
        stream->opened = part->source->open(part->data, error);
        if (stream->opened == NULL)
            return FALSE;
    }
    stream->hash = kc_sha256_new();
    stream->offset = 0;
    return kc_archive_begin(stream->archive, part->name, part->size, part->at_us, error);
}

static gboolean
end_part(KcZipStream *stream, const Part *part, GError **error)
{
    guint8 hash[KC_SHA256_LEN];
    kc_sha256_peek(stream->hash, hash);
    g_autofree char *hex = kc_hex_encode(hash, sizeof hash);
    close_part(stream);
    stream->at++;
    if (strcmp(hex, part->sha256) == 0)
        return TRUE;
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_EVIDENCE, "%s changed while it was exported", part->name);
    return FALSE;
}

static gboolean
put_block(KcZipStream *stream, const Part *part, GError **error)
{
    guint8 block[BLOCK_BYTES];
    gsize len = (gsize)MIN(part->size - stream->offset, BLOCK_BYTES);
    const guint8 *data = block;
    if (part->bytes != NULL)
        data = (const guint8 *)g_bytes_get_data(part->bytes, NULL) + stream->offset;
    else if (!part->source->read(stream->opened, stream->offset, block, len, error))
        return FALSE;
    kc_sha256_update(stream->hash, data, len);
    stream->offset += (gint64)len;
    return kc_archive_put(stream->archive, data, len, error);
}

static gboolean
step(KcZipStream *stream, GError **error)
{
    if (stream->at == stream->parts->len) {
        stream->ended = TRUE;
        return kc_archive_end(stream->archive, error);
    }
    const Part *part = stream->parts->pdata[stream->at];
    if (stream->offset < 0)
        return begin_part(stream, part, error);
    return stream->offset < part->size ? put_block(stream, part, error) : end_part(stream, part, error);
}

gint64
kc_zip_stream_read(KcZipStream *stream, guint8 *buffer, gsize len, GError **error)
{
    while (!stream->failed && !stream->ended && stream->taken == stream->out->len) {
        g_byte_array_set_size(stream->out, 0);
        stream->taken = 0;
        stream->failed = !step(stream, error);
    }
    if (stream->failed)
        return -1;
    gsize n = MIN(len, stream->out->len - stream->taken);
    memcpy(buffer, stream->out->data + stream->taken, n);
    stream->taken += n;
    return (gint64)n;
}
