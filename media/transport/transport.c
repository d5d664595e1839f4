/* Invariants: a leg is in `by_ufrag` under each ufrag that is valid for it, in `by_addr` under each address from which
 * a check made it valid (and perhaps under some that are no longer: the session itself looks again). All tables belong
 * to the loop's thread. */
#include "media/transport/transport.h"

#include <string.h>

#include "src/base/endpoint.h"

struct KcTransport {
    KcUdpLoop *loop;
    KcTcpListener *tcp; /* NULL: none */
    KcDtlsIdentity *identity;
    GArray *offered;      /* of KcUdpAddr: the candidates */
    GArray *offered_tcp;  /* the same, passive */
    GHashTable *by_ufrag; /* char * -> KcTransportSession */
    GHashTable *by_addr;  /* KcUdpAddr * -> KcTransportSession */
    GHashTable *legs;     /* set of KcTransportSession */
    guint64 garbage;
};

/* ---- demultiplexing ---- */

static KcTransportSession *
find_leg(KcTransport *transport, const KcPacket *packet, const KcUdpPath *path)
{
    char ufrag[KC_ICE_UFRAG_CHARS + 1];

    /* A check may move an address to another leg, so its name comes first. */
    if (packet->len > 0 && packet->data[0] <= 3)
        return kc_ice_peek_ufrag(packet->data, packet->len, ufrag) ? g_hash_table_lookup(transport->by_ufrag, ufrag)
                                                                   : NULL;
    return g_hash_table_lookup(transport->by_addr, &path->remote);
}

static void
receive(KcPacket *packet, const KcUdpPath *path, gint64 now_us, gpointer user)
{
    KcTransport *transport = user;
    KcTransportSession *session = find_leg(transport, packet, path);

    if (session == NULL)
        transport->garbage++;
    else
        kc_transport_session_receive(session, packet, path, now_us);
}

typedef struct {
    KcTransport *transport;
    KcTransportSession *session;
} Binding;

static void
bind_path(const KcUdpPath *path, gpointer user)
{
    Binding *binding = user;

    if (g_hash_table_lookup(binding->transport->by_addr, &path->remote) != binding->session)
        g_hash_table_replace(binding->transport->by_addr, g_memdup2(&path->remote, sizeof path->remote),
                             binding->session);
    if (path->remote.stream != 0)
        kc_tcp_keep(binding->transport->tcp, path->remote.stream);
}

/* A connection that the leg has given up for newer ones: so that no leg has more of them than paths. */
static gboolean
close_given_up(gpointer key, gpointer value, gpointer user)
{
    const Binding *binding = user;
    const KcUdpPath path = {.remote = *(const KcUdpAddr *)key};

    if (value != binding->session || path.remote.stream == 0 ||
        kc_ice_lite_has_path(kc_transport_session_ice(binding->session), &path))
        return FALSE;
    kc_tcp_close(binding->transport->tcp, path.remote.stream);
    return TRUE;
}

static void
rebind(KcTransportSession *session, gpointer user)
{
    Binding binding = {user, session};
    KcIceLite *ice = kc_transport_session_ice(session);

    if (g_hash_table_lookup(binding.transport->by_ufrag, kc_ice_lite_ufrag(ice)) == NULL)
        g_hash_table_insert(binding.transport->by_ufrag, g_strdup(kc_ice_lite_ufrag(ice)), session);
    kc_ice_lite_foreach_path(ice, bind_path, &binding);
    if (binding.transport->tcp != NULL)
        g_hash_table_foreach_remove(binding.transport->by_addr, close_given_up, &binding);
}

static gboolean
belongs_to(gpointer key, gpointer value, gpointer session)
{
    return value == session;
}

/* The leg lives on: over another path, or until its consent is lost. */
static void
stream_closed(const KcUdpPath *path, gpointer user)
{
    KcTransport *transport = user;
    KcTransportSession *session = g_hash_table_lookup(transport->by_addr, &path->remote);

    if (session == NULL)
        return;
    kc_ice_lite_remove_path(kc_transport_session_ice(session), path);
    g_hash_table_remove(transport->by_addr, &path->remote);
}

typedef struct {
    KcTransport *transport;
    const KcTransportSession *session; /* for comparing alone */
} Leaving;

static gboolean
close_address(gpointer key, gpointer value, gpointer user)
{
    const Leaving *leaving = user;
    const KcUdpAddr *addr = key;

    if (value != leaving->session)
        return FALSE;
    if (addr->stream != 0)
        kc_tcp_close(leaving->transport->tcp, addr->stream);
    return TRUE;
}

/* ---- life ---- */

static guint8 *
slot(gpointer user)
{
    return kc_udp_loop_slot(((KcTransport *)user)->loop);
}

static void
send_slot(gsize len, const KcUdpPath *path, gpointer user)
{
    KcTransport *transport = user;

    if (G_UNLIKELY(path->remote.stream != 0))
        kc_tcp_send(transport->tcp, path->remote.stream, kc_udp_loop_slot(transport->loop), len);
    else
        kc_udp_loop_slot_send(transport->loop, len, path);
}

/* The port that peers use for the one that is bound; 0: there is none. */
static guint
offered_port(const KcTransportConfig *config, guint16 base, guint bound)
{
    if (base == 0)
        return bound;
    if (config->udp.port_min == 0 || base + (bound - config->udp.port_min) > G_MAXUINT16)
        return 0;
    return base + (bound - config->udp.port_min);
}

static gboolean
read_offered(GArray *offered, const KcTransportConfig *config, guint16 bound, GError **error)
{
    gboolean mapped = config->offered != NULL && config->offered[0] != NULL;

    for (const char *const *text = mapped ? config->offered : config->udp.addresses; *text != NULL; text++) {
        g_autofree char *ip = NULL;
        KcUdpAddr addr;
        guint16 base;

        if (!kc_endpoint_parse(*text, &ip, &base) || !kc_udp_addr_parse(ip, 0, &addr) ||
            (addr.port = offered_port(config, base, bound)) == 0) {
            g_set_error(error, KC_UDP_ERROR, KC_UDP_ERROR_ADDRESS, "%s can't be offered", *text);
            return FALSE;
        }
        g_array_append_val(offered, addr);
    }
    return TRUE;
}

static gboolean
start_tcp(KcTransport *transport, const KcTransportConfig *config, GError **error)
{
    g_autoptr(GError) problem = NULL;

    transport->tcp = kc_tcp_listener_new(transport->loop, config->udp.port_min, config->udp.port_max, stream_closed,
                                         transport, &problem);
    if (transport->tcp != NULL)
        return read_offered(transport->offered_tcp, config, kc_tcp_listener_port(transport->tcp), error);
    g_warning("calls go without TCP: %s", problem->message);
    return TRUE;
}

KcTransport *
kc_transport_new(const KcTransportConfig *config, GError **error)
{
    KcTransport *transport = g_new0(KcTransport, 1);

    transport->by_ufrag = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    transport->by_addr = g_hash_table_new_full(kc_udp_addr_hash, kc_udp_addr_equal, g_free, NULL);
    transport->legs = g_hash_table_new(NULL, NULL);
    transport->offered = g_array_new(FALSE, FALSE, sizeof(KcUdpAddr));
    transport->offered_tcp = g_array_new(FALSE, FALSE, sizeof(KcUdpAddr));
    transport->identity = kc_dtls_identity_new(config->srtp_profiles, error);
    if (transport->identity != NULL)
        transport->loop = kc_udp_loop_new(&config->udp, error);
    if (transport->loop == NULL ||
        !read_offered(transport->offered, config, kc_udp_loop_port(transport->loop), error) ||
        (!config->udp_only && !start_tcp(transport, config, error))) {
        kc_transport_free(transport);
        return NULL;
    }
    kc_udp_loop_set_receiver(transport->loop, receive, transport);
    return transport;
}

void
kc_transport_free(KcTransport *transport)
{
    GHashTableIter iter;
    gpointer session;

    if (transport == NULL)
        return;
    if (transport->loop != NULL) {
        kc_udp_loop_stop(transport->loop);
        g_hash_table_iter_init(&iter, transport->legs);
        while (g_hash_table_iter_next(&iter, &session, NULL))
            kc_transport_session_free(session);
        kc_udp_loop_flush(transport->loop);
    }
    g_hash_table_unref(transport->by_ufrag);
    g_hash_table_unref(transport->by_addr);
    g_hash_table_unref(transport->legs);
    kc_tcp_listener_free(transport->tcp);
    kc_udp_loop_free(transport->loop);
    kc_dtls_identity_free(transport->identity);
    g_array_unref(transport->offered);
    g_array_unref(transport->offered_tcp);
    g_free(transport);
}

void
kc_transport_start(KcTransport *transport)
{
    kc_udp_loop_start(transport->loop, "kc-transport");
}

KcUdpLoop *
kc_transport_loop(KcTransport *transport)
{
    return transport->loop;
}

guint16
kc_transport_port(const KcTransport *transport)
{
    return kc_udp_loop_port(transport->loop);
}

guint16
kc_transport_tcp_port(const KcTransport *transport)
{
    return transport->tcp != NULL ? kc_tcp_listener_port(transport->tcp) : 0;
}

typedef struct {
    KcTransport *transport;
    KcTransportStats *stats;
} StatsCall;

static gpointer
read_stats(gpointer data)
{
    StatsCall *call = data;

    call->stats->garbage = call->transport->garbage;
    call->stats->legs = g_hash_table_size(call->transport->legs);
    call->stats->tcp = (KcTcpStats){0};
    if (call->transport->tcp != NULL)
        kc_tcp_stats(call->transport->tcp, &call->stats->tcp);
    return NULL;
}

void
kc_transport_stats(KcTransport *transport, KcTransportStats *ret_stats)
{
    StatsCall call = {transport, ret_stats};

    kc_udp_loop_stats(transport->loop, &ret_stats->udp);
    kc_udp_loop_call(transport->loop, read_stats, &call);
}

/* ---- legs ---- */

KcTransportSession *
kc_transport_join(KcTransport *transport, const KcSdpOffer *offer, const KcSessionCallbacks *callbacks, gpointer user)
{
    KcSessionOutput output = {slot, send_slot, rebind, transport};
    char ufrag[KC_ICE_UFRAG_CHARS + 1], pwd[KC_ICE_PWD_CHARS + 1];

    do
        kc_ice_make_credentials(ufrag, pwd);
    while (g_hash_table_contains(transport->by_ufrag, ufrag));
    KcTransportSession *session =
        kc_transport_session_new(offer, transport->identity, ufrag, pwd, kc_udp_loop_timers(transport->loop), &output,
                                 callbacks, user, g_get_monotonic_time());
    g_hash_table_add(transport->legs, session);
    rebind(session, transport);
    return session;
}

static KcSdpAnswer
describe(KcTransport *transport, KcTransportSession *session)
{
    return (KcSdpAnswer){
        .ufrag = kc_ice_lite_ufrag(kc_transport_session_ice(session)),
        .pwd = kc_ice_lite_pwd(kc_transport_session_ice(session)),
        .fingerprint = kc_dtls_identity_fingerprint(transport->identity),
        .offered = (const KcUdpAddr *)transport->offered->data,
        .n_offered = transport->offered->len,
        .offered_tcp = (const KcUdpAddr *)transport->offered_tcp->data,
        .n_offered_tcp = transport->offered_tcp->len,
    };
}

char *
kc_transport_answer(KcTransport *transport, KcTransportSession *session, const KcSdpOffer *offer,
                    const KcSdpSend sends[KC_SDP_SECTIONS_MAX])
{
    KcSdpAnswer answer = describe(transport, session);
    g_autofree char *session_id = g_strdup_printf("%u%09u", g_random_int() >> 1 | 1, g_random_int() % 1000000000);
    g_autofree char *cname = g_strdup_printf("%08x%08x", g_random_int(), g_random_int());

    answer.session_id = session_id;
    answer.cname = cname;
    memcpy(answer.sends, sends, sizeof answer.sends);
    return kc_sdp_answer_write(offer, &answer);
}

char *
kc_transport_patch(KcTransport *transport, KcTransportSession *session, const KcSdpOffer *offer, const char *sdpfrag,
                   gsize len, KcSdpRefusal *ret_refusal)
{
    g_auto(KcSdpFrag) frag = {0};

    if (!kc_sdp_frag_parse(sdpfrag, len, &frag, ret_refusal))
        return NULL;
    if (g_str_equal(frag.ufrag, kc_ice_lite_remote_ufrag(kc_transport_session_ice(session))))
        return g_strdup("");
    kc_transport_session_restart_ice(session, frag.ufrag, g_get_monotonic_time());
    KcSdpAnswer answer = describe(transport, session);
    return kc_sdp_frag_write(offer, &answer);
}

void
kc_transport_leave(KcTransport *transport, KcTransportSession *session)
{
    Leaving leaving = {transport, session};

    g_hash_table_foreach_remove(transport->by_ufrag, belongs_to, session);
    g_hash_table_remove(transport->legs, session);
    kc_transport_session_free(session); /* its goodbye goes before its connections */
    g_hash_table_foreach_remove(transport->by_addr, close_address, &leaving);
}
