/* An issued document as one party may take it away: an excerpt (摘录) of the exact text in which what is personal to
 * the others is masked (Order 146, art. 65; PIPL, arts. 6, 28). Pure; thread-safe. */
#pragma once

#include <glib.h>

/* `text` with a notice that names the original by its SHA-256, and with the telephone, identity, licence and insurance
 * numbers of every party but `own` ("甲") masked, wherever in the text they stand. Names, plates and liability stay:
 * they are what the parties need against each other. Owned. */
char *kc_document_mask(const char *text, const char *own, const char *sha256);

/* All but the first two and the last two characters as '*'; of up to six characters, all. Owned. */
char *kc_document_mask_number(const char *value);
