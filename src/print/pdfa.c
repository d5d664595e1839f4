#include "src/print/pdfa.h"

#include "src/print/srgb.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    gsize xref, table; /* where they begin: the cross-reference, and its entries */
    guint size, root, info; /* object numbers */
    char *catalog;          /* between its << and >> */
} Trailer;

/* The number behind the last `key`, or 0. */
static guint64
number_after(const char *text, const char *key)
{
    const char *at = g_strrstr(text, key);
    return at != NULL ? g_ascii_strtoull(at + strlen(key), NULL, 10) : 0;
}

/* The trailer's dictionary is the last thing in the file; cairo writes it in this form. */
static gboolean
read_trailer(const GByteArray *pdf, Trailer *ret_trailer)
{
    const guint tail_bytes = MIN(pdf->len, 1024);
    g_autofree char *tail = g_strndup((const char *)pdf->data + pdf->len - tail_bytes, tail_bytes);
    const char *trailer = g_strrstr(tail, "trailer");
    if (trailer == NULL)
        return FALSE;
    *ret_trailer = (Trailer){.xref = number_after(trailer, "startxref"),
                             .size = (guint)number_after(trailer, "/Size"),
                             .root = (guint)number_after(trailer, "/Root"),
                             .info = (guint)number_after(trailer, "/Info")};
    return ret_trailer->xref > 0 && ret_trailer->xref < pdf->len && ret_trailer->root > 0 && ret_trailer->info > 0 &&
           ret_trailer->root < ret_trailer->size;
}

/* Its entry in the table: "xref\n0 N\n", then 20 bytes an object. */
static gboolean
read_catalog(const GByteArray *pdf, Trailer *trailer)
{
    const char *bytes = (const char *)pdf->data, *end = bytes + pdf->len;
    const char *table = memchr(bytes + trailer->xref, '\n', pdf->len - trailer->xref);
    table = table != NULL ? memchr(table + 1, '\n', (gsize)(end - table - 1)) : NULL;
    if (table == NULL || (gsize)(end - table - 1) < (gsize)trailer->size * 20)
        return FALSE;
    trailer->table = (gsize)(table + 1 - bytes);
    gsize at = strtoull(table + 1 + trailer->root * 20, NULL, 10);
    if (at >= pdf->len)
        return FALSE;
    g_autofree char *object = g_strndup(bytes + at, MIN(pdf->len - at, 2048));
    char *open = strstr(object, "<<"), *close = strstr(object, "endobj");
    if (open == NULL || close == NULL)
        return FALSE;
    *close = '\0';
    close = g_strrstr(open, ">>");
    if (close == NULL)
        return FALSE;
    trailer->catalog = g_strndup(open + 2, (gsize)(close - open - 2));
    return TRUE;
}

static char *
xmp(const KcPdfInfo *info)
{
    return g_markup_printf_escaped(
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
        "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
        "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n"
        "<dc:format>application/pdf</dc:format>\n"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n"
        "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n"
        "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:description>\n"
        "<xmp:CreatorTool>%s</xmp:CreatorTool><xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>\n"
        "<pdf:Producer>%s</pdf:Producer>\n"
        "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>\n",
        info->title, info->author, info->subject, info->creator, info->date, info->date, info->producer);
}

static void
append(GByteArray *pdf, const char *text)
{
    g_byte_array_append(pdf, (const guint8 *)text, (guint)strlen(text));
}

static void G_GNUC_PRINTF(2, 3) appendf(GByteArray *pdf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    append(pdf, text);
}

/* Each returns where its object begins. */
static gsize
append_stream(GByteArray *pdf, guint number, const char *dictionary, const guint8 *data, guint size)
{
    gsize at = pdf->len;
    appendf(pdf, "%u 0 obj\n<< %s /Length %u >>\nstream\n", number, dictionary, size);
    g_byte_array_append(pdf, data, size);
    append(pdf, "\nendstream\nendobj\n");
    return at;
}

static gsize
append_catalog(GByteArray *pdf, const Trailer *trailer)
{
    gsize at = pdf->len;
    appendf(pdf,
            "%u 0 obj\n<<%s   /Metadata %u 0 R\n   /Lang (zh-CN)\n   /ViewerPreferences << /DisplayDocTitle true >>\n"
            "   /OutputIntents [ << /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
            "/Info (sRGB IEC61966-2.1) /DestOutputProfile %u 0 R >> ]\n>>\nendobj\n",
            trailer->root, trailer->catalog, trailer->size, trailer->size + 1);
    return at;
}

typedef struct {
    guint number;
    gsize at;
} Replaced;

/* cairo leaves out of a TrueType font with CIDs what is so without a word: that they are the glyphs. PDF/A wants the word
 * (6.2.11.3.2). of Replaced */
static GArray *
append_fonts(GByteArray *pdf, const Trailer *trailer)
{
    GArray *fonts = g_array_new(FALSE, FALSE, sizeof(Replaced));
    for (guint number = 1; number < trailer->size; number++) {
        const char *entry = (const char *)pdf->data + trailer->table + (gsize)number * 20;
        gsize at = strtoull(entry, NULL, 10);
        const char *object = (const char *)pdf->data + at;
        const char *end =
            entry[17] == 'n' && at < trailer->xref ? g_strstr_len(object, (gssize)(trailer->xref - at), "endobj") : NULL;
        if (end == NULL || g_strstr_len(object, MIN(end - object, 120), "/CIDFontType2") == NULL)
            continue;
        g_autofree char *text = g_strndup(object, (gsize)(end - object));
        char *close = g_strrstr(text, ">>");
        if (close == NULL || strstr(text, "/CIDToGIDMap") != NULL)
            continue;
        *close = '\0';
        const Replaced font = {number, pdf->len};
        appendf(pdf, "%s   /CIDToGIDMap /Identity\n>>\nendobj\n", text);
        g_array_append_val(fonts, font);
    }
    return fonts;
}

static void
append_trailer(GByteArray *pdf, const Trailer *trailer, const GArray *fonts, gsize catalog, gsize metadata, gsize profile,
               const char *id)
{
    gsize at = pdf->len;
    appendf(pdf, "xref\n0 1\n0000000000 65535 f \n%u 1\n%010" G_GSIZE_FORMAT " 00000 n \n", trailer->root, catalog);
    for (guint i = 0; i < fonts->len; i++) {
        const Replaced *font = &g_array_index(fonts, Replaced, i);
        appendf(pdf, "%u 1\n%010" G_GSIZE_FORMAT " 00000 n \n", font->number, font->at);
    }
    appendf(pdf, "%u 2\n%010" G_GSIZE_FORMAT " 00000 n \n%010" G_GSIZE_FORMAT " 00000 n \n", trailer->size, metadata,
            profile);
    appendf(pdf,
            "trailer\n<< /Size %u\n   /Root %u 0 R\n   /Info %u 0 R\n   /Prev %" G_GSIZE_FORMAT "\n"
            "   /ID [ <%.32s> <%.32s> ]\n>>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
            trailer->size + 2, trailer->root, trailer->info, trailer->xref, id, id, at);
}

gboolean
kc_pdfa_complete(GByteArray *pdf, const KcPdfInfo *info)
{
    Trailer trailer;
    if (!read_trailer(pdf, &trailer) || !read_catalog(pdf, &trailer))
        return FALSE;
    g_autofree char *id = g_compute_checksum_for_data(G_CHECKSUM_SHA256, pdf->data, pdf->len);
    g_autofree char *metadata = xmp(info);
    g_autoptr(GByteArray) profile = kc_srgb_profile();
    gsize metadata_at = append_stream(pdf, trailer.size, "/Type /Metadata /Subtype /XML", (const guint8 *)metadata,
                                      (guint)strlen(metadata));
    gsize profile_at = append_stream(pdf, trailer.size + 1, "/N 3", profile->data, profile->len);
    gsize catalog_at = append_catalog(pdf, &trailer);
    g_autoptr(GArray) fonts = append_fonts(pdf, &trailer);
    append_trailer(pdf, &trailer, fonts, catalog_at, metadata_at, profile_at, id);
    g_free(trailer.catalog);
    return TRUE;
}
