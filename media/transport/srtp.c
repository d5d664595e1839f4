/* Invariants:
 *  - The state of an SSRC changes only after a packet was authenticated (or protected).
 *  - No pair of key and IV is used for two packets: an index is protected once (see the header).
 *  - `index` of a stream is the highest packet index seen, ROC * 65536 + SEQ (RFC 3711, 3.3.1); bit i of the window is
 *    the packet with index - i. */
#include "media/transport/srtp.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#define GCM_TAG_BYTES 16
#define HMAC_TAG_BYTES 10
#define RTCP_INDEX_BYTES 4
#define RTCP_INDEX_MAX 0x7fffffffu
#define WINDOW_WORDS (KC_SRTP_WINDOW_PACKETS / 64)

typedef struct {
    guint64 seen[WINDOW_WORDS];
    guint64 index;
    gboolean any;
} Window;

typedef struct {
    guint32 ssrc;
    Window rtp, rtcp;
    guint32 next_rtcp_index;
} Stream;

/* Session keys and cipher contexts of RTP, or of RTCP. */
typedef struct {
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac; /* AES-CM only */
    guint8 salt[16];  /* padded with zeros */
} Crypto;

struct KcSrtp {
    gboolean gcm;
    Crypto rtp, rtcp;
    Stream *streams[KC_SRTP_SSRCS_MAX];
    guint n_streams;
    guint last; /* index of the stream used last */
};

static inline guint32
get32(const guint8 *at)
{
    return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static inline guint16
get16(const guint8 *at)
{
    return (guint16)(at[0] << 8 | at[1]);
}

static inline void
put32(guint8 *at, guint32 value)
{
    at[0] = (guint8)(value >> 24);
    at[1] = (guint8)(value >> 16);
    at[2] = (guint8)(value >> 8);
    at[3] = (guint8)value;
}

/* ---- keys (RFC 3711, 4.3; RFC 7714, 11) ---- */

static gboolean
derive(EVP_CIPHER_CTX *prf, const guint8 salt[14], guint8 label, guint8 *ret_key, gsize len)
{
    guint8 iv[16] = {0}, zeros[32] = {0};
    int n = 0;

    memcpy(iv, salt, 14);
    iv[7] ^= label;
    return EVP_EncryptInit_ex(prf, NULL, NULL, NULL, iv) == 1 &&
           EVP_EncryptUpdate(prf, ret_key, &n, zeros, (int)len) == 1;
}

static EVP_MAC_CTX *
new_mac(const guint8 key[20])
{
    char digest[] = "SHA1";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                           OSSL_PARAM_construct_end()};
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;

    EVP_MAC_free(mac);
    if (ctx != NULL && EVP_MAC_init(ctx, key, 20, params) != 1)
        g_clear_pointer(&ctx, EVP_MAC_CTX_free);
    return ctx;
}

static gboolean
crypto_init(Crypto *crypto, EVP_CIPHER_CTX *prf, const guint8 salt[14], guint8 first_label, gboolean gcm)
{
    guint8 key[16], auth[20];
    gboolean ok = derive(prf, salt, first_label, key, 16) && derive(prf, salt, first_label + 1, auth, 20) &&
                  derive(prf, salt, first_label + 2, crypto->salt, gcm ? 12 : 14);

    crypto->cipher = EVP_CIPHER_CTX_new();
    ok = ok && EVP_EncryptInit_ex(crypto->cipher, gcm ? EVP_aes_128_gcm() : EVP_aes_128_ctr(), NULL, key, NULL) == 1;
    if (ok && !gcm)
        ok = (crypto->mac = new_mac(auth)) != NULL;
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(auth, sizeof auth);
    return ok;
}

static void
crypto_clear(Crypto *crypto)
{
    EVP_CIPHER_CTX_free(crypto->cipher);
    EVP_MAC_CTX_free(crypto->mac);
    OPENSSL_cleanse(crypto->salt, sizeof crypto->salt);
}

KcSrtp *
kc_srtp_new(const KcSrtpKeys *keys)
{
    KcSrtp *srtp = g_new0(KcSrtp, 1);
    EVP_CIPHER_CTX *prf = EVP_CIPHER_CTX_new();
    guint8 salt[14] = {0};

    srtp->gcm = keys->profile == KC_SRTP_AEAD_AES_128_GCM;
    memcpy(salt, keys->salt, srtp->gcm ? 12 : 14);
    gboolean ok = EVP_EncryptInit_ex(prf, EVP_aes_128_ctr(), NULL, keys->key, NULL) == 1 &&
                  crypto_init(&srtp->rtp, prf, salt, 0, srtp->gcm) && crypto_init(&srtp->rtcp, prf, salt, 3, srtp->gcm);
    EVP_CIPHER_CTX_free(prf);
    OPENSSL_cleanse(salt, sizeof salt);
    if (!ok)
        g_clear_pointer(&srtp, kc_srtp_free);
    return srtp;
}

void
kc_srtp_free(KcSrtp *srtp)
{
    if (srtp == NULL)
        return;
    crypto_clear(&srtp->rtp);
    crypto_clear(&srtp->rtcp);
    for (guint i = 0; i < srtp->n_streams; i++)
        g_free(srtp->streams[i]);
    g_free(srtp);
}

/* ---- streams and replay windows (RFC 3711, 3.3.2) ---- */

static Stream *
find_stream(KcSrtp *srtp, guint32 ssrc)
{
    if (srtp->n_streams > 0 && srtp->streams[srtp->last]->ssrc == ssrc)
        return srtp->streams[srtp->last];
    for (guint i = 0; i < srtp->n_streams; i++) {
        if (srtp->streams[i]->ssrc == ssrc) {
            srtp->last = i;
            return srtp->streams[i];
        }
    }
    return NULL;
}

static Stream *
add_stream(KcSrtp *srtp, guint32 ssrc)
{
    Stream *stream = g_new0(Stream, 1);

    stream->ssrc = ssrc;
    srtp->last = srtp->n_streams;
    srtp->streams[srtp->n_streams++] = stream;
    return stream;
}

static gboolean
window_accepts(const Window *window, guint64 index)
{
    if (!window->any || index > window->index)
        return TRUE;

    guint64 back = window->index - index;
    if (back >= KC_SRTP_WINDOW_PACKETS)
        return FALSE;
    guint64 at = index % KC_SRTP_WINDOW_PACKETS;
    return (window->seen[at / 64] >> (at % 64) & 1) == 0;
}

/* The window is a ring over the index: what the highest index leaves behind is cleared as it moves. */
static void
window_mark(Window *window, guint64 index)
{
    if (!window->any || (index > window->index && index - window->index >= KC_SRTP_WINDOW_PACKETS)) {
        memset(window->seen, 0, sizeof window->seen);
        window->index = index;
    }
    while (window->index < index) {
        guint64 at = ++window->index % KC_SRTP_WINDOW_PACKETS;

        window->seen[at / 64] &= ~(G_GUINT64_CONSTANT(1) << (at % 64));
    }
    window->any = TRUE;
    guint64 at = index % KC_SRTP_WINDOW_PACKETS;
    window->seen[at / 64] |= G_GUINT64_CONSTANT(1) << (at % 64);
}

/* RFC 3711, 3.3.1 and appendix A: the index that a sequence number most likely stands for. */
static guint64
guess_index(const Window *window, guint16 seq)
{
    if (!window->any)
        return seq;

    guint64 roc = window->index >> 16;
    guint16 high = (guint16)window->index;
    if (high < 0x8000) {
        if (seq > high && seq - high > 0x8000 && roc > 0)
            roc--;
    } else if (seq < high && high - seq >= 0x8000) {
        roc++;
    }
    return (roc & 0xffffffffu) << 16 | seq;
}

/* ---- the ciphers ---- */

/* RFC 7714, 8.1 and 9.1: both have SSRC at 2; RTP has ROC and SEQ at 6, RTCP its index at 8. */
static void
gcm_iv(const Crypto *crypto, guint32 ssrc, guint64 index, gboolean rtcp, guint8 ret_iv[12])
{
    guint8 iv[12] = {0};

    put32(iv + 2, ssrc);
    if (rtcp) {
        put32(iv + 8, (guint32)index);
    } else {
        put32(iv + 6, (guint32)(index >> 16));
        iv[10] = (guint8)(index >> 8);
        iv[11] = (guint8)index;
    }
    for (guint i = 0; i < 12; i++)
        ret_iv[i] = iv[i] ^ crypto->salt[i];
}

/* RFC 3711, 4.1.1: (salt * 2^16) xor (SSRC * 2^64) xor (index * 2^16). */
static void
ctr_iv(const Crypto *crypto, guint32 ssrc, guint64 index, guint8 ret_iv[16])
{
    guint8 iv[16] = {0};

    put32(iv + 4, ssrc);
    put32(iv + 8, (guint32)(index >> 16));
    iv[12] = (guint8)(index >> 8);
    iv[13] = (guint8)index;
    for (guint i = 0; i < 16; i++)
        ret_iv[i] = iv[i] ^ crypto->salt[i];
}

static void
make_iv(const KcSrtp *srtp, const Crypto *crypto, guint32 ssrc, guint64 index, gboolean rtcp, guint8 ret_iv[16])
{
    if (srtp->gcm)
        gcm_iv(crypto, ssrc, index, rtcp, ret_iv);
    else
        ctr_iv(crypto, ssrc, index, ret_iv);
}

static gboolean
encrypt(const Crypto *crypto, const guint8 *iv, const struct iovec *aad, guint n_aad, const struct iovec *pieces,
        guint n_pieces, guint8 *out)
{
    int n = 0;

    if (EVP_EncryptInit_ex(crypto->cipher, NULL, NULL, NULL, iv) != 1)
        return FALSE;
    for (guint i = 0; i < n_aad; i++)
        if (EVP_EncryptUpdate(crypto->cipher, NULL, &n, aad[i].iov_base, (int)aad[i].iov_len) != 1)
            return FALSE;
    for (guint i = 0; i < n_pieces; i++) {
        if (pieces[i].iov_len == 0)
            continue;
        if (EVP_EncryptUpdate(crypto->cipher, out, &n, pieces[i].iov_base, (int)pieces[i].iov_len) != 1)
            return FALSE;
        out += pieces[i].iov_len;
    }
    return TRUE;
}

static gboolean
gcm_finish(const Crypto *crypto, guint8 *ret_tag)
{
    guint8 none[16];
    int n = 0;

    return EVP_EncryptFinal_ex(crypto->cipher, none, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(crypto->cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, ret_tag) == 1;
}

static gboolean
gcm_decrypt(const Crypto *crypto, const guint8 *iv, const struct iovec *aad, guint n_aad, guint8 *data, gsize len,
            guint8 *tag)
{
    guint8 none[16];
    int n = 0;

    if (EVP_DecryptInit_ex(crypto->cipher, NULL, NULL, NULL, iv) != 1)
        return FALSE;
    for (guint i = 0; i < n_aad; i++)
        if (EVP_DecryptUpdate(crypto->cipher, NULL, &n, aad[i].iov_base, (int)aad[i].iov_len) != 1)
            return FALSE;
    if (len > 0 && EVP_DecryptUpdate(crypto->cipher, data, &n, data, (int)len) != 1)
        return FALSE;
    return EVP_CIPHER_CTX_ctrl(crypto->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, tag) == 1 &&
           EVP_DecryptFinal_ex(crypto->cipher, none, &n) == 1;
}

/* `roc` NULL for RTCP, whose index is in the data already. */
static gboolean
hmac(const Crypto *crypto, const guint8 *data, gsize len, const guint8 *roc, guint8 ret_tag[20])
{
    gsize n = 0;

    return EVP_MAC_init(crypto->mac, NULL, 0, NULL) == 1 && EVP_MAC_update(crypto->mac, data, len) == 1 &&
           (roc == NULL || EVP_MAC_update(crypto->mac, roc, 4) == 1) &&
           EVP_MAC_final(crypto->mac, ret_tag, &n, 20) == 1;
}

static gboolean
hmac_matches(const Crypto *crypto, const guint8 *data, gsize len, const guint8 *roc, const guint8 *tag)
{
    guint8 expected[20];

    return hmac(crypto, data, len, roc, expected) && CRYPTO_memcmp(expected, tag, HMAC_TAG_BYTES) == 0;
}

/* ---- RTP ---- */

gsize
kc_srtp_rtp_header_len(const guint8 *data, gsize len)
{
    if (len < 12 || data[0] >> 6 != 2)
        return 0;

    gsize header = 12 + 4u * (data[0] & 0x0f);
    if ((data[0] & 0x10) != 0) {
        if (len < header + 4)
            return 0;
        header += 4 + 4u * get16(data + header + 2);
    }
    return header <= len ? header : 0;
}

static gboolean
seal_rtp(KcSrtp *srtp, guint64 index, const struct iovec *header, const struct iovec *payload, guint n_payload,
         guint8 *out, gsize clear_len)
{
    guint8 iv[16], roc[4], tag[20];

    make_iv(srtp, &srtp->rtp, get32(out + 8), index, FALSE, iv);
    if (!encrypt(&srtp->rtp, iv, header, srtp->gcm ? 1 : 0, payload, n_payload, out + header->iov_len))
        return FALSE;
    if (srtp->gcm)
        return gcm_finish(&srtp->rtp, out + clear_len);
    put32(roc, (guint32)(index >> 16));
    if (!hmac(&srtp->rtp, out, clear_len, roc, tag))
        return FALSE;
    memcpy(out + clear_len, tag, HMAC_TAG_BYTES);
    return TRUE;
}

gssize
kc_srtp_protect_rtp(KcSrtp *srtp, const guint8 *header, gsize header_len, const struct iovec *payload, guint n_payload,
                    guint8 *out, gsize out_cap)
{
    gsize len = header_len, tag_len = srtp->gcm ? GCM_TAG_BYTES : HMAC_TAG_BYTES;

    for (guint i = 0; i < n_payload; i++)
        len += payload[i].iov_len;
    if (header_len > KC_SRTP_HEADER_BYTES_MAX || kc_srtp_rtp_header_len(header, header_len) != header_len)
        return KC_SRTP_MALFORMED;
    if (len + tag_len > out_cap)
        return KC_SRTP_LIMIT;

    guint32 ssrc = get32(header + 8);
    Stream *stream = find_stream(srtp, ssrc);
    if (stream == NULL && srtp->n_streams == KC_SRTP_SSRCS_MAX)
        return KC_SRTP_LIMIT;
    if (stream == NULL)
        stream = add_stream(srtp, ssrc);
    guint64 index = guess_index(&stream->rtp, get16(header + 2));
    if (!window_accepts(&stream->rtp, index))
        return KC_SRTP_REPLAYED;

    /* Marked first: an index that may have been half used is not used again. */
    window_mark(&stream->rtp, index);
    memcpy(out, header, header_len);
    struct iovec clear = {out, header_len};
    if (!seal_rtp(srtp, index, &clear, payload, n_payload, out, len))
        return KC_SRTP_INTERNAL;
    return (gssize)(len + tag_len);
}

static gboolean
open_rtp(KcSrtp *srtp, guint64 index, guint8 *data, gsize header_len, gsize clear_len)
{
    guint8 iv[16], roc[4];

    make_iv(srtp, &srtp->rtp, get32(data + 8), index, FALSE, iv);
    if (srtp->gcm) {
        struct iovec aad = {data, header_len};

        return gcm_decrypt(&srtp->rtp, iv, &aad, 1, data + header_len, clear_len - header_len, data + clear_len);
    }
    put32(roc, (guint32)(index >> 16));
    struct iovec payload = {data + header_len, clear_len - header_len};
    return hmac_matches(&srtp->rtp, data, clear_len, roc, data + clear_len) &&
           encrypt(&srtp->rtp, iv, NULL, 0, &payload, 1, data + header_len);
}

gssize
kc_srtp_unprotect_rtp(KcSrtp *srtp, guint8 *data, gsize len)
{
    gsize tag_len = srtp->gcm ? GCM_TAG_BYTES : HMAC_TAG_BYTES;

    if (len < 12 + tag_len)
        return KC_SRTP_MALFORMED;
    gsize clear_len = len - tag_len, header_len = kc_srtp_rtp_header_len(data, clear_len);
    if (header_len == 0)
        return KC_SRTP_MALFORMED;

    static const Window fresh;
    guint32 ssrc = get32(data + 8);
    Stream *stream = find_stream(srtp, ssrc);
    const Window *window = stream != NULL ? &stream->rtp : &fresh;
    guint64 index = guess_index(window, get16(data + 2));
    if (!window_accepts(window, index))
        return KC_SRTP_REPLAYED;
    if (stream == NULL && srtp->n_streams == KC_SRTP_SSRCS_MAX)
        return KC_SRTP_LIMIT;
    if (!open_rtp(srtp, index, data, header_len, clear_len))
        return KC_SRTP_AUTH;
    if (stream == NULL)
        stream = add_stream(srtp, ssrc);
    window_mark(&stream->rtp, index);
    return (gssize)clear_len;
}

/* ---- RTCP: header of 8 bytes in clear, then the encrypted rest. GCM: tag, E and index. CM: E and index, tag. ---- */

static gboolean
seal_rtcp(KcSrtp *srtp, guint32 index, const guint8 *data, gsize len, guint8 *out)
{
    guint8 iv[16], word[4], tag[20];
    struct iovec aad[2] = {{out, 8}, {word, sizeof word}}, rest = {(guint8 *)data + 8, len - 8};

    memcpy(out, data, 8);
    put32(word, index | 0x80000000u);
    make_iv(srtp, &srtp->rtcp, get32(out + 4), index, TRUE, iv);
    if (!encrypt(&srtp->rtcp, iv, aad, srtp->gcm ? 2 : 0, &rest, 1, out + 8))
        return FALSE;
    if (srtp->gcm) {
        memcpy(out + len + GCM_TAG_BYTES, word, sizeof word);
        return gcm_finish(&srtp->rtcp, out + len);
    }
    memcpy(out + len, word, sizeof word);
    if (!hmac(&srtp->rtcp, out, len + sizeof word, NULL, tag))
        return FALSE;
    memcpy(out + len + sizeof word, tag, HMAC_TAG_BYTES);
    return TRUE;
}

gssize
kc_srtp_protect_rtcp(KcSrtp *srtp, const guint8 *data, gsize len, guint8 *out, gsize out_cap)
{
    gsize overhead = RTCP_INDEX_BYTES + (srtp->gcm ? GCM_TAG_BYTES : HMAC_TAG_BYTES);

    if (len < 8 || data[0] >> 6 != 2)
        return KC_SRTP_MALFORMED;
    if (len + overhead > out_cap)
        return KC_SRTP_LIMIT;

    guint32 ssrc = get32(data + 4);
    Stream *stream = find_stream(srtp, ssrc);
    if (stream == NULL && srtp->n_streams == KC_SRTP_SSRCS_MAX)
        return KC_SRTP_LIMIT;
    if (stream == NULL)
        stream = add_stream(srtp, ssrc);
    if (stream->next_rtcp_index > RTCP_INDEX_MAX)
        return KC_SRTP_LIMIT;

    guint32 index = stream->next_rtcp_index++;
    if (!seal_rtcp(srtp, index, data, len, out))
        return KC_SRTP_INTERNAL;
    return (gssize)(len + overhead);
}

static gboolean
open_rtcp(KcSrtp *srtp, guint8 *data, gsize clear_len, guint8 *word, guint8 *tag)
{
    gboolean encrypted = (word[0] & 0x80) != 0;
    guint8 iv[16];

    make_iv(srtp, &srtp->rtcp, get32(data + 4), get32(word) & RTCP_INDEX_MAX, TRUE, iv);
    if (srtp->gcm) {
        struct iovec aad[2] = {{data, encrypted ? 8 : clear_len}, {word, RTCP_INDEX_BYTES}};

        return gcm_decrypt(&srtp->rtcp, iv, aad, 2, data + 8, encrypted ? clear_len - 8 : 0, tag);
    }
    struct iovec rest = {data + 8, clear_len - 8};
    return hmac_matches(&srtp->rtcp, data, clear_len + RTCP_INDEX_BYTES, NULL, tag) &&
           (!encrypted || encrypt(&srtp->rtcp, iv, NULL, 0, &rest, 1, data + 8));
}

gssize
kc_srtp_unprotect_rtcp(KcSrtp *srtp, guint8 *data, gsize len)
{
    gsize overhead = RTCP_INDEX_BYTES + (srtp->gcm ? GCM_TAG_BYTES : HMAC_TAG_BYTES);

    if (len < 8 + overhead || data[0] >> 6 != 2)
        return KC_SRTP_MALFORMED;

    gsize clear_len = len - overhead;
    guint8 *word = data + clear_len + (srtp->gcm ? GCM_TAG_BYTES : 0);
    guint8 *tag = data + clear_len + (srtp->gcm ? 0 : RTCP_INDEX_BYTES);
    guint32 index = get32(word) & RTCP_INDEX_MAX, ssrc = get32(data + 4);
    Stream *stream = find_stream(srtp, ssrc);
    if (stream != NULL && !window_accepts(&stream->rtcp, index))
        return KC_SRTP_REPLAYED;
    if (stream == NULL && srtp->n_streams == KC_SRTP_SSRCS_MAX)
        return KC_SRTP_LIMIT;
    if (!open_rtcp(srtp, data, clear_len, word, tag))
        return KC_SRTP_AUTH;
    if (stream == NULL)
        stream = add_stream(srtp, ssrc);
    window_mark(&stream->rtcp, index);
    return (gssize)clear_len;
}
