#include "src/domain/review_text.h"

#include "src/domain/document_lines.h"
#include "src/domain/local_time.h"

static void
append_head(GString *out, const KcReviewPaper *paper, const char *title)
{
    if (paper->demo)
        g_string_append(out, "【演示】本文书由演示系统生成，不具有法律效力。\n\n");
    g_string_append_printf(out, "%s\n\n", title);
    kc_lines_field(out, "文书编号", paper->number);
    kc_lines_field(out, "案件编号", paper->case_number);
    kc_lines_field(out, "原认定书", paper->reviewed_number);
}

static void
append_time(GString *out, const char *name, gint64 at_us)
{
    g_autofree char *time = kc_local_time_zh(at_us);
    kc_lines_field(out, name, time);
}

static void
append_request(GString *out, const KcReviewPaper *paper)
{
    g_string_append_printf(out, "申请人：当事人%s（", kc_party_label_zh(paper->applicant_label));
    kc_lines_inline(out, kc_lines_or_unknown(paper->applicant_name));
    g_string_append(out, "）\n");
    append_time(out, "申请时间", paper->asked_us);
    append_time(out, "受理时间", paper->accepted_us);
    g_string_append(out, "\n一、复核请求、理由和主要证据\n");
    kc_lines_body(out, paper->request);
    kc_lines_body(out, paper->reasons);
    kc_lines_body(out, paper->evidence);
}

static void
append_outcome(GString *out, const KcReviewPaper *paper, const KcReviewWording *wording)
{
    g_string_append(out, "\n二、复核意见\n");
    kc_lines_body(out, paper->findings);
    g_string_append(out, "\n三、复核结论\n");
    for (gsize i = 0; i < paper->ground_count; i++)
        kc_lines_body(out, wording->grounds[paper->grounds[i]]);
    kc_lines_body(out, wording->outcomes[paper->outcome]);
}

char *
kc_review_conclusion_render(const KcReviewPaper *paper, const KcReviewWording *wording)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *reviewers = g_strjoinv("、", (char **)paper->reviewers);

    append_head(out, paper, wording->title);
    append_request(out, paper);
    append_outcome(out, paper, wording);
    g_string_append_c(out, '\n');
    kc_lines_field(out, "复核单位", paper->unit);
    kc_lines_field(out, "复核人员", reviewers);
    append_time(out, "作出时间", paper->concluded_us);
    g_string_append_c(out, '\n');
    kc_lines_body(out, wording->footer);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
kc_review_correction_render(const KcReviewPaper *paper, const KcReviewWording *wording)
{
    g_autoptr(GString) out = g_string_new(NULL);

    append_head(out, paper, wording->correction_title);
    g_string_append_c(out, '\n');
    kc_lines_body(out, wording->correction_basis);
    g_string_append(out, "\n一、补正内容\n");
    kc_lines_body(out, paper->correction);
    g_string_append_c(out, '\n');
    kc_lines_field(out, "处理单位", paper->authority);
    append_time(out, "补正时间", paper->concluded_us);
    g_string_append_c(out, '\n');
    kc_lines_body(out, wording->correction_footer);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
