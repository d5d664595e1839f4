/* A QR code (ISO/IEC 18004, level M) as vectors. */
#pragma once

#include <cairo.h>
#include <glib.h>

/* Into a square with its quiet zone. FALSE: the text is too long for a code. */
gboolean kc_qr_draw(cairo_t *cr, const char *text, double x, double y, double side_pt);
