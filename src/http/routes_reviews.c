/* Reviews by the next higher unit (Order 146, arts. 71-79). */
#include <string.h>

#include "src/app/reviews.h"
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

KcHttpReply *
kc_post_review_withdrawal(KcHttpRequest *request)
{
    g_autoptr(KcReviewView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_withdraw_review(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                kc_http_request_id(request, 1), &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply(MHD_HTTP_OK, view);
}

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
