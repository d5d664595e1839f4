/* The closing code against what the parties decided (Order 146, arts. 25 and 26); jafs and tjfs of the record. */
#include "src/domain/consistency.h"
#include "src/domain/findings_private.h"

static void
check_mediation(GPtrArray *findings, gboolean mediated, const KcClosingFacts *facts)
{
    const struct {
        const char *value, *code, *pointer, *missing_zh, *missing_en;
    } fields[] = {
        {facts->mediation_method, "MEDIATION_METHOD", "/mediation_method", "调解结案须填写调解方式。",
         "A case closed by mediation needs the way of mediation."},
        {facts->mediation_result, "MEDIATION_RESULT", "/mediation_result", "调解结案须填写调解结果。",
         "A case closed by mediation needs its result."},
    };

    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (mediated && kc_text_is_blank(fields[i].value))
            kc_findings_add(findings, KC_FINDING_MISSING, fields[i].code, fields[i].pointer, fields[i].missing_zh,
                            fields[i].missing_en);
        if (!mediated && !kc_text_is_blank(fields[i].value))
            kc_findings_add(findings, KC_FINDING_CONTRADICTION, fields[i].code, fields[i].pointer,
                            "只有调解结案才填写调解方式和结果。",
                            "Only a case closed by mediation has a way and a result of mediation.");
    }
}

static void
check_decisions(GPtrArray *findings, KcClosing closing, const KcClosingFacts *facts)
{
    static const char pointer[] = "/closing_code";

    if (closing == KC_CLOSING_MEDIATED && facts->refused_count + facts->objected_count > 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "MEDIATED_UNSIGNED", pointer,
                        "有当事人拒绝签字或者有异议的，不适用调解。",
                        "There is no mediation when a party refused to sign or objected.");
    if (closing == KC_CLOSING_NO_MEDIATION && facts->mediated_on_document)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "MEDIATED_ON_DOCUMENT", pointer,
                        "认定书上已经记录调解结果，不能按不同意调解结案。",
                        "The document has the result of a mediation: it can't be closed as without one.");
    if (closing == KC_CLOSING_NO_MEDIATION && facts->refused_count + facts->objected_count > 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "ANOTHER_REASON", pointer,
                        "有当事人拒绝签字或者有异议的，应当选择相应的结案方式。",
                        "A party refused to sign or objected: choose that as the reason.");
    if (closing == KC_CLOSING_OBJECTED && facts->objected_count == 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "NOBODY_OBJECTED", pointer, "没有当事人对认定提出异议。",
                        "No party objected to the determination.");
    if (closing == KC_CLOSING_REFUSED && facts->refused_count == 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "NOBODY_REFUSED", pointer, "没有当事人拒绝签字。",
                        "No party refused to sign.");
}

GPtrArray *
kc_consistency_check_closing(KcClosing closing, const KcClosingFacts *facts)
{
    GPtrArray *findings = kc_findings_new();

    check_mediation(findings, closing == KC_CLOSING_MEDIATED, facts);
    if (facts->has_document)
        check_decisions(findings, closing, facts);
    kc_findings_sort(findings);
    return findings;
}
