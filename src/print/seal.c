#include "src/print/seal.h"

#include <math.h>

#define WORDS "演示专用"
/* The name takes this much of the ring, from the lower left over the top. */
#define ARC (2 * G_PI * 0.66)

static void
draw_star(cairo_t *cr, double x, double y, double radius)
{
    for (int i = 0; i < 10; i++) {
        double reach = i % 2 == 0 ? radius : radius * 0.382, angle = i * G_PI / 5 - G_PI / 2;
        cairo_line_to(cr, x + reach * cos(angle), y + reach * sin(angle));
    }
    cairo_close_path(cr);
    cairo_fill(cr);
}

/* One character upright on the ring, at `angle` clockwise from the top. */
static void
draw_on_ring(cairo_t *cr, KcType *type, const KcStyle *style, const char *text, double x, double y, double radius,
             double angle)
{
    g_autoptr(PangoLayout) layout = kc_type_layout(type, style, text, -1);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, angle);
    kc_type_draw_line(cr, layout, 0, style, -kc_type_width_pt(layout) / 2, -radius);
    cairo_restore(cr);
}

static void
draw_name(cairo_t *cr, KcType *type, const char *name, KcColour colour, double x, double y, double radius)
{
    glong count = g_utf8_strlen(name, -1);
    double step = ARC / (double)MAX(count, 8);
    KcStyle style = {
        .size_pt = MIN(radius * 0.25, step * radius * 0.86), .line_height = 1, .bold = TRUE, .colour = colour};
    double angle = -step * (double)(count - 1) / 2;
    for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p), angle += step) {
        char one[8] = {0};
        g_unichar_to_utf8(g_utf8_get_char(p), one);
        draw_on_ring(cr, type, &style, one, x, y, radius * 0.92, angle);
    }
}

void
kc_seal_draw(cairo_t *cr, KcType *type, const char *name, KcColour colour, double x, double y, double diameter_pt)
{
    double radius = diameter_pt / 2, line = diameter_pt * 0.028;
    KcStyle style = {.size_pt = radius * 0.2, .line_height = 1, .bold = TRUE, .colour = colour};
    g_autoptr(PangoLayout) words = kc_type_layout(type, &style, WORDS, -1);
    cairo_save(cr);
    cairo_new_path(cr);
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
    cairo_set_line_width(cr, line);
    cairo_arc(cr, x, y, radius - line / 2, 0, 2 * G_PI);
    cairo_stroke(cr);
    draw_star(cr, x, y, radius * 0.3);
    draw_name(cr, type, name, colour, x, y, radius - line);
    kc_type_draw_line(cr, words, 0, &style, x - kc_type_width_pt(words) / 2, y + radius * 0.46);
    cairo_restore(cr);
}
