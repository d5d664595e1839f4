/* Documents on paper. Included by src/app alone. */
#pragma once

#include "src/app/internal.h"
#include "src/print/print.h"
#include "src/store/document_store.h"

#define KC_PDF_CONTENT_TYPE "application/pdf"

/* The PDF of an issued text; without `document->pdf_sha256` the original, with it a signed copy of that. Needs a
 * template. INVALID "too-long" for more pages than a document may have. Owned. */
GBytes *kc_app_print(KcApp *app, const KcDocumentRow *document, const KcPrintDecision *decisions, gsize count,
                     KcResult *result, GError **error);
