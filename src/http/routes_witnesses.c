/* Who cosigns the log, and what they bring on their own. */
#include "src/app/witnesses.h"
#include "src/base/timestamp.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
witness_of(gconstpointer data)
{
    const KcWitnessView *view = data;
    g_autofree char *at = view->size > 0 ? kc_timestamp_format(view->cosigned_us) : NULL;
    return json_pack("{s:s, s:s, s:I, s:o, s:o, s:b}", "public", view->public, "url", view->url, "size",
                     (json_int_t)view->size, "cosigned_at", kc_json_text_or_null(at), "trouble",
                     kc_json_text_or_null(view->trouble), "alarm", view->alarm);
}

KcHttpReply *
kc_get_witnesses(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) witnesses = NULL;
    guint quorum;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_witnesses(request->app, &witnesses, &quorum, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(witnesses, witness_of);
    json_object_set_new(root, "quorum", json_integer(quorum));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

KcHttpReply *
kc_post_cosignatures(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    guint wait_s = kc_rate_limit_take(request->context->verify_limit, request->address, g_get_monotonic_time());
    if (wait_s > 0)
        return kc_problem_retry(MHD_HTTP_TOO_MANY_REQUESTS, "rate",
                                "请求过于频繁，请稍后再试。 / Too many requests came from this address; try again in a moment.",
                                wait_s);
    const json_t *size = json_object_get(request->json, "size");
    const char *lines = json_string_value(json_object_get(request->json, "lines"));
    if (!json_is_integer(size) || json_integer_value(size) < 0)
        return kc_problem_field("/size", "应为数字 / a number");
    if (lines == NULL)
        return kc_problem_field("/lines", "应为签名行 / lines of signatures");
    if (!kc_app_add_cosignatures(request->app, (guint64)json_integer_value(size), lines, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}
