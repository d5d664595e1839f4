#include "src/print/qr.h"

#include <qrencode.h>
#include <string.h>

#define QUIET 2 /* modules; the page around is white as well */

gboolean
kc_qr_draw(cairo_t *cr, const char *text, double x, double y, double side_pt)
{
    QRcode *code = QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return FALSE;
    double module = side_pt / (code->width + 2 * QUIET);
    cairo_set_source_rgb(cr, 0, 0, 0);
    for (int row = 0; row < code->width; row++) {
        for (int from = 0, to; from < code->width; from = to + 1) {
            for (to = from; to < code->width && (code->data[row * code->width + to] & 1); to++)
                ;
            if (to > from)
                cairo_rectangle(cr, x + (QUIET + from) * module, y + (QUIET + row) * module, (to - from) * module,
                                module);
        }
    }
    cairo_fill(cr);
    QRcode_free(code);
    return TRUE;
}
