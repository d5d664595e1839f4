/* KcTransportSession: one leg, from the first STUN check to the last packet. ICE-lite, DTLS and SRTP tied together.
 *
 *   connecting --DTLS done, certificate is the announced one--> connected
 *   connecting --not connected in KC_SESSION_CONNECT_US------> gone (timeout)
 *   connecting --certificate is another, handshake fails-----> gone (dtls-failed)
 *   connected  --no valid STUN check for 15 s----------------> gone (consent-lost)
 *   any        --close_notify or fatal alert-----------------> gone (closed)
 *
 * Media is taken only after `connected`, and only from an address that a check made valid; everything else is dropped
 * and counted. Sans-IO: output goes through KcSessionOutput, time comes in. All functions and callbacks belong to one
 * thread, that of the loop. */
#pragma once

#include "media/transport/dtls.h"
#include "media/transport/ice_lite.h"
#include "media/transport/packet.h"
#include "media/transport/sdp.h"
#include "media/transport/srtp.h"
#include "media/transport/timers.h"

#define KC_SESSION_CONNECT_US (30 * G_USEC_PER_SEC)

typedef struct KcTransportSession KcTransportSession;

typedef enum { KC_SESSION_CONNECTING, KC_SESSION_CONNECTED, KC_SESSION_GONE } KcSessionState;

typedef enum {
    KC_SESSION_GONE_TIMEOUT,
    KC_SESSION_GONE_CONSENT_LOST,
    KC_SESSION_GONE_DTLS_FAILED,
    KC_SESSION_GONE_CLOSED,
} KcSessionGone;

/* "timeout", "consent-lost", "dtls-failed", "closed". */
const char *kc_session_gone_text(KcSessionGone reason);

/* Any may be NULL. The session must not be freed from inside on_rtp and on_rtcp; from inside on_gone it may. */
typedef struct {
    void (*on_connected)(KcTransportSession *session, gint64 now_us, gpointer user);
    /* A decrypted RTP packet, header included, at packet->data + packet->offset, packet->len bytes; its header was
     * checked to hold together. Lent: kc_packet_ref to keep it. */
    void (*on_rtp)(KcTransportSession *session, KcPacket *packet, gint64 now_us, gpointer user);
    /* A decrypted compound RTCP packet (at least 8 bytes; the parts are not checked). Lent. */
    void (*on_rtcp)(KcTransportSession *session, const guint8 *data, gsize len, gint64 now_us, gpointer user);
    /* Once; nothing follows. */
    void (*on_gone)(KcTransportSession *session, KcSessionGone reason, gint64 now_us, gpointer user);
} KcSessionCallbacks;

/* Where datagrams go: a slot of at least KC_UDP_SLOT_BYTES, then its length and path. */
typedef struct {
    guint8 *(*slot)(gpointer user);
    void (*send)(gsize len, const KcUdpPath *path, gpointer user);
    /* Valid addresses and ufrags have changed: who demultiplexes must look at them again. May be NULL. */
    void (*rebind)(KcTransportSession *session, gpointer user);
    gpointer user;
} KcSessionOutput;

typedef struct {
    guint64 rtp_in, rtp_out, rtcp_in, rtcp_out, bytes_in, bytes_out;
    guint64 dropped_garbage;  /* not STUN, DTLS, RTP or RTCP; malformed; or from an address no check made valid */
    guint64 dropped_early;    /* media before the handshake was through */
    guint64 dropped_auth;     /* SRTP: tampered with */
    guint64 dropped_replayed; /* SRTP: duplicate, or too old */
    guint64 send_failed;
    gint64 last_packet_us; /* last media packet taken; 0: none yet */
    gint64 last_check_us;
} KcSessionStats;

/* `timers` and `output` outlive the session; `identity` too. `ufrag` and `pwd` from kc_ice_make_credentials. */
KcTransportSession *kc_transport_session_new(const KcSdpOffer *offer, KcDtlsIdentity *identity, const char *ufrag,
                                             const char *pwd, KcTimers *timers, const KcSessionOutput *output,
                                             const KcSessionCallbacks *callbacks, gpointer user, gint64 now_us);

/* Says goodbye to the peer; calls no callback. Takes NULL. */
void kc_transport_session_free(KcTransportSession *session);

KcSessionState kc_transport_session_state(const KcTransportSession *session);
KcIceLite *kc_transport_session_ice(KcTransportSession *session);
const KcSessionStats *kc_transport_session_stats(const KcTransportSession *session);

/* The agreed protection profile's number (RFC 5764), 0 before `connected`. */
guint kc_transport_session_srtp_profile(const KcTransportSession *session);

/* One datagram. Decrypts in place. */
void kc_transport_session_receive(KcTransportSession *session, KcPacket *packet, const KcUdpPath *path, gint64 now_us);

/* Sends one RTP packet: `header` with extension, then `n_payload` pieces; encrypted straight into the output slot.
 * FALSE (and counted) when it can't be sent: not connected, too long, or a sequence number already used (see srtp.h).
 */
gboolean kc_transport_session_send_rtp(KcTransportSession *session, const guint8 *header, gsize header_len,
                                       const struct iovec *payload, guint n_payload);

/* One compound RTCP packet. */
gboolean kc_transport_session_send_rtcp(KcTransportSession *session, const guint8 *data, gsize len);

/* ICE restart: our new credentials are in kc_transport_session_ice afterwards. */
void kc_transport_session_restart_ice(KcTransportSession *session, const char *remote_ufrag, gint64 now_us);
