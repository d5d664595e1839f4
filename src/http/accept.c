#include "src/http/accept.h"

#include <string.h>

/* How exactly a range names a type: 0 not at all, 1 by all types, 2 by its kind, 3 itself. */
static int
exactness(const char *range, const char *type)
{
    gsize kind = (gsize)(strchr(type, '/') - type) + 1;
    if (g_ascii_strcasecmp(range, type) == 0)
        return 3;
    if (g_ascii_strncasecmp(range, type, kind) == 0 && strcmp(range + kind, "*") == 0)
        return 2;
    return strcmp(range, "*/*") == 0 ? 1 : 0;
}

/* 0 to 1 of the parameters behind a range. */
static double
quality(char *const *parameters)
{
    for (; *parameters != NULL; parameters++) {
        const char *text = g_strstrip(*parameters);
        if (g_ascii_strncasecmp(text, "q=", 2) == 0)
            return CLAMP(g_ascii_strtod(text + 2, NULL), 0, 1);
    }
    return 1;
}

static double
quality_of(char *const *ranges, const char *type)
{
    double found = 0;
    int best = 0;
    for (; *ranges != NULL; ranges++) {
        g_auto(GStrv) parts = g_strsplit(*ranges, ";", 8);
        int exact = parts[0] != NULL ? exactness(g_strstrip(parts[0]), type) : 0;
        if (exact > best) {
            best = exact;
            found = quality(parts + 1);
        }
    }
    return found;
}

int
kc_accept_choose(const char *header, const char *const *offered)
{
    double highest = 0;
    int chosen = -1;
    if (header == NULL || *header == '\0')
        return 0;
    g_auto(GStrv) ranges = g_strsplit(header, ",", 64);
    for (int i = 0; offered[i] != NULL; i++) {
        double wanted = quality_of(ranges, offered[i]);
        if (wanted > highest) {
            highest = wanted;
            chosen = i;
        }
    }
    return chosen;
}
