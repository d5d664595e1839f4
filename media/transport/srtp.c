/* Invariants:
 *  - The state of an SSRC changes only after a packet was authenticated (or protected).
 *  - No pair of key and IV is used for two packets: an index is protected once (see the header).
 *  - `index` of a stream is the highest packet index seen, ROC * 65536 + SEQ (RFC 3711, 3.3.1); the window is a
 *    ring: bit (index modulo its size) is that packet. */
#include "media/transport/srtp_crypto.h"

#include <openssl/crypto.h>
#include <string.h>

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

struct KcSrtp {
    KcSrtpCrypto rtp, rtcp;
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

static gboolean
init_crypto(KcSrtpCrypto *crypto, const KcSrtpKeys *master, guint8 first_label)
{
    KcSrtpSessionKeys keys;
    gboolean ok = kc_srtp_derive(master, first_label, &keys) && kc_srtp_crypto_init(crypto, master->profile, &keys);

    OPENSSL_cleanse(&keys, sizeof keys);
    return ok;
}

gboolean
kc_srtp_prepare(void)
{
    g_autoptr(KcSrtp) gcm = kc_srtp_new(&(KcSrtpKeys){.profile = KC_SRTP_AEAD_AES_128_GCM});
    g_autoptr(KcSrtp) cm = kc_srtp_new(&(KcSrtpKeys){.profile = KC_SRTP_AES128_CM_SHA1_80});

    return gcm != NULL && cm != NULL;
}

KcSrtp *
kc_srtp_new(const KcSrtpKeys *keys)
{
    KcSrtp *srtp = g_new0(KcSrtp, 1);

    if (!init_crypto(&srtp->rtp, keys, 0) || !init_crypto(&srtp->rtcp, keys, 3))
        g_clear_pointer(&srtp, kc_srtp_free);
    return srtp;
}

void
kc_srtp_free(KcSrtp *srtp)
{
    if (srtp == NULL)
        return;
    kc_srtp_crypto_clear(&srtp->rtp);
    kc_srtp_crypto_clear(&srtp->rtcp);
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

gssize
kc_srtp_protect_rtp(KcSrtp *srtp, const guint8 *header, gsize header_len, const struct iovec *payload, guint n_payload,
                    guint8 *out, gsize out_cap)
{
    gsize len = header_len, tag_len = srtp->rtp.tag_len;

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
    if (!kc_srtp_seal_rtp(&srtp->rtp, index, header_len, payload, n_payload, out, len))
        return KC_SRTP_INTERNAL;
    return (gssize)(len + tag_len);
}

gssize
kc_srtp_unprotect_rtp(KcSrtp *srtp, guint8 *data, gsize len)
{
    gsize tag_len = srtp->rtp.tag_len;

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
    if (!kc_srtp_open_rtp(&srtp->rtp, index, data, header_len, clear_len))
        return KC_SRTP_AUTH;
    if (stream == NULL)
        stream = add_stream(srtp, ssrc);
    window_mark(&stream->rtp, index);
    return (gssize)clear_len;
}

/* ---- RTCP ---- */

gssize
kc_srtp_protect_rtcp(KcSrtp *srtp, const guint8 *data, gsize len, guint8 *out, gsize out_cap)
{
    gsize overhead = KC_SRTP_RTCP_INDEX_BYTES + srtp->rtp.tag_len;

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
    if (stream->next_rtcp_index > KC_SRTP_RTCP_INDEX_MAX)
        return KC_SRTP_LIMIT;

    guint32 index = stream->next_rtcp_index++;
    if (!kc_srtp_seal_rtcp(&srtp->rtcp, index, data, len, out))
        return KC_SRTP_INTERNAL;
    return (gssize)(len + overhead);
}

gssize
kc_srtp_unprotect_rtcp(KcSrtp *srtp, guint8 *data, gsize len)
{
    gsize overhead = KC_SRTP_RTCP_INDEX_BYTES + srtp->rtp.tag_len;

    if (len < 8 + overhead || data[0] >> 6 != 2)
        return KC_SRTP_MALFORMED;

    gsize clear_len = len - overhead;
    guint32 index = kc_srtp_rtcp_word(&srtp->rtcp, data, clear_len) & KC_SRTP_RTCP_INDEX_MAX, ssrc = get32(data + 4);
    Stream *stream = find_stream(srtp, ssrc);
    if (stream != NULL && !window_accepts(&stream->rtcp, index))
        return KC_SRTP_REPLAYED;
    if (stream == NULL && srtp->n_streams == KC_SRTP_SSRCS_MAX)
        return KC_SRTP_LIMIT;
    if (!kc_srtp_open_rtcp(&srtp->rtcp, data, clear_len))
        return KC_SRTP_AUTH;
    if (stream == NULL)
        stream = add_stream(srtp, ssrc);
    window_mark(&stream->rtcp, index);
    return (gssize)clear_len;
}
