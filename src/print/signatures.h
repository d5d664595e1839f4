/* A box for each party, with what it decided (Order 146, art. 24: signed by the parties, or the refusal noted). */
#pragma once

#include "src/domain/document_outline.h"
#include "src/print/flow.h"
#include "src/print/print.h"

/* The decisions of `job` are copied; the boxes of one row are never parted. What a party said follows the boxes. */
void kc_signatures_add(KcFlow *flow, const KcTemplate *template, const KcDocumentOutline *outline,
                       const KcPrintJob *job);
