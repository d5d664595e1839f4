/* Any datagram to a leg whose path is valid but whose keys are not agreed on, and to SRTP with keys. Nothing may come
 * out as media but what was protected with the right keys. */
#include <stdint.h>
#include <string.h>

#include "media/transport/session.h"
#include "media/transport/udp_loop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static guint8 slot_bytes[KC_UDP_SLOT_BYTES];

static guint8 *
slot(gpointer user)
{
    return slot_bytes;
}

static void
send_slot(gsize len, const KcUdpPath *path, gpointer user)
{
    g_assert(len <= sizeof slot_bytes);
}

static void
never_rtp(KcTransportSession *session, KcPacket *packet, gint64 now_us, gpointer user)
{
    g_assert_not_reached();
}

static void
never_rtcp(KcTransportSession *session, const guint8 *data, gsize len, gint64 now_us, gpointer user)
{
    g_assert_not_reached();
}

/* The nominating check of the corpus, by the test's own hand: the leg trusts its address from here on. */
static void
make_valid(KcTransportSession *session, const KcUdpPath *path)
{
    static const guint8 check[] = {
#include "fuzz_check.inc"
    };
    guint8 reply[KC_ICE_REPLY_BYTES];
    gsize len;

    kc_ice_lite_receive(kc_transport_session_ice(session), check, sizeof check, path, 1, reply, &len);
    g_assert(kc_ice_lite_selected(kc_transport_session_ice(session)) != NULL);
}

static void
to_session(KcDtlsIdentity *identity, KcPacketPool *pool, const uint8_t *data, size_t size)
{
    KcSessionOutput output = {slot, send_slot, NULL, NULL};
    KcSessionCallbacks callbacks = {NULL, never_rtp, never_rtcp, NULL};
    char peer[] = "peer";
    KcSdpOffer offer = {.ufrag = peer, .setup = KC_SDP_ACTPASS};
    KcPacket *packet = kc_packet_pool_take(pool);
    KcUdpPath path = {0};
    KcTimers timers;

    kc_timers_init(&timers);
    KcTransportSession *session = kc_transport_session_new(&offer, identity, "ours1234", "0123456789abcdefghijklmn",
                                                           &timers, &output, &callbacks, NULL, 1);
    kc_udp_addr_parse("192.0.2.1", 9, &path.remote);
    make_valid(session, &path);
    packet->len = MIN(size, (size_t)KC_PACKET_BYTES);
    if (size > 0)
        memcpy(packet->data, data, packet->len);
    kc_transport_session_receive(session, packet, &path, 2);
    g_assert(kc_transport_session_state(session) != KC_SESSION_CONNECTED);
    kc_transport_session_free(session);
    kc_timers_clear(&timers);
    kc_packet_unref(packet);
}

static void
to_srtp(KcSrtpProfile profile, const uint8_t *data, size_t size)
{
    KcSrtpKeys keys = {.profile = profile, .key = {1}, .salt = {2}};
    KcSrtp *srtp = kc_srtp_new(&keys), *out = kc_srtp_new(&keys);
    gsize header_len = kc_srtp_rtp_header_len(data, size);
    g_autofree guint8 *copy = g_memdup2(data, size), *sealed = g_malloc(size + KC_SRTP_OVERHEAD_BYTES);

    g_assert(kc_srtp_unprotect_rtp(srtp, copy, size) < 0);
    memcpy(copy, data, size);
    g_assert(kc_srtp_unprotect_rtcp(srtp, copy, size) < 0);

    struct iovec payload = {(guint8 *)data + header_len, size - header_len};
    gssize len = header_len == 0 || header_len > KC_SRTP_HEADER_BYTES_MAX
                     ? -1
                     : kc_srtp_protect_rtp(out, data, header_len, &payload, 1, sealed, size + KC_SRTP_OVERHEAD_BYTES);
    g_assert(len < 0 || kc_srtp_unprotect_rtp(srtp, sealed, (gsize)len) == (gssize)size);
    len = kc_srtp_protect_rtcp(out, data, size, sealed, size + KC_SRTP_OVERHEAD_BYTES);
    g_assert(len < 0 || kc_srtp_unprotect_rtcp(srtp, sealed, (gsize)len) == (gssize)size);
    kc_srtp_free(srtp);
    kc_srtp_free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static KcDtlsIdentity *identity;
    static KcPacketPool *pool;

    if (identity == NULL) {
        identity = kc_dtls_identity_new(NULL, NULL);
        pool = kc_packet_pool_new(2);
    }
    to_session(identity, pool, data, size);
    if (size == 0)
        return 0;
    to_srtp(KC_SRTP_AEAD_AES_128_GCM, data, size);
    to_srtp(KC_SRTP_AES128_CM_SHA1_80, data, size);
    return 0;
}
