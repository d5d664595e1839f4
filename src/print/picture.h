/* PNG pictures of people and of the installation, taken in within limits: signatures, the seal.
 *
 * Untrusted bytes: the header is looked at before anything is decoded, one picture is decoded at a time, and what is
 * kept is cropped to its ink and made small. Thread-safe. */
#pragma once

#include <cairo.h>
#include <glib.h>

#define KC_PICTURE_MAX_SIDE 4096 /* pixels: 64 MiB while one is decoded */
#define KC_PICTURE_MAX_BYTES (4 * 1024 * 1024)

gboolean kc_picture_is_readable(GBytes *png);

/* The ink of the picture, at most `max_side` pixels wide and high; NULL if it can't be read. Of an empty picture, a
 * surface of one transparent pixel. Free with cairo_surface_destroy. */
cairo_surface_t *kc_picture_load(GBytes *png, int max_side);

/* Into the rectangle, as large as it fits, in its middle. */
void kc_picture_draw(cairo_t *cr, cairo_surface_t *picture, double x, double y, double width, double height);
