/* DTLS 1.2 or later for keying SRTP (RFC 5764, RFC 8827 6.5, RFC 9147), on OpenSSL. Sans-IO but for its retransmission
 * clock, which is OpenSSL's. Single thread; an identity may be shared by all connections of a thread. */
#pragma once

#include <glib.h>

#include "media/transport/srtp.h"

#define KC_DTLS_FINGERPRINT_BYTES 32
#define KC_DTLS_MTU 1200

#define KC_DTLS_ERROR (kc_dtls_error_quark())
GQuark kc_dtls_error_quark(void);
typedef enum { KC_DTLS_ERROR_FAILED } KcDtlsError;

/* A fresh ECDSA P-256 key with a self-signed certificate, of this process's life. */
typedef struct KcDtlsIdentity KcDtlsIdentity;

/* `srtp_profiles` in OpenSSL's form, for tests; NULL: AEAD_AES_128_GCM before AES_CM_128_HMAC_SHA1_80. */
KcDtlsIdentity *kc_dtls_identity_new(const char *srtp_profiles, GError **error);
void kc_dtls_identity_free(KcDtlsIdentity *identity);
const guint8 *kc_dtls_identity_fingerprint(const KcDtlsIdentity *identity);

typedef struct KcDtls KcDtls;

/* Sends one datagram of at most KC_DTLS_MTU bytes. */
typedef void (*KcDtlsSendFunc)(const guint8 *data, gsize len, gpointer user);

typedef enum {
    KC_DTLS_CONNECTING,
    KC_DTLS_CONNECTED, /* only after the certificate was found to be the announced one */
    KC_DTLS_CLOSED,    /* by the peer's alert */
    KC_DTLS_FAILED,    /* see kc_dtls_failure */
} KcDtlsState;

/* `active`: we are the client. Nothing is sent before kc_dtls_start. The handshake fails with an alert unless the peer
 * shows a certificate with exactly this SHA-256. */
KcDtls *kc_dtls_new(KcDtlsIdentity *identity, gboolean active, const guint8 peer_fingerprint[KC_DTLS_FINGERPRINT_BYTES],
                    KcDtlsSendFunc send, gpointer user);
void kc_dtls_free(KcDtls *dtls);

void kc_dtls_start(KcDtls *dtls);
void kc_dtls_receive(KcDtls *dtls, const guint8 *data, gsize len);

/* Until the next retransmission in microseconds; -1 when none is waiting. */
gint64 kc_dtls_timeout_us(KcDtls *dtls);
void kc_dtls_handle_timeout(KcDtls *dtls);

/* Tells the peer (close_notify). */
void kc_dtls_close(KcDtls *dtls);

KcDtlsState kc_dtls_state(const KcDtls *dtls);

/* Static text, for the log. */
const char *kc_dtls_failure(const KcDtls *dtls);

/* In KC_DTLS_CONNECTED only: what we protect with and what the peer protects with. FALSE if no profile was agreed on.
 */
gboolean kc_dtls_export_keys(KcDtls *dtls, KcSrtpKeys *ret_ours, KcSrtpKeys *ret_theirs);
