#include "src/app/zip_archive.h"

#include <archive_entry.h>

#include "src/app/app.h"

struct archive *
kc_archive_new(archive_write_callback *write, gpointer data)
{
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    archive_write_zip_set_compression_store(archive);
    archive_write_set_bytes_per_block(archive, 0);
    archive_write_open(archive, data, NULL, write, NULL);
    return archive;
}

static gboolean
fail(struct archive *archive, GError **error)
{
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_EVIDENCE, "the ZIP file can't be written: %s",
                archive_error_string(archive));
    return FALSE;
}

gboolean
kc_archive_begin(struct archive *archive, const char *name, gint64 size, gint64 at_us, GError **error)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, at_us / G_USEC_PER_SEC, 0);
    gboolean done = archive_write_header(archive, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    return done || fail(archive, error);
}

gboolean
kc_archive_put(struct archive *archive, const void *data, gsize size, GError **error)
{
    return size == 0 || archive_write_data(archive, data, size) == (la_ssize_t)size || fail(archive, error);
}

gboolean
kc_archive_end(struct archive *archive, GError **error)
{
    return archive_write_close(archive) == ARCHIVE_OK || fail(archive, error);
}
