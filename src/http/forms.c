#include "src/http/forms.h"

#include "src/http/accept.h"
#include "src/http/outcome.h"

#include <string.h>

KcForm
kc_http_form(KcHttpRequest *request, const char *second, const char *type, KcHttpReply **ret_refusal)
{
    const char *const offered[] = {"application/json", type, NULL};
    const char *format = kc_http_request_query(request, "format");
    if (format != NULL && strcmp(format, "json") != 0 && strcmp(format, second) != 0) {
        g_auto(KcResult) result = {0};
        g_autofree char *message = g_strdup_printf("json 或 %s / json or %s", second, second);
        kc_refuse_field(&result, "/format", message);
        *ret_refusal = kc_outcome_reply(request, &result, NULL);
        return KC_FORM_NONE;
    }
    if (format != NULL)
        return strcmp(format, "json") == 0 ? KC_FORM_JSON : KC_FORM_SECOND;
    int chosen = kc_accept_choose(kc_http_request_header(request, "Accept"), offered);
    if (chosen >= 0)
        return chosen == 0 ? KC_FORM_JSON : KC_FORM_SECOND;
    *ret_refusal = kc_problem(MHD_HTTP_NOT_ACCEPTABLE, "not-acceptable", "There is no such form of this report.");
    return KC_FORM_NONE;
}

KcHttpReply *
kc_http_file_reply(const char *type, GBytes *bytes, const char *name)
{
    KcHttpReply *reply = kc_http_reply_bytes(MHD_HTTP_OK, type, bytes);
    kc_http_reply_headerf(reply, "Content-Disposition", "attachment; filename=\"%s\"", name);
    kc_http_reply_header(reply, "Vary", "Accept");
    return reply;
}

const char *
kc_http_query_text(KcHttpRequest *request, const char *name)
{
    const char *text = kc_http_request_query(request, name);
    return text == NULL || g_utf8_validate(text, -1, NULL) ? text : "\xef\xbf\xbd";
}
