#include "src/http/range.h"

#include <string.h>

#define MAX_DIGITS 18 /* any such number fits a guint64 */

/* Digits up to a character that is none; FALSE if there are none or too many. */
static gboolean
take_number(const char **cursor, guint64 *ret_number)
{
    guint64 number = 0;
    int digits = 0;
    for (; g_ascii_isdigit(**cursor) && digits <= MAX_DIGITS; (*cursor)++, digits++)
        number = number * 10 + (guint64)(**cursor - '0');
    *ret_number = number;
    return digits > 0 && digits <= MAX_DIGITS;
}

static KcRange
part_from(guint64 first, guint64 last, guint64 size)
{
    if (first >= size)
        return (KcRange){.kind = KC_RANGE_UNSATISFIABLE};
    return (KcRange){.kind = KC_RANGE_PART, .first = first, .length = MIN(last, size - 1) - first + 1};
}

static KcRange
suffix_of(guint64 length, guint64 size)
{
    if (length == 0 || size == 0)
        return (KcRange){.kind = KC_RANGE_UNSATISFIABLE};
    length = MIN(length, size);
    return (KcRange){.kind = KC_RANGE_PART, .first = size - length, .length = length};
}

KcRange
kc_range_parse(const char *range, const char *if_range, const char *etag, guint64 size)
{
    const KcRange whole = {.kind = KC_RANGE_WHOLE, .first = 0, .length = size};
    if (range == NULL || g_ascii_strncasecmp(range, "bytes=", 6) != 0)
        return whole;
    if (if_range != NULL && g_strcmp0(if_range, etag) != 0)
        return whole;
    const char *cursor = range + 6;
    guint64 first = 0, last = 0;
    if (*cursor == '-') {
        cursor++;
        return take_number(&cursor, &last) && *cursor == '\0' ? suffix_of(last, size) : whole;
    }
    if (!take_number(&cursor, &first) || *cursor++ != '-')
        return whole;
    if (*cursor == '\0')
        return part_from(first, G_MAXUINT64, size);
    if (!take_number(&cursor, &last) || *cursor != '\0' || last < first)
        return whole;
    return part_from(first, last, size);
}
