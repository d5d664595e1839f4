/* The blocks of a template, filled from the outline of the text. */
#pragma once

#include "src/domain/document_outline.h"
#include "src/print/flow.h"
#include "src/print/print.h"

/* Every section of the outline comes into the flow exactly once. All borrowed, and kept until the flow has been drawn.
 */
void kc_blocks_add(KcFlow *flow, const KcTemplate *template, const KcDocumentOutline *outline, const KcPrintJob *job);
