#include "src/base/hex.h"

#include <string.h>

char *
kc_hex_encode(const guint8 *bytes, gsize len)
{
    static const char digits[] = "0123456789abcdef";
    char *text = g_malloc(2 * len + 1);
    for (gsize i = 0; i < len; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * len] = '\0';
    return text;
}

gboolean
kc_hex_decode(const char *text, guint8 *ret_bytes, gsize len)
{
    if (text == NULL || strlen(text) != 2 * len)
        return FALSE;
    for (gsize i = 0; i < len; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]), low = g_ascii_xdigit_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return FALSE;
        ret_bytes[i] = (guint8)(high << 4 | low);
    }
    return TRUE;
}
