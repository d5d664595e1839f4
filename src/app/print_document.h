/* Documents on paper. Included by src/app alone. */
#pragma once

#include "src/app/internal.h"
#include "src/print/print.h"
#include "src/store/document_store.h"

#define KC_PDF_CONTENT_TYPE "application/pdf"

/* The layout of that document, by the rules of its case; NULL: it is text only. */
const KcTemplate *kc_app_template(const KcApp *app, const KcDocumentRow *document);

/* Setting pages takes long for a transaction, so it comes between two: the first plans a document, this sets its pages
 * and seals them (`*ret_pdf` NULL: text only), and the second issues it only if it is still that, to the byte. */
gboolean kc_app_seal_pdf(KcApp *app, const KcPrincipal *who, const KcDocumentRow *planned, KcObject **ret_pdf,
                         KcResult *result, GError **error);
/* Gives the document of the second transaction the PDF; CONFLICT "changed" if its text is another than planned. */
gboolean kc_app_take_pdf(KcTx *tx, KcDocumentRow *document, const KcDocumentRow *planned, KcObject *pdf,
                         KcResult *result, GError **error);

/* The PDF of an issued text; without `document->pdf_sha256` the original, with it a signed copy of that. Needs a
 * template. INVALID "too-long" for more pages than a document may have. Owned. */
GBytes *kc_app_print(KcApp *app, const KcDocumentRow *document, const KcPrintDecision *decisions, gsize count,
                     KcResult *result, GError **error);
