/* A list of findings, and what the rules that make them share. */
#include "src/domain/consistency.h"
#include "src/domain/findings_private.h"

gboolean
kc_text_is_blank(const char *text)
{
    if (text == NULL)
        return TRUE;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (!g_unichar_isspace(g_utf8_get_char(p)))
            return FALSE;
    return TRUE;
}

GPtrArray *
kc_findings_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)kc_finding_free);
}

void
kc_findings_add(GPtrArray *findings, KcFindingKind kind, const char *code, const char *pointer, const char *zh,
                const char *en)
{
    KcFinding *finding = g_new0(KcFinding, 1);
    finding->kind = kind;
    finding->code = g_strdup(code);
    finding->pointer = g_strdup(pointer);
    finding->message_zh = g_strdup(zh);
    finding->message_en = g_strdup(en);
    g_ptr_array_add(findings, finding);
}

static gint
contradictions_first(gconstpointer a, gconstpointer b)
{
    const KcFinding *left = *(const KcFinding *const *)a;
    const KcFinding *right = *(const KcFinding *const *)b;
    return (gint)right->kind - (gint)left->kind;
}

/* g_ptr_array_sort is stable: contradictions keep their order, and so does what is missing. */
void
kc_findings_sort(GPtrArray *findings)
{
    g_ptr_array_sort(findings, contradictions_first);
}

gboolean
kc_findings_have(const GPtrArray *findings, KcFindingKind kind)
{
    for (guint i = 0; i < findings->len; i++)
        if (((const KcFinding *)findings->pdata[i])->kind == kind)
            return TRUE;
    return FALSE;
}

const char *
kc_finding_kind_to_string(KcFindingKind kind)
{
    return kind == KC_FINDING_MISSING ? "missing" : "contradiction";
}

char *
kc_finding_text(const KcFinding *finding)
{
    return g_strconcat(finding->message_zh, " / ", finding->message_en, NULL);
}

void
kc_finding_free(KcFinding *finding)
{
    if (finding == NULL)
        return;
    g_free(finding->code);
    g_free(finding->pointer);
    g_free(finding->message_zh);
    g_free(finding->message_en);
    g_free(finding);
}
