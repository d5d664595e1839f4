#include "src/base/names.h"

gint
kc_names_find(const char *const *names, guint count, const char *text)
{
    for (guint i = 0; text != NULL && i < count; i++)
        if (g_strcmp0(text, names[i]) == 0)
            return (gint)i;
    return -1;
}
