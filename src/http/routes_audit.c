/* The auditor's desk: purposes, who looked, findings and scores. */
#include "src/app/accesses.h"
#include "src/app/findings.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#include <string.h>

/* ---- Purposes ---- */

static json_t *
access_of(const KcStatedAccess *access)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", access->id, "purpose", access->purpose, "note",
                     kc_json_text_or_null(access->note), "stated_at", kc_json_time_or_null(access->stated_us), "until",
                     kc_json_time_or_null(access->until_us));
}

typedef struct {
    const char *purpose, *note;
} NewAccess;

static const KcBindField access_fields[] = {
    {"purpose", KC_BIND_TEXT, G_STRUCT_OFFSET(NewAccess, purpose), KC_BIND_REQUIRED},
    {"note", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewAccess, note), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_access(KcHttpRequest *request)
{
    NewAccess body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcStatedAccess) access = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, access_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_state_purpose(request->app, request->caller.principal, kc_http_request_id(request, 0), body.purpose,
                              body.note, &access, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "access", access_of(access)));
}

static json_t *
look_of(gconstpointer item)
{
    const KcLookView *look = item;
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "at", kc_json_time_or_null(look->at_us), "what",
                     look->what, "kind", look->kind, "role", kc_json_text_or_null(look->role), "name",
                     kc_json_text_or_null(look->name), "badge_number", kc_json_text_or_null(look->badge_number),
                     "label", kc_json_text_or_null(look->label), "purpose", kc_json_text_or_null(look->purpose), "note",
                     kc_json_text_or_null(look->note));
}

KcHttpReply *
kc_get_accesses(KcHttpRequest *request)
{
    g_auto(KcLooks) looks = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_looks(request->app, request->caller.principal, kc_http_request_id(request, 0), &looks, &result,
                           &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(looks.looks, look_of);
    json_object_set_new(root, "purpose_needed", json_boolean(looks.needed));
    json_object_set_new(root, "stated", looks.stated != NULL ? access_of(looks.stated) : json_null());
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

/* ---- Findings ---- */

static json_t *
step_of(const char *choice, const char *text, const char *by, gint64 at_us, const char *name)
{
    if (choice == NULL)
        return json_null();
    return json_pack("{s:s, s:o, s:o, s:o}", name, choice, "text", kc_json_text_or_null(text), "by",
                     kc_json_text_or_null(by), "at", kc_json_time_or_null(at_us));
}

static json_t *
finding_of(const KcFindingView *view)
{
    const KcFindingRow *row = view->row;
    json_t *root =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", row->id, "case_id", row->case_id,
                  "case_number", view->case_number, "severity", row->severity, "criterion", row->criterion, "mark_at",
                  kc_json_time_or_null(row->mark_us), "text", kc_json_text_or_null(row->text), "by",
                  kc_json_text_or_null(view->found_by_name), "at", kc_json_time_or_null(row->found_us));
    json_object_set_new(root, "officer", kc_json_text_or_null(view->officer_name));
    json_object_set_new(root, "officer_id", kc_json_text_or_null(row->officer_id));
    json_object_set_new(root, "answer",
                        step_of(row->answer, row->answer_text, view->answered_by_name, row->answered_us, "answer"));
    json_object_set_new(root, "closing",
                        step_of(row->closing, row->closing_text, view->closed_by_name, row->closed_us, "closing"));
    return root;
}

static json_t *
finding_item(gconstpointer view)
{
    return finding_of(view);
}

static KcHttpReply *
reply_finding(unsigned status, const KcFindingView *view)
{
    return kc_http_reply_json(status, json_pack("{s:o}", "finding", finding_of(view)));
}

typedef struct {
    char criterion[32];
    gint64 score;
} Score;

typedef struct {
    int kind;
    const char *severity, *criterion, *text;
    gint64 mark_us;
    GArray *scores;
} Review;

static const char *const review_kinds[] = {"finding", "scores", NULL};

static const KcBindField score_fields[] = {
    {"criterion", KC_BIND_CODE, G_STRUCT_OFFSET(Score, criterion), KC_BIND_REQUIRED, .size = 32},
    {"score", KC_BIND_INT, G_STRUCT_OFFSET(Score, score), KC_BIND_REQUIRED, 0, 1, 5},
    {NULL},
};

static const KcBindField review_fields[] = {
    {"kind", KC_BIND_CHOICE, G_STRUCT_OFFSET(Review, kind), KC_BIND_REQUIRED, .choices = review_kinds},
    {"severity", KC_BIND_TEXT, G_STRUCT_OFFSET(Review, severity), KC_BIND_NULLABLE},
    {"criterion", KC_BIND_TEXT, G_STRUCT_OFFSET(Review, criterion), KC_BIND_NULLABLE},
    {"mark_at", KC_BIND_TIME, G_STRUCT_OFFSET(Review, mark_us), KC_BIND_NULLABLE},
    {"text", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Review, text), KC_BIND_NULLABLE},
    {"scores", KC_BIND_OBJECTS, G_STRUCT_OFFSET(Review, scores), KC_BIND_NULLABLE, 0, 0, 8, .fields = score_fields,
     .size = sizeof(Score)},
    {NULL},
};

static KcHttpReply *
add_finding(KcHttpRequest *request, const Review *body)
{
    g_autoptr(KcFindingView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    const KcNewFinding wanted = {body->severity, body->criterion, body->mark_us, body->text};
    if (!kc_app_add_finding(request->app, request->caller.principal, kc_http_request_id(request, 0), &wanted, &view,
                            &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_finding(MHD_HTTP_CREATED, view);
}

static KcHttpReply *
add_scores(KcHttpRequest *request, const Review *body)
{
    KcNewScore scores[8];
    gsize count = body->scores != NULL ? body->scores->len : 0;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < count; i++) {
        const Score *score = &g_array_index(body->scores, Score, i);
        scores[i] = (KcNewScore){score->criterion, score->score};
    }
    if (!kc_app_score_case(request->app, request->caller.principal, kc_http_request_id(request, 0), scores, count,
                           &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:I}", "scored", (json_int_t)count));
}

KcHttpReply *
kc_post_audit_review(KcHttpRequest *request)
{
    Review body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *reply = NULL;
    if (!kc_bind(request->json, review_fields, &body, &errors))
        reply = kc_problem_fields(&errors);
    else
        reply = body.kind == 0 ? add_finding(request, &body) : add_scores(request, &body);
    kc_bind_clear(review_fields, &body);
    return reply;
}

static json_t *
score_of(gconstpointer item)
{
    const KcScoreView *score = item;
    return json_pack("{s:s, s:I, s:o, s:o, s:b}", "criterion", score->criterion, "score", (json_int_t)score->score,
                     "by", kc_json_text_or_null(score->name), "at", kc_json_time_or_null(score->scored_us), "own",
                     score->own);
}

KcHttpReply *
kc_get_audit_reviews(KcHttpRequest *request)
{
    g_auto(KcCaseFindings) list = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_findings(request->app, request->caller.principal, kc_http_request_id(request, 0), &list, &result,
                              &error))
        return kc_outcome_reply(request, &result, error);
    json_t *findings = kc_json_items(list.findings, finding_item), *scores = kc_json_items(list.scores, score_of);
    json_t *root = json_pack("{s:O, s:O}", "findings", json_object_get(findings, "items"), "scores",
                             json_object_get(scores, "items"));
    json_decref(findings);
    json_decref(scores);
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

KcHttpReply *
kc_get_findings(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_open_findings(request->app, request->caller.principal, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, finding_item));
}

/* ---- Answer and close ---- */

typedef struct {
    const char *choice, *text;
} Step;

typedef gboolean (*TakeStep)(KcApp *app, const KcPrincipal *who, const char *case_id, const char *finding_id,
                             const char *choice, const char *text, KcFindingView **ret_finding, KcResult *result,
                             GError **error);

static KcHttpReply *
take_step(KcHttpRequest *request, const KcBindField *fields, TakeStep take)
{
    Step body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcFindingView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!take(request->app, request->caller.principal, kc_http_request_id(request, 0), kc_http_request_id(request, 1),
              body.choice, body.text, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_finding(MHD_HTTP_OK, view);
}

static const KcBindField answer_fields[] = {
    {"answer", KC_BIND_TEXT, G_STRUCT_OFFSET(Step, choice), KC_BIND_REQUIRED},
    {"text", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Step, text), KC_BIND_NULLABLE},
    {NULL},
};
static const KcBindField closing_fields[] = {
    {"closing", KC_BIND_TEXT, G_STRUCT_OFFSET(Step, choice), KC_BIND_REQUIRED},
    {"text", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Step, text), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_post_finding_answer(KcHttpRequest *request)
{
    return take_step(request, answer_fields, kc_app_answer_finding);
}

KcHttpReply *
kc_post_finding_closing(KcHttpRequest *request)
{
    return take_step(request, closing_fields, kc_app_close_finding);
}
