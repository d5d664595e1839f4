/* The sRGB colour space (IEC 61966-2-1) as an ICC profile: what an OutputIntent of PDF/A needs. The same bytes always.
 */
#pragma once

#include <glib.h>

/* Owned. */
GByteArray *kc_srgb_profile(void);
