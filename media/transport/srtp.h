/* SRTP and SRTCP (RFC 3711) with AES-128-GCM (RFC 7714) or AES-CM-128-HMAC-SHA1-80: one direction of
 * one DTLS association, any number of SSRCs up to a limit.
 *
 * No allocation per packet, but for the first of an SSRC. Single thread. */
#pragma once

#include <glib.h>
#include <sys/uio.h>

#define KC_SRTP_OVERHEAD_BYTES 20 /* at most what protection adds to a packet: tag, and the index of SRTCP */
#define KC_SRTP_SSRCS_MAX 64      /* a direction */
#define KC_SRTP_WINDOW_PACKETS 1024
#define KC_SRTP_HEADER_BYTES_MAX 400

typedef enum { KC_SRTP_AES128_CM_SHA1_80 = 1, KC_SRTP_AEAD_AES_128_GCM = 7 } KcSrtpProfile; /* RFC 5764 numbers */

typedef struct {
    KcSrtpProfile profile;
    guint8 key[16];
    guint8 salt[14]; /* 12 bytes with GCM */
} KcSrtpKeys;

typedef struct KcSrtp KcSrtp;

typedef enum {
    KC_SRTP_OK = 0,
    KC_SRTP_MALFORMED = -1,
    KC_SRTP_REPLAYED = -2, /* seen before, or older than the window */
    KC_SRTP_AUTH = -3,     /* tampered with, or of other keys */
    KC_SRTP_LIMIT = -4,    /* too many SSRCs, or the output has no room */
    KC_SRTP_INTERNAL = -5,
} KcSrtpResult;

/* Loads the ciphers and lets them test themselves: at the start, not at the first call. FALSE: there are none. */
gboolean kc_srtp_prepare(void);

/* NULL if there is no such cipher. Keys are copied and wiped at the end. */
KcSrtp *kc_srtp_new(const KcSrtpKeys *keys);
void kc_srtp_free(KcSrtp *srtp);

/* Protects one RTP packet out of place: `header` (fixed part, CSRCs and extension) and the payload in pieces, into
 * `out`. Returns the length, or a KcSrtpResult.
 *
 * A sequence number of an SSRC may be protected once only: with GCM a second, different packet under the same number
 * would give the key away (RFC 7714, 8.1), so it is refused as KC_SRTP_REPLAYED. Retransmissions go out as RTX.
 *
 * The first sequence number of an SSRC should be below 2^15, so that a receiver that misses the first packets still
 * counts rollovers right (RFC 3711, 3.3.1). */
gssize kc_srtp_protect_rtp(KcSrtp *srtp, const guint8 *header, gsize header_len, const struct iovec *payload,
                           guint n_payload, guint8 *out, gsize out_cap);

/* In place; returns the length of the RTP packet, or a KcSrtpResult, when `data` is to be thrown away. Nothing is
 * remembered of a packet that fails. */
gssize kc_srtp_unprotect_rtp(KcSrtp *srtp, guint8 *data, gsize len);

/* One compound RTCP packet out of place, encrypted. */
gssize kc_srtp_protect_rtcp(KcSrtp *srtp, const guint8 *data, gsize len, guint8 *out, gsize out_cap);
gssize kc_srtp_unprotect_rtcp(KcSrtp *srtp, guint8 *data, gsize len);

/* The length of fixed header, CSRCs and extension of an RTP packet; 0 if it does not hold together. */
gsize kc_srtp_rtp_header_len(const guint8 *data, gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSrtp, kc_srtp_free)
