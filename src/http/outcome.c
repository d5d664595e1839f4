#include "src/http/outcome.h"

#include "src/http/request.h"

static const struct {
    unsigned status;
    const char *code;
} kinds[] = {
    [KC_RESULT_OK] = {MHD_HTTP_INTERNAL_SERVER_ERROR, "internal"},
    [KC_RESULT_MALFORMED] = {MHD_HTTP_BAD_REQUEST, "malformed"},
    [KC_RESULT_UNAUTHENTICATED] = {MHD_HTTP_UNAUTHORIZED, "unauthenticated"},
    [KC_RESULT_FORBIDDEN] = {MHD_HTTP_FORBIDDEN, "forbidden"},
    [KC_RESULT_NOT_FOUND] = {MHD_HTTP_NOT_FOUND, "not-found"},
    [KC_RESULT_STATE] = {MHD_HTTP_CONFLICT, "wrong-state"},
    [KC_RESULT_CONFLICT] = {MHD_HTTP_CONFLICT, "conflict"},
    [KC_RESULT_STALE] = {MHD_HTTP_PRECONDITION_FAILED, "stale"},
    [KC_RESULT_TOO_LARGE] = {MHD_HTTP_CONTENT_TOO_LARGE, "too-large"},
    [KC_RESULT_UNSUPPORTED] = {MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "unsupported"},
    [KC_RESULT_INVALID] = {MHD_HTTP_UNPROCESSABLE_CONTENT, "invalid"},
    [KC_RESULT_RATE] = {MHD_HTTP_TOO_MANY_REQUESTS, "rate"},
    [KC_RESULT_UNAVAILABLE] = {MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable"},
    [KC_RESULT_DISK_FULL] = {MHD_HTTP_INSUFFICIENT_STORAGE, "disk-full"},
};

static KcHttpReply *
fault(const KcHttpRequest *request, const GError *error)
{
    g_log_structured("kuaichu-http", G_LOG_LEVEL_WARNING, "KC_REQUEST_ID", request->request_id, "KC_CASE_ID",
                     request->match.params[0], "MESSAGE", "request %s failed: %s", request->request_id,
                     error != NULL ? error->message : "a use case refused without a reason");
    return kc_problem(MHD_HTTP_INTERNAL_SERVER_ERROR, "internal",
                      "The service failed; nothing was changed. Its operator finds the cause by the X-Request-Id.");
}

KcHttpReply *
kc_outcome_reply(const KcHttpRequest *request, const KcResult *result, const GError *error)
{
    if (error != NULL || result->kind == KC_RESULT_OK)
        return fault(request, error);
    g_auto(KcFieldErrors) fields = {NULL};
    for (guint i = 0; result->errors != NULL && i < result->errors->len; i++) {
        const KcFieldError *field = result->errors->pdata[i];
        kc_field_errors_add(&fields, field->pointer, field->message);
    }
    const KcProblem problem = {
        .status = kinds[result->kind].status,
        .code = result->code != NULL ? result->code : kinds[result->kind].code,
        .detail = result->detail,
        .state = result->state,
        .errors = &fields,
        .retry_after_s = result->retry_after_s,
    };
    return kc_problem_reply(&problem);
}
