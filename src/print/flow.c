/* Invariant: after kc_flow_paginate the pages of the pieces do not decrease, and the first piece of each page is at 0.
 */
#include "src/print/flow.h"

typedef struct {
    double before_pt, height_pt;
    gboolean keep; /* with the next */
    KcPieceDraw draw;
    gpointer data;
    GDestroyNotify free_data;
    guint page;
    double y;
} Piece;

struct KcFlow {
    KcType *type;
    double width_pt, height_pt;
    double space_pt; /* before the next piece */
    GArray *pieces;
};

static void
piece_clear(Piece *piece)
{
    if (piece->free_data != NULL)
        piece->free_data(piece->data);
}

KcFlow *
kc_flow_new(KcType *type, double width_pt, double height_pt)
{
    KcFlow *flow = g_new0(KcFlow, 1);
    *flow = (KcFlow){type, width_pt, height_pt, 0, g_array_new(FALSE, FALSE, sizeof(Piece))};
    g_array_set_clear_func(flow->pieces, (GDestroyNotify)piece_clear);
    return flow;
}

void
kc_flow_free(KcFlow *flow)
{
    if (flow == NULL)
        return;
    g_array_unref(flow->pieces);
    g_free(flow);
}

KcType *
kc_flow_type(const KcFlow *flow)
{
    return flow->type;
}

double
kc_flow_width_pt(const KcFlow *flow)
{
    return flow->width_pt;
}

double
kc_flow_height_pt(const KcFlow *flow)
{
    return flow->height_pt;
}

void
kc_flow_space(KcFlow *flow, double pt)
{
    flow->space_pt = MAX(flow->space_pt, pt);
}

void
kc_flow_piece(KcFlow *flow, double height_pt, KcPieceDraw draw, gpointer data, GDestroyNotify free_data)
{
    Piece piece = {flow->space_pt, MIN(height_pt, flow->height_pt), FALSE, draw, data, free_data, 0, 0};
    flow->space_pt = 0;
    g_array_append_val(flow->pieces, piece);
}

void
kc_flow_keep(KcFlow *flow)
{
    if (flow->pieces->len > 0)
        g_array_index(flow->pieces, Piece, flow->pieces->len - 1).keep = TRUE;
}

typedef struct {
    PangoLayout *layout;
    KcStyle style;
    int line;
} Line;

static void
line_draw(cairo_t *cr, gpointer data, double x, double y)
{
    Line *line = data;
    kc_type_draw_line(cr, line->layout, line->line, &line->style, x, y);
}

static void
line_free(gpointer data)
{
    Line *line = data;
    g_object_unref(line->layout);
    g_free(line);
}

void
kc_flow_paragraph(KcFlow *flow, const KcStyle *style, const char *text, double indent_em)
{
    g_autoptr(PangoLayout) layout = kc_type_layout(flow->type, style, text, flow->width_pt);
    pango_layout_set_indent(layout, (int)(indent_em * style->size_pt * PANGO_SCALE));
    int lines = pango_layout_get_line_count(layout);
    kc_flow_space(flow, style->before_pt);
    for (int i = 0; i < lines; i++) {
        Line *line = g_new0(Line, 1);
        *line = (Line){g_object_ref(layout), *style, i};
        kc_flow_piece(flow, kc_type_line_pt(style), line_draw, line, line_free);
        if ((i == 0 || i == lines - 2) && i < lines - 1)
            kc_flow_keep(flow);
    }
    kc_flow_space(flow, style->after_pt);
}

/* From `first` on, the pieces that stay together: how many, and how high they are below `y`. */
static guint
chain(const KcFlow *flow, guint first, double *ret_height)
{
    double height = g_array_index(flow->pieces, Piece, first).height_pt;
    guint i = first;
    while (i + 1 < flow->pieces->len && g_array_index(flow->pieces, Piece, i).keep) {
        const Piece *next = &g_array_index(flow->pieces, Piece, ++i);
        height += next->before_pt + next->height_pt;
    }
    *ret_height = height;
    return i - first + 1;
}

/* A chain that is higher than a page is bound no longer, and breaks where the page ends. */
static void
loosen(KcFlow *flow, guint first, guint count)
{
    for (guint i = first; i + 1 < first + count; i++)
        g_array_index(flow->pieces, Piece, i).keep = FALSE;
}

guint
kc_flow_paginate(KcFlow *flow)
{
    double y = 0, height;
    guint page = 0;
    for (guint i = 0; i < flow->pieces->len;) {
        guint count = chain(flow, i, &height);
        if (height > flow->height_pt) {
            loosen(flow, i, count);
            count = chain(flow, i, &height);
        }
        double before = y > 0 ? g_array_index(flow->pieces, Piece, i).before_pt : 0;
        if (y > 0 && y + before + height > flow->height_pt + 0.01) {
            page++;
            y = 0;
            before = 0;
        }
        for (guint end = i + count; i < end; i++) {
            Piece *piece = &g_array_index(flow->pieces, Piece, i);
            y += before;
            piece->page = page;
            piece->y = y;
            y += piece->height_pt;
            before = i + 1 < end ? g_array_index(flow->pieces, Piece, i + 1).before_pt : 0;
        }
    }
    return page + 1;
}

void
kc_flow_draw(const KcFlow *flow, cairo_t *cr, guint page, double x, double y)
{
    for (guint i = 0; i < flow->pieces->len; i++) {
        const Piece *piece = &g_array_index(flow->pieces, Piece, i);
        if (piece->page == page)
            piece->draw(cr, piece->data, x, y + piece->y);
    }
}
