#include "src/http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/http/server.h"

#define BACKLOG 256

static gboolean
split(const char *address, char **ret_host, char **ret_port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || colon[1] == '\0')
        return FALSE;
    gboolean bracketed = address[0] == '[' && colon[-1] == ']';
    if (!bracketed && memchr(address, ':', (gsize)(colon - address)) != NULL)
        return FALSE;
    *ret_host =
        bracketed ? g_strndup(address + 1, (gsize)(colon - address) - 2) : g_strndup(address, (gsize)(colon - address));
    *ret_port = g_strdup(colon + 1);
    return TRUE;
}

static struct addrinfo *
resolve(const char *address, const char *host, const char *port, GError **error)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(host, port, &hints, &found);
    if (code == 0)
        return found;
    g_set_error(error, KC_HTTP_ERROR, KC_HTTP_ERROR_ADDRESS, "%s is no address to listen on: %s", address,
                gai_strerror(code));
    return NULL;
}

static int
bind_and_listen(const struct addrinfo *info)
{
    const int on = 1, off = 0;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (info->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static guint16
port_of(int fd)
{
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof bound;
    getsockname(fd, (struct sockaddr *)&bound, &length);
    return g_ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                               : ((struct sockaddr_in *)&bound)->sin_port);
}

int
kc_http_listen(const char *address, char **ret_url_host, guint16 *ret_port, GError **error)
{
    g_autofree char *host = NULL, *port = NULL;
    if (!split(address, &host, &port)) {
        g_set_error(error, KC_HTTP_ERROR, KC_HTTP_ERROR_ADDRESS, "%s is not ADDRESS:PORT", address);
        return -1;
    }
    struct addrinfo *info = resolve(address, host, port, error);
    if (info == NULL)
        return -1;
    int fd = bind_and_listen(info);
    if (fd < 0)
        g_set_error(error, KC_HTTP_ERROR, KC_HTTP_ERROR_LISTEN, "can't listen on %s: %s", address, g_strerror(errno));
    freeaddrinfo(info);
    if (fd < 0)
        return -1;
    *ret_port = port_of(fd);
    *ret_url_host = strchr(host, ':') != NULL ? g_strdup_printf("[%s]", host) : g_steal_pointer(&host);
    return fd;
}
