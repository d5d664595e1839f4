#include "src/print/signatures.h"

#include "src/domain/document_text.h"
#include "src/domain/local_time.h"
#include "src/print/picture.h"

#include <string.h>

#define PAD_PT 6
#define PICTURE_MAX_SIDE 900 /* pixels: 300 to the inch and more */

typedef struct {
    PangoLayout *name, *words, *time; /* words and time may be NULL */
    cairo_surface_t *picture;         /* NULL: none */
    gboolean pending;
} Box;

typedef struct {
    const KcTemplate *template;
    Box boxes[2];
    guint count;
    double width;
} Row;

static void
box_draw(cairo_t *cr, const Row *row, const Box *box, double x, double y, double width)
{
    const KcStyle *name = &row->template->styles[KC_STYLE_VALUE], *small = &row->template->styles[KC_STYLE_NAME];
    static const double dash[] = {3, 2};
    double height = row->template->signatures.height_pt, line = kc_type_line_pt(small);
    cairo_save(cr);
    cairo_rectangle(cr, x, y, width, height);
    cairo_set_source_rgb(cr, 0.45, 0.45, 0.45);
    cairo_set_line_width(cr, 0.5);
    if (box->pending)
        cairo_set_dash(cr, dash, 2, 0);
    cairo_stroke(cr);
    cairo_restore(cr);
    kc_type_draw_line(cr, box->name, 0, name, x + PAD_PT, y + 3);
    if (box->time != NULL)
        kc_type_draw_line(cr, box->time, 0, small, x + width - PAD_PT - kc_type_width_pt(box->time),
                          y + height - line - 2);
    double top = y + 3 + kc_type_line_pt(name), room = y + height - line - 4 - top;
    if (box->picture != NULL)
        kc_picture_draw(cr, box->picture, x + 3 * PAD_PT, top, width - 6 * PAD_PT, room);
    if (box->words == NULL)
        return;
    if (box->time == NULL || box->picture == NULL)
        kc_type_draw(cr, box->words, small, x + (width - kc_type_width_pt(box->words)) / 2,
                     top + (room - kc_type_height_pt(box->words, small)) / 2);
    else
        kc_type_draw_line(cr, box->words, 0, small, x + PAD_PT, y + height - line - 2);
}

static void
row_draw(cairo_t *cr, gpointer data, double x, double y)
{
    const Row *row = data;
    double half = (row->width - PAD_PT) / 2;
    for (guint i = 0; i < row->count; i++)
        box_draw(cr, row, &row->boxes[i], x + i * (half + PAD_PT), y, half);
}

static void
row_free(gpointer data)
{
    Row *row = data;
    for (guint i = 0; i < row->count; i++) {
        Box *box = &row->boxes[i];
        g_clear_object(&box->name);
        g_clear_object(&box->words);
        g_clear_object(&box->time);
        g_clear_pointer(&box->picture, cairo_surface_destroy);
    }
    g_free(row);
}

static const KcPrintDecision *
decision_of(const KcPrintJob *job, const char *party)
{
    for (gsize i = 0; i < job->decision_count; i++)
        if (strcmp(kc_party_label_zh(job->decisions[i].label), party) == 0)
            return &job->decisions[i];
    return NULL;
}

/* "拒绝签名（由交通警察注明）". */
static char *
words_of(const KcSignatureLayout *layout, const KcPrintDecision *decision, gboolean has_picture)
{
    if (decision == NULL)
        return g_strdup(layout->pending);
    if (decision->decision == KC_DECISION_SIGNED)
        return g_strdup(decision->image_png != NULL && !has_picture ? layout->unreadable : layout->signed_);
    if (decision->decision == KC_DECISION_OBJECTED)
        return g_strdup(layout->objected);
    const char *refused = decision->of_receipt ? layout->refused_receipt : layout->refused;
    return decision->by_officer ? g_strdup_printf("%s（%s）", refused, layout->by_officer) : g_strdup(refused);
}

static PangoLayout *
one_line(KcFlow *flow, const KcStyle *style, const char *text, double width)
{
    PangoLayout *layout = kc_type_layout(kc_flow_type(flow), style, text, width);
    pango_layout_set_height(layout, -1);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    return layout;
}

static Box
make_box(KcFlow *flow, const KcTemplate *template, const KcDocumentSection *section, const KcPrintDecision *decision)
{
    const KcStyle *styles = template->styles;
    KcStyle bold = styles[KC_STYLE_VALUE];
    double width = (kc_flow_width_pt(flow) - PAD_PT) / 2 - 2 * PAD_PT;
    const char *who = kc_document_section_field(section, "姓名");
    g_autofree char *name = g_strdup_printf("当事人%s　%s", kc_document_section_party(section), who != NULL ? who : "");
    Box box = {.name = one_line(flow, &bold, name, width), .pending = decision == NULL};
    if (decision != NULL && decision->decision == KC_DECISION_SIGNED && decision->image_png != NULL)
        box.picture = kc_picture_load(decision->image_png, PICTURE_MAX_SIDE);
    g_autofree char *words = words_of(&template->signatures, decision, box.picture != NULL);
    KcStyle centred = styles[KC_STYLE_NAME];
    box.words = kc_type_layout(kc_flow_type(flow), &centred, words, -1);
    if (decision == NULL)
        return box;
    g_autofree char *time = kc_local_time_zh(decision->at_us);
    box.time = kc_type_layout(kc_flow_type(flow), &styles[KC_STYLE_NAME], time, -1);
    return box;
}

static void
put_row(KcFlow *flow, const KcTemplate *template, Row *row)
{
    kc_flow_space(flow, PAD_PT);
    kc_flow_piece(flow, template->signatures.height_pt, row_draw, row, row_free);
}

static void
put_boxes(KcFlow *flow, const KcTemplate *template, const KcDocumentOutline *outline, const KcPrintJob *job)
{
    Row *row = NULL;
    for (guint i = 0; i < outline->sections->len; i++) {
        const KcDocumentSection *section = outline->sections->pdata[i];
        const char *party = kc_document_section_party(section);
        if (party == NULL)
            continue;
        if (row == NULL) {
            row = g_new0(Row, 1);
            *row = (Row){.template = template, .width = kc_flow_width_pt(flow)};
        }
        row->boxes[row->count++] = make_box(flow, template, section, decision_of(job, party));
        if (row->count == G_N_ELEMENTS(row->boxes))
            put_row(flow, template, g_steal_pointer(&row));
    }
    if (row != NULL)
        put_row(flow, template, row);
}

void
kc_signatures_add(KcFlow *flow, const KcTemplate *template, const KcDocumentOutline *outline, const KcPrintJob *job)
{
    if (kc_document_outline_section(outline, KC_SECTION_PARTY) == NULL) /* nobody signs it */
        return;
    kc_flow_paragraph(flow, &template->styles[KC_STYLE_HEADING], template->signatures.heading, 0);
    kc_flow_keep(flow);
    put_boxes(flow, template, outline, job);
    for (gsize i = 0; i < job->decision_count; i++) {
        const KcPrintDecision *decision = &job->decisions[i];
        if (decision->statement == NULL || *decision->statement == '\0')
            continue;
        g_autofree char *text = g_strdup_printf("当事人%s%s：%s", kc_party_label_zh(decision->label),
                                                template->signatures.statement, decision->statement);
        kc_flow_space(flow, PAD_PT);
        kc_flow_paragraph(flow, &template->styles[KC_STYLE_BODY], text, 0);
    }
    kc_flow_space(flow, PAD_PT);
}
