#include "src/base/json.h"

#include <stdlib.h>

static gboolean
has_real(const json_t *value)
{
    const char *key;
    json_t *item;
    size_t i;
    if (json_is_real(value))
        return TRUE;
    json_object_foreach((json_t *)value, key, item)
    {
        if (has_real(item))
            return TRUE;
    }
    json_array_foreach(value, i, item)
    {
        if (has_real(item))
            return TRUE;
    }
    return FALSE;
}

char *
kc_json_canonical(const json_t *value)
{
    if (has_real(value))
        return NULL;
    char *text = json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
    char *owned = g_strdup(text);
    free(text);
    return owned;
}
