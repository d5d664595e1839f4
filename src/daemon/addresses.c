#include "src/daemon/addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#define ADDRESSES_MAX 16

static void
add_family(GPtrArray *found, const struct ifaddrs *list, int family, gboolean loopback)
{
    for (const struct ifaddrs *one = list; one != NULL && found->len < ADDRESSES_MAX; one = one->ifa_next) {
        if (one->ifa_addr == NULL || one->ifa_addr->sa_family != family || (one->ifa_flags & IFF_UP) == 0 ||
            ((one->ifa_flags & IFF_LOOPBACK) != 0) != loopback)
            continue;
        char text[INET6_ADDRSTRLEN];
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)one->ifa_addr;
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)one->ifa_addr;
        if (family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr))
            continue;
        if (inet_ntop(family, family == AF_INET ? (const void *)&v4->sin_addr : &v6->sin6_addr, text, sizeof text) != NULL)
            g_ptr_array_add(found, g_strdup(text));
    }
}

GStrv
kc_addresses_of_machine(gboolean loopback)
{
    GPtrArray *found = g_ptr_array_new();
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) == 0) {
        if (loopback)
            add_family(found, list, AF_INET, TRUE);
        add_family(found, list, AF_INET, FALSE);
        add_family(found, list, AF_INET6, FALSE);
        freeifaddrs(list);
    }
    if (found->len == 0)
        g_ptr_array_add(found, g_strdup("127.0.0.1"));
    g_ptr_array_add(found, NULL);
    return (GStrv)g_ptr_array_free(found, FALSE);
}
