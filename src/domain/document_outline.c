/* Kinds are given in two steps: lines by how they look, sections by where they stand. */
#include "src/domain/document_outline.h"

#include <string.h>

#define INDENT "　　"
#define COLON "："
#define PARTY "当事人"

static void
line_free(KcDocumentLine *line)
{
    g_free(line->name);
    g_free(line->text);
    g_free(line->raw);
    g_free(line);
}

static void
section_free(KcDocumentSection *section)
{
    g_ptr_array_unref(section->lines);
    g_free(section);
}

void
kc_document_outline_free(KcDocumentOutline *outline)
{
    if (outline == NULL)
        return;
    g_ptr_array_unref(outline->sections);
    g_free(outline);
}

static KcDocumentLine *
line_new(const char *raw, gboolean is_first)
{
    KcDocumentLine *line = g_new0(KcDocumentLine, 1);
    const char *colon = strstr(raw, COLON);
    line->raw = g_strdup(raw);
    if (g_str_has_prefix(raw, INDENT)) {
        line->kind = KC_LINE_PARAGRAPH;
        line->text = g_strdup(raw + strlen(INDENT));
    } else if (colon != NULL) {
        line->kind = KC_LINE_FIELD;
        line->name = g_strndup(raw, (gsize)(colon - raw));
        line->text = g_strdup(colon + strlen(COLON));
    } else {
        line->kind = is_first ? KC_LINE_HEADING : KC_LINE_PARAGRAPH;
        line->text = g_strdup(raw);
    }
    return line;
}

static const KcDocumentLine *
first_of(const KcDocumentSection *section)
{
    return section->lines->pdata[0];
}

/* The head of the text: an optional notice, the title, the fields of the record. Returns how many sections that were.
 */
static guint
name_head(GPtrArray *sections)
{
    guint i = 0;
    KcDocumentSection *section = sections->pdata[i];
    if (g_str_has_prefix(first_of(section)->raw, "【") && sections->len > 1) {
        section->kind = KC_SECTION_NOTICE;
        section = sections->pdata[++i];
    }
    section->kind = KC_SECTION_TITLE;
    if (++i == sections->len || first_of(sections->pdata[i])->kind != KC_LINE_FIELD)
        return i;
    section = sections->pdata[i];
    section->kind = KC_SECTION_RECORD;
    return i + 1;
}

static void
name_sections(GPtrArray *sections)
{
    KcDocumentSection *issuer = NULL;
    if (sections->len == 0)
        return;
    for (guint i = name_head(sections); i < sections->len; i++) {
        KcDocumentSection *section = sections->pdata[i];
        section->kind = KC_SECTION_PROSE;
        if (first_of(section)->kind == KC_LINE_HEADING && g_str_has_prefix(first_of(section)->raw, PARTY))
            section->kind = KC_SECTION_PARTY;
        else if (first_of(section)->kind == KC_LINE_FIELD)
            issuer = section;
    }
    if (issuer == NULL)
        return;
    issuer->kind = KC_SECTION_ISSUER;
    for (guint i = sections->len; sections->pdata[i - 1] != issuer; i--)
        ((KcDocumentSection *)sections->pdata[i - 1])->kind = KC_SECTION_NOTE;
}

KcDocumentOutline *
kc_document_outline_parse(const char *text)
{
    KcDocumentOutline *outline = g_new0(KcDocumentOutline, 1);
    KcDocumentSection *section = NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    outline->sections = g_ptr_array_new_with_free_func((GDestroyNotify)section_free);
    for (char **raw = lines; *raw != NULL; raw++) {
        if (**raw == '\0') {
            section = NULL;
            continue;
        }
        gboolean is_first = section == NULL;
        if (is_first) {
            section = g_new0(KcDocumentSection, 1);
            section->lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
            g_ptr_array_add(outline->sections, section);
        }
        g_ptr_array_add(section->lines, line_new(*raw, is_first));
    }
    name_sections(outline->sections);
    return outline;
}

char *
kc_document_outline_text(const KcDocumentOutline *outline)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < outline->sections->len; i++) {
        const KcDocumentSection *section = outline->sections->pdata[i];
        if (i > 0)
            g_string_append_c(text, '\n');
        for (guint j = 0; j < section->lines->len; j++)
            g_string_append_printf(text, "%s\n", ((const KcDocumentLine *)section->lines->pdata[j])->raw);
    }
    return g_string_free(text, FALSE);
}

const char *
kc_document_section_party(const KcDocumentSection *section)
{
    return section->kind == KC_SECTION_PARTY ? first_of(section)->raw + strlen(PARTY) : NULL;
}

const char *
kc_document_section_field(const KcDocumentSection *section, const char *name)
{
    for (guint i = 0; i < section->lines->len; i++) {
        const KcDocumentLine *line = section->lines->pdata[i];
        if (line->kind == KC_LINE_FIELD && strcmp(line->name, name) == 0)
            return line->text;
    }
    return NULL;
}

const KcDocumentSection *
kc_document_outline_section(const KcDocumentOutline *outline, KcSectionKind kind)
{
    for (guint i = 0; i < outline->sections->len; i++) {
        const KcDocumentSection *section = outline->sections->pdata[i];
        if (section->kind == kind)
            return section;
    }
    return NULL;
}
