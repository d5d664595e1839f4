#include <string.h>

#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/domain/local_time.h"
#include "src/http/contract.h"
#include "src/http/json_case.h"
#include "src/http/json_codes.h"
#include "src/http/routes.h"

#define PLAIN "text/plain; charset=utf-8"

KcHttpReply *
kc_get_health(KcHttpRequest *request G_GNUC_UNUSED)
{
    return kc_http_reply_text(MHD_HTTP_OK, PLAIN, "ok\n");
}

KcHttpReply *
kc_get_readiness(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) parts = kc_app_parts(request->app);
    json_t *list = json_array();
    gboolean ready = TRUE;
    for (guint i = 0; i < parts->len; i++) {
        const KcAppPart *part = parts->pdata[i];
        ready = ready && part->ok;
        json_array_append_new(list, json_pack("{s:s, s:b, s:o}", "part", part->part, "ok", part->ok, "detail",
                                              kc_json_text_or_null(part->detail)));
    }
    return kc_http_reply_json(ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                              json_pack("{s:b, s:o}", "ready", ready, "parts", list));
}

KcHttpReply *
kc_get_contract(KcHttpRequest *request G_GNUC_UNUSED)
{
    KcHttpReply *reply = kc_http_reply_bytes(MHD_HTTP_OK, "application/json",
                                             g_bytes_new_static(kc_contract_json, strlen(kc_contract_json)));
    kc_http_reply_header(reply, "Cache-Control", "no-cache");
    return reply;
}

static json_t *
bilingual(const char *zh, const char *en)
{
    return json_pack("{s:s, s:s}", "zh", zh, "en", en);
}

KcHttpReply *
kc_get_config(KcHttpRequest *request)
{
    const KcRules *rules = kc_app_rules(request->app);
    const KcDeskPolicy *desk = kc_rules_desk(rules);
    json_t *root = json_pack(
        "{s:b, s:s, s:s, s:I, s:o, s:{s:s, s:s, s:s, s:s}, s:{s:I, s:I, s:I}, s:s, s:o, s:{s:i, s:i, s:i}}", "demo",
        kc_app_is_demo(request->app), "version", KC_VERSION, "rules_version", kc_rules_version(rules), "rules_number",
        (json_int_t)kc_app_rules_number(request->app), "centre_name",
        bilingual(kc_rules_centre_zh(rules), kc_rules_centre_en(rules)), "emergency", "police", "110", "ambulance",
        "120", "fire", "119", "traffic", "122", "targets", "answer_s", (json_int_t)desk->answer_s, "clear_s",
        (json_int_t)desk->clear_s, "close_s", (json_int_t)desk->close_s,
        "assignment", kc_assignment_to_string(desk->assignment), "retention_text",
        bilingual("通话全程录音录像，加密保存，至少六个月；作为案件证据的长期保存。",
                  "The call is recorded in full, kept encrypted for at least six months, and for longer as evidence."),
        "limits", "photo_bytes", KC_LIMIT_PHOTO_BYTES, "signature_bytes", KC_LIMIT_SIGNATURE_BYTES, "text_chars",
        KC_LIMIT_TEXT_CHARS);
    json_object_set_new(root, "map",
                        json_pack("{s:s?, s:s?}", "tiles", request->context->map_tiles, "attribution",
                                  request->context->map_attribution));
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, root);
    kc_http_reply_header(reply, "Cache-Control", "no-cache");
    return reply;
}

KcHttpReply *
kc_get_codes(KcHttpRequest *request)
{
    const char *version = kc_http_request_query(request, "rules");
    gint64 number = 0;
    if (version != NULL && !g_ascii_string_to_signed(version, 10, 1, G_MAXINT32, &number, NULL))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "bad-query", "The query parameter rules is no number of a version.");
    const KcRules *rules = version != NULL ? kc_app_rules_at(request->app, number) : kc_app_rules(request->app);
    if (rules == NULL)
        return kc_problem(MHD_HTTP_NOT_FOUND, "version-unknown", "There is no such version that a case keeps.");
    g_autofree char *today = kc_local_date(kc_timestamp_now_us());
    g_autofree char *etag = g_strdup_printf("\"%.16s-%s\"", kc_rules_version(rules), today);
    gboolean fresh = kc_precondition_is_fresh(request, etag);
    KcHttpReply *reply =
        fresh ? kc_precondition_not_modified(etag) : kc_http_reply_json(MHD_HTTP_OK, kc_json_codes(rules, today));
    if (!fresh)
        kc_http_reply_header(reply, "ETag", etag);
    kc_http_reply_header(reply, "Cache-Control", "public, max-age=60");
    return reply;
}

/* Only the desk has a map. */
KcHttpReply *
kc_get_asset(KcHttpRequest *request)
{
    KcHttpReply *reply =
        kc_assets_reply(request->context->assets, request->path, kc_http_request_header(request, "Accept-Encoding"),
                        kc_http_request_header(request, "If-None-Match"));
    if (request->context->desk_policy != NULL && g_str_has_prefix(request->path, "/desk"))
        kc_http_reply_header(reply, "Content-Security-Policy", request->context->desk_policy);
    return reply;
}
