/* What the higher unit concluded, entered with its paper (Order 146, arts. 74-79).
 *
 * As with a determination, pages are set between two transactions: what they were set from is checked again before it
 * counts. */
#include "src/app/print_document.h"
#include "src/app/review_check.h"
#include "src/domain/document_text.h"
#include "src/domain/review_text.h"
#include "src/evidence/digest.h"
#include "src/store/determination_store.h"
#include "src/store/user_store.h"

#include <string.h>

typedef struct {
    KcDocumentRow *document; /* NULL: there is none */
    KcObject *pdf;           /* sealed; NULL: without one */
} Paper;

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *review_id;
    const KcConcludeReview *request;
    gint64 now_us;
    Paper conclusion, correction;
    KcReviewView *view;
    KcResult *result;
} Conclude;

static gboolean
is_blank(const char *text)
{
    g_autofree char *copy = g_strstrip(g_strdup(text != NULL ? text : ""));
    return *copy == '\0';
}

/* ---- what is asked of a conclusion ---- */

static void
check_reviewers(const KcConcludeReview *request, KcResult *result)
{
    g_autoptr(GHashTable) badges = g_hash_table_new(g_str_hash, g_str_equal);
    if (request->reviewer_count < KC_REVIEW_REVIEWERS_MIN)
        kc_refuse_field(result, "/reviewers",
                        "复核人员不得少于二人（道路交通事故处理程序规定第74条第3款） / at least two officers review "
                        "(道路交通事故处理程序规定第74条第3款)");
    for (gsize i = 0; i < request->reviewer_count; i++) {
        const KcReviewer *reviewer = &request->reviewers[i];
        g_autofree char *name = g_strdup_printf("/reviewers/%" G_GSIZE_FORMAT "/name", i);
        g_autofree char *badge = g_strdup_printf("/reviewers/%" G_GSIZE_FORMAT "/badge_number", i);
        if (is_blank(reviewer->name))
            kc_refuse_field(result, name, "请填写姓名 / the name is missing");
        if (is_blank(reviewer->badge_number))
            kc_refuse_field(result, badge, "请填写警号 / the badge is missing");
        else if (!g_hash_table_add(badges, (gpointer)reviewer->badge_number))
            kc_refuse_field(result, badge, "同一人重复 / the same officer twice");
    }
}

static gboolean
check_request(const KcConcludeReview *request, KcResult *result)
{
    gboolean anew = request->outcome == KC_REVIEW_ANEW;
    gboolean corrected = request->outcome == KC_REVIEW_UPHELD_CORRECTED;
    check_reviewers(request, result);
    if (is_blank(request->unit))
        kc_refuse_field(result, "/unit", "请填写复核单位 / the reviewing unit is missing");
    if (is_blank(request->findings))
        kc_refuse_field(result, "/findings", "请填写复核意见 / the findings are missing");
    if (anew != (request->ground_count > 0))
        kc_refuse_field(result, "/grounds", anew ? "请选择原因（第76条第3款） / why anew is missing (art. 76(3))"
                                                 : "维持的没有这一项 / only where it is determined anew");
    if (corrected == is_blank(request->correction))
        kc_refuse_field(result, "/correction", corrected ? "请填写补正内容 / what was corrected is missing"
                                                         : "没有补正 / only where it was corrected");
    return result->kind == KC_RESULT_OK;
}

/* Nobody reviews a determination of their own. */
static gboolean
check_own(Conclude *self, KcTx *tx, const KcDocumentRow *reviewed, GError **error)
{
    g_autoptr(KcUser) officer = NULL;
    if (!kc_user_store_get(tx, reviewed->issued_by, &officer, error))
        return FALSE;
    for (gsize i = 0; officer != NULL && i < self->request->reviewer_count; i++) {
        g_autofree char *pointer = g_strdup_printf("/reviewers/%" G_GSIZE_FORMAT "/badge_number", i);
        if (g_strcmp0(self->request->reviewers[i].badge_number, officer->badge_number) == 0)
            return kc_refuse_field(self->result, pointer, "原认定民警不能复核 / this officer made the determination");
    }
    return TRUE;
}

/* ---- the papers ---- */

static GStrv
name_reviewers(const KcConcludeReview *request)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (gsize i = 0; i < request->reviewer_count; i++) {
        g_autofree char *name =
            g_strdup_printf("%s（警号 %s）", request->reviewers[i].name, request->reviewers[i].badge_number);
        g_strv_builder_add(names, name);
    }
    return g_strv_builder_end(names);
}

static KcDocumentRow *
make_document(Conclude *self, const KcCaseRow *row, const char *kind, const char *number, char *text)
{
    KcDocumentRow *document = g_new0(KcDocumentRow, 1);
    document->id = g_strdup(kc_app_new_id(self->app).text);
    document->case_id = g_strdup(self->case_id);
    document->rules_number = row->rules_number;
    document->kind = g_strdup(kind);
    document->number = g_strdup(number);
    document->text = text;
    document->sha256 = kc_sha256_hex(text, strlen(text));
    document->issued_by = g_strdup(self->who->user_id);
    document->issued_us = self->now_us;
    return document;
}

static void
make_papers(Conclude *self, const KcCaseRow *row, const KcReviewRow *review, const KcDocumentRow *reviewed,
            const KcParty *applicant)
{
    const KcConcludeReview *request = self->request;
    g_autoptr(json_t) asked = kc_json_parse(review->request_json);
    g_auto(GStrv) reviewers = name_reviewers(request);
    g_autofree char *number = g_strconcat(row->number, "-R1", NULL), *other = g_strconcat(row->number, "-R2", NULL);
    KcReviewPaper paper = {
        .demo = self->app->demo,
        .number = number,
        .case_number = row->number,
        .reviewed_number = reviewed->number,
        .authority = kc_rules_centre_zh(kc_app_rules_of(self->app, row)),
        .applicant_label = applicant->label,
        .applicant_name = applicant->name,
        .asked_us = review->asked_us,
        .accepted_us = review->forwarded_us,
        .concluded_us = self->now_us,
        .request = json_string_value(json_object_get(asked, "request")),
        .reasons = json_string_value(json_object_get(asked, "reasons")),
        .evidence = json_string_value(json_object_get(asked, "evidence")),
        .unit = request->unit,
        .reviewers = (const char *const *)reviewers,
        .outcome = request->outcome,
        .grounds = request->grounds,
        .ground_count = request->ground_count,
        .findings = request->findings,
        .correction = request->correction,
    };
    const KcReviewWording *wording = kc_rules_review_wording(kc_app_rules_of(self->app, row));
    self->conclusion.document =
        make_document(self, row, "review_conclusion", number, kc_review_conclusion_render(&paper, wording));
    if (request->outcome != KC_REVIEW_UPHELD_CORRECTED)
        return;
    paper.number = other;
    self->correction.document = make_document(self, row, "correction", other, kc_review_correction_render(&paper, wording));
}

static gboolean
load(Conclude *self, KcTx *tx, KcCaseRow **ret_row, KcReviewRow **ret_review, GError **error)
{
    return kc_app_load_review(tx, self->who, KC_ACTION_CONCLUDE_REVIEW, self->case_id, self->review_id,
                              KC_REVIEW_CONCLUDE, ret_row, ret_review, self->result, error);
}

static gboolean
plan(KcTx *tx, gpointer data, GError **error)
{
    Conclude *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    g_autoptr(KcDocumentRow) reviewed = NULL;
    g_autoptr(KcParty) applicant = NULL;
    if (!load(self, tx, &row, &review, error) ||
        !kc_document_store_get(tx, review->document_id, &reviewed, error) ||
        !kc_party_store_get(tx, review->party_id, &applicant, error) || !check_own(self, tx, reviewed, error))
        return FALSE;
    make_papers(self, row, review, reviewed, applicant);
    return TRUE;
}

static gboolean
seal_paper(Conclude *self, Paper *paper, GError **error)
{
    if (paper->document == NULL || kc_app_template(self->app, paper->document) == NULL)
        return TRUE;
    g_autoptr(GBytes) pdf = kc_app_print(self->app, paper->document, NULL, 0, self->result, error);
    if (pdf == NULL)
        return FALSE;
    KcSealRequest request = {
        self->case_id,      "document",          NULL,
        self->who->user_id, KC_PDF_CONTENT_TYPE, json_pack("{s:s}", "number", paper->document->number)};
    if (!kc_app_seal_object(self->app, &request, pdf, &paper->pdf, self->result, error))
        return FALSE;
    paper->document->pdf_object_id = g_strdup(paper->pdf->id);
    paper->document->pdf_sha256 = g_strdup(paper->pdf->sha256);
    return TRUE;
}

static gboolean
keep_paper(Conclude *self, KcTx *tx, const Paper *paper, GError **error)
{
    const KcDocumentRow *document = paper->document;
    if (document == NULL)
        return TRUE;
    if (paper->pdf != NULL && kc_object_store_update(tx, paper->pdf, error) != KC_UPDATE_DONE)
        return FALSE;
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s?}", "document_id", document->id, "kind", document->kind,
                              "number", document->number, "sha256", document->sha256, "pdf_sha256",
                              document->pdf_sha256);
    return kc_document_store_insert(tx, document, error) &&
           kc_app_log(tx, self->who, self->case_id, "document.issued", self->now_us, entry, error);
}

/* ---- what follows ---- */

static json_t *
conclusion_of(const KcConcludeReview *request)
{
    json_t *reviewers = json_array(), *grounds = json_array();
    for (gsize i = 0; i < request->reviewer_count; i++)
        json_array_append_new(reviewers, json_pack("{s:s, s:s}", "name", request->reviewers[i].name, "badge_number",
                                                   request->reviewers[i].badge_number));
    for (gsize i = 0; i < request->ground_count; i++)
        json_array_append_new(grounds, json_string(kc_review_ground_to_string(request->grounds[i])));
    return json_pack("{s:s, s:o, s:o, s:s, s:s?}", "unit", request->unit, "reviewers", reviewers, "grounds", grounds,
                     "findings", request->findings, "correction", request->correction);
}

/* Art. 79: the case is handled again, by whoever takes it; what it has stays. */
static gboolean
begin_anew(Conclude *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    if (!kc_app_apply(row, KC_CASE_ORDER_ANEW, NULL, self->now_us, self->result))
        return FALSE;
    if (strcmp(row->state, kc_case_state_to_string(KC_CASE_REOPENED)) == 0)
        g_clear_pointer(&row->officer_id, g_free);
    return kc_determination_store_reopen(tx, row->id, self->now_us, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, self->now_us, NULL, error);
}

static gboolean
conclude(KcTx *tx, gpointer data, GError **error)
{
    Conclude *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    if (!load(self, tx, &row, &review, error) || !keep_paper(self, tx, &self->conclusion, error) ||
        !keep_paper(self, tx, &self->correction, error))
        return FALSE;
    review->outcome = g_strdup(kc_review_outcome_to_string(self->request->outcome));
    review->conclusion_json = kc_json_text(conclusion_of(self->request));
    review->concluded_us = self->now_us;
    review->concluded_by = g_strdup(self->who->user_id);
    review->conclusion_document_id = g_strdup(self->conclusion.document->id);
    if (self->correction.document != NULL)
        review->correction_document_id = g_strdup(self->correction.document->id);
    if (!kc_review_store_conclude(tx, review, error) ||
        (self->request->outcome == KC_REVIEW_ANEW && !begin_anew(self, tx, row, error)))
        return FALSE;
    json_t *entry = json_pack("{s:s, s:s, s:s, s:b}", "review_id", review->id, "outcome", review->outcome, "document_id",
                              review->conclusion_document_id, "reopened", strcmp(row->state, "reopened") == 0);
    return kc_app_tell_review(self->app, tx, self->who, row, review, "review.concluded", self->now_us, entry, error) &&
           kc_app_load_review_view(tx, self->who, row, g_steal_pointer(&review), &self->view, error);
}

static gboolean
run(Conclude *self, GError **error)
{
    Paper *papers[] = {&self->conclusion, &self->correction};
    if (check_request(self->request, self->result) &&
        kc_app_read(self->app, plan, self, self->result, error) && seal_paper(self, papers[0], error) &&
        seal_paper(self, papers[1], error) && kc_app_write(self->app, conclude, self, self->result, error))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(papers); i++)
        if (papers[i]->pdf != NULL)
            kc_app_drop_object(self->app, papers[i]->pdf);
    return FALSE;
}

gboolean
kc_app_conclude_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                       const KcConcludeReview *request, KcReviewView **ret_review, KcResult *result, GError **error)
{
    Conclude self = {.app = app,
                     .who = who,
                     .case_id = case_id,
                     .review_id = review_id,
                     .request = request,
                     .now_us = kc_app_now(app),
                     .result = result};
    gboolean done = kc_app_check_role(who, KC_ACTION_CONCLUDE_REVIEW, result) && run(&self, error);
    kc_document_row_free(self.conclusion.document);
    kc_document_row_free(self.correction.document);
    kc_object_free(self.conclusion.pdf);
    kc_object_free(self.correction.pdf);
    if (done)
        *ret_review = self.view;
    else
        kc_review_view_free(self.view);
    return done;
}
