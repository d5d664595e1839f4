/* Setting Chinese type: fonts with their fallbacks, and text that nobody can break a page with.
 *
 * A KcType belongs to one thread at a time (Pango's font maps are not shared). Lengths in points. */
#pragma once

#include "src/print/template.h"

#include <pango/pangocairo.h>

typedef struct KcType KcType;

KcType *kc_type_new(const char *fonts);
void kc_type_free(KcType *type);

/* `text` may be anything that is valid UTF-8: controls become spaces, marks of direction are left out, and so is what
 * is heaped on one character. `width_pt` < 0: one line. Words that are longer than a line are broken. Owned. */
PangoLayout *kc_type_layout(KcType *type, const KcStyle *style, const char *text, double width_pt);

double kc_type_line_pt(const KcStyle *style);

/* One line of a layout, in a slot of the style's line height whose top left corner is there. */
void kc_type_draw_line(cairo_t *cr, PangoLayout *layout, int line, const KcStyle *style, double x, double y);
/* All lines. */
void kc_type_draw(cairo_t *cr, PangoLayout *layout, const KcStyle *style, double x, double y);
double kc_type_height_pt(PangoLayout *layout, const KcStyle *style);
double kc_type_width_pt(PangoLayout *layout);

/* Whether the fonts that would be taken have what is needed. */
gboolean kc_type_has_chinese(const char *fonts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcType, kc_type_free)
