#include "src/domain/han_number.h"

#define GREATEST 9999

/* -1: no digit. Of 两 and the like the laws make no use in numbers of articles. */
static int
digit_of(gunichar c)
{
    static const gunichar han[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};

    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    if (c >= 0xff10 && c <= 0xff19)
        return (int)(c - 0xff10);
    if (c == 0x96f6) /* 零 */
        return 0;
    for (guint i = 0; i < G_N_ELEMENTS(han); i++)
        if (han[i] == c)
            return (int)i;
    return -1;
}

static guint
unit_of(gunichar c)
{
    switch (c) {
    case 0x5341: /* 十 */
        return 10;
    case 0x767e: /* 百 */
        return 100;
    case 0x5343: /* 千 */
        return 1000;
    default:
        return 0;
    }
}

/* 一百二十三 is a sum of digits by units, 123 a row of digits: a unit ends the row before it, and 十 alone is ten. */
const char *
kc_han_number_scan(const char *text, guint *ret_number)
{
    guint sum = 0, row = 0;
    gboolean has_row = FALSE;
    const char *p = text;

    for (; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        int digit = digit_of(c);
        guint unit = unit_of(c);
        if (digit < 0 && unit == 0)
            break;
        if (digit >= 0)
            row = row * 10 + (guint)digit;
        else
            sum += (row > 0 || has_row ? row : 1) * unit;
        has_row = digit >= 0;
        if (digit < 0)
            row = 0;
        if (sum + row > GREATEST)
            return NULL;
    }
    *ret_number = sum + row;
    return p == text || sum + row == 0 ? NULL : p;
}
