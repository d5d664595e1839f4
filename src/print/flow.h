/* Pieces one below another, over as many pages as they need.
 *
 * A piece is never divided. A paragraph is a piece a line, bound so that its first two and its last two lines stay
 * together; what must not part from what follows (a heading, the rows of one party) says so. Lengths in points. */
#pragma once

#include "src/print/type.h"

typedef struct KcFlow KcFlow;

/* Draws a piece with its top left corner there. */
typedef void (*KcPieceDraw)(cairo_t *cr, gpointer data, double x, double y);

/* `type` is borrowed. */
KcFlow *kc_flow_new(KcType *type, double width_pt, double height_pt);
void kc_flow_free(KcFlow *flow);

KcType *kc_flow_type(const KcFlow *flow);
double kc_flow_width_pt(const KcFlow *flow);
double kc_flow_height_pt(const KcFlow *flow);

/* At least so much before the next piece, unless that begins a page. */
void kc_flow_space(KcFlow *flow, double pt);
/* Takes `data`. A piece that is higher than a page is cut off there: what may be long must be a paragraph. */
void kc_flow_piece(KcFlow *flow, double height_pt, KcPieceDraw draw, gpointer data, GDestroyNotify free_data);
/* The last piece stays on one page with the next. */
void kc_flow_keep(KcFlow *flow);
/* With the style's spaces; `indent_em` of the first line. */
void kc_flow_paragraph(KcFlow *flow, const KcStyle *style, const char *text, double indent_em);

/* Divides the pieces into pages; returns their number, at least 1. Once. */
guint kc_flow_paginate(KcFlow *flow);
/* Page 0, 1, …; the column's top left corner is there. */
void kc_flow_draw(const KcFlow *flow, cairo_t *cr, guint page, double x, double y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcFlow, kc_flow_free)
