/* The layout, from top to bottom: title and numbers; when, where, weather, form; each party; the facts as one sentence;
 * the cause; the reasons; the liability of each; rights; who issued it and when; what this text is.
 *
 * Nothing here depends on a locale, and every field that is unknown reads 未提供, so that a missing value can't be
 * taken for an omitted line. */
#include "src/domain/document_text.h"

#include "src/domain/document_lines.h"
#include "src/domain/local_time.h"

static void
append_sentence_of_party(GString *out, const KcDocumentParty *party)
{
    g_string_append_printf(out, "当事人%s：", kc_party_label_zh(party->label));
    kc_lines_inline(out, kc_lines_or_unknown(party->name));
    g_string_append(out, "，");
    if (party->has_vehicle)
        g_string_append(out, "驾驶");
    kc_lines_inline(out, kc_lines_or_unknown(party->vehicle_type));
    if (party->has_vehicle && party->plate_number != NULL && *party->plate_number != '\0') {
        g_string_append(out, "，车牌号");
        kc_lines_inline(out, party->plate_number);
    }
    g_string_append(out, "。");
}

/* The sentence of the national record: {time}，在{place}，发生{form}事故。致受伤{n}人，直接财产损失{x}元。… */
static void
append_facts(GString *out, const KcDocument *doc)
{
    g_autofree char *occurred = kc_local_time_zh(doc->occurred_at_us);

    g_string_append_printf(out, "\n一、事故基本事实\n　　%s，在", occurred);
    kc_lines_inline(out, doc->place);
    g_string_append_printf(out, "，发生%s事故。致受伤%d人，", doc->accident_form, doc->injured);
    if (doc->damage_cny >= 0)
        g_string_append_printf(out, "直接财产损失%" G_GINT64_FORMAT "元。", doc->damage_cny);
    else
        g_string_append(out, "直接财产损失未估定。");
    for (gsize i = 0; i < doc->party_count; i++)
        append_sentence_of_party(out, &doc->parties[i]);
    g_string_append_c(out, '\n');
    kc_lines_body(out, doc->facts);
    g_string_append(out, "\n二、事故成因\n");
    kc_lines_body(out, doc->cause);
}

static void
append_reasons(GString *out, const KcDocument *doc)
{
    g_string_append(out, "\n三、认定理由和证据\n");
    for (gsize i = 0; i < doc->reason_count; i++) {
        const KcDocumentReason *reason = &doc->reasons[i];
        g_autofree char *numbered = g_strdup_printf("%" G_GSIZE_FORMAT ". %s", i + 1, reason->text);
        kc_lines_body(out, numbered);
        if (reason->evidence == NULL || reason->evidence[0] == NULL)
            continue;
        g_autofree char *list = g_strjoinv("；", (char **)reason->evidence);
        g_string_append(out, "　　证据：");
        kc_lines_inline(out, list);
        g_string_append(out, "。\n");
    }
}

static void
append_liability(GString *out, const KcDocument *doc, const KcDocumentWording *wording)
{
    g_string_append(out, "\n四、当事人责任\n");
    kc_lines_body(out, wording->liability_basis);
    for (gsize i = 0; i < doc->party_count; i++)
        kc_lines_liability(out, &doc->parties[i]);
}

/* TRUE if the document says anything of a mediation (Order 146, arts. 25, 26). */
static gboolean
append_mediation(GString *out, const KcDocument *doc, const KcDocumentWording *wording)
{
    if (doc->mediation == KC_MEDIATION_UNSET)
        return FALSE;
    g_string_append(out, "\n五、损害赔偿调解\n");
    kc_lines_body(out, doc->mediation == KC_MEDIATION_AGREED ? wording->mediated : wording->not_mediated);
    if (doc->mediation == KC_MEDIATION_AGREED)
        kc_lines_body(out, kc_lines_or_unknown(doc->mediation_result));
    return TRUE;
}

static void
append_tail(GString *out, const KcDocument *doc, const KcDocumentWording *wording)
{
    g_autofree char *issued = kc_local_time_zh(doc->issued_at_us);

    g_string_append_printf(out, "\n%s、当事人的权利\n", append_mediation(out, doc, wording) ? "六" : "五");
    kc_lines_numbered(out, wording->rights);
    g_string_append_c(out, '\n');
    kc_lines_field(out, "处理单位", doc->authority);
    g_string_append(out, "交通警察：");
    kc_lines_inline(out, kc_lines_or_unknown(doc->officer_name));
    g_string_append(out, "（警号 ");
    kc_lines_inline(out, kc_lines_or_unknown(doc->officer_badge));
    g_string_append(out, "）\n");
    kc_lines_field(out, "制作时间", issued);
    g_string_append_c(out, '\n');
    kc_lines_body(out, wording->footer);
}

char *
kc_document_render(const KcDocument *document, const KcDocumentWording *wording)
{
    g_autoptr(GString) out = g_string_sized_new(4096);

    kc_lines_head(out, document, wording->title);
    for (gsize i = 0; i < document->party_count; i++)
        kc_lines_party(out, &document->parties[i]);
    g_string_append_c(out, '\n');
    kc_lines_body(out, wording->basis);
    append_facts(out, document);
    append_reasons(out, document);
    append_liability(out, document, wording);
    append_tail(out, document, wording);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
