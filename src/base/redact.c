#include "src/base/redact.h"

#include <string.h>

KcSecret
kc_secret_new(const char *value)
{
    return (KcSecret){.value = g_strdup(value)};
}

void
kc_secret_clear(KcSecret *secret)
{
    if (secret->value != NULL)
        explicit_bzero(secret->value, strlen(secret->value));
    g_clear_pointer(&secret->value, g_free);
}

const char *
kc_secret_reveal(const KcSecret *secret)
{
    return secret->value;
}

char *
kc_redact(const char *value)
{
    glong n = value != NULL && g_utf8_validate(value, -1, NULL) ? g_utf8_strlen(value, -1) : 0;
    if (n < 8)
        return g_strdup("…");
    const char *tail = g_utf8_offset_to_pointer(value, n - 2);
    return g_strdup_printf("%.*s…%s", (int)(g_utf8_offset_to_pointer(value, 3) - value), value, tail);
}
