/* A document as PDF, set from the exact text that is signed.
 *
 * Which bytes are signed. The signed original is the UTF-8 text (src/domain/document_text.h): a phone shows it itself,
 * large, reflowed, readable by a screen reader, and checks its SHA-256 before anybody can decide; pages of paper on a
 * screen of six inches in the rain would be looked at, not read. So the bytes that were shown are those that were
 * signed, to the letter. The PDF is set from these bytes and from nothing else: kc_print_pdf takes no case and no
 * party, only the text, which it reads by document_outline.h, and every section of which it prints; it says the text's
 * SHA-256 on its last page and in its QR code. It is made when the document is issued, kept as evidence, and its own
 * SHA-256 stands in the record beside the text's, in that of each signature too: who reads the paper and who reads the
 * phone have signed one thing. A client that shows the PDF instead may sign by the SHA-256 of that.
 *
 * The signed copy is set again from the same text, with what each party decided in its place (Order 146, art. 24); it
 * names the original it is a copy of, and is not itself evidence of anything that the record does not say.
 *
 * The same job gives the same bytes with the same fonts and libraries. Texts are untrusted: nothing in them can leave
 * its place, crash or run on (type.h, picture.h, KC_LIMIT_DOCUMENT_PAGES). Thread-safe; takes some tenths of a second,
 * so never in a transaction or on a thread that serves. */
#pragma once

#include "src/domain/determination.h"
#include "src/print/template.h"

#define KC_PRINT_ERROR (kc_print_error_quark())
GQuark kc_print_error_quark(void);
typedef enum {
    KC_PRINT_ERROR_TOO_LONG, /* more than KC_LIMIT_DOCUMENT_PAGES */
    KC_PRINT_ERROR_FAILED,
} KcPrintError;

typedef struct {
    const char *label; /* "A", … */
    KcDecision decision;
    const char *statement; /* may be NULL */
    GBytes *image_png;     /* of a signature; may be NULL, and may be anything */
    gint64 at_us;
    gboolean by_officer; /* who noted the refusal */
    gboolean of_receipt; /* not of the signature alone */
} KcPrintDecision;

typedef struct {
    const char *text; /* the issued one */
    const char *sha256;
    const char *number;
    gint64 issued_at_us;
    const char *check;           /* where it can be checked, for the receipt; NULL: as the template says */
    const char *qr;              /* what the code says */
    const char *original_sha256; /* of the PDF that this is the signed copy of; NULL: this is the original */
    const KcPrintDecision *decisions;
    gsize decision_count;
} KcPrintJob;

/* Owned; NULL with a KC_PRINT_ERROR. */
GBytes *kc_print_pdf(const KcTemplate *template, const KcPrintJob *job, GError **error);
