/* The layout, from top to bottom: title and numbers; when, where, weather, form; each party; what they declare; what
 * happened, in their own words; the liability of each; what becomes of the damage; the terms; who proposed it and when;
 * what this text is. */
#include "src/domain/agreement_text.h"

#include "src/domain/document_lines.h"
#include "src/domain/local_time.h"

static void
append_accident(GString *out, const KcAgreementDocument *agreement)
{
    const KcDocument *doc = &agreement->document;

    g_string_append(out, "\n一、事故经过和损失\n");
    if (doc->facts != NULL)
        kc_lines_body(out, doc->facts);
    for (gsize i = 0; i < doc->party_count; i++) {
        g_string_append(out, "　　");
        kc_lines_name(out, &doc->parties[i]);
        if (agreement->damage_cny[i] >= 0)
            g_string_append_printf(out, "的损失约%" G_GINT64_FORMAT "元。\n", agreement->damage_cny[i]);
        else
            g_string_append(out, "的损失未估定。\n");
    }
}

static void
append_liability(GString *out, const KcDocument *doc, const KcAgreementWording *wording)
{
    g_string_append(out, "\n二、当事人责任\n");
    kc_lines_body(out, wording->liability_basis);
    for (gsize i = 0; i < doc->party_count; i++)
        kc_lines_liability(out, &doc->parties[i]);
}

static void
append_compensation(GString *out, const KcAgreementDocument *agreement, const KcAgreementWording *wording)
{
    const KcDocumentParty *parties = agreement->document.parties;

    g_string_append(out, "\n三、损害赔偿\n");
    kc_lines_body(out, wording->compensation[agreement->compensation]);
    for (gsize i = 0; i < agreement->payment_count; i++) {
        const KcAgreementPayment *payment = &agreement->payments[i];
        g_string_append(out, "　　");
        kc_lines_name(out, &parties[payment->from]);
        g_string_append(out, "向");
        kc_lines_name(out, &parties[payment->to]);
        g_string_append_printf(out, "赔付人民币%" G_GINT64_FORMAT "元。\n", payment->amount_cny);
    }
}

static void
append_proposer(GString *out, const KcAgreementDocument *agreement)
{
    const KcDocument *doc = &agreement->document;

    if (agreement->proposer != NULL) {
        g_string_append_printf(out, "提出方：当事人%s\n", kc_party_label_zh(agreement->proposer));
        return;
    }
    g_string_append(out, "指导人员：");
    kc_lines_inline(out, kc_lines_or_unknown(doc->officer_name));
    if (doc->officer_badge != NULL) {
        g_string_append(out, "（警号 ");
        kc_lines_inline(out, doc->officer_badge);
        g_string_append(out, "）");
    }
    g_string_append_c(out, '\n');
}

static void
append_tail(GString *out, const KcAgreementDocument *agreement, const KcAgreementWording *wording)
{
    const KcDocument *doc = &agreement->document;
    g_autofree char *proposed = kc_local_time_zh(doc->issued_at_us);

    g_string_append(out, "\n四、各方确认\n");
    kc_lines_numbered(out, wording->terms);
    g_string_append_c(out, '\n');
    append_proposer(out, agreement);
    kc_lines_field(out, "在线服务", doc->authority);
    kc_lines_field(out, "提出时间", proposed);
    g_string_append_c(out, '\n');
    kc_lines_body(out, wording->footer);
}

char *
kc_agreement_render(const KcAgreementDocument *agreement, const KcAgreementWording *wording)
{
    const KcDocument *doc = &agreement->document;
    g_autoptr(GString) out = g_string_sized_new(4096);

    kc_lines_head(out, doc, wording->title);
    for (gsize i = 0; i < doc->party_count; i++)
        kc_lines_party(out, &doc->parties[i]);
    g_string_append_c(out, '\n');
    kc_lines_body(out, wording->basis);
    append_accident(out, agreement);
    append_liability(out, doc, wording);
    append_compensation(out, agreement, wording);
    append_tail(out, agreement, wording);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
