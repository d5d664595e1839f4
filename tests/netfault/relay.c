/* Invariants: flows[i].fd is connected to the inner port of its outer one; `waiting` is ordered by arrival, packets
 * that arrive together in the order in which they came. */
#include "tests/netfault/relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAM_BYTES 2048
#define SOCKET_BUFFER_BYTES (1 << 21)

typedef struct {
    int fd;
    guint port; /* index of its outer port */
    struct sockaddr_in client;
} Flow;

typedef struct {
    gint64 at_us;
    gboolean up;
    guint flow;
    guint bytes;
    guint8 data[];
} Waiting;

struct KcFaultRelay {
    struct sockaddr_in outer, inner;
    int outside[KC_FAULT_PORTS_MAX];
    guint n_ports;
    Flow flows[KC_FAULT_FLOWS_MAX];
    guint n_flows, rebinds;
    KcFaultLink up, down;
    GQueue waiting;
};

/* ---- sockets ---- */

static gboolean
address_parse(const char *text, struct sockaddr_in *ret)
{
    g_auto(GStrv) words = g_strsplit(text, ":", 2);
    guint64 port = 0;
    *ret = (struct sockaddr_in){.sin_family = AF_INET};
    if (g_strv_length(words) != 2 || inet_pton(AF_INET, words[0], &ret->sin_addr) != 1 ||
        !g_ascii_string_to_unsigned(words[1], 10, 1, 65535, &port, NULL))
        return FALSE;
    ret->sin_port = htons((guint16)port);
    return TRUE;
}

static struct sockaddr_in
port_above(const struct sockaddr_in *first, guint n)
{
    struct sockaddr_in address = *first;
    address.sin_port = htons((guint16)(ntohs(first->sin_port) + n));
    return address;
}

static int
socket_bound(const struct sockaddr_in *address)
{
    int bytes = SOCKET_BUFFER_BYTES;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    if (bind(fd, (const struct sockaddr *)address, sizeof *address) == 0)
        return fd;
    close(fd);
    return -1;
}

static int
socket_inside(const KcFaultRelay *relay, guint port, struct in_addr from)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = from};
    struct sockaddr_in inner = port_above(&relay->inner, port);
    int fd = socket_bound(&own);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&inner, sizeof inner) == 0)
        return fd;
    close(fd);
    return -1;
}

static gint
flow_find(KcFaultRelay *relay, guint port, const struct sockaddr_in *client)
{
    for (guint i = 0; i < relay->n_flows; i++) {
        const Flow *flow = &relay->flows[i];
        if (flow->port == port && flow->client.sin_port == client->sin_port &&
            flow->client.sin_addr.s_addr == client->sin_addr.s_addr)
            return (gint)i;
    }
    if (relay->n_flows == KC_FAULT_FLOWS_MAX)
        return -1;
    Flow flow = {.fd = socket_inside(relay, port, relay->inner.sin_addr), .port = port, .client = *client};
    if (flow.fd < 0)
        return -1;
    relay->flows[relay->n_flows] = flow;
    return (gint)relay->n_flows++;
}

/* ---- packets ---- */

static void
packet_came(KcFaultRelay *relay, gboolean up, guint flow, const guint8 *data, guint bytes)
{
    gint64 at_us = kc_fault_link_packet(up ? &relay->up : &relay->down, bytes, g_get_monotonic_time());
    if (at_us < 0 || relay->waiting.length >= KC_FAULT_WAITING_MAX)
        return;
    Waiting *packet = g_malloc(sizeof *packet + bytes);
    *packet = (Waiting){.at_us = at_us, .up = up, .flow = flow, .bytes = bytes};
    memcpy(packet->data, data, bytes);
    GList *before = relay->waiting.tail;
    while (before != NULL && ((const Waiting *)before->data)->at_us > at_us)
        before = before->prev;
    if (before == NULL)
        g_queue_push_head(&relay->waiting, packet);
    else
        g_queue_insert_after(&relay->waiting, before, packet);
}

static void
packet_arrives(KcFaultRelay *relay, const Waiting *packet)
{
    const Flow *flow = &relay->flows[packet->flow];
    if (packet->up)
        send(flow->fd, packet->data, packet->bytes, 0);
    else
        sendto(relay->outside[flow->port], packet->data, packet->bytes, 0, (const struct sockaddr *)&flow->client,
               sizeof flow->client);
}

static void
receive_outside(KcFaultRelay *relay, guint port)
{
    guint8 data[DATAGRAM_BYTES];
    for (;;) {
        struct sockaddr_in client;
        socklen_t len = sizeof client;
        gssize n = recvfrom(relay->outside[port], data, sizeof data, 0, (struct sockaddr *)&client, &len);
        if (n < 0)
            return;
        gint flow = flow_find(relay, port, &client);
        if (flow >= 0)
            packet_came(relay, TRUE, (guint)flow, data, (guint)n);
    }
}

static void
receive_inside(KcFaultRelay *relay, guint flow)
{
    guint8 data[DATAGRAM_BYTES];
    gssize n;
    while ((n = recv(relay->flows[flow].fd, data, sizeof data, 0)) >= 0)
        packet_came(relay, FALSE, flow, data, (guint)n);
}

guint
kc_fault_relay_poll(const KcFaultRelay *relay, struct pollfd fds[KC_FAULT_POLL_MAX], gint64 *ret_next_us)
{
    guint n = 0;
    for (guint i = 0; i < relay->n_ports; i++)
        fds[n++] = (struct pollfd){.fd = relay->outside[i], .events = POLLIN};
    for (guint i = 0; i < relay->n_flows; i++)
        fds[n++] = (struct pollfd){.fd = relay->flows[i].fd, .events = POLLIN};
    const Waiting *first = g_queue_peek_head((GQueue *)&relay->waiting);
    *ret_next_us = first != NULL ? first->at_us : G_MAXINT64;
    return n;
}

void
kc_fault_relay_run(KcFaultRelay *relay)
{
    for (guint i = 0; i < relay->n_ports; i++)
        receive_outside(relay, i);
    for (guint i = 0; i < relay->n_flows; i++)
        receive_inside(relay, i);
    gint64 now_us = g_get_monotonic_time();
    for (;;) {
        const Waiting *first = g_queue_peek_head(&relay->waiting);
        if (first == NULL || first->at_us > now_us)
            return;
        g_autofree Waiting *packet = g_queue_pop_head(&relay->waiting);
        packet_arrives(relay, packet);
    }
}

/* ---- life ---- */

KcFaultRelay *
kc_fault_relay_new(const char *outer, const char *inner, guint count, guint64 seed)
{
    KcFaultRelay *relay = g_new0(KcFaultRelay, 1);
    gboolean ok = count >= 1 && count <= KC_FAULT_PORTS_MAX && address_parse(outer, &relay->outer) &&
                  address_parse(inner, &relay->inner);
    g_queue_init(&relay->waiting);
    kc_fault_link_init(&relay->up, seed);
    kc_fault_link_init(&relay->down, ~seed);
    while (ok && relay->n_ports < count) {
        struct sockaddr_in address = port_above(&relay->outer, relay->n_ports);
        int fd = socket_bound(&address);
        ok = fd >= 0;
        if (ok)
            relay->outside[relay->n_ports++] = fd;
    }
    if (ok)
        return relay;
    fprintf(stderr, "netfault: from %s to %s, %u ports: %s\n", outer, inner, count, g_strerror(errno));
    kc_fault_relay_free(relay);
    return NULL;
}

void
kc_fault_relay_free(KcFaultRelay *relay)
{
    if (relay == NULL)
        return;
    for (guint i = 0; i < relay->n_ports; i++)
        close(relay->outside[i]);
    for (guint i = 0; i < relay->n_flows; i++)
        close(relay->flows[i].fd);
    g_queue_clear_full(&relay->waiting, g_free);
    g_free(relay);
}

/* ---- commands ---- */

static char *
command_set(KcFaultRelay *relay, char **words)
{
    gboolean both = g_strcmp0(words[0], "both") == 0;
    gboolean up = both || g_strcmp0(words[0], "up") == 0;
    gboolean down = both || g_strcmp0(words[0], "down") == 0;
    if (!up && !down)
        return g_strdup("{\"error\":\"set up, down or both?\"}");
    for (char **word = words + 1; *word != NULL; word++) {
        if ((up && !kc_fault_set(&relay->up.fault, *word)) || (down && !kc_fault_set(&relay->down.fault, *word)))
            return g_strdup("{\"error\":\"no such setting, or out of range\"}");
    }
    return g_strdup("{\"ok\":true}");
}

static char *
command_blackout(KcFaultRelay *relay, char **words)
{
    guint64 ms = 0;
    if (words[0] == NULL || !g_ascii_string_to_unsigned(words[0], 10, 0, 600000, &ms, NULL))
        return g_strdup("{\"error\":\"for how many ms, up to 600000?\"}");
    gint64 until_us = g_get_monotonic_time() + (gint64)ms * 1000;
    kc_fault_link_blackout(&relay->up, until_us);
    kc_fault_link_blackout(&relay->down, until_us);
    return g_strdup("{\"ok\":true}");
}

/* What is on its way to an old port is lost, as at a NAT that has forgotten it. */
static char *
command_rebind(KcFaultRelay *relay, char **words)
{
    struct in_addr from = relay->inner.sin_addr;
    if (words[0] != NULL && inet_pton(AF_INET, words[0], &from) != 1)
        return g_strdup("{\"error\":\"no address\"}");
    for (guint i = 0; i < relay->n_flows; i++) {
        int fd = socket_inside(relay, relay->flows[i].port, from);
        if (fd < 0)
            return g_strdup("{\"error\":\"no socket at that address\"}");
        close(relay->flows[i].fd);
        relay->flows[i].fd = fd;
    }
    relay->rebinds++;
    return g_strdup("{\"ok\":true}");
}

static char *
counts_json(const KcFaultCounts *counts)
{
    return g_strdup_printf("{\"came\":%" G_GUINT64_FORMAT ",\"cameBytes\":%" G_GUINT64_FORMAT
                           ",\"passed\":%" G_GUINT64_FORMAT ",\"passedBytes\":%" G_GUINT64_FORMAT
                           ",\"lost\":%" G_GUINT64_FORMAT ",\"overflowed\":%" G_GUINT64_FORMAT
                           ",\"blackedOut\":%" G_GUINT64_FORMAT ",\"longestWaitMs\":%" G_GINT64_FORMAT "}",
                           counts->came, counts->came_bytes, counts->passed, counts->passed_bytes, counts->lost,
                           counts->overflowed, counts->blacked_out, counts->longest_wait_us / 1000);
}

char *
kc_fault_relay_command(KcFaultRelay *relay, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 16);
    if (g_strcmp0(words[0], "set") == 0)
        return command_set(relay, words + 1);
    if (g_strcmp0(words[0], "blackout") == 0)
        return command_blackout(relay, words + 1);
    if (g_strcmp0(words[0], "rebind") == 0)
        return command_rebind(relay, words + 1);
    if (g_strcmp0(words[0], "stats") != 0)
        return g_strdup("{\"error\":\"set, blackout, rebind or stats?\"}");
    g_autofree char *up = counts_json(&relay->up.counts);
    g_autofree char *down = counts_json(&relay->down.counts);
    return g_strdup_printf("{\"ok\":true,\"up\":%s,\"down\":%s,\"flows\":%u,\"rebinds\":%u}", up, down, relay->n_flows,
                           relay->rebinds);
}
