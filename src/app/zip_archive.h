/* How this project writes a ZIP by libarchive: stored, since pictures and PDFs don't get smaller; names in ASCII, so
 * that every system reads them alike; ZIP64 where a file or the whole needs it. Included by src/app alone. */
#pragma once

#include <archive.h>
#include <glib.h>

/* Whatever is written goes to `write` at once. Never NULL. */
struct archive *kc_archive_new(archive_write_callback *write, gpointer data);

/* The next file; what follows are exactly `size` bytes by archive_write_data. FALSE with KC_APP_ERROR_EVIDENCE. */
gboolean kc_archive_begin(struct archive *archive, const char *name, gint64 size, gint64 at_us, GError **error);
gboolean kc_archive_put(struct archive *archive, const void *data, gsize size, GError **error);
gboolean kc_archive_end(struct archive *archive, GError **error);
