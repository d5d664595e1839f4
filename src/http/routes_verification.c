#include "src/app/verification.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

KcHttpReply *
kc_get_verification(KcHttpRequest *request)
{
    g_autoptr(KcVerified) found = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    guint wait_s = kc_rate_limit_take(request->context->verify_limit, request->address, g_get_monotonic_time());
    if (wait_s > 0)
        return kc_problem_retry(MHD_HTTP_TOO_MANY_REQUESTS, "rate",
                                "查询过于频繁，请稍后再试。 / Too many checks came from this address; try again in a moment.",
                                wait_s);
    if (!kc_app_verify_document(request->app, kc_http_request_query(request, "sha256"), &found, &result, &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply = kc_http_reply_json(
        MHD_HTTP_OK,
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "number", found->number, "kind", found->kind,
                  "matched", found->matched, "status", kc_verified_status(found), "issued_at",
                  kc_json_time_or_null(found->issued_us), "copied_at", kc_json_time_or_null(found->copied_us),
                  "revoked_at", kc_json_time_or_null(found->revoked_us), "replaced_by",
                  kc_json_text_or_null(found->replaced_by), "withdrawn_at", kc_json_time_or_null(found->withdrawn_us),
                  "corrected_at", kc_json_time_or_null(found->corrected_us), "corrected_by",
                  kc_json_text_or_null(found->corrected_by)));
    kc_http_reply_header(reply, "Cache-Control", "no-store");
    return reply;
}
