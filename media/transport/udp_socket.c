#include "media/transport/udp_socket.h"

#include <errno.h>
#include <string.h>

G_DEFINE_QUARK(kc_udp_error, kc_udp_error)

static int
open_socket(int family, int buffer_bytes)
{
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), off = 0;

    if (fd < 0)
        return -1;
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    return fd;
}

static void
want_pktinfo(KcUdpSocket *udp)
{
    int on = 1;

    udp->pktinfo = TRUE;
    if (udp->family == AF_INET6)
        setsockopt(udp->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    else
        setsockopt(udp->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

/* Starts at a random port of the range, so that workers that share it rarely meet. */
static gboolean
bind_in_range(KcUdpSocket *udp, KcUdpAddr *addr, guint16 min, guint16 max, GError **error)
{
    guint span = (guint)max - min + 1, first = span > 1 ? (guint)g_random_int_range(0, (gint32)span) : 0;

    for (guint i = 0; i < span; i++) {
        struct sockaddr_storage storage;

        addr->port = min + (first + i) % span;
        socklen_t len = kc_udp_addr_to_sockaddr(addr, udp->family, &storage);
        if (bind(udp->fd, (struct sockaddr *)&storage, len) == 0)
            return TRUE;
        if (errno == EADDRNOTAVAIL) {
            g_autofree char *text = kc_udp_addr_ip_text(addr);

            g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS, "%s is not an address of this machine", text);
            return FALSE;
        }
        if (errno != EADDRINUSE && errno != EACCES) {
            g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_SYSTEM, "bind: %s", g_strerror(errno));
            return FALSE;
        }
    }
    g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_PORTS, "no free UDP port in %u-%u", min, max);
    return FALSE;
}

gboolean
kc_udp_socket_open(KcUdpSocket *udp, const KcUdpLoopConfig *config, GError **error)
{
    guint n = g_strv_length((char **)config->addresses);
    int buffer_bytes = config->buffer_bytes != 0 ? config->buffer_bytes : 4 << 20;
    struct sockaddr_storage storage = {0};
    socklen_t len = sizeof storage;
    gboolean all_ipv4 = TRUE;
    KcUdpAddr addr;

    for (guint i = 0; i < n; i++) {
        if (!kc_udp_addr_parse(config->addresses[i], 0, &addr)) {
            g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS, "not an IP address: %s", config->addresses[i]);
            return FALSE;
        }
        all_ipv4 = all_ipv4 && kc_udp_addr_is_ipv4(&addr);
    }
    if (n == 0 || config->port_min > config->port_max) {
        g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS, "no address, or a port range that is none");
        return FALSE;
    }

    udp->family = n == 1 && all_ipv4 ? AF_INET : AF_INET6;
    udp->fd = open_socket(udp->family, buffer_bytes);
    if (udp->fd < 0 && all_ipv4)
        udp->fd = open_socket(udp->family = AF_INET, buffer_bytes);
    if (udp->fd < 0) {
        g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_SYSTEM, "socket: %s", g_strerror(errno));
        return FALSE;
    }
    if (n > 1) {
        kc_udp_addr_parse(udp->family == AF_INET ? "0.0.0.0" : "::", 0, &addr);
        want_pktinfo(udp);
    }
    if (!bind_in_range(udp, &addr, config->port_min, config->port_max, error))
        return FALSE;
    getsockname(udp->fd, (struct sockaddr *)&storage, &len);
    kc_udp_addr_from_sockaddr(&storage, &addr);
    udp->port = (guint16)addr.port;
    return TRUE;
}

void
kc_udp_socket_put_source(const KcUdpSocket *udp, struct msghdr *header, const KcUdpPath *path)
{
    struct cmsghdr *control = header->msg_control;

    if (udp->family == AF_INET6) {
        struct in6_pktinfo info = {.ipi6_addr = path->local, .ipi6_ifindex = path->interface};

        header->msg_controllen = CMSG_SPACE(sizeof info);
        *control = (struct cmsghdr){CMSG_LEN(sizeof info), IPPROTO_IPV6, IPV6_PKTINFO};
        memcpy(CMSG_DATA(control), &info, sizeof info);
        return;
    }
    struct in_pktinfo info = {0};
    memcpy(&info.ipi_spec_dst, path->local.s6_addr + 12, 4);
    header->msg_controllen = CMSG_SPACE(sizeof info);
    *control = (struct cmsghdr){CMSG_LEN(sizeof info), IPPROTO_IP, IP_PKTINFO};
    memcpy(CMSG_DATA(control), &info, sizeof info);
}

void
kc_udp_socket_read_local(struct msghdr *header, KcUdpPath *path)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof info);
            path->local = info.ipi6_addr;
            path->interface = IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr) ? info.ipi6_ifindex : 0;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof info);
            path->local.s6_addr[10] = path->local.s6_addr[11] = 0xff;
            memcpy(path->local.s6_addr + 12, &info.ipi_addr, 4);
        }
    }
}
