#include "tests/media/transport/peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stun/stunagent.h>
#include <stun/usages/ice.h>

static const uint16_t known_attributes[] = {STUN_ATTRIBUTE_USERNAME,           STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
                                            STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, STUN_ATTRIBUTE_ERROR_CODE,
                                            STUN_ATTRIBUTE_FINGERPRINT,        0};

/* ---- DTLS ---- */

static int
output_write(BIO *bio, const char *data, int len)
{
    peer_send_raw(BIO_get_data(bio), data, (gsize)len);
    return len;
}

static long
output_ctrl(BIO *bio, int command, long number, void *pointer)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int
output_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static int
accept_any(int ok, X509_STORE_CTX *store)
{
    return 1;
}

static void
make_context(Peer *peer, const char *profiles)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    guint n;

    X509_set_version(certificate, 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    X509_digest(certificate, EVP_sha256(), peer->fingerprint, &n);
    peer->ctx = SSL_CTX_new(DTLS_method());
    SSL_CTX_use_certificate(peer->ctx, certificate);
    SSL_CTX_use_PrivateKey(peer->ctx, key);
    SSL_CTX_set_verify(peer->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
    ck_assert_int_eq(SSL_CTX_set_tlsext_use_srtp(peer->ctx, profiles), 0);
    X509_free(certificate);
    EVP_PKEY_free(key);

    peer->output = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "peer");
    BIO_meth_set_write(peer->output, output_write);
    BIO_meth_set_ctrl(peer->output, output_ctrl);
    BIO_meth_set_create(peer->output, output_create);
    BIO *output = BIO_new(peer->output);
    BIO_set_data(output, peer);
    peer->input = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(peer->input, -1);
    peer->ssl = SSL_new(peer->ctx);
    SSL_set_bio(peer->ssl, peer->input, output);
    SSL_set_options(peer->ssl, SSL_OP_NO_QUERY_MTU);
    DTLS_set_link_mtu(peer->ssl, 1200);
    if (peer->active)
        SSL_set_connect_state(peer->ssl);
    else
        SSL_set_accept_state(peer->ssl);
}

static srtp_t
make_srtp(const Peer *peer, const guint8 *key, const guint8 *salt, gsize salt_len, srtp_ssrc_type_t type)
{
    guint8 both[30];
    srtp_policy_t policy = {.ssrc = {.type = type}, .key = both, .window_size = 1024, .allow_repeat_tx = 1};
    srtp_t srtp = NULL;

    memcpy(both, key, 16);
    memcpy(both + 16, salt, salt_len);
    if (peer->profile == SRTP_AEAD_AES_128_GCM) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_rtp_default(&policy.rtp);
        srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    }
    ck_assert_int_eq(srtp_create(&srtp, &policy), srtp_err_status_ok);
    return srtp;
}

static void
start_srtp(Peer *peer)
{
    SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(peer->ssl);
    guint8 raw[60];

    ck_assert_ptr_nonnull(profile);
    peer->profile = (guint)profile->id;
    gsize salt_len = profile->id == SRTP_AEAD_AES_128_GCM ? 12 : 14;
    SSL_export_keying_material(peer->ssl, raw, 2 * (16 + salt_len), "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0);
    guint ours = peer->active ? 0 : 1;
    peer->out = make_srtp(peer, raw + 16 * ours, raw + 32 + salt_len * ours, salt_len, ssrc_any_outbound);
    ours = 1 - ours;
    peer->in = make_srtp(peer, raw + 16 * ours, raw + 32 + salt_len * ours, salt_len, ssrc_any_inbound);
    peer->connected = TRUE;
}

static void
dtls_step(Peer *peer)
{
    int result = SSL_do_handshake(peer->ssl);

    if (result == 1 && !peer->connected) {
        start_srtp(peer);
    } else if (result <= 0) {
        int error = SSL_get_error(peer->ssl, result);

        peer->failed = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    }
}

void
peer_dtls_start(Peer *peer)
{
    if (peer->active)
        dtls_step(peer);
}

/* ---- life ---- */

static void
open_socket(Peer *peer)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    peer->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(bind(peer->fd, (struct sockaddr *)&any, sizeof any), 0);
}

static void
random_text(char *text, gsize len)
{
    for (gsize i = 0; i < len; i++)
        text[i] = (char)('a' + g_random_int_range(0, 26));
    text[len] = '\0';
}

Peer *
peer_new(const char *srtp_profiles, gboolean active)
{
    Peer *peer = g_new0(Peer, 1);

    srtp_init();
    peer->active = active;
    peer->packets = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    open_socket(peer);
    peer->stream_fd = peer->kept_fd = -1;
    peer->stream = g_byte_array_new();
    random_text(peer->ufrag, 4);
    random_text(peer->pwd, 24);
    make_context(peer, srtp_profiles);
    return peer;
}

void
peer_free(Peer *peer)
{
    SSL_free(peer->ssl);
    SSL_CTX_free(peer->ctx);
    BIO_meth_free(peer->output);
    if (peer->in != NULL)
        srtp_dealloc(peer->in);
    if (peer->out != NULL)
        srtp_dealloc(peer->out);
    g_ptr_array_unref(peer->packets);
    peer_hang_up(peer, FALSE);
    g_byte_array_unref(peer->stream);
    close(peer->fd);
    g_free(peer);
}

void
peer_move(Peer *peer)
{
    int old = peer->fd;

    open_socket(peer);
    close(old);
}

/* ---- SDP ---- */

char *
peer_offer(Peer *peer, const guint8 *fingerprint)
{
    static const char *const codecs[] = {"a=rtpmap:111 opus/48000/2\r\na=ssrc:1001 cname:p\r\n",
                                         "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=ssrc:2001 cname:p\r\n"};
    GString *sdp = g_string_new("v=0\r\no=- 77 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n");

    if (fingerprint == NULL)
        fingerprint = peer->fingerprint;
    for (guint i = 0; i < 2; i++) {
        g_string_append_printf(sdp, "m=%s 9 UDP/TLS/RTP/SAVPF %u\r\nc=IN IP4 0.0.0.0\r\na=mid:%u\r\n",
                               i == 0 ? "audio" : "video", i == 0 ? 111 : 96, i);
        g_string_append_printf(sdp, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 ", peer->ufrag, peer->pwd);
        for (guint j = 0; j < 32; j++)
            g_string_append_printf(sdp, "%s%02X", j > 0 ? ":" : "", fingerprint[j]);
        g_string_append_printf(sdp, "\r\na=setup:%s\r\na=sendrecv\r\na=rtcp-mux\r\n%s",
                               peer->active ? "actpass" : "passive", codecs[i]);
    }
    return g_string_free(sdp, FALSE);
}

char *
peer_restart(Peer *peer)
{
    random_text(peer->ufrag, 4);
    random_text(peer->pwd, 24);
    return g_strdup_printf("a=ice-ufrag:%s\r\na=ice-pwd:%s\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n",
                           peer->ufrag, peer->pwd);
}

void
peer_read_answer(Peer *peer, const char *sdp)
{
    const char *ufrag = strstr(sdp, "a=ice-ufrag:"), *pwd = strstr(sdp, "a=ice-pwd:");
    const char *candidate = strstr(sdp, "a=candidate:");
    char ip[40];
    guint port;

    ck_assert(ufrag != NULL && pwd != NULL && candidate != NULL);
    ck_assert_int_eq(sscanf(ufrag, "a=ice-ufrag:%39s", peer->server_ufrag), 1);
    ck_assert_int_eq(sscanf(pwd, "a=ice-pwd:%79s", peer->server_pwd), 1);
    ck_assert_int_eq(sscanf(candidate, "a=candidate:%*s %*u udp %*u %39s %u typ host", ip, &port), 2);
    peer->server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((guint16)port)};
    ck_assert_int_eq(inet_pton(AF_INET, ip, &peer->server.sin_addr), 1);
    peer->stream_server = peer->server;
    peer->stream_server.sin_port = 0;
    candidate = strstr(sdp, " 1 tcp ");
    if (candidate != NULL) {
        ck_assert_int_eq(sscanf(candidate, " 1 tcp %*u %39s %u typ host tcptype passive", ip, &port), 2);
        peer->stream_server.sin_port = htons((guint16)port);
    }
}

/* ---- TCP ---- */

void
peer_dial(Peer *peer, int buffer_bytes)
{
    peer_hang_up(peer, FALSE);
    peer->stream_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (buffer_bytes != 0)
        setsockopt(peer->stream_fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    ck_assert_int_eq(connect(peer->stream_fd, (struct sockaddr *)&peer->stream_server, sizeof peer->stream_server), 0);
}

void
peer_hang_up(Peer *peer, gboolean keep)
{
    int *fds[] = {&peer->stream_fd, &peer->kept_fd};

    if (keep) {
        peer->kept_fd = peer->stream_fd;
        peer->stream_fd = -1;
        return;
    }
    for (guint i = 0; i < 2; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
    peer->stream_ended = FALSE;
    g_byte_array_set_size(peer->stream, 0);
}

/* ---- sending ---- */

void
peer_send_raw(Peer *peer, const void *data, gsize len)
{
    guint8 framed[2 + 4000] = {(guint8)(len >> 8), (guint8)len};

    if (peer->stream_fd >= 0) {
        memcpy(framed + 2, data, len);
        send(peer->stream_fd, framed, len + 2, MSG_NOSIGNAL);
        return;
    }
    sendto(peer->fd, data, len, 0, (struct sockaddr *)&peer->server, sizeof peer->server);
}

void
peer_check(Peer *peer, gboolean nominate)
{
    g_autofree char *username = g_strdup_printf("%s:%s", peer->server_ufrag, peer->ufrag);
    StunAgent agent;
    StunMessage message;
    guint8 buffer[500];

    stun_agent_init(&agent, known_attributes, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
    gsize len =
        stun_usage_ice_conncheck_create(&agent, &message, buffer, sizeof buffer, (const uint8_t *)username,
                                        strlen(username), (const uint8_t *)peer->server_pwd, strlen(peer->server_pwd),
                                        nominate, true, 1853824767, 42, NULL, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    peer_send_raw(peer, buffer, len);
}

gboolean
peer_send_rtp(Peer *peer, guint32 ssrc, guint16 seq, guint8 fill, gsize len)
{
    guint8 packet[1600] = {0x80, 96, (guint8)(seq >> 8), (guint8)seq};
    int total = (int)(12 + len);

    packet[8] = (guint8)(ssrc >> 24);
    packet[9] = (guint8)(ssrc >> 16);
    packet[10] = (guint8)(ssrc >> 8);
    packet[11] = (guint8)ssrc;
    memset(packet + 12, fill, len);
    if (srtp_protect(peer->out, packet, &total) != srtp_err_status_ok)
        return FALSE;
    peer_send_raw(peer, packet, (gsize)total);
    return TRUE;
}

gboolean
peer_send_rtcp(Peer *peer, guint32 ssrc)
{
    guint8 packet[100] = {0x80, 201, 0, 1, 0, 0, (guint8)(ssrc >> 8), (guint8)ssrc};
    int len = 8;

    if (srtp_protect_rtcp(peer->out, packet, &len) != srtp_err_status_ok)
        return FALSE;
    peer_send_raw(peer, packet, (gsize)len);
    return TRUE;
}

/* ---- receiving ---- */

static void
read_dtls(Peer *peer, const guint8 *data, int len)
{
    guint8 ignored[100];

    BIO_write(peer->input, data, len);
    if (!peer->connected)
        dtls_step(peer);
    else
        peer->closed = SSL_read(peer->ssl, ignored, sizeof ignored) <= 0 &&
                       (SSL_get_shutdown(peer->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}

static void
read_media(Peer *peer, guint8 *data, int len)
{
    gboolean rtcp = data[1] >= 192 && data[1] <= 223;

    if (peer->in == NULL ||
        (rtcp ? srtp_unprotect_rtcp(peer->in, data, &len) : srtp_unprotect(peer->in, data, &len)) != srtp_err_status_ok)
        peer->undecryptable++;
    else
        g_ptr_array_add(peer->packets, g_bytes_new(data, (gsize)len));
}

static void
read_packet(Peer *peer, guint8 *data, int len)
{
    if (data[0] <= 3) {
        peer->checks_answered += data[0] == 1 && data[1] == 0x01;
        peer->check_errors += data[0] == 1 && data[1] == 0x11;
    } else if (data[0] >= 20 && data[0] <= 63) {
        read_dtls(peer, data, len);
    } else {
        read_media(peer, data, len);
    }
}

static void
read_stream(Peer *peer)
{
    guint8 data[16384];
    ssize_t got;

    while ((got = recv(peer->stream_fd, data, sizeof data, MSG_DONTWAIT)) > 0)
        g_byte_array_append(peer->stream, data, (guint)got);
    peer->stream_ended = got == 0 || (got < 0 && errno == ECONNRESET);
    for (GByteArray *in = peer->stream; in->len >= 2;) {
        guint len = (guint)in->data[0] << 8 | in->data[1];

        if (in->len < 2 + len)
            break;
        memcpy(data, in->data + 2, len);
        g_byte_array_remove_range(in, 0, 2 + len);
        read_packet(peer, data, (int)len);
    }
}

void
peer_read(Peer *peer)
{
    guint8 data[2000];
    ssize_t len;

    while ((len = recv(peer->fd, data, sizeof data, MSG_DONTWAIT)) > 0)
        read_packet(peer, data, (int)len);
    if (peer->stream_fd >= 0)
        read_stream(peer);
}
