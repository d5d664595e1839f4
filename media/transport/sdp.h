/* What an offer says, checked before anything is built from it, and the answer to it.
 *
 * RFC 8866 (SDP), RFC 9429 (JSEP), RFC 9143 (BUNDLE), RFC 8839 (ICE in SDP), RFC 8842 (DTLS in SDP), RFC 5888, RFC 5576
 * (source attributes), RFC 4588 (RTX), RFC 8840 (trickle-ice-sdpfrag), RFC 8285 (header extensions).
 *
 * A refusal is a value: an HTTP status (400: not an SDP at all, or too large to be one; 422: an SDP that this service
 * can't serve), a stable code and a sentence that tells the writer of the offer what is wrong. Pure; thread-safe. */
#pragma once

#include "media/transport/udp_addr.h"

#define KC_SDP_SECTIONS_MAX 16 /* of all kinds; more is refused */
#define KC_SDP_AUDIO_MAX 4
#define KC_SDP_VIDEO_MAX 4
#define KC_SDP_MID_CHARS 16 /* what still fits into a one-byte header extension */
#define KC_SDP_FINGERPRINT_BYTES 32
#define KC_SDP_UFRAG_CHARS 256
#define KC_SDP_PWD_CHARS 256

typedef enum { KC_SDP_AUDIO, KC_SDP_VIDEO, KC_SDP_OTHER } KcSdpKind;

/* Bits, from the point of view of who wrote the description. */
typedef enum { KC_SDP_INACTIVE = 0, KC_SDP_SEND = 1, KC_SDP_RECV = 2, KC_SDP_SENDRECV = 3 } KcSdpDirection;

typedef enum { KC_SDP_ACTPASS, KC_SDP_ACTIVE, KC_SDP_PASSIVE } KcSdpSetup;

typedef enum {
    KC_SDP_FB_NACK = 1,
    KC_SDP_FB_PLI = 2,
    KC_SDP_FB_FIR = 4,
    KC_SDP_FB_TRANSPORT_CC = 8,
} KcSdpFeedback;

typedef struct {
    guint status;     /* 400 or 422; 0: nothing was refused */
    const char *code; /* static, e.g. "sdp-no-fingerprint" */
    char *detail;     /* owned; one sentence in English */
} KcSdpRefusal;

void kc_sdp_refusal_clear(KcSdpRefusal *refusal);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcSdpRefusal, kc_sdp_refusal_clear)

typedef struct {
    KcSdpKind kind;
    gboolean accepted;            /* audio with Opus or video with VP8, in the bundle; else answered with port 0 */
    char *media, *proto, *format; /* owned; as offered, to mirror a section that is not accepted */
    char mid[KC_SDP_MID_CHARS + 1];
    KcSdpDirection direction;                            /* the offerer's */
    guint8 payload_type;                                 /* Opus or VP8 */
    guint8 rtx_payload_type;                             /* of VP8's retransmissions; 0: none */
    guint feedback;                                      /* KcSdpFeedback bits that were offered for payload_type */
    gboolean reduced_size;                               /* a=rtcp-rsize */
    guint8 ext_mid, ext_transport_cc, ext_abs_send_time; /* header extension ids 1…14; 0: not offered */
    guint32 ssrc, rtx_ssrc; /* what the offerer will send; 0: not announced, learn it by mid or payload type */
} KcSdpSection;

typedef struct {
    char *session_id;                             /* owned; second field of o= */
    char *ufrag, *pwd;                            /* owned; of the section that the bundle is tagged by */
    guint8 fingerprint[KC_SDP_FINGERPRINT_BYTES]; /* SHA-256 of the certificate */
    KcSdpSetup setup;
    guint n_sections;
    KcSdpSection sections[KC_SDP_SECTIONS_MAX];
} KcSdpOffer;

/* NULL with a refusal. `len` bytes need not be terminated. */
KcSdpOffer *kc_sdp_offer_parse(const char *text, gsize len, KcSdpRefusal *ret_refusal);
void kc_sdp_offer_free(KcSdpOffer *offer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSdpOffer, kc_sdp_offer_free)

/* Owned; lower-case hexadecimal of the fingerprint, with which two offers of one page are recognised. */
char *kc_sdp_offer_fingerprint_hex(const KcSdpOffer *offer);

/* What we will send in one section. */
typedef struct {
    guint32 ssrc;          /* 0: nothing will ever be sent there, and the answer says so */
    guint32 rtx_ssrc;      /* 0: no retransmissions (needed only where the offer has rtx_payload_type) */
    const char *stream_id; /* sections with one stream id are played in step; a token */
    const char *track_id;  /* a token */
} KcSdpSend;

typedef struct {
    const char *session_id; /* decimal digits, for o= */
    const char *ufrag, *pwd;
    const guint8 *fingerprint;            /* KC_SDP_FINGERPRINT_BYTES */
    const KcUdpAddr *offered;             /* n_offered: a host candidate each */
    guint n_offered;                      /* 1 or more */
    const KcUdpAddr *offered_tcp;         /* a passive TCP candidate each (RFC 6544) */
    guint n_offered_tcp;
    const char *cname;                    /* a token */
    KcSdpSend sends[KC_SDP_SECTIONS_MAX]; /* by index of section */
} KcSdpAnswer;

/* TRUE: we start the DTLS handshake (the offer says passive). The answer says the same. */
gboolean kc_sdp_offer_makes_us_active(const KcSdpOffer *offer);

/* Our direction in a section, as the answer will say it. */
KcSdpDirection kc_sdp_answer_direction(const KcSdpSection *section, const KcSdpSend *send);

/* Owned. */
char *kc_sdp_answer_write(const KcSdpOffer *offer, const KcSdpAnswer *answer);

/* An ICE restart, or trickled candidates, which an ICE-lite agent doesn't need and ignores (RFC 8840). */
typedef struct {
    char *ufrag, *pwd; /* owned */
} KcSdpFrag;

void kc_sdp_frag_clear(KcSdpFrag *frag);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcSdpFrag, kc_sdp_frag_clear)
gboolean kc_sdp_frag_parse(const char *text, gsize len, KcSdpFrag *ret_frag, KcSdpRefusal *ret_refusal);

/* Owned: our side of a restart, with credentials and candidates from `answer`. */
char *kc_sdp_frag_write(const KcSdpOffer *offer, const KcSdpAnswer *answer);
