/* A line of text as it is laid into a moving picture. Not thread-safe against itself: one KcType a call. */
#pragma once

#include <glib.h>

typedef struct {
    guint width, height;
    GBytes *cover; /* owned: 0 to 255 for each pixel, row by row */
} KcDrawnText;

/* `text` may be any UTF-8 (type.h). Longer than `max_width` it ends in an ellipsis. At least 1 x 1. */
KcDrawnText kc_print_caption(const char *text, guint size_px, gboolean bold, guint max_width);
/* Each character by itself, all in cells of one width and height, in their order; for a clock that does not tremble. */
void kc_print_cells(const char *characters, guint size_px, KcDrawnText *ret_cells);
