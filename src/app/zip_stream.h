/* A ZIP file of any size that is read in pieces as it is made, in constant memory: nothing is written before somebody
 * reads. Included by src/app alone. One thread at a time. */
#pragma once

#include <glib.h>

/* Where the bytes of a file come from. Opened when its turn has come, and closed before the next. */
typedef struct {
    gpointer (*open)(gpointer data, GError **error);
    /* Exactly `len` bytes from `offset`. */
    gboolean (*read)(gpointer opened, gint64 offset, guint8 *buffer, gsize len, GError **error);
    void (*close)(gpointer opened);
} KcZipSource;

typedef struct KcZipStream KcZipStream;

KcZipStream *kc_zip_stream_new(void);
void kc_zip_stream_free(KcZipStream *stream); /* NULL is fine; also in the middle of it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcZipStream, kc_zip_stream_free)

void kc_zip_stream_add_bytes(KcZipStream *stream, const char *name, GBytes *bytes, gint64 at_us);
/* `sha256` (hexadecimal) is what the file has to be, else reading fails. `data` is borrowed until the end. */
void kc_zip_stream_add(KcZipStream *stream, const char *name, const KcZipSource *source, gpointer data, gint64 size,
                       const char *sha256, gint64 at_us);

/* Adds SHA256SUMS of all that was added, as `sha256sum -c` reads it: the last file. Then it can be read. `*ret_size`:
 * of the whole ZIP; -1 where that shows only in the writing, from 4 GiB on. */
gboolean kc_zip_stream_seal(KcZipStream *stream, gint64 at_us, gint64 *ret_size, GError **error);

/* What the files come to, without the ZIP around them. */
gint64 kc_zip_stream_content_bytes(const KcZipStream *stream);

/* How many bytes were filled; 0 at the end, -1 with an error: nothing more comes, and what came is no ZIP. */
gint64 kc_zip_stream_read(KcZipStream *stream, guint8 *buffer, gsize len, GError **error);
