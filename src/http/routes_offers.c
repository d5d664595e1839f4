/* A case from one seat to another: ask, answer, take back. */
#include "src/app/offers.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
person(const char *id, const char *name)
{
    return id != NULL ? json_pack("{s:s, s:s}", "id", id, "name", name != NULL ? name : "") : json_null();
}

static json_t *
offer_of(gconstpointer item)
{
    const KcOfferView *view = item;
    const KcOffer *offer = view->offer;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", offer->id, "kind", offer->kind, "case_id",
                     offer->case_id, "case_number", view->case_number, "case_state", view->case_state, "from",
                     person(offer->from_user, view->from_name), "to", person(offer->to_user, view->to_name),
                     "offered_at", kc_json_time_or_null(offer->offered_us), "expires_at",
                     kc_json_time_or_null(offer->expires_us));
}

typedef struct {
    const char *user_id;
} NewOffer;

static const KcBindField new_offer_fields[] = {
    {"user_id", KC_BIND_ID, G_STRUCT_OFFSET(NewOffer, user_id), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_offer(KcHttpRequest *request)
{
    NewOffer body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcOfferView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_offer_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_offer_case(request->app, request->caller.principal, kc_http_request_id(request, 0), body.user_id, &view,
                           &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "offer", offer_of(view)));
}

KcHttpReply *
kc_get_offers(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_offers(request->app, request->caller.principal, &views, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, offer_of));
}

KcHttpReply *
kc_post_offer_accept(KcHttpRequest *request)
{
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_accept_offer(request->app, request->caller.principal, kc_http_request_id(request, 0), &view, &result,
                             &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}

typedef gboolean (*EndFn)(KcApp *app, const KcPrincipal *who, const char *offer_id, KcResult *result, GError **error);

static KcHttpReply *
end_by(KcHttpRequest *request, EndFn fn)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!fn(request->app, request->caller.principal, kc_http_request_id(request, 0), &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

KcHttpReply *
kc_post_offer_decline(KcHttpRequest *request)
{
    return end_by(request, kc_app_decline_offer);
}

KcHttpReply *
kc_delete_offer(KcHttpRequest *request)
{
    return end_by(request, kc_app_withdraw_offer);
}
