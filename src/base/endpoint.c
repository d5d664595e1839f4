#include "src/base/endpoint.h"

#include <arpa/inet.h>
#include <string.h>

static gboolean
is_address(int family, const char *text)
{
    struct in6_addr buffer;
    return inet_pton(family, text, &buffer) == 1;
}

static gboolean
parse_port(const char *text, guint16 *ret_port)
{
    guint64 port = 0;
    if (*text != '\0' && (*text != ':' || !g_ascii_string_to_unsigned(text + 1, 10, 1, 65535, &port, NULL)))
        return FALSE;
    *ret_port = (guint16)port;
    return TRUE;
}

gboolean
kc_endpoint_parse(const char *text, char **ret_address, guint16 *ret_port)
{
    const char *rest;
    g_autofree char *address = NULL;
    int family = AF_INET;
    if (is_address(AF_INET6, text)) {
        *ret_address = g_strdup(text);
        *ret_port = 0;
        return TRUE;
    }
    if (*text == '[') {
        family = AF_INET6;
        rest = strchr(text, ']');
        if (rest == NULL)
            return FALSE;
        address = g_strndup(text + 1, (gsize)(rest - text) - 1);
        rest++;
    } else {
        rest = text + strcspn(text, ":");
        address = g_strndup(text, (gsize)(rest - text));
    }
    if (!is_address(family, address) || !parse_port(rest, ret_port))
        return FALSE;
    *ret_address = g_steal_pointer(&address);
    return TRUE;
}
