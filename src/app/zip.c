#include "src/app/zip.h"

#include "src/app/zip_archive.h"
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
    zip->archive = kc_archive_new(write_bytes, zip);
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
put(KcZip *zip, const char *name, const void *data, gsize size, gint64 at_us, GError **error)
{
    return kc_archive_begin(zip->archive, name, (gint64)size, at_us, error) &&
           kc_archive_put(zip->archive, data, size, error);
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
    if (!put(zip, "SHA256SUMS", zip->sums->str, zip->sums->len, at_us, error) || !kc_archive_end(zip->archive, error))
        return NULL;
    archive_write_free(g_steal_pointer(&zip->archive));
    return g_byte_array_free_to_bytes(g_steal_pointer(&zip->bytes));
}
