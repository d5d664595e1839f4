#include "media/transport/sdp_text.h"

#include <string.h>

#include "src/base/limits.h"

void
kc_sdp_refusal_clear(KcSdpRefusal *refusal)
{
    g_clear_pointer(&refusal->detail, g_free);
    refusal->status = 0;
    refusal->code = NULL;
}

gboolean
kc_sdp_refuse(KcSdpRefusal *refusal, guint status, const char *code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    refusal->status = status;
    refusal->code = code;
    refusal->detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return FALSE;
}

gboolean
kc_sdp_is_token(const char *text, gsize max_chars)
{
    gsize len = strlen(text);

    if (len == 0 || len > max_chars)
        return FALSE;
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isgraph(text[i]) || strchr("\"(),/:;<=>?@[\\]", text[i]) != NULL)
            return FALSE;
    return TRUE;
}

static gboolean
is_ice_chars(const char *text, gsize min, gsize max)
{
    gsize len = strlen(text);

    if (len < min || len > max)
        return FALSE;
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isalnum(text[i]) && text[i] != '+' && text[i] != '/')
            return FALSE;
    return TRUE;
}

gboolean
kc_sdp_check_credentials(const char *ufrag, const char *pwd, KcSdpRefusal *ret_refusal)
{
    if (ufrag == NULL || pwd == NULL)
        return kc_sdp_refuse(ret_refusal, 422, "sdp-no-ice", "The description has no ice-ufrag or no ice-pwd.");
    if (!is_ice_chars(ufrag, 4, KC_SDP_UFRAG_CHARS) || !is_ice_chars(pwd, 22, KC_SDP_PWD_CHARS))
        return kc_sdp_refuse(ret_refusal, 422, "sdp-bad-ice",
                             "ice-ufrag must have 4 to 256, ice-pwd 22 to 256 letters, digits, + or /.");
    return TRUE;
}

gboolean
kc_sdp_check_text(const char *text, gsize len, KcSdpRefusal *ret_refusal)
{
    if (len > KC_LIMIT_SDP_BYTES)
        return kc_sdp_refuse(ret_refusal, 400, "sdp-too-large", "The description is larger than %d bytes.",
                             KC_LIMIT_SDP_BYTES);
    if (len == 0)
        return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "The description is empty.");
    if (!g_utf8_validate_len(text, len, NULL))
        return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "The description is not UTF-8 text.");
    for (gsize i = 0; i < len; i++)
        if (((guchar)text[i] < 0x20 && strchr("\r\n\t", text[i]) == NULL) || text[i] == 0x7f || text[i] == 0)
            return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "The description has control characters.");
    return TRUE;
}
