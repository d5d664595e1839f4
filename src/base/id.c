#include "src/base/id.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

KcId
kc_id_make(gint64 unix_us, const guint8 random[10])
{
    guint64 ms = (guint64)unix_us / 1000;
    guint8 b[16];
    for (int i = 0; i < 6; i++)
        b[i] = (guint8)(ms >> (40 - 8 * i));
    memcpy(b + 6, random, 10);
    b[6] = (guint8)(0x70 | (b[6] & 0x0f)); /* version 7 */
    b[8] = (guint8)(0x80 | (b[8] & 0x3f)); /* variant of RFC 9562 */

    KcId id;
    static const char digits[] = "0123456789abcdef";
    char *out = id.text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[b[i] >> 4];
        *out++ = digits[b[i] & 15];
    }
    *out = '\0';
    return id;
}

gboolean
kc_id_is_valid(const char *text)
{
    if (text == NULL || strlen(text) != KC_ID_LEN)
        return FALSE;
    for (int i = 0; i < KC_ID_LEN; i++) {
        gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;
        gboolean hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !hex)
            return FALSE;
    }
    return TRUE;
}

KcId
kc_id_now(gint64 unix_us)
{
    guint8 random[10];
    while (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        g_assert(errno == EINTR);
    return kc_id_make(unix_us, random);
}
