#include "src/print/caption.h"

#include <math.h>
#include <string.h>

#include "src/print/type.h"

/* Of fonts that are made for screens. */
#define FONTS "Noto Sans CJK SC, WenQuanYi Micro Hei, DejaVu Sans, sans-serif"
#define LINE_HEIGHT 1.3

static KcDrawnText
draw(PangoLayout *layout, const KcStyle *style, guint width, double x)
{
    guint height = (guint)ceil(kc_type_line_pt(style));
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)width, (int)height);
    cairo_t *cr = cairo_create(surface);
    kc_type_draw_line(cr, layout, 0, style, x, 0);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    guint8 *cover = g_malloc((gsize)width * height);
    for (guint y = 0; y < height; y++)
        memcpy(cover + (gsize)y * width,
               cairo_image_surface_get_data(surface) + (gsize)y * (gsize)cairo_image_surface_get_stride(surface),
               width);
    cairo_surface_destroy(surface);
    return (KcDrawnText){width, height, g_bytes_new_take(cover, (gsize)width * height)};
}

static guint
width_of(PangoLayout *layout)
{
    return (guint)MAX(ceil(kc_type_width_pt(layout)), 1);
}

KcDrawnText
kc_print_caption(const char *text, guint size_px, gboolean bold, guint max_width)
{
    const KcStyle style = {.size_pt = size_px, .line_height = LINE_HEIGHT, .bold = bold};
    g_autoptr(KcType) type = kc_type_new(FONTS);
    g_autoptr(PangoLayout) layout = kc_type_layout(type, &style, text, -1);
    if (width_of(layout) > max_width) {
        pango_layout_set_width(layout, (int)max_width * PANGO_SCALE);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    return draw(layout, &style, MIN(width_of(layout), max_width), 0);
}

void
kc_print_cells(const char *characters, guint size_px, KcDrawnText *ret_cells)
{
    const KcStyle style = {.size_pt = size_px, .line_height = LINE_HEIGHT};
    g_autoptr(KcType) type = kc_type_new(FONTS);
    guint cell = 1;
    for (const char *c = characters; *c != '\0'; c++) {
        const char text[] = {*c, '\0'};
        g_autoptr(PangoLayout) layout = kc_type_layout(type, &style, text, -1);
        cell = MAX(cell, width_of(layout));
    }
    for (const char *c = characters; *c != '\0'; c++, ret_cells++) {
        const char text[] = {*c, '\0'};
        g_autoptr(PangoLayout) layout = kc_type_layout(type, &style, text, -1);
        *ret_cells = draw(layout, &style, cell, (cell - kc_type_width_pt(layout)) / 2);
    }
}
