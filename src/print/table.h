/* A table of names and values, ruled; and what is too long for it as running text below. */
#pragma once

#include "src/domain/document_outline.h"
#include "src/print/flow.h"

/* `caption` NULL: none. `lines`: KcDocumentLine *; fields become cells, two a row, those of `wide` (may be NULL) have a
 * row of their own; other lines become paragraphs. The whole stays on one page if it is no higher. */
void kc_table_add(KcFlow *flow, const KcTemplate *template, const char *caption, const GPtrArray *lines,
                  const char *const *wide);
