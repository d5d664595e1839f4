/* Choosing what to answer by Accept (RFC 9110, 12.5.1). Pure. */
#pragma once

#include <glib.h>

/* The index of the type of `offered` (NULL-terminated, "application/pdf", best first) with the highest quality; -1:
 * none is wanted. No header, or an empty one, wants the first. Of a type the most exact range counts; parameters other
 * than q are ignored. */
int kc_accept_choose(const char *header, const char *const *offered);
