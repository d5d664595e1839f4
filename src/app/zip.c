#include "src/app/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include "src/app/app.h"
#include "src/evidence/digest.h"

struct KcZip {
    struct archive *archive;
    GByteArray *bytes;
    GString *sums;
};

static la_ssize_t
write_bytes(struct archive *archive G_GNUC_UNUSED, void *data, const void *buffer, size_t length)
{
    g_byte_array_append(((KcZip *)data)->bytes, buffer, (guint)length);
    return (la_ssize_t)length;
}

KcZip *
kc_zip_new(void)
{
    KcZip *zip = g_new0(KcZip, 1);
    zip->bytes = g_byte_array_new();
    zip->sums = g_string_new(NULL);
    zip->archive = archive_write_new();
    archive_write_set_format_zip(zip->archive);
    archive_write_zip_set_compression_store(zip->archive);
    archive_write_set_bytes_per_block(zip->archive, 0);
    archive_write_open(zip->archive, zip, NULL, write_bytes, NULL);
    return zip;
}

void
kc_zip_free(KcZip *zip)
{
    if (zip == NULL)
        return;
    if (zip->archive != NULL)
        archive_write_free(zip->archive);
    g_clear_pointer(&zip->bytes, g_byte_array_unref);
    g_string_free(zip->sums, TRUE);
    g_free(zip);
}

static gboolean
fail(const KcZip *zip, GError **error)
{
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_EVIDENCE, "the ZIP file can't be written: %s",
                archive_error_string(zip->archive));
    return FALSE;
}

static gboolean
put(KcZip *zip, const char *name, const void *data, gsize size, gint64 at_us, GError **error)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, at_us / G_USEC_PER_SEC, 0);
    gboolean done = archive_write_header(zip->archive, entry) == ARCHIVE_OK &&
                    (size == 0 || archive_write_data(zip->archive, data, size) == (la_ssize_t)size);
    archive_entry_free(entry);
    return done || fail(zip, error);
}

gboolean
kc_zip_add(KcZip *zip, const char *name, const void *data, gsize size, gint64 at_us, GError **error)
{
    g_autofree char *sha256 = kc_sha256_hex(data, size);
    g_string_append_printf(zip->sums, "%s  %s\n", sha256, name);
    return put(zip, name, data, size, at_us, error);
}

gsize
kc_zip_size(const KcZip *zip)
{
    return zip->bytes->len;
}

GBytes *
kc_zip_finish(KcZip *zip, gint64 at_us, GError **error)
{
    if (!put(zip, "SHA256SUMS", zip->sums->str, zip->sums->len, at_us, error))
        return NULL;
    if (archive_write_close(zip->archive) != ARCHIVE_OK) {
        fail(zip, error);
        return NULL;
    }
    archive_write_free(g_steal_pointer(&zip->archive));
    return g_byte_array_free_to_bytes(g_steal_pointer(&zip->bytes));
}
