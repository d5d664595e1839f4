/* One form for every address: IPv6, with IPv4 mapped (::ffff:a.b.c.d). Pure; thread-safe. */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

typedef struct {
    struct in6_addr ip;
    guint32 scope; /* interface of a link-local address, else 0 */
    guint32 port;  /* host order */
    guint32 stream; /* 0: reached by UDP; else over the TCP connection of this number (tcp_listener.h) */
} KcUdpAddr;

/* Where a datagram came from, and to which of our addresses: what a reply must swap. */
typedef struct {
    KcUdpAddr remote;
    struct in6_addr local; /* all zero: let the kernel choose */
    guint32 interface;     /* 0: let the kernel choose */
} KcUdpPath;

/* An IPv4 or IPv6 literal, and nothing else. */
gboolean kc_udp_addr_parse(const char *text, guint16 port, KcUdpAddr *ret_addr);

/* Owned; the address alone, IPv4 in its own form. */
char *kc_udp_addr_ip_text(const KcUdpAddr *addr);

gboolean kc_udp_addr_is_ipv4(const KcUdpAddr *addr);

/* As a sockaddr for a socket of `family` (AF_INET takes only mapped addresses). Returns its length, 0 if impossible. */
socklen_t kc_udp_addr_to_sockaddr(const KcUdpAddr *addr, int family, struct sockaddr_storage *ret_storage);
void kc_udp_addr_from_sockaddr(const struct sockaddr_storage *storage, KcUdpAddr *ret_addr);

/* GHashFunc and GEqualFunc over KcUdpAddr. */
guint kc_udp_addr_hash(gconstpointer addr);
gboolean kc_udp_addr_equal(gconstpointer a, gconstpointer b);
