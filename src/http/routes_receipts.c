#include "src/app/receipts.h"
#include "src/base/hex.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#include <string.h>

static json_t *
receipt_json(const KcReceipt *receipt)
{
    gsize len;
    const guint8 *head = g_bytes_get_data(receipt->head, &len);
    g_autofree char *base64 = g_base64_encode(head, len);
    g_autofree char *salt = kc_hex_encode(receipt->salt, sizeof receipt->salt);
    gboolean known = receipt->entry != NULL;
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o}", "recording_id", receipt->recording_id, "sha256",
                     receipt->sha256, "head", base64, "media_from", (json_int_t)receipt->media_from, "size",
                     (json_int_t)receipt->size, "entry", kc_json_text_or_null(receipt->entry), "salt",
                     known ? json_string(salt) : json_null(), "leaf", known ? json_integer(receipt->leaf) : json_null(),
                     "checked_at", kc_json_time_or_null(receipt->checked_us));
}

KcHttpReply *
kc_get_recording_receipt(KcHttpRequest *request)
{
    const char *check = kc_http_request_query(request, "check");
    g_auto(KcReceipt) receipt = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (check != NULL && strcmp(check, "true") != 0 && strcmp(check, "false") != 0)
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "The query parameter check is not understood.");
    if (!kc_app_recording_receipt(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                  g_strcmp0(check, "true") == 0, &receipt, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, receipt_json(&receipt));
}
