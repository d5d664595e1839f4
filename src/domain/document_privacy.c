#include "src/domain/document_privacy.h"

#include "src/domain/document_outline.h"

#include <string.h>

#define UNKNOWN "未提供"
#define SHOWN 2 /* characters at either end */

/* Fields of a party's section (document_lines.c). */
static const char *const masked_fields[] = {"联系方式", "身份证明号码", "驾驶证号或身份证明号码", "驾驶证号",
                                            "保险凭证号"};

char *
kc_document_mask_number(const char *value)
{
    glong length = g_utf8_strlen(value, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    const char *at = value;
    for (glong i = 0; i < length; i++, at = g_utf8_next_char(at)) {
        gboolean shown = length > 3 * SHOWN && (i < SHOWN || i >= length - SHOWN);
        if (shown)
            g_string_append_unichar(out, g_utf8_get_char(at));
        else
            g_string_append_c(out, '*');
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
replace(GString *text, const char *before, const char *value, const char *after)
{
    g_autofree char *masked = kc_document_mask_number(value);
    g_autofree char *old = g_strconcat(before, value, after, NULL), *new = g_strconcat(before, masked, after, NULL);
    g_string_replace(text, old, new, 0);
}

/* Wherever it stands; a text too short to mean only this, in its field alone. */
static void
mask_line(GString *text, const KcDocumentLine *line)
{
    if (*line->text == '\0' || strcmp(line->text, UNKNOWN) == 0)
        return;
    g_autofree char *field = g_strconcat(line->name, "：", NULL);
    if (g_utf8_strlen(line->text, -1) > 3 * SHOWN)
        replace(text, "", line->text, "");
    else
        replace(text, field, line->text, "\n");
}

static gboolean
is_number_of_person(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(masked_fields); i++)
        if (g_strcmp0(name, masked_fields[i]) == 0)
            return TRUE;
    return FALSE;
}

/* What two parties share, a telephone for instance, is no secret between them. */
static gboolean
has_value(const KcDocumentSection *section, const char *value)
{
    for (guint i = 0; section != NULL && i < section->lines->len; i++) {
        const KcDocumentLine *line = section->lines->pdata[i];
        if (line->kind == KC_LINE_FIELD && strcmp(line->text, value) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
mask_section(GString *text, const KcDocumentSection *section, const KcDocumentSection *own)
{
    for (guint i = 0; i < section->lines->len; i++) {
        const KcDocumentLine *line = section->lines->pdata[i];
        if (line->kind == KC_LINE_FIELD && is_number_of_person(line->name) && !has_value(own, line->text))
            mask_line(text, line);
    }
}

static const KcDocumentSection *
section_of(const KcDocumentOutline *outline, const char *party)
{
    for (guint i = 0; party != NULL && i < outline->sections->len; i++)
        if (g_strcmp0(kc_document_section_party(outline->sections->pdata[i]), party) == 0)
            return outline->sections->pdata[i];
    return NULL;
}

char *
kc_document_mask(const char *text, const char *own, const char *sha256)
{
    g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(text);
    g_autoptr(GString) out = g_string_new(text);
    const KcDocumentSection *own_section = section_of(outline, own);
    for (guint i = 0; i < outline->sections->len; i++) {
        const KcDocumentSection *section = outline->sections->pdata[i];
        if (section != own_section && kc_document_section_party(section) != NULL)
            mask_section(out, section, own_section);
    }
    /* One group with a notice that is there already (document_outline.h). */
    const char *gap = g_str_has_prefix(text, "【") ? "\n" : "\n\n";
    g_autofree char *notice =
        g_strdup_printf("【摘录】依当事人申请摘录，其他当事人的个人信息已遮盖；原件SHA-256 %s%s", sha256, gap);
    g_string_prepend(out, notice);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
