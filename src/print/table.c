#include "src/print/table.h"

#include <string.h>

#define NAME_PT 80
#define PAD_X_PT 5
#define PAD_Y_PT 3
#define RULE_PT 0.5
/* A cell that needs more of the page than this is no cell any more. */
#define CELL_OF_PAGE 0.25

typedef struct {
    PangoLayout *layout;
    KcStyle style;
    double x, width;
    gboolean shaded;
} Cell;

typedef struct {
    GArray *cells; /* Cell */
    double height;
} Row;

static void
cell_clear(Cell *cell)
{
    g_clear_object(&cell->layout);
}

static void
row_free(gpointer data)
{
    Row *row = data;
    g_array_unref(row->cells);
    g_free(row);
}

static void
row_draw(cairo_t *cr, gpointer data, double x, double y)
{
    const Row *row = data;
    for (guint i = 0; i < row->cells->len; i++) {
        const Cell *cell = &g_array_index(row->cells, Cell, i);
        cairo_rectangle(cr, x + cell->x, y, cell->width, row->height);
        if (cell->shaded) {
            cairo_set_source_rgb(cr, 0.95, 0.95, 0.95);
            cairo_fill_preserve(cr);
        }
        cairo_set_source_rgb(cr, 0.45, 0.45, 0.45);
        cairo_set_line_width(cr, RULE_PT);
        cairo_stroke(cr);
        double height = kc_type_height_pt(cell->layout, &cell->style);
        kc_type_draw(cr, cell->layout, &cell->style, x + cell->x + PAD_X_PT, y + (row->height - height) / 2);
    }
}

typedef struct {
    KcFlow *flow;
    const KcTemplate *template;
    const char *const *wide;
    Row *row; /* the one that is filled */
    double filled;
    gboolean has_rows;
} Table;

static void
end_row(Table *table)
{
    Row *row = table->row;
    if (row == NULL)
        return;
    /* A value that has no neighbour has the room. */
    g_array_index(row->cells, Cell, row->cells->len - 1).width += kc_flow_width_pt(table->flow) - table->filled;
    if (table->has_rows)
        kc_flow_keep(table->flow);
    kc_flow_piece(table->flow, row->height, row_draw, row, row_free);
    table->row = NULL;
    table->filled = 0;
    table->has_rows = TRUE;
}

static void
put_cell(Table *table, const KcStyle *style, const char *text, double width, gboolean shaded)
{
    if (table->row == NULL) {
        table->row = g_new0(Row, 1);
        table->row->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
        g_array_set_clear_func(table->row->cells, (GDestroyNotify)cell_clear);
    }
    Cell cell = {kc_type_layout(kc_flow_type(table->flow), style, text, width - 2 * PAD_X_PT), *style, table->filled,
                 width, shaded};
    table->row->height = MAX(table->row->height, kc_type_height_pt(cell.layout, style) + 2 * PAD_Y_PT);
    g_array_append_val(table->row->cells, cell);
    table->filled += width;
}

static double
height_in(const Table *table, const char *text, double width)
{
    const KcStyle *style = &table->template->styles[KC_STYLE_VALUE];
    g_autoptr(PangoLayout) layout = kc_type_layout(kc_flow_type(table->flow), style, text, width - 2 * PAD_X_PT);
    return kc_type_height_pt(layout, style);
}

static void
put_field(Table *table, const KcDocumentLine *line)
{
    const KcStyle *styles = table->template->styles;
    double whole = kc_flow_width_pt(table->flow), half = whole / 2;
    double most = kc_flow_height_pt(table->flow) * CELL_OF_PAGE;
    gboolean is_wide = (table->wide != NULL && g_strv_contains(table->wide, line->name)) ||
                       height_in(table, line->text, half - NAME_PT) > 4 * kc_type_line_pt(&styles[KC_STYLE_VALUE]);
    if (is_wide || table->filled + half > whole + 0.01)
        end_row(table);
    if (is_wide && height_in(table, line->text, whole - NAME_PT) > most) {
        kc_flow_paragraph(table->flow, &styles[KC_STYLE_BODY], line->raw, 0);
        return;
    }
    put_cell(table, &styles[KC_STYLE_NAME], line->name, NAME_PT, TRUE);
    put_cell(table, &styles[KC_STYLE_VALUE], line->text, (is_wide ? whole : half) - NAME_PT, FALSE);
    if (is_wide)
        end_row(table);
}

void
kc_table_add(KcFlow *flow, const KcTemplate *template, const char *caption, const GPtrArray *lines,
             const char *const *wide)
{
    Table table = {.flow = flow, .template = template, .wide = wide};
    KcStyle caption_style = template->styles[KC_STYLE_VALUE];
    caption_style.bold = TRUE;
    if (caption != NULL) {
        put_cell(&table, &caption_style, caption, kc_flow_width_pt(flow), TRUE);
        end_row(&table);
    }
    for (guint i = 0; i < lines->len; i++) {
        const KcDocumentLine *line = lines->pdata[i];
        if (line->kind == KC_LINE_FIELD) {
            put_field(&table, line);
        } else {
            end_row(&table);
            kc_flow_paragraph(flow, &template->styles[KC_STYLE_BODY], line->text, 2);
        }
    }
    end_row(&table);
}
