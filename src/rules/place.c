/* Invariant: the text was parsed before, so that brackets and quotes are paired; the end of the text ends every loop all
 * the same. */
#include "src/rules/place.h"

#include <string.h>

typedef struct {
    const char *at, *end;
} Cursor;

static void
skip_space(Cursor *cursor)
{
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) != NULL && *cursor->at != '\0')
        cursor->at++;
}

/* Past a text in quotes; gives what stands between them. */
static const char *
skip_text(Cursor *cursor, gsize *ret_size)
{
    const char *begin = ++cursor->at;
    while (cursor->at < cursor->end && *cursor->at != '"')
        cursor->at += *cursor->at == '\\' ? 2 : 1;
    if (cursor->at > cursor->end)
        cursor->at = cursor->end;
    *ret_size = (gsize)(cursor->at - begin);
    if (cursor->at < cursor->end)
        cursor->at++;
    return begin;
}

static void
skip_value(Cursor *cursor)
{
    guint depth = 0;
    gsize size;
    do {
        skip_space(cursor);
        if (cursor->at >= cursor->end)
            return;
        if (*cursor->at == '"') {
            skip_text(cursor, &size);
        } else if (strchr("{[", *cursor->at) != NULL) {
            depth++;
            cursor->at++;
        } else if (strchr("}]", *cursor->at) != NULL) {
            depth--;
            cursor->at++;
        } else if (strchr(",:", *cursor->at) != NULL) {
            cursor->at++;
        } else {
            while (cursor->at < cursor->end && strchr(",:]} \t\r\n", *cursor->at) == NULL)
                cursor->at++;
        }
    } while (depth > 0);
}

/* To the value of a member, or the element of that number; FALSE: there is none. */
static gboolean
enter(Cursor *cursor, const char *name)
{
    gboolean object = cursor->at < cursor->end && *cursor->at == '{';
    gsize size, wanted = strlen(name);
    guint64 index = g_ascii_strtoull(name, NULL, 10);
    if (!object && (cursor->at >= cursor->end || *cursor->at != '['))
        return FALSE;
    cursor->at++;
    for (guint64 i = 0; cursor->at < cursor->end; i++) {
        skip_space(cursor);
        if (cursor->at >= cursor->end || strchr("}]", *cursor->at) != NULL)
            return FALSE;
        gboolean found = i == index;
        if (object) {
            const char *key = skip_text(cursor, &size);
            found = size == wanted && memcmp(key, name, size) == 0;
            skip_space(cursor);
            if (cursor->at < cursor->end && *cursor->at == ':')
                cursor->at++;
            skip_space(cursor);
        }
        if (found)
            return TRUE;
        skip_value(cursor);
        skip_space(cursor);
        if (cursor->at < cursor->end && *cursor->at == ',')
            cursor->at++;
    }
    return FALSE;
}

void
kc_json_place(const char *text, gsize size, const char *pointer, guint *ret_line, guint *ret_column)
{
    Cursor cursor = {text, text + size};
    g_auto(GStrv) names = g_strsplit(pointer, "/", -1);
    skip_space(&cursor);
    Cursor found = cursor;
    for (guint i = 1; names[0] != NULL && names[i] != NULL; i++) {
        g_autoptr(GString) name = g_string_new(names[i]);
        g_string_replace(name, "~1", "/", 0);
        g_string_replace(name, "~0", "~", 0);
        if (!enter(&cursor, name->str))
            break;
        found = cursor;
    }
    *ret_line = *ret_column = 1;
    for (const char *p = text; p < found.at; p++) {
        gboolean continues = ((guchar)*p & 0xC0) == 0x80; /* of a character of UTF-8 */
        *ret_column = *p == '\n' ? 1 : *ret_column + !continues;
        *ret_line += *p == '\n';
    }
}
