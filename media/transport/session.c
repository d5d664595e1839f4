/* Invariants:
 *  - `ours` and `theirs` exist exactly while the state is `connected` or was: no media is taken or sent without them.
 *  - After on_gone nothing of the session is touched: the owner may have freed it there.
 *  - One timer, set whenever DTLS has done something, and at least once a second. */
#include "media/transport/session.h"

#include <string.h>

#include "media/transport/udp_loop.h"

#define TICK_US G_USEC_PER_SEC

struct KcTransportSession {
    KcSessionState state;
    KcIceLite *ice;
    KcDtls *dtls;
    KcSrtp *ours, *theirs;
    guint profile;
    gboolean active;
    gint64 made_us, now_us;
    KcTimers *timers;
    KcTimer timer;
    KcSessionOutput output;
    KcSessionCallbacks callbacks;
    gpointer user;
    KcSessionStats stats;
};

const char *
kc_session_gone_text(KcSessionGone reason)
{
    static const char *const texts[] = {"timeout", "consent-lost", "dtls-failed", "closed"};

    return texts[reason];
}

/* ---- life ---- */

static void
go(KcTransportSession *session, KcSessionGone reason)
{
    if (session->state == KC_SESSION_GONE)
        return;
    session->state = KC_SESSION_GONE;
    kc_timers_cancel(session->timers, &session->timer);
    if (session->callbacks.on_gone != NULL)
        session->callbacks.on_gone(session, reason, session->now_us, session->user);
}

static void
set_timer(KcTransportSession *session)
{
    gint64 dtls_us = kc_dtls_timeout_us(session->dtls), in_us = TICK_US;

    if (dtls_us >= 0 && dtls_us < in_us)
        in_us = dtls_us;
    kc_timers_set(session->timers, &session->timer, session->now_us + in_us);
}

static void
connect_media(KcTransportSession *session)
{
    KcSrtpKeys ours, theirs;

    if (!kc_dtls_export_keys(session->dtls, &ours, &theirs)) {
        go(session, KC_SESSION_GONE_DTLS_FAILED);
        return;
    }
    session->ours = kc_srtp_new(&ours);
    session->theirs = kc_srtp_new(&theirs);
    explicit_bzero(&ours, sizeof ours);
    session->profile = theirs.profile;
    explicit_bzero(&theirs, sizeof theirs);
    if (session->ours == NULL || session->theirs == NULL) {
        go(session, KC_SESSION_GONE_DTLS_FAILED);
        return;
    }
    session->state = KC_SESSION_CONNECTED;
    if (session->callbacks.on_connected != NULL)
        session->callbacks.on_connected(session, session->now_us, session->user);
}

/* What DTLS has become; may end in on_gone. */
static void
follow_dtls(KcTransportSession *session)
{
    set_timer(session);
    switch (kc_dtls_state(session->dtls)) {
    case KC_DTLS_CONNECTED:
        if (session->state == KC_SESSION_CONNECTING)
            connect_media(session);
        break;
    case KC_DTLS_CLOSED:
        go(session, KC_SESSION_GONE_CLOSED);
        break;
    case KC_DTLS_FAILED:
        go(session, KC_SESSION_GONE_DTLS_FAILED);
        break;
    case KC_DTLS_CONNECTING:
        break;
    }
}

static void
on_timer(gint64 now_us, gpointer user)
{
    KcTransportSession *session = user;

    session->now_us = now_us;
    if (session->state == KC_SESSION_CONNECTING && now_us - session->made_us >= KC_SESSION_CONNECT_US) {
        go(session, KC_SESSION_GONE_TIMEOUT);
        return;
    }
    if (session->state == KC_SESSION_CONNECTED && kc_ice_lite_consent_lost(session->ice, now_us)) {
        go(session, KC_SESSION_GONE_CONSENT_LOST);
        return;
    }
    if (kc_dtls_timeout_us(session->dtls) == 0)
        kc_dtls_handle_timeout(session->dtls);
    follow_dtls(session);
}

static void
send_dtls(const guint8 *data, gsize len, gpointer user)
{
    KcTransportSession *session = user;
    const KcUdpPath *path = kc_ice_lite_selected(session->ice);

    if (path == NULL || len > KC_UDP_SLOT_BYTES) {
        session->stats.send_failed++;
        return;
    }
    memcpy(session->output.slot(session->output.user), data, len);
    session->output.send(len, path, session->output.user);
}

KcTransportSession *
kc_transport_session_new(const KcSdpOffer *offer, KcDtlsIdentity *identity, const char *ufrag, const char *pwd,
                         KcTimers *timers, const KcSessionOutput *output, const KcSessionCallbacks *callbacks,
                         gpointer user, gint64 now_us)
{
    KcTransportSession *session = g_new0(KcTransportSession, 1);

    session->active = kc_sdp_offer_makes_us_active(offer);
    session->ice = kc_ice_lite_new(ufrag, pwd, offer->ufrag, now_us);
    session->dtls = kc_dtls_new(identity, session->active, offer->fingerprint, send_dtls, session);
    session->made_us = session->now_us = now_us;
    session->timers = timers;
    session->timer.func = on_timer;
    session->timer.user = session;
    session->output = *output;
    session->callbacks = *callbacks;
    session->user = user;
    kc_timers_set(timers, &session->timer, now_us + TICK_US);
    return session;
}

void
kc_transport_session_free(KcTransportSession *session)
{
    if (session == NULL)
        return;
    /* Without consent nothing may be sent, not even a goodbye (RFC 7675, 5.1). */
    if (session->state == KC_SESSION_CONNECTED)
        kc_dtls_close(session->dtls);
    kc_timers_cancel(session->timers, &session->timer);
    kc_srtp_free(session->ours);
    kc_srtp_free(session->theirs);
    kc_dtls_free(session->dtls);
    kc_ice_lite_free(session->ice);
    g_free(session);
}

KcSessionState
kc_transport_session_state(const KcTransportSession *session)
{
    return session->state;
}

KcIceLite *
kc_transport_session_ice(KcTransportSession *session)
{
    return session->ice;
}

const KcSessionStats *
kc_transport_session_stats(const KcTransportSession *session)
{
    return &session->stats;
}

guint
kc_transport_session_srtp_profile(const KcTransportSession *session)
{
    return session->profile;
}

void
kc_transport_session_restart_ice(KcTransportSession *session, const char *remote_ufrag, gint64 now_us)
{
    char ufrag[KC_ICE_UFRAG_CHARS + 1], pwd[KC_ICE_PWD_CHARS + 1];

    kc_ice_make_credentials(ufrag, pwd);
    kc_ice_lite_restart(session->ice, ufrag, pwd, remote_ufrag, now_us);
    if (session->output.rebind != NULL)
        session->output.rebind(session, session->output.user);
}

/* ---- receiving ---- */

static void
receive_stun(KcTransportSession *session, const KcPacket *packet, const KcUdpPath *path)
{
    guint8 *slot = session->output.slot(session->output.user);
    gsize len = 0;
    KcIceOutcome outcome =
        kc_ice_lite_receive(session->ice, packet->data, packet->len, path, session->now_us, slot, &len);

    if (outcome == KC_ICE_DROP) {
        session->stats.dropped_garbage++;
        return;
    }
    session->stats.last_check_us = session->now_us;
    session->output.send(len, path, session->output.user);
    if (outcome != KC_ICE_SELECTED)
        return;
    if (session->output.rebind != NULL)
        session->output.rebind(session, session->output.user);
    if (session->active && session->state == KC_SESSION_CONNECTING) {
        kc_dtls_start(session->dtls);
        follow_dtls(session);
    }
}

static void
receive_dtls(KcTransportSession *session, const KcPacket *packet)
{
    kc_dtls_receive(session->dtls, packet->data, packet->len);
    follow_dtls(session);
}

static void
count_refused(KcSessionStats *stats, gssize result)
{
    if (result == KC_SRTP_REPLAYED)
        stats->dropped_replayed++;
    else if (result == KC_SRTP_AUTH)
        stats->dropped_auth++;
    else
        stats->dropped_garbage++;
}

static void
receive_media(KcTransportSession *session, KcPacket *packet)
{
    /* RFC 5761, 4: with the marker bit, RTCP's packet types 192…223 are no payload types. */
    gboolean rtcp = packet->data[1] >= 192 && packet->data[1] <= 223;

    if (session->state != KC_SESSION_CONNECTED) {
        session->stats.dropped_early++;
        return;
    }
    gssize len = rtcp ? kc_srtp_unprotect_rtcp(session->theirs, packet->data, packet->len)
                      : kc_srtp_unprotect_rtp(session->theirs, packet->data, packet->len);
    if (len < 0) {
        count_refused(&session->stats, len);
        return;
    }
    session->stats.bytes_in += packet->len;
    session->stats.last_packet_us = session->now_us;
    packet->len = (gsize)len;
    if (rtcp) {
        session->stats.rtcp_in++;
        if (session->callbacks.on_rtcp != NULL)
            session->callbacks.on_rtcp(session, packet->data, packet->len, session->now_us, session->user);
        return;
    }
    session->stats.rtp_in++;
    if (session->callbacks.on_rtp != NULL)
        session->callbacks.on_rtp(session, packet, session->now_us, session->user);
}

void
kc_transport_session_receive(KcTransportSession *session, KcPacket *packet, const KcUdpPath *path, gint64 now_us)
{
    guint8 first = packet->len >= 2 ? packet->data[0] : 0xff;

    session->now_us = now_us;
    if (session->state == KC_SESSION_GONE)
        return;
    /* RFC 7983 */
    if (first <= 3)
        receive_stun(session, packet, path);
    else if (!kc_ice_lite_touch(session->ice, path, now_us))
        session->stats.dropped_garbage++;
    else if (first >= 20 && first <= 63)
        receive_dtls(session, packet);
    else if (first >= 128 && first <= 191)
        receive_media(session, packet);
    else
        session->stats.dropped_garbage++;
}

/* ---- sending ---- */

/* Counts, and sends the slot that was filled with `len` bytes. */
static gboolean
send_media(KcTransportSession *session, gssize len, guint64 *counter)
{
    const KcUdpPath *path = kc_ice_lite_selected(session->ice);

    if (len < 0 || path == NULL) {
        session->stats.send_failed++;
        return FALSE;
    }
    session->output.send((gsize)len, path, session->output.user);
    session->stats.bytes_out += (gsize)len;
    (*counter)++;
    return TRUE;
}

gboolean
kc_transport_session_send_rtp(KcTransportSession *session, const guint8 *header, gsize header_len,
                              const struct iovec *payload, guint n_payload)
{
    if (session->state != KC_SESSION_CONNECTED) {
        session->stats.send_failed++;
        return FALSE;
    }
    guint8 *slot = session->output.slot(session->output.user);
    gssize len = kc_srtp_protect_rtp(session->ours, header, header_len, payload, n_payload, slot, KC_UDP_SLOT_BYTES);
    return send_media(session, len, &session->stats.rtp_out);
}

gboolean
kc_transport_session_send_rtcp(KcTransportSession *session, const guint8 *data, gsize len)
{
    if (session->state != KC_SESSION_CONNECTED) {
        session->stats.send_failed++;
        return FALSE;
    }
    guint8 *slot = session->output.slot(session->output.user);
    return send_media(session, kc_srtp_protect_rtcp(session->ours, data, len, slot, KC_UDP_SLOT_BYTES),
                      &session->stats.rtcp_out);
}
