#include "src/print/picture.h"

#include <string.h>

typedef struct {
    const guint8 *data;
    gsize size, at;
} Source;

static cairo_status_t
read_source(void *closure, unsigned char *into, unsigned int length)
{
    Source *source = closure;
    if (source->size - source->at < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(into, source->data + source->at, length);
    source->at += length;
    return CAIRO_STATUS_SUCCESS;
}

static guint32
be32(const guint8 *p)
{
    return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static gboolean
header_is_fine(const guint8 *data, gsize size)
{
    if (size < 33 || size > KC_PICTURE_MAX_BYTES || memcmp(data, "\x89PNG\r\n\x1A\n", 8) != 0 ||
        memcmp(data + 12, "IHDR", 4) != 0)
        return FALSE;
    guint32 width = be32(data + 16), height = be32(data + 20);
    return width > 0 && height > 0 && width <= KC_PICTURE_MAX_SIDE && height <= KC_PICTURE_MAX_SIDE;
}

static cairo_surface_t *
decode(GBytes *png)
{
    Source source = {0};
    source.data = g_bytes_get_data(png, &source.size);
    if (!header_is_fine(source.data, source.size))
        return NULL;
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_source, &source);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS &&
        cairo_surface_get_type(surface) == CAIRO_SURFACE_TYPE_IMAGE)
        return surface;
    cairo_surface_destroy(surface);
    return NULL;
}

gboolean
kc_picture_is_readable(GBytes *png)
{
    cairo_surface_t *surface = decode(png);
    if (surface == NULL)
        return FALSE;
    cairo_surface_destroy(surface);
    return TRUE;
}

/* As ARGB32 whatever it was. */
static cairo_surface_t *
to_argb(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    if (cairo_image_surface_get_format(surface) == CAIRO_FORMAT_ARGB32)
        return surface;
    cairo_surface_t *argb = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(argb);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return argb;
}

/* Neither transparent nor white; premultiplied. */
static gboolean
is_ink(guint32 pixel)
{
    guint alpha = pixel >> 24;
    guint lightest = MAX(MAX(pixel >> 16 & 0xFF, pixel >> 8 & 0xFF), pixel & 0xFF);
    guint darkest = MIN(MIN(pixel >> 16 & 0xFF, pixel >> 8 & 0xFF), pixel & 0xFF);
    return alpha >= 24 && (darkest + 16 < alpha || lightest + 16 < alpha);
}

typedef struct {
    int left, top, right, bottom; /* the last two are outside */
} Box;

static Box
ink_of(cairo_surface_t *argb)
{
    int width = cairo_image_surface_get_width(argb), height = cairo_image_surface_get_height(argb);
    int stride = cairo_image_surface_get_stride(argb);
    const guint8 *data = cairo_image_surface_get_data(argb);
    Box box = {width, height, 0, 0};
    for (int y = 0; y < height; y++) {
        const guint32 *row = (const guint32 *)(const void *)(data + (gsize)y * (gsize)stride);
        for (int x = 0; x < width; x++) {
            if (!is_ink(row[x]))
                continue;
            box = (Box){MIN(box.left, x), MIN(box.top, y), MAX(box.right, x + 1), MAX(box.bottom, y + 1)};
        }
    }
    return box;
}

cairo_surface_t *
kc_picture_load(GBytes *png, int max_side)
{
    cairo_surface_t *surface = decode(png);
    if (surface == NULL)
        return NULL;
    surface = to_argb(surface);
    cairo_surface_flush(surface);
    Box ink = ink_of(surface);
    if (ink.right <= ink.left)
        ink = (Box){0, 0, 0, 0};
    int width = MAX(ink.right - ink.left, 1), height = MAX(ink.bottom - ink.top, 1);
    double scale = MIN(1.0, (double)max_side / MAX(width, height));
    cairo_surface_t *small =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, MAX((int)(width * scale), 1), MAX((int)(height * scale), 1));
    cairo_t *cr = cairo_create(small);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, surface, -ink.left, -ink.top);
    if (ink.right > 0)
        cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return small;
}

void
kc_picture_draw(cairo_t *cr, cairo_surface_t *picture, double x, double y, double width, double height)
{
    double across = cairo_image_surface_get_width(picture), down = cairo_image_surface_get_height(picture);
    double scale = MIN(width / across, height / down);
    cairo_save(cr);
    cairo_translate(cr, x + (width - across * scale) / 2, y + (height - down * scale) / 2);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, picture, 0, 0);
    /* Any other filter becomes /Interpolate true in the file, which PDF/A does not allow. */
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint(cr);
    cairo_restore(cr);
}
