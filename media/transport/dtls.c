/* Invariants: `state` reaches KC_DTLS_CONNECTED only through verify_peer, which OpenSSL calls with the certificate
 * whose key signed the handshake; keys are exported in that state only. */
#include "media/transport/dtls.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/time.h>

#define FIRST_TIMEOUT_US 50000 /* as browsers do; OpenSSL's own second is felt by a caller */
#define LAST_TIMEOUT_US 1600000
#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
#define EXPORTER_LABEL "EXTRACTOR-dtls_srtp" /* RFC 5764, 4.2 */

G_DEFINE_QUARK(kc_dtls_error, kc_dtls_error)

struct KcDtlsIdentity {
    SSL_CTX *ctx;
    BIO_METHOD *output;
    guint8 fingerprint[KC_DTLS_FINGERPRINT_BYTES];
};

struct KcDtls {
    SSL *ssl;
    BIO *input; /* owned by ssl */
    gboolean started;
    KcDtlsState state;
    const char *failure;
    guint8 expected[KC_DTLS_FINGERPRINT_BYTES];
    KcDtlsSendFunc send;
    gpointer user;
};

/* ---- identity ---- */

static gboolean
digest_of(X509 *certificate, guint8 ret_digest[KC_DTLS_FINGERPRINT_BYTES])
{
    guint n = 0;

    return X509_digest(certificate, EVP_sha256(), ret_digest, &n) == 1 && n == KC_DTLS_FINGERPRINT_BYTES;
}

static gboolean
is_expected(const KcDtls *dtls, X509 *certificate)
{
    guint8 digest[KC_DTLS_FINGERPRINT_BYTES];

    return certificate != NULL && digest_of(certificate, digest) &&
           CRYPTO_memcmp(digest, dtls->expected, sizeof digest) == 0;
}

/* Called for each certificate of the chain; the peer's own, at depth 0, comes last. Only its hash counts (RFC 8122). */
static int
verify_peer(int ok, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    KcDtls *dtls = SSL_get_app_data(ssl);

    if (X509_STORE_CTX_get_error_depth(store) > 0 || is_expected(dtls, X509_STORE_CTX_get_current_cert(store)))
        return 1;
    dtls->failure = "the certificate is not the one of the offer";
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

static X509 *
self_signed(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    guint64 serial = 0;

    RAND_bytes((guint8 *)&serial, sizeof serial);
    gboolean ok = X509_set_version(certificate, 2) == 1 &&
                  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
                  X509_gmtime_adj(X509_getm_notBefore(certificate), -24 * 3600) != NULL &&
                  X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * 24 * 3600L) != NULL &&
                  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const guint8 *)"WebRTC", -1, -1, 0) == 1 &&
                  X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
                  X509_sign(certificate, key, EVP_sha256()) != 0;
    if (!ok)
        g_clear_pointer(&certificate, X509_free);
    return certificate;
}

static int
output_write(BIO *bio, const char *data, int len)
{
    KcDtls *dtls = BIO_get_data(bio);

    dtls->send((const guint8 *)data, (gsize)len, dtls->user);
    return len;
}

static long
output_ctrl(BIO *bio, int command, long number, void *pointer)
{
    return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT ? 1 : 0;
}

static int
output_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static gboolean
configure(KcDtlsIdentity *identity, EVP_PKEY *key, X509 *certificate, const char *profiles)
{
    identity->output = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "kc-datagrams");
    identity->ctx = SSL_CTX_new(DTLS_method());
    if (identity->output == NULL || identity->ctx == NULL)
        return FALSE;
    BIO_meth_set_write(identity->output, output_write);
    BIO_meth_set_ctrl(identity->output, output_ctrl);
    BIO_meth_set_create(identity->output, output_create);
    SSL_CTX_set_verify(identity->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify_peer);
    SSL_CTX_set_session_cache_mode(identity->ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_send_fragment(identity->ctx, KC_DTLS_MTU); /* the size of its buffer */
    SSL_CTX_set_options(identity->ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU);
    return SSL_CTX_set_min_proto_version(identity->ctx, DTLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(identity->ctx, "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:!eNULL:!MD5") == 1 &&
           SSL_CTX_use_certificate(identity->ctx, certificate) == 1 &&
           SSL_CTX_use_PrivateKey(identity->ctx, key) == 1 &&
           SSL_CTX_set_tlsext_use_srtp(identity->ctx, profiles != NULL ? profiles : PROFILES) == 0 &&
           digest_of(certificate, identity->fingerprint);
}

KcDtlsIdentity *
kc_dtls_identity_new(const char *srtp_profiles, GError **error)
{
    KcDtlsIdentity *identity = g_new0(KcDtlsIdentity, 1);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key != NULL ? self_signed(key) : NULL;
    gboolean ok = certificate != NULL && configure(identity, key, certificate, srtp_profiles);

    X509_free(certificate);
    EVP_PKEY_free(key);
    if (ok)
        return identity;
    g_set_error(error, KC_DTLS_ERROR, KC_DTLS_ERROR_FAILED, "DTLS identity: %s",
                ERR_reason_error_string(ERR_peek_last_error()) ?: "unknown");
    ERR_clear_error();
    kc_dtls_identity_free(identity);
    return NULL;
}

void
kc_dtls_identity_free(KcDtlsIdentity *identity)
{
    if (identity == NULL)
        return;
    SSL_CTX_free(identity->ctx);
    BIO_meth_free(identity->output);
    g_free(identity);
}

const guint8 *
kc_dtls_identity_fingerprint(const KcDtlsIdentity *identity)
{
    return identity->fingerprint;
}

/* ---- connection ---- */

static unsigned
next_timeout(SSL *ssl, unsigned last_us)
{
    return last_us == 0 ? FIRST_TIMEOUT_US : MIN(last_us * 2, LAST_TIMEOUT_US);
}

KcDtls *
kc_dtls_new(KcDtlsIdentity *identity, gboolean active, const guint8 peer_fingerprint[KC_DTLS_FINGERPRINT_BYTES],
            KcDtlsSendFunc send, gpointer user)
{
    KcDtls *dtls = g_new0(KcDtls, 1);
    BIO *output = BIO_new(identity->output);

    dtls->send = send;
    dtls->user = user;
    memcpy(dtls->expected, peer_fingerprint, sizeof dtls->expected);
    dtls->ssl = SSL_new(identity->ctx);
    dtls->input = BIO_new(BIO_s_mem());
    g_assert(dtls->ssl != NULL && dtls->input != NULL && output != NULL);
    BIO_set_mem_eof_return(dtls->input, -1);
    BIO_set_data(output, dtls);
    SSL_set_bio(dtls->ssl, dtls->input, output);
    SSL_set_app_data(dtls->ssl, dtls);
    DTLS_set_link_mtu(dtls->ssl, KC_DTLS_MTU);
    DTLS_set_timer_cb(dtls->ssl, next_timeout);
    if (active)
        SSL_set_connect_state(dtls->ssl);
    else
        SSL_set_accept_state(dtls->ssl);
    return dtls;
}

void
kc_dtls_free(KcDtls *dtls)
{
    if (dtls == NULL)
        return;
    SSL_free(dtls->ssl);
    g_free(dtls);
}

static void
fail(KcDtls *dtls, const char *why)
{
    if (dtls->failure == NULL)
        dtls->failure = why;
    dtls->state = KC_DTLS_FAILED;
    ERR_clear_error();
}

static void
handshake(KcDtls *dtls)
{
    ERR_clear_error();
    int result = SSL_do_handshake(dtls->ssl);
    int error = SSL_get_error(dtls->ssl, result);

    if (result == 1) {
        /* verify_peer has refused any other certificate; asked again here, so that nothing depends on when it is
         * called. */
        if (!is_expected(dtls, SSL_get0_peer_certificate(dtls->ssl)))
            fail(dtls, "the certificate is not the one of the offer");
        else if (SSL_get_selected_srtp_profile(dtls->ssl) == NULL)
            fail(dtls, "no common SRTP profile");
        else
            dtls->state = KC_DTLS_CONNECTED;
    } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        fail(dtls, "handshake failed");
    }
}

/* Nothing but alerts is expected once connected: application data is read and thrown away. */
static void
read_alerts(KcDtls *dtls)
{
    guint8 ignored[256];
    int result;

    ERR_clear_error();
    while ((result = SSL_read(dtls->ssl, ignored, sizeof ignored)) > 0)
        ;
    int error = SSL_get_error(dtls->ssl, result);
    if (error == SSL_ERROR_ZERO_RETURN || (SSL_get_shutdown(dtls->ssl) & SSL_RECEIVED_SHUTDOWN) != 0)
        dtls->state = KC_DTLS_CLOSED;
    ERR_clear_error();
}

void
kc_dtls_start(KcDtls *dtls)
{
    if (dtls->started)
        return;
    dtls->started = TRUE;
    handshake(dtls);
}

void
kc_dtls_receive(KcDtls *dtls, const guint8 *data, gsize len)
{
    if (len == 0 || len > G_MAXINT || dtls->state == KC_DTLS_CLOSED || dtls->state == KC_DTLS_FAILED)
        return;
    dtls->started = TRUE;
    BIO_write(dtls->input, data, (int)len);
    if (dtls->state == KC_DTLS_CONNECTING)
        handshake(dtls);
    if (dtls->state == KC_DTLS_CONNECTED)
        read_alerts(dtls);
    /* One datagram at a time: what OpenSSL left of this one must not run into the next. */
    (void)BIO_reset(dtls->input);
}

gint64
kc_dtls_timeout_us(KcDtls *dtls)
{
    struct timeval left;

    if (dtls->state != KC_DTLS_CONNECTING && dtls->state != KC_DTLS_CONNECTED)
        return -1;
    if (DTLSv1_get_timeout(dtls->ssl, &left) != 1)
        return -1;
    return left.tv_sec * G_USEC_PER_SEC + left.tv_usec;
}

void
kc_dtls_handle_timeout(KcDtls *dtls)
{
    if (kc_dtls_timeout_us(dtls) < 0)
        return;
    ERR_clear_error();
    if (DTLSv1_handle_timeout(dtls->ssl) < 0 && dtls->state == KC_DTLS_CONNECTING)
        fail(dtls, "the peer does not answer");
}

void
kc_dtls_close(KcDtls *dtls)
{
    if (dtls->state == KC_DTLS_CONNECTED) {
        ERR_clear_error();
        SSL_shutdown(dtls->ssl);
        ERR_clear_error();
    }
    dtls->state = dtls->state == KC_DTLS_FAILED ? KC_DTLS_FAILED : KC_DTLS_CLOSED;
}

KcDtlsState
kc_dtls_state(const KcDtls *dtls)
{
    return dtls->state;
}

const char *
kc_dtls_failure(const KcDtls *dtls)
{
    return dtls->failure != NULL ? dtls->failure : "none";
}

gboolean
kc_dtls_export_keys(KcDtls *dtls, KcSrtpKeys *ret_ours, KcSrtpKeys *ret_theirs)
{
    SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
    guint8 raw[2 * (16 + 14)];

    if (dtls->state != KC_DTLS_CONNECTED || profile == NULL ||
        (profile->id != KC_SRTP_AEAD_AES_128_GCM && profile->id != KC_SRTP_AES128_CM_SHA1_80))
        return FALSE;
    gsize salt_len = profile->id == KC_SRTP_AEAD_AES_128_GCM ? 12 : 14, len = 2 * (16 + salt_len);
    if (SSL_export_keying_material(dtls->ssl, raw, len, EXPORTER_LABEL, strlen(EXPORTER_LABEL), NULL, 0, 0) != 1)
        return FALSE;

    /* Client's key, server's key, client's salt, server's salt. */
    KcSrtpKeys client = {.profile = (KcSrtpProfile)profile->id}, server = client;
    memcpy(client.key, raw, 16);
    memcpy(server.key, raw + 16, 16);
    memcpy(client.salt, raw + 32, salt_len);
    memcpy(server.salt, raw + 32 + salt_len, salt_len);
    gboolean active = !SSL_is_server(dtls->ssl);
    *ret_ours = active ? client : server;
    *ret_theirs = active ? server : client;
    OPENSSL_cleanse(raw, sizeof raw);
    OPENSSL_cleanse(&client, sizeof client);
    OPENSSL_cleanse(&server, sizeof server);
    return TRUE;
}
