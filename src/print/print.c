/* Text, outline, blocks, pages, bytes: each step knows only the one before. */
#include "src/print/print.h"

#include "src/base/limits.h"
#include "src/print/blocks.h"
#include "src/print/fill.h"
#include "src/print/pdfa.h"

#include <cairo-pdf.h>

#define CREATOR "kuaichu"

G_DEFINE_QUARK(kc - print - error - quark, kc_print_error)

static cairo_status_t
append_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static void
draw_footer(cairo_t *cr, KcType *type, const KcTemplate *template, const KcPrintJob *job, guint page, guint pages)
{
    const KcStyle *style = &template->styles[KC_STYLE_FOOTER];
    g_autofree char *number = g_strdup_printf("%u", page + 1), *count = g_strdup_printf("%u", pages);
    const char *const words[] = {"number", job->number, "page", number, "pages", count, NULL};
    g_autofree char *left_text = kc_fill(template->footer_left, words);
    g_autofree char *right_text = kc_fill(template->footer_right, words);
    g_autoptr(PangoLayout) left = kc_type_layout(type, style, left_text, -1);
    g_autoptr(PangoLayout) right = kc_type_layout(type, style, right_text, -1);
    double y = template->height_pt - template->bottom_pt / 2 - kc_type_line_pt(style) / 2;
    double end = template->width_pt - template->right_pt;
    kc_type_draw_line(cr, left, 0, style, template->left_pt, y);
    kc_type_draw_line(cr, right, 0, style, end - kc_type_width_pt(right), y);
}

typedef struct {
    char *title, *author, *date;
} Info;

static void
info_clear(Info *info)
{
    g_free(info->title);
    g_free(info->author);
    g_free(info->date);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Info, info_clear)

static Info
info_of(const KcDocumentOutline *outline, const KcPrintJob *job)
{
    const KcDocumentSection *title = kc_document_outline_section(outline, KC_SECTION_TITLE);
    const KcDocumentSection *issuer = kc_document_outline_section(outline, KC_SECTION_ISSUER);
    const char *author = issuer != NULL ? kc_document_section_field(issuer, "处理单位") : NULL;
    if (author == NULL && issuer != NULL) /* an agreement is no unit's */
        author = kc_document_section_field(issuer, "在线服务");
    g_autoptr(GDateTime) issued = g_date_time_new_from_unix_utc(job->issued_at_us / G_USEC_PER_SEC);
    return (Info){
        .title = g_strdup_printf("%s %s", title != NULL ? ((KcDocumentLine *)title->lines->pdata[0])->text : "",
                                 job->number),
        .author = g_strdup(author != NULL ? author : ""),
        .date = g_date_time_format(issued, "%Y-%m-%dT%H:%M:%SZ"),
    };
}

static void
set_metadata(cairo_surface_t *surface, const Info *info, const char *subject)
{
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, info->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, info->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, subject);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, CREATOR);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, info->date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, info->date);
}

static gboolean
draw_pages(KcFlow *flow, const KcTemplate *template, const KcPrintJob *job, guint pages, const Info *info,
           const char *subject, GByteArray *into, GError **error)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append_bytes, into, template->width_pt, template->height_pt);
    set_metadata(surface, info, subject);
    cairo_t *cr = cairo_create(surface);
    for (guint page = 0; page < pages; page++) {
        kc_flow_draw(flow, cr, page, template->left_pt, template->top_pt);
        draw_footer(cr, kc_flow_type(flow), template, job, page, pages);
        cairo_show_page(cr);
    }
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        return TRUE;
    g_set_error(error, KC_PRINT_ERROR, KC_PRINT_ERROR_FAILED, "the pages can't be drawn: %s",
                cairo_status_to_string(status));
    return FALSE;
}

static GBytes *
finish(GByteArray *pdf, const Info *info, const char *subject, GError **error)
{
    g_autofree char *producer = g_strdup_printf("cairo %s (https://cairographics.org)", cairo_version_string());
    const KcPdfInfo metadata = {info->title, info->author, subject, CREATOR, producer, info->date};
    if (kc_pdfa_complete(pdf, &metadata))
        return g_bytes_new(pdf->data, pdf->len);
    g_set_error_literal(error, KC_PRINT_ERROR, KC_PRINT_ERROR_FAILED, "cairo's file is not of the form it had");
    return NULL;
}

GBytes *
kc_print_pdf(const KcTemplate *template, const KcPrintJob *job, GError **error)
{
    g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(job->text);
    g_autoptr(KcType) type = kc_type_new(template->fonts);
    g_autoptr(KcFlow) flow = kc_flow_new(type, template->width_pt - template->left_pt - template->right_pt,
                                         template->height_pt - template->top_pt - template->bottom_pt);
    g_auto(Info) info = info_of(outline, job);
    g_autofree char *subject = g_strdup_printf("SHA-256 %s", job->sha256);
    kc_blocks_add(flow, template, outline, job);
    guint pages = kc_flow_paginate(flow);
    if (pages > KC_LIMIT_DOCUMENT_PAGES) {
        g_set_error(error, KC_PRINT_ERROR, KC_PRINT_ERROR_TOO_LONG, "%u pages", pages);
        return NULL;
    }
    g_autoptr(GByteArray) pdf = g_byte_array_new();
    if (!draw_pages(flow, template, job, pages, &info, subject, pdf, error))
        return NULL;
    return finish(pdf, &info, subject, error);
}
