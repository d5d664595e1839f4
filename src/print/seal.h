/* The seal of a demonstration: a red ring with the service's name on its arc, a star, and words that say what it is
 * not.
 *
 * It is no official seal and must not be taken for one; a real installation gives a picture of its own (template.h). */
#pragma once

#include "src/print/type.h"

/* Around the centre. The name is set smaller the longer it is. */
void kc_seal_draw(cairo_t *cr, KcType *type, const char *name, KcColour colour, double x, double y, double diameter_pt);
