/* A ZIP file that is made in memory, with a list of the SHA-256 of everything in it as its last entry. What is
 * too large for that: zip_stream.h. One thread at a time. */
#pragma once

#include <glib.h>

typedef struct KcZip KcZip;

KcZip *kc_zip_new(void);
void kc_zip_free(KcZip *zip); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcZip, kc_zip_free)

/* A file of these bytes, stored as it is: pictures and PDFs don't get smaller. */
gboolean kc_zip_add(KcZip *zip, const char *name, const void *data, gsize size, gint64 at_us, GError **error);
gsize kc_zip_size(const KcZip *zip); /* so far */

/* Adds SHA256SUMS as `sha256sum -c` reads it, and ends the file. Once. Owned. */
GBytes *kc_zip_finish(KcZip *zip, gint64 at_us, GError **error);
