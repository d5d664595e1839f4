#include "src/print/fill.h"

#include <string.h>

/* The value of the "{name}" at `open`; `*ret_end` is behind it. NULL: none. */
static const char *
value_at(const char *open, const char *const *words, const char **ret_end)
{
    for (guint i = 0; words[i] != NULL; i += 2) {
        gsize length = strlen(words[i]);
        if (strncmp(open + 1, words[i], length) == 0 && open[1 + length] == '}') {
            *ret_end = open + length + 2;
            return words[i + 1] != NULL ? words[i + 1] : "";
        }
    }
    return NULL;
}

char *
kc_fill(const char *text, const char *const *words)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text, *end; *p != '\0'; p = end) {
        const char *value = *p == '{' ? value_at(p, words, &end) : NULL;
        if (value == NULL) {
            end = g_utf8_next_char(p);
            g_string_append_len(out, p, end - p);
        } else {
            g_string_append(out, value);
        }
    }
    return g_string_free(out, FALSE);
}
