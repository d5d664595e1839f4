/* The sRGB colour space (IEC 61966-2-1) as an ICC profile (ICC.1:2001-04, a display profile of three curves and a
 * matrix): what an OutputIntent of PDF/A needs. Made by calculation; the same bytes always. */
#pragma once

#include <glib.h>

/* Owned. */
GByteArray *kc_srgb_profile(void);
