#include "src/app/messages.h"
#include "src/base/id.h"
#include "src/base/limits.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/precondition.h"
#include "src/http/routes.h"

static json_t *
message_of(gconstpointer item)
{
    const KcMessageView *view = item;
    json_t *from =
        json_pack("{s:s, s:o, s:o, s:o}", "kind", view->kind, "label", kc_json_text_or_null(view->label), "name",
                  kc_json_text_or_null(view->name), "guest_kind", kc_json_text_or_null(view->guest_kind));
    return json_pack("{s:s, s:o, s:o, s:o, s:b}", "id", view->message->id, "from", from, "text",
                     kc_json_text_or_null(view->message->text), "sent_at", kc_json_time_or_null(view->message->sent_us),
                     "own", view->own);
}

/* By who writes, not from where: everybody at the roadside may share one address. */
static KcHttpReply *
check_rate(KcHttpRequest *request)
{
    const char *who = kc_principal_id(request->caller.principal);
    guint wait_s = kc_rate_limit_take(request->context->message_limit, who, g_get_monotonic_time());
    return wait_s == 0 ? NULL
                       : kc_problem_retry(MHD_HTTP_TOO_MANY_REQUESTS, "rate",
                                          "发送过于频繁，请稍候 / Too many messages; wait a moment.", wait_s);
}

typedef struct {
    const char *text;
} NewMessage;

static const KcBindField new_message_fields[] = {
    {"text", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(NewMessage, text), KC_BIND_REQUIRED, .max = KC_LIMIT_MESSAGE_CHARS},
    {NULL},
};

KcHttpReply *
kc_post_message(KcHttpRequest *request)
{
    NewMessage body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcRequestKey) key = {0};
    g_autoptr(KcMessageView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_message_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_key(request, &key);
    if (refusal == NULL)
        refusal = check_rate(request);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_send_message(request->app, request->caller.principal, kc_http_request_id(request, 0), body.text,
                             key.use, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "message", message_of(view)));
}

KcHttpReply *
kc_get_messages(KcHttpRequest *request)
{
    const char *after = kc_http_request_query(request, "after");
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (after != NULL && !kc_id_is_valid(after))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "The query parameter after takes the id of a message.");
    if (!kc_app_list_messages(request->app, request->caller.principal, kc_http_request_id(request, 0), after, &views,
                              &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(views, message_of));
}
