/* A scripted WebRTC peer on sockets of 127.0.0.1: full ICE agent (one candidate by UDP, one by TCP), DTLS by OpenSSL,
 * SRTP by libsrtp2.
 * It does nothing by itself: a test says each step. */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <srtp2/srtp.h>

typedef struct {
    int fd;
    struct sockaddr_in server;
    int stream_fd; /* -1: none; else all that is sent goes by it */
    struct sockaddr_in stream_server; /* port 0: the answer has no TCP candidate */
    int kept_fd;                      /* an older one that is still open */
    GByteArray *stream;               /* came by it and is no whole packet yet */
    gboolean stream_ended;
    char ufrag[5], pwd[25];
    char server_ufrag[40], server_pwd[80];
    guint8 txid[12];

    SSL_CTX *ctx;
    SSL *ssl;
    BIO *input;
    BIO_METHOD *output;
    guint8 fingerprint[32];
    gboolean active, connected, failed;
    guint profile;
    srtp_t in, out;

    guint checks_answered, check_errors;
    GPtrArray *packets; /* of GBytes: decrypted RTP and RTCP as they came */
    guint undecryptable;
    gboolean closed; /* close_notify came */
} Peer;

/* `active`: offers actpass and becomes the DTLS client; else offers passive. */
Peer *peer_new(const char *srtp_profiles, gboolean active);
void peer_free(Peer *peer);

/* Owned. `fingerprint` NULL: the true one. */
char *peer_offer(Peer *peer, const guint8 *fingerprint);
void peer_read_answer(Peer *peer, const char *sdp);

/* New credentials, as an ICE restart makes them; owned sdpfrag. Read the other side's with peer_read_answer. */
char *peer_restart(Peer *peer);

/* A new socket: another address for the server. */
void peer_move(Peer *peer);

/* By TCP from here on: a new connection, the older one is closed. `buffer_bytes` of the socket; 0: the system's. */
void peer_dial(Peer *peer, int buffer_bytes);
/* By UDP again; the connection stays open with `keep`. */
void peer_hang_up(Peer *peer, gboolean keep);

void peer_check(Peer *peer, gboolean nominate);
void peer_dtls_start(Peer *peer);

/* Reads everything that is waiting. */
void peer_read(Peer *peer);

void peer_send_raw(Peer *peer, const void *data, gsize len);

/* A packet with a payload of `len` bytes of `fill`. FALSE: libsrtp refused. */
gboolean peer_send_rtp(Peer *peer, guint32 ssrc, guint16 seq, guint8 fill, gsize len);
gboolean peer_send_rtcp(Peer *peer, guint32 ssrc);
