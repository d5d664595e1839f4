#include "src/http/problem.h"

#define TYPE_PREFIX "urn:kuaichu:problem:"

void
kc_field_errors_add(KcFieldErrors *errors, const char *pointer, const char *message)
{
    if (errors->items == NULL)
        errors->items = g_ptr_array_new_with_free_func(g_free);
    if (errors->items->len >= 2 * KC_PROBLEM_FIELDS)
        return;
    g_ptr_array_add(errors->items, g_strdup(pointer));
    g_ptr_array_add(errors->items, g_strdup(message));
}

gboolean
kc_field_errors_any(const KcFieldErrors *errors)
{
    return errors->items != NULL;
}

void
kc_field_errors_clear(KcFieldErrors *errors)
{
    g_clear_pointer(&errors->items, g_ptr_array_unref);
}

static const char *
title_of(unsigned status)
{
    const char *phrase = MHD_get_reason_phrase_for(status);
    return phrase != NULL ? phrase : "Error";
}

static json_t *
errors_of(const KcFieldErrors *errors)
{
    json_t *list = json_array();
    for (guint i = 0; i < errors->items->len; i += 2)
        json_array_append_new(list, json_pack("{s:s, s:s}", "pointer", (const char *)errors->items->pdata[i], "message",
                                              (const char *)errors->items->pdata[i + 1]));
    return list;
}

KcHttpReply *
kc_problem_reply(const KcProblem *problem)
{
    g_autofree char *type = g_strconcat(TYPE_PREFIX, problem->code, NULL);
    json_t *root = json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", title_of(problem->status), "status",
                             (int)problem->status, "code", problem->code);
    if (problem->detail != NULL)
        json_object_set_new(root, "detail", json_string(problem->detail));
    if (problem->state != NULL)
        json_object_set_new(root, "state", json_string(problem->state));
    if (problem->errors != NULL && kc_field_errors_any(problem->errors))
        json_object_set_new(root, "errors", errors_of(problem->errors));
    KcHttpReply *reply = kc_http_reply_json(problem->status, root);
    reply->content_type = "application/problem+json";
    if (problem->status == MHD_HTTP_UNAUTHORIZED)
        kc_http_reply_header(reply, "WWW-Authenticate", "Bearer");
    if (problem->retry_after_s > 0)
        kc_http_reply_headerf(reply, "Retry-After", "%u", problem->retry_after_s);
    return reply;
}

KcHttpReply *
kc_problem(unsigned status, const char *code, const char *detail)
{
    return kc_problem_reply(&(KcProblem){.status = status, .code = code, .detail = detail});
}

KcHttpReply *
kc_problem_retry(unsigned status, const char *code, const char *detail, guint after_s)
{
    return kc_problem_reply(&(KcProblem){.status = status, .code = code, .detail = detail, .retry_after_s = after_s});
}

KcHttpReply *
kc_problem_fields(const KcFieldErrors *errors)
{
    return kc_problem_reply(&(KcProblem){.status = MHD_HTTP_UNPROCESSABLE_CONTENT,
                                         .code = "invalid",
                                         .detail = "One or more fields are wrong; each is named in errors.",
                                         .errors = errors});
}

KcHttpReply *
kc_problem_field(const char *pointer, const char *message)
{
    g_auto(KcFieldErrors) errors = {NULL};
    kc_field_errors_add(&errors, pointer, message);
    return kc_problem_fields(&errors);
}
