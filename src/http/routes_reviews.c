/* Reviews by the next higher unit (Order 146, arts. 71-79). */
#include <string.h>

#include "src/app/reviews.h"
#include "src/base/limits.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/json_review.h"
#include "src/http/routes.h"

static KcHttpReply *
reply(unsigned status, const KcReviewView *view)
{
    return kc_http_reply_json(status, json_pack("{s:o}", "review", kc_json_review(view)));
}

static const KcBindField ask_fields[] = {
    {"request", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(KcAskReview, request), KC_BIND_REQUIRED},
    {"reasons", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(KcAskReview, reasons), KC_BIND_REQUIRED},
    {"evidence", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(KcAskReview, evidence), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_review_request(KcHttpRequest *request)
{
    KcAskReview body = {NULL};
    g_auto(KcRequestKey) key = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcReviewView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = kc_precondition_key(request, &key);
    if (refusal != NULL)
        return refusal;
    if (!kc_bind(request->json, ask_fields, &body, &errors))
        return kc_problem_fields(&errors);
    body.idempotency = key.use;
    if (!kc_app_ask_review(request->app, request->caller.principal, kc_http_request_id(request, 0), &body, &view,
                           &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_CREATED, view);
}

/* Steps that need nothing but the review. */
typedef gboolean (*StepFn)(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                           KcReviewView **ret_review, KcResult *result, GError **error);

static KcHttpReply *
step(KcHttpRequest *request, StepFn fn)
{
    g_autoptr(KcReviewView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!fn(request->app, request->caller.principal, kc_http_request_id(request, 0), kc_http_request_id(request, 1),
            &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}

KcHttpReply *
kc_post_review_withdrawal(KcHttpRequest *request)
{
    return step(request, kc_app_withdraw_review);
}

KcHttpReply *
kc_post_review_forward(KcHttpRequest *request)
{
    return step(request, kc_app_forward_review);
}

KcHttpReply *
kc_post_review_service(KcHttpRequest *request)
{
    return step(request, kc_app_serve_review);
}

KcHttpReply *
kc_get_review_packet(KcHttpRequest *request)
{
    KcObjectReader *reader = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_open_review_packet(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                   kc_http_request_id(request, 1), &reader, &result, &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *packet = kc_reply_object(request, reader);
    kc_http_reply_header(packet, "Content-Disposition", "attachment; filename=\"review.zip\"");
    return packet;
}

/* ---- The conclusion ---- */

typedef struct {
    int outcome;
    const char *unit, *findings, *correction;
    GArray *reviewers;
    GPtrArray *grounds;
} NewConclusion;

static const char *const outcomes[] = {"upheld", "upheld_corrected", "anew", NULL};

static const KcBindField reviewer_fields[] = {
    {"name", KC_BIND_TEXT, G_STRUCT_OFFSET(KcReviewer, name), KC_BIND_REQUIRED},
    {"badge_number", KC_BIND_TEXT, G_STRUCT_OFFSET(KcReviewer, badge_number), KC_BIND_REQUIRED},
    {NULL},
};

static const KcBindField conclusion_fields[] = {
    {"outcome", KC_BIND_CHOICE, G_STRUCT_OFFSET(NewConclusion, outcome), KC_BIND_REQUIRED, .choices = outcomes},
    {"unit", KC_BIND_TEXT, G_STRUCT_OFFSET(NewConclusion, unit), KC_BIND_REQUIRED},
    {"reviewers", KC_BIND_OBJECTS, G_STRUCT_OFFSET(NewConclusion, reviewers), KC_BIND_REQUIRED,
     .max = KC_LIMIT_REVIEWERS, .fields = reviewer_fields, .size = sizeof(KcReviewer)},
    {"grounds", KC_BIND_TEXTS, G_STRUCT_OFFSET(NewConclusion, grounds), KC_BIND_OPTIONAL,
     .max = KC_REVIEW_GROUND_COUNT},
    {"findings", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewConclusion, findings), KC_BIND_REQUIRED},
    {"correction", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewConclusion, correction), KC_BIND_NULLABLE},
    {NULL},
};

/* FALSE for one that is not known. */
static gboolean
read_grounds(const GPtrArray *texts, GArray *grounds, KcFieldErrors *errors)
{
    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        KcReviewGround ground;
        g_autofree char *pointer = g_strdup_printf("/grounds/%u", i);
        if (kc_review_ground_from_string(texts->pdata[i], &ground))
            g_array_append_val(grounds, ground);
        else
            kc_field_errors_add(errors, pointer, "is not known");
    }
    return !kc_field_errors_any(errors);
}

static KcHttpReply *
conclude(KcHttpRequest *request, const NewConclusion *body)
{
    g_autoptr(GArray) grounds = g_array_new(FALSE, FALSE, sizeof(KcReviewGround));
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcReviewView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!read_grounds(body->grounds, grounds, &errors))
        return kc_problem_fields(&errors);
    const KcConcludeReview wanted = {
        .outcome = (KcReviewOutcome)body->outcome,
        .unit = body->unit,
        .reviewers = (const KcReviewer *)(const void *)body->reviewers->data,
        .reviewer_count = body->reviewers->len,
        .grounds = (const KcReviewGround *)(const void *)grounds->data,
        .ground_count = grounds->len,
        .findings = body->findings,
        .correction = body->correction,
    };
    if (!kc_app_conclude_review(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                kc_http_request_id(request, 1), &wanted, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}

KcHttpReply *
kc_post_review_conclusion(KcHttpRequest *request)
{
    NewConclusion body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *answer = kc_bind(request->json, conclusion_fields, &body, &errors) ? conclude(request, &body)
                                                                                    : kc_problem_fields(&errors);
    kc_bind_clear(conclusion_fields, &body);
    return answer;
}

/* ---- A suit meanwhile ---- */

typedef struct {
    const char *court, *accepted_on;
} NewSuit;

static const KcBindField suit_fields[] = {
    {"court", KC_BIND_TEXT, G_STRUCT_OFFSET(NewSuit, court), KC_BIND_REQUIRED},
    {"accepted_on", KC_BIND_TEXT, G_STRUCT_OFFSET(NewSuit, accepted_on), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_review_suit(KcHttpRequest *request)
{
    NewSuit body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcReviewView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, suit_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_note_suit(request->app, request->caller.principal, kc_http_request_id(request, 0),
                          kc_http_request_id(request, 1), body.court, body.accepted_on, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}

/* ---- The list ---- */

static json_t *
item(gconstpointer view)
{
    return kc_json_review(view);
}

KcHttpReply *
kc_get_review_requests(KcHttpRequest *request)
{
    const char *state = kc_http_request_query(request, "state");
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (state != NULL && strcmp(state, "open") != 0 && strcmp(state, "all") != 0)
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "The query parameter state is not understood.");
    if (!kc_app_list_reviews(request->app, request->caller.principal, g_strcmp0(state, "all") == 0, &views, &result,
                             &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, item));
}
