#include "media/transport/udp_addr.h"

#include <arpa/inet.h>
#include <string.h>

static void
map_ipv4(struct in_addr v4, struct in6_addr *ret_ip)
{
    memset(ret_ip, 0, sizeof *ret_ip);
    ret_ip->s6_addr[10] = ret_ip->s6_addr[11] = 0xff;
    memcpy(ret_ip->s6_addr + 12, &v4, 4);
}

gboolean
kc_udp_addr_parse(const char *text, guint16 port, KcUdpAddr *ret_addr)
{
    struct in_addr v4;

    memset(ret_addr, 0, sizeof *ret_addr);
    ret_addr->port = port;
    if (inet_pton(AF_INET6, text, &ret_addr->ip) == 1)
        return TRUE;
    if (inet_pton(AF_INET, text, &v4) != 1)
        return FALSE;
    map_ipv4(v4, &ret_addr->ip);
    return TRUE;
}

gboolean
kc_udp_addr_is_ipv4(const KcUdpAddr *addr)
{
    return IN6_IS_ADDR_V4MAPPED(&addr->ip);
}

char *
kc_udp_addr_ip_text(const KcUdpAddr *addr)
{
    char text[INET6_ADDRSTRLEN];

    if (kc_udp_addr_is_ipv4(addr))
        inet_ntop(AF_INET, addr->ip.s6_addr + 12, text, sizeof text);
    else
        inet_ntop(AF_INET6, &addr->ip, text, sizeof text);
    return g_strdup(text);
}

socklen_t
kc_udp_addr_to_sockaddr(const KcUdpAddr *addr, int family, struct sockaddr_storage *ret_storage)
{
    if (family == AF_INET) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)ret_storage;

        if (!kc_udp_addr_is_ipv4(addr))
            return 0;
        memset(v4, 0, sizeof *v4);
        v4->sin_family = AF_INET;
        v4->sin_port = htons((guint16)addr->port);
        memcpy(&v4->sin_addr, addr->ip.s6_addr + 12, 4);
        return sizeof *v4;
    }

    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_storage;
    memset(v6, 0, sizeof *v6);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons((guint16)addr->port);
    v6->sin6_addr = addr->ip;
    v6->sin6_scope_id = addr->scope;
    return sizeof *v6;
}

void
kc_udp_addr_from_sockaddr(const struct sockaddr_storage *storage, KcUdpAddr *ret_addr)
{
    memset(ret_addr, 0, sizeof *ret_addr);
    if (storage->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)storage;

        map_ipv4(v4->sin_addr, &ret_addr->ip);
        ret_addr->port = ntohs(v4->sin_port);
        return;
    }

    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)storage;
    ret_addr->ip = v6->sin6_addr;
    ret_addr->port = ntohs(v6->sin6_port);
    ret_addr->scope = IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) ? v6->sin6_scope_id : 0;
}

guint
kc_udp_addr_hash(gconstpointer data)
{
    const KcUdpAddr *addr = data;
    guint32 words[4];

    memcpy(words, &addr->ip, sizeof words);
    guint32 hash = words[0] ^ words[1] ^ words[2] ^ words[3] ^ addr->scope;
    return (hash ^ (addr->port << 16 | addr->port) ^ addr->stream) * 0x9e3779b1u;
}

gboolean
kc_udp_addr_equal(gconstpointer a, gconstpointer b)
{
    const KcUdpAddr *x = a, *y = b;

    return x->port == y->port && x->stream == y->stream && x->scope == y->scope && memcmp(&x->ip, &y->ip, sizeof x->ip) == 0;
}
