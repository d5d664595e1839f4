#include "src/print/blocks.h"

#include "src/domain/document_text.h"
#include "src/print/fill.h"
#include "src/print/qr.h"
#include "src/print/seal.h"
#include "src/print/picture.h"
#include "src/print/signatures.h"
#include "src/print/table.h"

#include <string.h>

#define GAP_PT 8

typedef struct {
    KcFlow *flow;
    const KcTemplate *template;
    const KcDocumentOutline *outline;
    const KcPrintJob *job;
} Fill;

static void
put_lines(Fill *fill, const KcDocumentSection *section, KcStyleId style, double indent_em)
{
    for (guint i = 0; i < section->lines->len; i++) {
        const KcDocumentLine *line = section->lines->pdata[i];
        const char *text = line->kind == KC_LINE_FIELD ? line->raw : line->text;
        kc_flow_paragraph(fill->flow, &fill->template->styles[style], text, indent_em);
    }
}

static void
put_kind(Fill *fill, KcSectionKind kind, KcStyleId style, double indent_em)
{
    for (guint i = 0; i < fill->outline->sections->len; i++) {
        const KcDocumentSection *section = fill->outline->sections->pdata[i];
        if (section->kind == kind)
            put_lines(fill, section, style, indent_em);
    }
}

/* ---- The record and its numbers ---- */

static gboolean
is_number_field(const KcTemplate *template, const KcDocumentLine *line)
{
    return line->kind == KC_LINE_FIELD && g_strv_contains((const char *const *)template->number_fields, line->name);
}

typedef struct {
    GPtrArray *layouts;
    KcStyle style;
    double width;
} Numbers;

static void
numbers_draw(cairo_t *cr, gpointer data, double x, double y)
{
    const Numbers *numbers = data;
    for (guint i = 0; i < numbers->layouts->len; i++) {
        PangoLayout *layout = numbers->layouts->pdata[i];
        double room = numbers->width - kc_type_width_pt(layout);
        double at = numbers->layouts->len > 1 ? room * i / (numbers->layouts->len - 1) : room / 2;
        kc_type_draw_line(cr, layout, 0, &numbers->style, x + at, y);
    }
}

static void
numbers_free(gpointer data)
{
    Numbers *numbers = data;
    g_ptr_array_unref(numbers->layouts);
    g_free(numbers);
}

/* On one line from edge to edge, or a line each where they have no room. */
static void
put_numbers(Fill *fill)
{
    const KcDocumentSection *record = kc_document_outline_section(fill->outline, KC_SECTION_RECORD);
    const KcStyle *style = &fill->template->styles[KC_STYLE_NUMBERS];
    g_autoptr(GPtrArray) layouts = g_ptr_array_new_with_free_func(g_object_unref);
    double width = 0;
    for (guint i = 0; record != NULL && i < record->lines->len; i++) {
        const KcDocumentLine *line = record->lines->pdata[i];
        if (!is_number_field(fill->template, line))
            continue;
        PangoLayout *layout = kc_type_layout(kc_flow_type(fill->flow), style, line->raw, -1);
        width += kc_type_width_pt(layout) + 2 * style->size_pt;
        g_ptr_array_add(layouts, layout);
    }
    if (layouts->len == 0)
        return;
    kc_flow_space(fill->flow, style->before_pt);
    if (width > kc_flow_width_pt(fill->flow)) {
        for (guint i = 0; i < layouts->len; i++)
            kc_flow_paragraph(fill->flow, style, pango_layout_get_text(layouts->pdata[i]), 0);
        return;
    }
    Numbers *numbers = g_new0(Numbers, 1);
    *numbers = (Numbers){g_ptr_array_ref(layouts), *style, kc_flow_width_pt(fill->flow)};
    kc_flow_piece(fill->flow, kc_type_line_pt(style), numbers_draw, numbers, numbers_free);
    kc_flow_keep(fill->flow);
    kc_flow_space(fill->flow, style->after_pt);
}

static void
put_record(Fill *fill)
{
    const KcDocumentSection *record = kc_document_outline_section(fill->outline, KC_SECTION_RECORD);
    g_autoptr(GPtrArray) lines = g_ptr_array_new();
    for (guint i = 0; record != NULL && i < record->lines->len; i++) {
        if (!is_number_field(fill->template, record->lines->pdata[i]))
            g_ptr_array_add(lines, record->lines->pdata[i]);
    }
    kc_table_add(fill->flow, fill->template, NULL, lines, (const char *const *)fill->template->record_wide);
    kc_flow_space(fill->flow, GAP_PT);
}

static void
put_parties(Fill *fill)
{
    for (guint i = 0; i < fill->outline->sections->len; i++) {
        const KcDocumentSection *section = fill->outline->sections->pdata[i];
        if (section->kind != KC_SECTION_PARTY)
            continue;
        const KcDocumentLine *caption = section->lines->pdata[0];
        g_autoptr(GPtrArray) lines = g_ptr_array_new();
        for (guint j = 1; j < section->lines->len; j++)
            g_ptr_array_add(lines, section->lines->pdata[j]);
        kc_flow_space(fill->flow, GAP_PT);
        kc_table_add(fill->flow, fill->template, caption->text, lines, (const char *const *)fill->template->party_wide);
        kc_flow_space(fill->flow, GAP_PT);
    }
}

/* ---- What is told in sentences ---- */

static void
put_section(Fill *fill, const KcDocumentSection *section)
{
    const KcStyle *styles = fill->template->styles;
    for (guint i = 0; i < section->lines->len; i++) {
        const KcDocumentLine *line = section->lines->pdata[i];
        if (line->kind == KC_LINE_HEADING) {
            kc_flow_paragraph(fill->flow, &styles[KC_STYLE_HEADING], line->text, 0);
            kc_flow_keep(fill->flow);
        } else {
            kc_flow_paragraph(fill->flow, &styles[KC_STYLE_BODY], line->kind == KC_LINE_FIELD ? line->raw : line->text,
                              2);
        }
    }
}

static void
put_sections(Fill *fill)
{
    for (guint i = 0; i < fill->outline->sections->len; i++) {
        const KcDocumentSection *section = fill->outline->sections->pdata[i];
        if (section->kind == KC_SECTION_PROSE)
            put_section(fill, section);
    }
}

/* ---- Who issued it, below the seal ---- */

typedef struct {
    KcType *type; /* borrowed */
    const KcTemplate *template;
    char *authority;
    GPtrArray *layouts;
    double width, height;
} Issuer;

static void
draw_seal(cairo_t *cr, const Issuer *issuer, double x, double y)
{
    double side = issuer->template->seal_pt;
    if (side <= 0 || *issuer->authority == '\0') /* somebody else's paper */
        return;
    if (issuer->template->seal_png != NULL) {
        cairo_surface_t *seal = kc_picture_load(issuer->template->seal_png, 1200);
        if (seal != NULL) {
            kc_picture_draw(cr, seal, x - side / 2, y - side / 2, side, side);
            cairo_surface_destroy(seal);
        }
    } else if (issuer->template->demo) {
        kc_seal_draw(cr, issuer->type, issuer->authority, issuer->template->seal_colour, x, y, side);
    }
}

/* The seal first: the words stand on it, as on paper. */
static void
issuer_draw(cairo_t *cr, gpointer data, double x, double y)
{
    const Issuer *issuer = data;
    const KcStyle *style = &issuer->template->styles[KC_STYLE_BODY];
    double left = x + issuer->width * 0.36, line = y, height = 0;
    draw_seal(cr, issuer, x + issuer->width * 0.85, y + issuer->height / 2);
    for (guint i = 0; i < issuer->layouts->len; i++)
        height += kc_type_height_pt(issuer->layouts->pdata[i], style);
    line += (issuer->height - height) / 2;
    for (guint i = 0; i < issuer->layouts->len; i++) {
        kc_type_draw(cr, issuer->layouts->pdata[i], style, left, line);
        line += kc_type_height_pt(issuer->layouts->pdata[i], style);
    }
}

static void
issuer_free(gpointer data)
{
    Issuer *issuer = data;
    g_ptr_array_unref(issuer->layouts);
    g_free(issuer->authority);
    g_free(issuer);
}

static void
put_issuer(Fill *fill)
{
    const KcDocumentSection *section = kc_document_outline_section(fill->outline, KC_SECTION_ISSUER);
    KcStyle style = fill->template->styles[KC_STYLE_BODY];
    double width = kc_flow_width_pt(fill->flow), height = 0;
    if (section == NULL)
        return;
    style.align = KC_ALIGN_LEFT;
    g_autoptr(GPtrArray) layouts = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < section->lines->len; i++) {
        const KcDocumentLine *line = section->lines->pdata[i];
        PangoLayout *layout = kc_type_layout(kc_flow_type(fill->flow), &style, line->raw, width * 0.62);
        height += kc_type_height_pt(layout, &style);
        g_ptr_array_add(layouts, layout);
    }
    if (height > kc_flow_height_pt(fill->flow) / 2) {
        put_lines(fill, section, KC_STYLE_BODY, 0);
        return;
    }
    const char *authority = kc_document_section_field(section, "处理单位");
    Issuer *issuer = g_new0(Issuer, 1);
    *issuer = (Issuer){kc_flow_type(fill->flow), fill->template, g_strdup(authority != NULL ? authority : ""),
                       g_ptr_array_ref(layouts), width,          MAX(height, fill->template->seal_pt)};
    /* A seal never has a page without something that it seals. */
    kc_flow_keep(fill->flow);
    kc_flow_space(fill->flow, GAP_PT);
    kc_flow_piece(fill->flow, issuer->height, issuer_draw, issuer, issuer_free);
    kc_flow_keep(fill->flow);
}

/* The last page is never a receipt alone. */
static void
put_note(Fill *fill)
{
    put_kind(fill, KC_SECTION_NOTE, KC_STYLE_NOTE, 2);
    kc_flow_keep(fill->flow);
}

/* ---- The receipt ---- */

typedef struct {
    const KcTemplate *template;
    char *qr;
    GPtrArray *layouts;
    double width, height;
} Receipt;

static void
receipt_draw(cairo_t *cr, gpointer data, double x, double y)
{
    const Receipt *receipt = data;
    const KcStyle *style = &receipt->template->styles[KC_STYLE_RECEIPT];
    double side = receipt->template->receipt.qr_pt, line = y + 6, left = x + side + 6;
    cairo_set_source_rgb(cr, 0.45, 0.45, 0.45);
    cairo_set_line_width(cr, 0.5);
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x + receipt->width, y);
    cairo_stroke(cr);
    if (!kc_qr_draw(cr, receipt->qr, x, y + 6, side))
        left = x;
    for (guint i = 0; i < receipt->layouts->len; i++) {
        kc_type_draw(cr, receipt->layouts->pdata[i], style, left, line + 4);
        line += kc_type_height_pt(receipt->layouts->pdata[i], style);
    }
}

static void
receipt_free(gpointer data)
{
    Receipt *receipt = data;
    g_ptr_array_unref(receipt->layouts);
    g_free(receipt->qr);
    g_free(receipt);
}

static void
receipt_lines(Fill *fill, Receipt *receipt, const GStrv lines)
{
    const KcPrintJob *job = fill->job;
    const KcReceiptLayout *layout = &fill->template->receipt;
    const char *const words[] = {"number",
                                 job->number,
                                 "sha256",
                                 job->sha256,
                                 "original_sha256",
                                 job->original_sha256,
                                 "check",
                                 job->check != NULL ? job->check : layout->check_nowhere,
                                 NULL};
    const KcStyle *style = &fill->template->styles[KC_STYLE_RECEIPT];
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *text = kc_fill(lines[i], words);
        PangoLayout *set = kc_type_layout(kc_flow_type(fill->flow), style, text, receipt->width - layout->qr_pt - 6);
        receipt->height += kc_type_height_pt(set, style);
        g_ptr_array_add(receipt->layouts, set);
    }
}

static void
put_receipt(Fill *fill)
{
    Receipt *receipt = g_new0(Receipt, 1);
    *receipt = (Receipt){fill->template, g_strdup(fill->job->qr), g_ptr_array_new_with_free_func(g_object_unref),
                         kc_flow_width_pt(fill->flow), 0};
    receipt_lines(fill, receipt, fill->template->receipt.lines);
    receipt_lines(fill, receipt,
                  fill->job->original_sha256 != NULL ? fill->template->receipt.signed_
                                                     : fill->template->receipt.original);
    receipt->height = MAX(receipt->height + 10, fill->template->receipt.qr_pt + 6);
    kc_flow_space(fill->flow, GAP_PT);
    kc_flow_piece(fill->flow, receipt->height, receipt_draw, receipt, receipt_free);
}

void
kc_blocks_add(KcFlow *flow, const KcTemplate *template, const KcDocumentOutline *outline, const KcPrintJob *job)
{
    Fill fill = {flow, template, outline, job};
    for (guint i = 0; i < template->blocks->len; i++) {
        const KcBlock *block = &g_array_index(template->blocks, KcBlock, i);
        if (block->kind == KC_BLOCK_NOTICE)
            put_kind(&fill, KC_SECTION_NOTICE, KC_STYLE_NOTICE, 0);
        else if (block->kind == KC_BLOCK_TITLE)
            put_kind(&fill, KC_SECTION_TITLE, KC_STYLE_TITLE, 0);
        else if (block->kind == KC_BLOCK_NUMBERS)
            put_numbers(&fill);
        else if (block->kind == KC_BLOCK_RECORD)
            put_record(&fill);
        else if (block->kind == KC_BLOCK_PARTIES)
            put_parties(&fill);
        else if (block->kind == KC_BLOCK_SECTIONS)
            put_sections(&fill);
        else if (block->kind == KC_BLOCK_SIGNATURES)
            kc_signatures_add(flow, template, outline, job);
        else if (block->kind == KC_BLOCK_ISSUER)
            put_issuer(&fill);
        else if (block->kind == KC_BLOCK_NOTE)
            put_note(&fill);
        else if (block->kind == KC_BLOCK_RECEIPT)
            put_receipt(&fill);
        else
            kc_flow_paragraph(flow, &template->styles[block->style], block->text, 0);
    }
}
