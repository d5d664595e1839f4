/* What the rules of consistency.h share; included by src/domain alone. */
#pragma once

#include <glib.h>

/* NULL, or nothing but white space. */
gboolean kc_text_is_blank(const char *text);

/* Contradictions first, else in the order found. */
void kc_findings_sort(GPtrArray *findings);
