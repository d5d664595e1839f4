/* What cairo leaves out of PDF/A-2b (ISO 19005-2): XMP metadata, an OutputIntent, a file identifier, the language, and
 * that the CIDs of a TrueType font are its glyphs.
 *
 * Added behind cairo's bytes as an incremental update (ISO 32000-1, 7.5.6), which PDF/A allows. cairo does the rest:
 * fonts embedded, text with its Unicode, no encryption, no LZW, no scripts; picture.h keeps /Interpolate away. */
#pragma once

#include <glib.h>

typedef struct {
    const char *title, *author, *subject;
    const char *creator; /* the program; cairo's own name is the producer */
    const char *producer;
    const char *date; /* "2026-11-23T12:00:00Z", of making and of the last change */
} KcPdfInfo;

/* Takes the bytes of a PDF that cairo has written. FALSE: they are not as expected; then nothing was added. */
gboolean kc_pdfa_complete(GByteArray *pdf, const KcPdfInfo *info);
